import ArgumentParser
import Formats
import Masks
import NeuralNet
import Studies
import TensorCore

/// `dropscope edit`: a model with dropout added or taken away, and nothing else changed.
struct Edit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "Add dropout to a model or take it away, and change nothing else.",
    discussion: """
      Added dropout is the identity at evaluation in every runtime, and acts where a training runtime \
      switches it on. Operators that dropscope cannot run are left as they are. Success is told after \
      the file was read again.

      Exit codes: 64 usage, 65 what cannot be expressed in ONNX, 66 missing input, 73 cannot write.
      """)

  @Argument(help: "An ONNX file or the name of a built-in model.")
  var model: String

  @Option(
    name: [.long, .customLong("at"), .customLong("also")],
    help: ArgumentHelp(
      """
      Dropout behind a node, as pool1=spatial,.25; repeat for more. conv#2 is the second node called \
      conv.
      """,
      valueName: "node=kind,rate"))
  var addDropout: [String] = []

  @Option(
    name: [.long, .customLong("without")],
    help: ArgumentHelp(
      "Dropout of the model's own to remove; repeat for more.", valueName: "node"))
  var disableDropout: [String] = []

  @Option(
    help: ArgumentHelp(
      "What a value's axes are, as emb=N,T,F; repeat for more.", valueName: "node=n,t,f"))
  var axes: [String] = []

  @Option(
    help: ArgumentHelp(
      "A new input, one bool, that switches every Dropout node (opset 12 or later).",
      valueName: "name"))
  var trainingInput: String?

  @Flag(help: "Refuse a model that has anything ONNX does not allow; info lists it.")
  var strict = false

  @Flag(help: "Write over a file that is there already.")
  var force = false

  @OptionGroup var budget: BudgetOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Where the model goes.", valueName: "out.onnx"))
  var output: String

  func run() throws {
    try budget.apply()
    guard !addDropout.isEmpty || !disableDropout.isEmpty || trainingInput != nil else {
      throw Failure(
        usage: "edit: expected --add-dropout, --disable-dropout or --training-input, found none")
    }
    guard output.hasSuffix(".onnx") else {
      throw Failure(usage: "--output: expected a name ending in .onnx, found \(output)")
    }
    guard force || !FileBytes.isFile(output) else {
      throw Failure(.cannotWrite, "\(output): is there already; --force writes over it")
    }
    var graph = try ModelFile.read(model, axes: axes, strict: strict)
    let added = try placed(in: &graph)
    let network = Network(graph)
    Lasting.keep(network)
    let removed = try taken(from: network)
    do {
      var edit = GraphEdit(network)
      for placed in added { try edit.add(try placed.dropout, at: placed.site) }
      edit.removeDropout(Set(removed.map(\.output)))
      if let trainingInput { try edit.addTrainingInput(trainingInput) }
      graph = try edit.graph()
    } catch {
      throw Failure(.badData, "\(model): \(error)")
    }
    try ModelFile.write(graph, to: output)
    try Terminal.write(lines: [summary(added.count { $0.rate.p > 0 }, removed.count)])
  }

  /// The dropouts to be added; where one lies inside a node, the graph shows what is there.
  private func placed(in graph: inout Graph) throws -> [PlacedDropout] {
    do {
      return try addDropout.map { text in
        try PlacedDropout(parsing: text, as: "--add-dropout") { name in
          guard graph.value(named: name) == nil, let shown = try graph.showing(name) else {
            return try graph.site(named: name)
          }
          graph = shown.graph
          return shown.value
        }
      }
    } catch {
      throw Failure(usage: "\(error)")
    }
  }

  private func taken(from network: Network) throws -> [WrittenDropout] {
    do {
      return try disableDropout.map {
        try network.ownDropout(named: $0, as: "--disable-dropout")
      }
    } catch {
      throw Failure(usage: "\(error)")
    }
  }

  private func summary(_ added: Int, _ removed: Int) -> String {
    var parts: [String] = []
    func count(_ n: Int) -> String { "\(n) dropout\(n == 1 ? "" : "s")" }
    if added > 0 { parts.append("\(count(added)) added") }
    if removed > 0 { parts.append("\(count(removed)) removed") }
    if let trainingInput { parts.append("input \(trainingInput) switches the Dropout nodes") }
    return "written: \(output)" + (parts.isEmpty ? "" : ": ") + parts.joined(separator: ", ")
  }
}
