import Masks
import TensorCore

extension GraphEdit {
  /// Puts a dropout inside a node: into the graph that the node holds.
  /// - Throws: `GraphError` as `add(_:at:named:)` does, and where all turns have one mask, which no node in
  ///   there could draw.
  mutating func add(
    _ dropout: Dropout, at inner: InnerValue, ofNode index: Int, named name: String?
  ) throws(GraphError) {
    guard added.insert(inner.name).inserted else {
      throw GraphError("two dropouts at \(inner.name)")
    }
    guard let body = nodes[index].bodies.first(where: { $0.name == inner.body })?.body else {
      throw GraphError("no value \(inner.name) to put dropout on")
    }
    var graph = body.graph
    if graph.value(named: inner.value) == nil, let shown = try graph.showing(inner.value) {
      graph = shown.graph
    }
    let turns = inner.turns - (graph.inner(inner.value)?.inner.turns ?? 0)
    let seen = info(inner.name)
    if let seen {
      let axes = network.layout(of: inner.name, shape: seen.shape).axes
      try checkTurns(turns, of: axes, dropout, at: inner)
      graph.axisNames[inner.value] = Array(axes.dropFirst(turns))
    }
    var edit = GraphEdit(Network(graph))
    edit.taken.formUnion(taken.union(network.graph.index.numbers.keys))
    if let seen {
      let own = ValueInfo(Shape(Array(seen.shape.dims.dropFirst(turns))), type: seen.type)
      edit.known = edit.network.descriptions
      edit.known?[inner.value] = own
    }
    try edit.add(dropout, at: inner.value, named: name)
    taken.formUnion(edit.taken)
    replace(inner.body, ofNode: index, with: body.replacing(try edit.graph()))
  }

  private func checkTurns(
    _ turns: Int, of axes: [Axis], _ dropout: Dropout, at inner: InnerValue
  ) throws(GraphError) {
    guard turns > 0 else { return }
    let shares: Bool
    do {
      shares = try dropout.kind.sharesTurns(turns, of: axes)
    } catch {
      throw GraphError("dropout at \(inner.name): \(error)")
    }
    guard !shares else {
      throw GraphError(
        "\(dropout.kind.name) dropout at \(inner.name) cannot be saved: "
          + "expected a mask for each turn, as a node draws it, found one for all")
    }
  }
}
