import Formats
import Foundation
import TensorCore
import Testing
import TestSupport

/// Numbers that `export` writes of the built-in models.
@Suite struct FrozenExportTests {
  private static let models = [
    "digits": "seven --model digits --model-dropout on",
    "edges": "three --model edges --rate .3 --seed 11",
  ]
  private static let kinds = [
    "digits": [
      "element", "spatial", "row", "column", "block", "block --block 3x5 --block-rule paper",
      "block --block-rule timm --rate .2", "gaussian", "alpha --rate .1", "feature-alpha",
      "path --seed 9", "element --scale weight", "element --scale none --at conv2",
      "weight --at conv2", "weight --weight-mode per-sample --at conv2", "max-pool --at dropout1",
      "cutout --at input", "element --also conv1=spatial,.25 --without dropout1",
    ],
    "edges": ["element", "spatial", "block --block 7", "gaussian --rate .75"],
  ]
  private static let rules = [
    "torch", "keras", "torchvision --kind block", "timm --kind block", "convnetjs", "spreadsheet",
    "paper --kind block",
  ]

  private func export(_ options: String, _ stage: String, _ format: String = "npy") throws
    -> [UInt8]
  {
    try TemporaryFolder.with { folder in
      let path = folder.path("x.\(format)")
      let result = try Program.run(
        ["export"] + options.split(separator: " ").map(String.init)
          + ["--stage", stage, "-o", path])
      #expect(result.status == 0, "\(options): \(result.err)")
      return try FileBytes.read(path)
    }
  }

  private func sketch(_ options: String, _ stage: String) throws -> String {
    let tensor = try NPY.tensor(from: export(options, stage), named: stage)
    return "\(tensor.shape) \(Frozen.sketch(tensor.elements))"
  }

  @Test(arguments: models.keys.sorted()) func activations(model: String) throws {
    let options = try #require(Self.models[model])
    try Frozen.check("export \(model) input", ["npy": Frozen.hash(export(options, "input"))])
    try Frozen.check(
      "export \(model) clean",
      ["shown": sketch(options, "clean"), "output": sketch("\(options) --mode eval", "output")],
      within: 1e-5)
  }

  @Test(arguments: models.keys.sorted()) func masks(model: String) throws {
    let start = try #require(Self.models[model])
    var (exact, close): ([String: String], [String: String]) = ([:], [:])
    for kind in Self.kinds[model] ?? [] {
      let options = "\(start) --kind \(kind)"
      for stage in ["field", "mask"] {
        exact["\(kind) \(stage)"] = Frozen.hash(try export(options, stage))
      }
      for stage in ["dropped", "output"] {
        close["\(kind) \(stage)"] = try sketch(options, stage)
      }
    }
    try Frozen.check("export \(model) drawn", exact)
    try Frozen.check("export \(model) made", close, within: 1e-5)
  }

  @Test func rules() throws {
    var values: [String: String] = [:]
    for rule in Self.rules {
      let options = "three --model edges --rate .3 --seed 11 --rule \(rule)"
      values["\(rule) mask"] = Frozen.hash(try export(options, "mask"))
      values["\(rule) dropped"] = try sketch(options, "dropped")
    }
    try Frozen.check("rule", values, within: 1e-5)
  }

  /// The same mask as each kind of file.
  @Test func files() throws {
    let options = "three --model edges --kind row --rate .3"
    var values: [String: String] = [:]
    for format in ["npy", "csv", "json"] {
      values["mask \(format)"] = Frozen.hash(try export(options, "mask", format))
    }
    try Frozen.check("file", values)
  }

  /// The model's own Dropout nodes in training, which draw by the names of their outputs.
  @Test func writtenDropouts() throws {
    try TemporaryFolder.with { folder in
      let image = try NPY.tensor(from: export("seven", "input"), named: "seven")
      let file = try folder.write(
        NPY.bytes(Tensor(Shape([1] + image.shape.dims), image.elements)), "x.npy")
      var values: [String: String] = [:]
      for seed in ["0", "7"] {
        let result = try Program.run(
          "run", "digits", "--input", "input=\(file)", "--training", "--seed", seed, "-o",
          folder.path(seed))
        #expect(result.status == 0, "\(result.err)")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path(seed)) {
          let output = try NPY.tensor(
            from: FileBytes.read("\(folder.path(seed))/\(name)"), named: name)
          values["seed \(seed) \(name)"] = Frozen.sketch(output.elements)
        }
      }
      try Frozen.check("run digits", values, within: 1e-5)
    }
  }

  private static let meters = [
    "nominal", "expected", "band_low", "band_high", "dropped", "of", "dropped_live", "dropped_zero",
    "mass_removed", "energy_removed", "recoverability", "autocorrelation", "mean_ratio",
    "variance_ratio", "sparsity_before", "sparsity_after", "pool_mean_ratio", "pool_variance_ratio",
    "pool_sparsity_before", "pool_sparsity_after", "noise_floor",
  ]

  private func numbers(_ object: Any?) -> [Double?] {
    (object as? [Any])?.flatMap(numbers) ?? [(object as? NSNumber)?.doubleValue]
  }

  /// Each meter under its name; the spectra as a sketch, their last bins being all but rounding.
  @Test(arguments: models.keys.sorted()) func meters(model: String) throws {
    let start = try #require(Self.models[model])
    var values: [String: String] = [:]
    for kind in Self.kinds[model] ?? [] {
      let json = try JSONSerialization.jsonObject(
        with: Data(export("\(start) --kind \(kind)", "meters", "json")))
      let object = try #require(json as? [String: Any])
      values[kind] = Frozen.text(
        Self.meters.flatMap { numbers(object[$0]) })
      for name in ["spectrum_clean", "spectrum_dropped"] {
        values["\(kind) \(name)"] = Frozen.sketch(
          numbers(object[name]).map { Float($0 ?? -1) })
      }
    }
    try Frozen.check("meters \(model)", values, within: 1e-4)
  }

  /// Every column of every row. Counts of flips could differ by one where a processor rounds a close
  /// call otherwise: none is close here.
  @Test(arguments: models.keys.sorted(), ["element", "spatial"])
  func placementTable(model: String, kind: String) throws {
    let options = "\(try #require(Self.models[model])) --kind \(kind) --masks 12"
    let json = try JSONSerialization.jsonObject(with: Data(export(options, "ladder", "json")))
    var values: [String: String] = [:]
    for row in try #require(json as? [[String: Any]]) {
      let site = try #require(row["site"] as? String)
      values[site] =
        row.sorted { $0.key < $1.key }.map { key, value in
          let words = (value as? String) ?? (value as? [String])?.joined(separator: ", ")
          return "\(key) \(words ?? Frozen.text(numbers(value)))"
        }.joined(separator: " ; ")
    }
    try Frozen.check("ladder \(model) \(kind)", values, within: 1e-4)
  }
}
