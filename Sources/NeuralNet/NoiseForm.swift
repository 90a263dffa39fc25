import TensorCore

/// Dropout whose cells share decisions, as ONNX can say it: a Dropout node makes noise of ones in a
/// smaller shape, and a Mul puts the noise on the value.
struct NoiseForm {
  /// The value that is multiplied.
  let site: String
  /// What the multiplication makes.
  let result: String
  /// The nodes that together are this dropout, from the one that asks for the shape on.
  let parts: Set<Int>

  /// The form that the Dropout node `index` is part of; nil where it drops from a value itself.
  init?(of index: Int, in graph: Graph) {
    let node = graph.nodes[index]
    guard let ones = node.inputs.first, let noise = node.outputs.first, !noise.isEmpty,
      graph.holdsOnes(ones)
    else { return nil }
    let readers = graph.nodes.indices.filter { graph.nodes[$0].inputs.contains(noise) }
    guard readers.count == 1, graph.nodes[readers[0]].opType == "Mul",
      let site = graph.nodes[readers[0]].inputs.first(where: { $0 != noise }),
      let result = graph.nodes[readers[0]].outputs.first
    else { return nil }
    (self.site, self.result) = (site, result)
    parts = graph.shapeMakers(of: ones).union([index, readers[0]])
  }
}

extension Graph {
  /// Whether every element of a value is 1, whatever the inputs.
  fileprivate func holdsOnes(_ value: String) -> Bool {
    var value = value
    while true {
      if case .float32(let tensor)? = constants[value] {
        return tensor.count > 0 && tensor.elements.allSatisfy { $0 == 1 }
      }
      guard let maker = producer(of: value), let first = maker.inputs.first else { return false }
      if maker.opType == "ConstantOfShape" {
        return maker.attributes["value"] == .tensor(.float32(Tensor([1], [1])))
      }
      guard maker.opType == "Expand" else { return false }
      value = first
    }
  }

  /// The nodes that a value is made by, back to those that ask for a shape.
  fileprivate func shapeMakers(of value: String) -> Set<Int> {
    var (found, waiting) = (Set<Int>(), [value])
    while let name = waiting.popLast() {
      guard let maker = nodes.firstIndex(where: { $0.outputs.contains(name) }),
        found.insert(maker).inserted, nodes[maker].opType != "Shape"
      else { continue }
      waiting += nodes[maker].inputs.filter { !$0.isEmpty }
    }
    return found
  }
}
