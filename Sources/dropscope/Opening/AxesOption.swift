import NeuralNet
import TensorCore

/// Names the user gives the axes of values, `NODE=N,T,F` each.
enum AxesOption {
  /// What `--axes` is for, in every command's help.
  static let help = """
    What the axes of a node's result or of an input are, as relu1=N,T,F; ? leaves one open; repeat for \
    more: \(Axis.Name.allCases.map { "\($0.letter) \($0.rawValue)" }.joined(separator: ", ")).
    """

  /// Notes the names in a graph.
  /// - Throws: `Failure` where an option is no such thing, names no node or input, names it twice, or
  ///   has more or fewer names than there are axes.
  static func apply(_ options: [String], to graph: inout Graph, of model: String) throws {
    guard !options.isEmpty else { return }
    let known = Network(graph).axes
    for option in options {
      // Names of nodes may hold a =, those of axes cannot.
      guard let equals = option.lastIndex(of: "="), equals > option.startIndex,
        option.last != "="
      else {
        throw Failure(usage: "--axes: expected NODE=N,T,F, found \(option)")
      }
      let (name, text) = (String(option[..<equals]), option[option.index(after: equals)...])
      guard let value = graph.value(named: name) else {
        throw Failure(usage: "--axes: expected a node or an input of \(model), found \(name)")
      }
      let axes: [Axis]
      do {
        axes = try Axis.list(parsing: String(text))
      } catch {
        throw Failure(usage: "--axes \(name): \(error)")
      }
      guard let own = known[value] else {
        throw Failure(usage: "--axes: the shape of \(name) is not known, or it is a constant")
      }
      guard own.count == axes.count else {
        throw Failure(
          usage: "--axes: expected \(own.count) names for \(name) \(own.text), found \(text)")
      }
      guard graph.axisNames.updateValue(axes, forKey: value) == nil else {
        throw Failure(usage: "--axes: expected each node once, found \(name) twice")
      }
    }
  }
}
