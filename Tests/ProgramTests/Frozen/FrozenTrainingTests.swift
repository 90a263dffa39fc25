import Formats
import TensorCore
import Testing
import TestSupport

/// What training starts from, comes to and leaves on disk.
@Suite struct FrozenTrainingTests {
  /// At most so many elements of an array, evenly spread: each is drawn by its own number, so that some
  /// stand for all.
  private func some(_ tensor: Tensor) -> [Float] {
    let step = max(1, tensor.count / 4093)
    return stride(from: 0, to: tensor.count, by: step).map { tensor[$0] }
  }

  @Test(arguments: Kept.recipes) func initialWeights(recipe: String) throws {
    var values: [String: String] = [:]
    for seed: UInt64 in [1, 7] {
      for (name, tensor) in try Kept.initialWeights(recipe, seed: seed) {
        values["\(name) seed \(seed)"] = "\(tensor.shape) \(Frozen.hash(some(tensor)))"
      }
    }
    try Frozen.check("initial \(recipe)", values)
  }

  @Test func initializers() throws {
    var values: [String: String] = [:]
    for name in Kept.initializers {
      values[name] = Frozen.hash(
        Kept.initialWeights(initializer: name, [40, 16, 3, 3], seed: 3))
    }
    try Frozen.check("initializer", values)
  }

  /// How far a few steps move each weight. The weights pass through matrix products, whose last bits
  /// differ between processors; a mask with one other cell moves them by thousands of times as much.
  @Test(arguments: [
    ("sigmoid-numpy", "--limit 48 --holdout 20 --batch 16 --epochs 2 --seed 3"),
    (
      "digits",
      "--limit 18 --holdout 2 --batch 9 --epochs 2 --shift 1 --optimizer sgd,momentum=.9 --learning-rate .05 --rate relu1=.2 --kind dropout2=alpha"
    ),
  ]) func trainedWeights(recipe: String, options: String) throws {
    try TemporaryFolder.with { folder in
      let out = folder.path("net.onnx")
      let result = try Program.run(
        ["train", recipe, "-o", out] + options.split(separator: " ").map(String.init))
      #expect(result.status == 0, "\(result.err)")
      let seed: UInt64 = options.contains("--seed 3") ? 3 : 7
      let start = try Kept.initialWeights(recipe, seed: seed)
      var values: [String: String] = [:]
      for (name, trained) in try Kept.weights(at: out) where trained.shape.rank > 0 {
        guard let first = start[name] else { continue }
        values[name] = Frozen.sketch(zip(trained.elements, first.elements).map { $0 - $1 })
      }
      try Frozen.check("trained \(recipe)", values, within: 1e-4)
    }
  }

  /// A checkpoint is these bytes, and one that was written before is read whole.
  @Test func states() throws {
    let state = try Kept.trainingState
    let general = Checkpoint(
      texts: ["epoch": "3", "a": "", "ü": "line 1\nline 2"],
      arrays: [
        "w": Tensor([2, 1, 2, 2], (0..<8).map { Float($0) / 3 }), "step": Tensor(scalar: 7),
        "odd": Tensor([3], [.infinity, -0.0, .leastNonzeroMagnitude]), "none": Tensor([0, 4], []),
      ])
    try Frozen.check(
      "state", ["training": Frozen.hash(state), "checkpoint": Frozen.hash(general.bytes)])
    try TemporaryFolder.with { folder in
      let path = try folder.write(state, "net.onnx.state")
      #expect(try Kept.trainingStateReadAndWritten(path) == state)
    }
  }
}
