import Masks
import NeuralNet
import TensorCore
import TestNetworks
import Testing

/// Memory refused at each place where it is asked for, one after another: always an error that says so,
/// and nothing has changed.
@Suite struct AllocationFailureTests {
  /// Refuses the n-th reservation for n = 0, 1, … until a run needs no more.
  private func walk(_ what: String, least: Int, _ body: () throws -> Void) throws {
    var n = 0
    while true {
      let (result, hasCome) = AllocationFailure.at(n, body)
      guard hasCome else {
        _ = try result.get()
        break
      }
      switch result {
      case .success: Issue.record("\(what): reservation \(n) was refused and nobody said so")
      case .failure(let error):
        #expect("\(error)".contains("memory"), "\(what) \(n): \(error)")
        let says = (error as? GraphError)?.exceedsBudget ?? (error as? TensorError)?.exceedsBudget
        if case .graph(let error)? = error as? TrainingError {
          #expect(error.exceedsBudget, "\(what) \(n)")
        } else {
          #expect(says == true, "\(what) \(n): \(error)")
        }
      }
      n += 1
      guard n < 1000 else {
        Issue.record("\(what): no end")
        return
      }
    }
    #expect(n >= least, "\(what): \(n) reservations")
  }

  @Test func inARun() throws {
    let network = try SmallNetwork.pooled()
    let image = SmallNetwork.numbers([1, 1, 10, 10], seed: 1)
    try walk("run", least: 4) { _ = try network.run(["image": .float32(image)]) }
    let clean = try network.run(["image": .float32(image)])
    for kind in ["element", "spatial", "weight", "gaussian"] {
      let site = network.graph.nodes[0].outputs[0]
      let placement = Placement(
        site: site,
        dropout: Dropout(try KindRegistry.make(kind, KindSettings()), rate: Rate(clamping: 0.5)),
        seed: 3)
      try walk("rerun with \(kind)", least: 3) {
        _ = try network.run(
          from: clean, placements: [placement], context: RunContext(mode: .train))
      }
    }
    let plan = try Plan(predicting: network.graph)
    try walk("prediction", least: 4) { _ = try plan.output(for: image) }
    try walk("values", least: 4) { try plan.run(["image": .float32(image)]) { _, _ in } }
  }

  @Test func inATrainingStepThatLeavesTheWeightsAlone() throws {
    let network = try SmallNetwork.pooled()
    var trainer = try Trainer(
      network.graph, loss: SoftmaxCrossEntropy(), optimizer: Adam(), scaling: .inverted, seed: 3)
    let image = SmallNetwork.numbers([1, 1, 10, 10], seed: 1)
    let batch = Batch(image, .labels([2]))
    try walk("evaluation", least: 4) { _ = try trainer.evaluate([batch]) }
    try walk("gradients", least: 5) { _ = try trainer.gradients(batch) }
    // Wherever it is refused, no weight has changed.
    let before = trainer.weights
    try walk("step", least: 5) {
      #expect(trainer.weights == before && trainer.stepCount == 0)
      _ = try trainer.step(batch)
    }
    #expect(trainer.stepCount == 1)
  }

  @Test func whatIsBeyondTheLimitIsRefused() throws {
    do throws(TensorError) {
      try MemoryBudget.reserve(Int.max, in: "Conv", for: "y")
      Issue.record("granted")
    } catch {
      #expect(error.exceedsBudget && error.description.contains("9.2 EB asked for y"), "\(error)")
      #expect(error.description.contains("--memory-limit"), "\(error)")
    }
    MemoryBudget.$scopedLimit.withValue(1 << 40) {
      #expect(throws: Never.self) { try MemoryBudget.reserve(1 << 20, in: "Conv", for: "y") }
      #expect(throws: TensorError.self) { try MemoryBudget.reserve(1 << 41, in: "Conv", for: "y") }
    }
  }
}
