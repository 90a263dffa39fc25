import NeuralNet
import TensorCore

/// The shapes of a graph's values as far as the operators' shape rules tell.
///
/// The rules need sizes. Where the inputs leave some open the graph is worked out for two choices of
/// them; what differs between the two is open as well.
struct OutputShapes {
  private let values: [(ValueInfo?, ValueInfo?)]
  private let names: [String: Int]

  /// - Parameter wanted: the values asked about, the graph's outputs by default
  init(_ graph: Graph, of wanted: [String]? = nil) {
    let wanted = wanted ?? graph.outputs
    let network = Network(graph)
    func known(_ open: Int) -> ValueTable<ValueInfo> {
      var inputs: [String: Shape] = [:]
      for input in graph.inputs {
        inputs[input.name] = try? input.shape(openSizes: open)
      }
      return network.signature(inputs: inputs).values
    }
    // Small sizes suit an open batch, large ones an open height under a kernel.
    let small = (known(1), known(2))
    let large = (known(96), known(128))
    names = Dictionary(zip(wanted, wanted.indices)) { first, _ in first }
    values = wanted.map { name in
      if let first = small.0[name], let second = small.1[name] { return (first, second) }
      return (large.0[name], large.1[name])
    }
  }

  /// The element type of an output; float32 where nothing is known.
  func type(_ name: String) -> ElementType { first(name)?.type ?? .float32 }

  /// The sizes of an output, nil where one is open; nil where not even their number is known.
  func dims(_ name: String) -> [Int?]? {
    guard let index = names[name], let first = values[index].0, let second = values[index].1,
      first.shape.rank == second.shape.rank
    else { return nil }
    return zip(first.shape.dims, second.shape.dims).map { $0 == $1 ? $0 : nil }
  }

  private func first(_ name: String) -> ValueInfo? { names[name].flatMap { values[$0].0 } }
}
