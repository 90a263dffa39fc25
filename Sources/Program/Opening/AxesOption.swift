import NeuralNet
import Studies
import TensorCore

/// The option `--axes NODE=N,T,F`.
enum AxesOption {
  /// Gives values of a graph the names of axes that options say.
  /// - Throws: `Failure` where there is no such value, or a name is none.
  static func name(_ options: [String], in graph: inout Graph) throws {
    let known = options.isEmpty ? nil : Network(graph).axes
    for text in options {
      do {
        let naming = try AxisNaming(parsing: text)
        let value = try graph.value(of: naming)
        if let own = known?[value], let axes = naming.axes, axes.count != own.count {
          let shape = graph.inputs.first { $0.name == value }?.shapeText ?? own.text
          throw TensorError(
            "axes", expected: "\(own.count) names for \(naming.name ?? value) \(shape)",
            found: "\(axes.count) in \(axes.text)")
        }
        graph.axisNames[value] = naming.axes
      } catch let error as GraphError {
        throw Failure(usage: "--\(error)")
      } catch let error as TensorError {
        throw Failure(usage: "--\(error)")
      }
    }
  }
}
