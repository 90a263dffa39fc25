import ArgumentParser
import CursesBackend
import Formats
import Masks
import NeuralNet
import Scope
import Studies
import TensorCore

/// `dropscope export`: the numbers behind a view.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the numbers behind a view as NPY, CSV or JSON.",
    discussion: """
      Arrays have the layer's own shape without the axis of samples. The keys of --stage meters are \
      spelt out; shorter ones of before (of, nominal, dropped_live, …) stand beside them with the \
      same numbers.
      """)

  @OptionGroup var options: ViewOptions

  @OptionGroup var budget: BudgetOptions

  @Option(help: "\(Stage.allCases.map(\.rawValue).joined(separator: ", ")).")
  var stage: Stage

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where to: .npy, .csv or .json; - for standard output.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp(
      """
      What is written: npy, csv or json (default: by the file's name; on standard output csv, of \
      --stage meters json, which has no other form).
      """, valueName: "npy|csv|json"))
  var format: Format?

  /// The files that hold numbers.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case npy, csv, json

    var kind: OutputKind {
      switch self {
      case .npy: .npy
      case .csv: .csv
      case .json: .json
      }
    }
  }

  @Option(
    help: ArgumentHelp(
      "Masks for each site of the placement table, --stage placement (default: 200).",
      valueName: "t"))
  var masks: Int?

  /// What can be exported.
  enum Stage: String, CaseIterable, ExpressibleByArgument {
    case input, clean, field, mask, dropped, output, meters, placement

    init?(argument: String) {
      // What it was called first.
      self.init(rawValue: argument == "ladder" ? "placement" : argument)
    }
  }

  func run() throws {
    try budget.apply()
    let kind = try OutputKind(
      output, format: format?.kind, among: Format.allCases.map(\.kind),
      standardOutput: stage == .meters ? .json : .csv)
    guard kind != .npy || output != "-" || !TerminalFacts.current().isOutputTerminal else {
      throw Failure(usage: "--format npy: expected a file or a pipe, found a terminal")
    }
    guard stage == .placement || masks == nil else {
      throw Failure(usage: "--masks: expected --stage placement, found \(stage.rawValue)")
    }
    let view = try options.open()
    view.warn()
    let bytes: [UInt8]
    if stage == .placement {
      guard kind == .csv || kind == .json else {
        throw Failure(
          usage: "--stage placement: expected a .csv or .json file, found \(found(kind))")
      }
      bytes = try PlacementReport(view, masks: masks ?? 200).bytes(as: kind)
      try OutputKind.write(bytes, to: output)
      return
    }
    let observation = try view.observe()
    if stage == .meters {
      guard kind == .json else {
        throw Failure(usage: "--stage meters: expected a .json file, found \(found(kind))")
      }
      bytes = try JSONFile.bytes(
        MetersReport(
          observation: observation, axes: view.experiment.axes(ofSite: view.setting),
          rate: view.setting.rate,
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

  /// What was asked for, for messages.
  private func found(_ kind: OutputKind) -> String {
    format == nil ? output : "--format \(kind)"
  }
}

extension Export.Stage {
  /// The array in the layer's own shape, without the axis of samples.
  fileprivate func tensor(of observation: Observation, _ view: OpenedView) throws -> Tensor {
    let repeats = view.experiment.subject.repeats
    // Weights have no samples.
    let kind = try KindRegistry.make(view.setting.kind, view.setting.kinds)
    let own = kind.target.isParameter ? 1 : repeats
    switch self {
    case .input:
      return view.experiment.subject.input.sample(view.experiment.inputLayout, of: repeats)
    case .clean: return observation.clean.sample(observation.layout, of: repeats)
    case .field:
      return try observation.field.expanded(to: observation.siteLayout)
        .reshaped(to: observation.cleanSite.shape).sample(observation.siteLayout, of: own)
    case .mask:
      return try observation.mask.numbers.reshaped(to: observation.cleanSite.shape)
        .sample(observation.siteLayout, of: own)
    case .dropped: return observation.dropped.sample(observation.layout, of: repeats)
    case .output:
      guard let output = observation.output else {
        throw view.experiment.problem.map { Failure(.badData, "\($0)") }
          ?? Failure(.badData, "\(view.experiment.subject.modelName) has no float32 output")
      }
      let experiment = view.experiment
      let name = experiment.subject.network.graph.outputs.first { experiment.clean[$0] != nil }
      return output.sample(
        experiment.layout(of: name ?? "", shape: output.shape), of: repeats)
    case .meters, .placement: preconditionFailure("no array")
    }
  }
}

extension Tensor {
  /// The one sample without the axis that counts samples, wherever it is; the first where it was
  /// repeated to fill a batch. Arrays of another shape than the layout's, which are those of weights, and
  /// those whose axes nobody knows lose a first size of 1.
  fileprivate func sample(_ layout: Layout, of repeats: Int) -> Tensor {
    var layout = layout
    if layout.shape != shape || layout.axes.first == .unknown {
      layout = Layout(shape, shape.dims.indices.map { Axis($0 == 0 ? .sample : .unknown) })
    }
    guard shape.rank > 1, layout.sampleAxis != nil,
      layout.n == 1 || (repeats > 1 && layout.n == repeats)
    else { return self }
    return layout.firstSample(of: self)
  }
}
