import ArgumentParser
import Formats
import NeuralNet
import Scope
import TensorCore

/// `dropscope info`: what is in a model.
struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "List a model's nodes, shapes, parameters, multiply-adds and dropout sites.",
    discussion: """
      The keys of --json are spelt out: operator, operator_set, rate. Those of before, op, opset and \
      ratio, stand beside them.
      """)

  @Argument(help: "An ONNX file or the name of a built-in model.")
  var model = "digits"

  @Option(
    help: ArgumentHelp(
      "The shape of an input that leaves sizes open, as x=1,3,224,224; repeat for more.",
      valueName: "name=sizes"))
  var size: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      An array for an input; repeat for more. Its sizes stand where the model leaves them open, and the model is \
      run: nodes are named whose numbers fit into single precision and not into their own small floats.
      """, valueName: "name=file.npy"))
  var input: [String] = []

  @Option(
    help: ArgumentHelp(
      "What a value's axes are, as emb=N,T,F; repeat for more.", valueName: "node=n,t,f"))
  var axes: [String] = []

  @Flag(help: "Refuse a model that has anything ONNX does not allow; info lists it.")
  var strict = false

  @OptionGroup var budget: BudgetOptions

  @Option(
    help: ArgumentHelp(
      """
      No model, but what the program knows by name: \
      \(Listing.Subject.allCases.map(\.rawValue).joined(separator: ", ")).
      """, valueName: "what"))
  var list: Listing.Subject?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try budget.apply()
    if let list { return try Listing(list).write(asJSON: json) }
    let graph = try ModelFile.read(model, axes: axes, strict: strict)
    let network = Network(graph)
    Lasting.keep(network)
    let inputs = try self.inputs(of: graph)
    let sizes = try sizes(of: graph).merging(inputs.mapValues(\.shape)) { said, _ in said }
    let losses = RoundingLosses()
    if !inputs.isEmpty {
      var context = RunContext()
      context.losses = losses
      try Plan(network, wanted: graph.outputs, context: context).run(inputs) { _, _ in }
    }
    let report = try ModelReport(network, name: model, sizes: sizes, losses: losses.losses)
    Lasting.keep(report)
    if json {
      try OutputKind.write(JSONFile.bytes(report), to: "-")
    } else {
      try Terminal.write(lines: report.lines)
    }
  }

  /// The arrays that were given, for all inputs or none.
  private func inputs(of graph: Graph) throws -> [String: Value] {
    guard !input.isEmpty else { return [:] }
    return try graph.converted(NamedFiles.arrays(input, for: graph, model: model))
  }

  /// The shapes of inputs that were given.
  private func sizes(of graph: Graph) throws -> [String: Shape] {
    let texts = try NamedFiles.read(
      size, for: graph, model: model, option: "--size", file: "SIZES")
    var shapes: [String: Shape] = [:]
    for input in graph.inputs {
      guard let text = texts[input.name] else { continue }
      let words = text.split(separator: ",", omittingEmptySubsequences: false)
      let sizes = words.compactMap { Int($0) }
      guard sizes.count == words.count,
        let shape = try? Shape(checking: sizes, in: input.name), input.accepts(shape)
      else {
        throw Failure(
          usage: "--size \(input.name): expected sizes for \(input.shapeText), found \(text)")
      }
      shapes[input.name] = shape
    }
    return shapes
  }
}
