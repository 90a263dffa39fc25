import TensorCore

/// Dropout that an exporter drew once, when it folded constants: x × a constant of 0 and 1, scaled by
/// 1/keep. The same elements are dropped at every run, and nothing can tell it from a mask of the
/// model's but that as many are kept as the scale makes up for.
struct FrozenDropout: Equatable {
  /// The node that multiplies.
  var node: String
  /// The value that is multiplied.
  var site: String
  /// How many elements are kept, of all.
  var kept: Int
  var count: Int

  /// What of a graph's products look like it.
  static func all(in graph: Graph) -> [FrozenDropout] {
    graph.nodes.indices.compactMap { FrozenDropout(node: $0, in: graph) }
  }

  private init?(node index: Int, in graph: Graph) {
    let node = graph.nodes[index]
    guard node.isOfONNX, node.opType == "Mul", node.inputs.count == 2, node.outputs.count == 1
    else { return nil }
    for input in 0..<2 {
      let site = node.inputs[1 - input]
      guard let mask = graph.constantValue(.init(node: index, input: input))?.value.tensor,
        graph.constantValue(.init(node: index, input: 1 - input)) == nil,
        mask.elements.allSatisfy({ $0 == 0 || $0 == 1 })
      else { continue }
      let kept = mask.elements.count { $0 == 1 }
      let scales = [
        graph.producerIndex(of: site), graph.readers(of: node.outputs[0]).first,
      ].compactMap { $0.flatMap { graph.scale($0) } }
      let isMadeUp = scales.contains { scale in
        // Five standard deviations of a count of independent draws.
        let (keep, n) = (1 / scale, Double(mask.count))
        let deviation = (keep * (1 - keep) * n).squareRoot()
        return scale > 1 && abs(Double(kept) - keep * n) <= 5 * deviation
      }
      guard kept > 0, kept < mask.count, isMadeUp else { continue }
      (self.node, self.site, self.kept, count) = (node.name, site, kept, mask.count)
      return
    }
    return nil
  }
}

extension Graph {
  /// The number that a node multiplies all elements by; nil where it does something else.
  fileprivate func scale(_ index: Int) -> Double? {
    let node = nodes[index]
    guard node.isOfONNX, node.inputs.count == 2 else { return nil }
    switch node.opType {
    case "Div": return number(.init(node: index, input: 1)).map { 1 / Double($0.number) }
    case "Mul":
      return [0, 1].lazy.compactMap { self.number(.init(node: index, input: $0)) }.first
        .map { Double($0.number) }
    default: return nil
    }
  }
}
