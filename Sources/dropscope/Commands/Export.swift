import ArgumentParser
import Formats
import Masks
import Scope
import TensorCore

/// `dropscope export`: the numbers behind a view.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the numbers behind a view as NPY, CSV or JSON.")

  @OptionGroup var options: ViewOptions

  @Option(help: "\(Stage.allCases.map(\.rawValue).joined(separator: ", ")).")
  var stage: Stage

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where to: .npy, .csv or .json; - for CSV on standard output.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp("Masks for each site of the ladder (default: 200).", valueName: "t"))
  var masks: Int?

  /// What can be exported.
  enum Stage: String, CaseIterable, ExpressibleByArgument {
    case input, clean, field, mask, dropped, output, meters, ladder
  }

  func run() throws {
    let kind = try OutputKind(output, among: [.npy, .csv, .json], standardOutput: .csv)
    guard stage == .ladder || masks == nil else {
      throw Failure(usage: "--masks: expected --stage ladder, found \(stage.rawValue)")
    }
    let view = try options.open()
    view.warn()
    let bytes: [UInt8]
    if stage == .ladder {
      guard kind == .csv || kind == .json else {
        throw Failure(usage: "--stage ladder: expected a .csv or .json file, found \(output)")
      }
      bytes = try LadderReport(view, masks: masks ?? 200).bytes(as: kind)
      try OutputKind.write(bytes, to: output)
      return
    }
    let observation = try view.observe()
    if stage == .meters {
      guard kind == .json || output == "-" else {
        throw Failure(usage: "--stage meters: expected a .json file, found \(output)")
      }
      bytes = try JSONFile.bytes(
        MetersReport(
          observation: observation, rate: view.setting.rate,
          label: view.experiment.subject.label))
    } else {
      let tensor = try stage.tensor(of: observation, view)
      switch kind {
      case .npy: bytes = NPY.bytes(tensor)
      case .json: bytes = try JSONFile.bytes(JSONFile.Array(stage: stage.rawValue, tensor))
      default: bytes = CSV.bytes(tensor)
      }
    }
    try OutputKind.write(bytes, to: output)
  }
}

extension Export.Stage {
  /// The array, without the batch dimension: `[C,H,W]`, or `[F]` for a dense layer.
  fileprivate func tensor(of observation: Observation, _ view: OpenedView) throws -> Tensor {
    let repeats = view.experiment.subject.repeats
    // Weights have no samples.
    let kind = try KindRegistry.make(view.setting.kind, view.setting.kinds)
    let own = kind.target == .weights ? 1 : repeats
    switch self {
    case .input: return view.experiment.subject.input.sample(of: repeats)
    case .clean: return observation.clean.sample(of: repeats)
    case .field:
      return try observation.field.expanded(to: observation.siteLayout)
        .reshaped(to: observation.cleanSite.shape).sample(of: own)
    case .mask:
      return try observation.mask.numbers.reshaped(to: observation.cleanSite.shape)
        .sample(of: own)
    case .dropped: return observation.dropped.sample(of: repeats)
    case .output:
      guard let output = observation.output else {
        throw view.experiment.problem.map { Failure(.badData, "\($0)") }
          ?? Failure(.badData, "\(view.experiment.subject.modelName) has no float32 output")
      }
      return output.sample(of: repeats)
    case .meters, .ladder: preconditionFailure("no array")
    }
  }
}

extension Tensor {
  /// The one sample without the dimension that counts samples, the first where it was repeated to fill
  /// a batch.
  fileprivate func sample(of repeats: Int) -> Tensor {
    guard shape.rank > 1, shape[0] == 1 || (repeats > 1 && shape[0] == repeats) else { return self }
    return Tensor(
      Shape(Array(shape.dims.dropFirst())), Array(elements.prefix(count / shape[0])))
  }
}
