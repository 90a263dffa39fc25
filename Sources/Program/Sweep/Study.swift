import Formats
import Studies

/// A plan carried inside the binary, which puts a known claim to the test.
struct Study {
  /// The word for it.
  let name: String
  /// The plan, as TOML.
  let bytes: [UInt8]

  /// The studies there are: one file each in `assets/studies`.
  static let builtIn = [
    "rates", "placement", "data-size", "n-over-p", "averaging", "regularisers", "dropconnect",
    "relu-sigmoid", "classifier-head", "sparsity", "batch-norm", "awd-ablation", "one-layer",
    "unet-dropout",
  ].map { Study(name: $0, bytes: BuiltIns.bytes("studies/\($0).toml")) }

  /// The plan.
  /// - Throws: never for one that was built in; a test reads them all.
  var file: SweepFile {
    get throws { try SweepFile(bytes, named: name, data: nil) }
  }
}

extension Listing {
  /// The studies and how many runs each has.
  init(studies: [Study]) throws {
    self.init(
      columns: ["name", "runs", "title", "claim"],
      rows: try studies.map { study in
        let file = try study.file
        return [
          .text(study.name), .number(file.plan.count), .text(file.title ?? ""),
          .text(file.claim ?? ""),
        ]
      })
  }
}
