import Masks
import TensorCore

/// Dropout as nodes and names alone say it, before anything is known of shapes: the one recogniser of
/// every written form.
struct DropoutPattern: Sendable {
  /// A place in a node's list of inputs.
  struct Place: Equatable, Sendable {
    var node: Int
    var input: Int
  }

  /// What noise has the shape of.
  enum Noise: Equatable, Sendable {
    /// A list of sizes.
    case sizes([Int])
    /// A value of the same shape.
    case like(String)
  }

  /// A constant that stands for the rate.
  struct RateConstant: Equatable, Sendable {
    /// What it says of the rate.
    enum Role: String, Sendable {
      case rate, keep, scale
    }

    var node: Int
    var input: Int
    var role: Role
    var type: ElementType
    var shape: Shape

    /// The number that stands for a rate.
    func value(rate: Rate) -> Float {
      switch role {
      case .rate: Float(rate.p)
      case .keep: Float(rate.keep)
      case .scale: Float(1 / rate.keep)
      }
    }
  }

  var form: WrittenDropout.Form
  /// The Dropout node; of random operators the node that makes the result.
  var index: Int
  /// The node that makes the result.
  var last: Int
  /// Where the value is read that is dropped from.
  var siteAt: Place
  var input: String
  var output: String
  var site: String
  var result: String
  var parts: Set<Int>
  /// The shape of the noise; nil for that of the value.
  var noise: Noise?
  /// The rate of random operators; nil for Dropout nodes, whose operator knows.
  var rate: Rate?
  var scale = Scaling.inverted
  /// The constants that stand for the rate of random operators; empty where it cannot be changed by
  /// changing constants.
  var settings: [RateConstant] = []

  /// Every dropout of a graph, in the order of the nodes that make their results.
  static func all(in graph: Graph) -> [DropoutPattern] {
    var found: [DropoutPattern] = []
    for (index, node) in graph.nodes.enumerated() where node.isOfONNX {
      if node.opType == DropoutOperator.opType {
        if let own = DropoutPattern(dropoutNode: index, in: graph) { found.append(own) }
      } else if RandomDropout.draws.contains(node.opType) {
        if let own = RandomDropout.pattern(from: index, in: graph) { found.append(own) }
      }
    }
    return found.sorted { $0.index < $1.index }
  }

  /// The dropout that a Dropout node is, or that it makes noise for; nil for one that reads or makes
  /// nothing.
  private init?(dropoutNode index: Int, in graph: Graph) {
    let node = graph.nodes[index]
    guard let input = node.inputs.first, let output = node.outputs.first, !input.isEmpty,
      !output.isEmpty
    else { return nil }
    (form, self.index, last, parts) = (.node, index, index, [index])
    (self.input, self.output, site, result) = (input, output, input, output)
    siteAt = Place(node: index, input: 0)
    // Noise of ones that one Mul puts on another value.
    let readers = graph.readers(of: output)
    guard readers.count == 1, !graph.outputs.contains(output), let noise = graph.noiseOfOnes(input),
      let factor = graph.nodes[readers[0]].inputs.firstIndex(of: output), factor < 2
    else { return }
    let mul = graph.nodes[readers[0]]
    guard mul.opType == "Mul", mul.inputs.count == 2, mul.inputs[1 - factor] != output,
      let made = mul.outputs.first
    else { return }
    (form, last, self.noise) = (.noise, readers[0], noise)
    (site, result) = (mul.inputs[1 - factor], made)
    siteAt = Place(node: last, input: 1 - factor)
    parts = graph.closure(of: [index, last], without: site)
  }

  init(
    random parts: Set<Int>, last: Int, siteAt: Place, site: String, noise: Noise?, rate: Rate,
    scale: Scaling, settings: [RateConstant], in graph: Graph
  ) {
    let output = graph.nodes[last].outputs[0]
    (form, index, self.last, self.siteAt) = (.random, last, last, siteAt)
    (input, self.output, self.site, result) = (site, output, site, output)
    self.parts = graph.closure(of: parts, without: site)
    (self.noise, self.rate, self.scale, self.settings) = (noise, rate, scale, settings)
  }
}

extension Node {
  /// Whether the operator is one of ONNX's own.
  var isOfONNX: Bool { domain.isEmpty || domain == "ai.onnx" }
}

extension Graph {
  /// Nodes with all those whose results only they read, on and on, but not with what makes `site`.
  func closure(of nodes: Set<Int>, without site: String) -> Set<Int> {
    var (found, waiting) = (nodes, Array(nodes))
    while let index = waiting.popLast() {
      for name in self.nodes[index].inputs where !name.isEmpty && name != site {
        guard let maker = producerIndex(of: name), !found.contains(maker) else { continue }
        let isAlone = self.nodes[maker].outputs.allSatisfy { made in
          made.isEmpty || !outputs.contains(made) && readers(of: made).allSatisfy(found.contains)
        }
        guard isAlone, !self.nodes[maker].outputs.contains(site) else { continue }
        found.insert(maker)
        waiting.append(maker)
      }
    }
    return found
  }

  /// A constant: an initializer, or what a Constant node or a change of type makes of one. Beside it
  /// where it can be exchanged: the place that reads it first.
  func constantValue(
    _ place: DropoutPattern.Place
  ) -> (value: Value, place: DropoutPattern.Place)? {
    var (place, steps) = (place, 0)
    while steps < 8, nodes[place.node].inputs.indices.contains(place.input) {
      let name = nodes[place.node].inputs[place.input]
      if let value = constants[name] { return (value, place) }
      guard let index = producerIndex(of: name), nodes[index].isOfONNX else { return nil }
      let maker = nodes[index]
      switch maker.opType {
      case "Constant":
        guard let constant = try? Constant(NodeReader(maker, opset: opset)) else { return nil }
        return (constant.value, place)
      case "Cast", "CastLike", "Identity", "Unsqueeze", "Squeeze", "Expand":
        place = DropoutPattern.Place(node: index, input: 0)
      default: return nil
      }
      steps += 1
    }
    return nil
  }

  /// The one number that all elements of a constant are; nil where they differ or it is none.
  func number(
    _ place: DropoutPattern.Place
  ) -> (number: Float, value: Value, place: DropoutPattern.Place)? {
    guard let (value, place) = constantValue(place) else { return nil }
    switch value.computed {
    case .float32(let x):
      guard let first = x.elements.first, x.elements.allSatisfy({ $0 == first }) else {
        return nil
      }
      return (first, value, place)
    case .int64(let x):
      guard let first = x.elements.first, x.elements.allSatisfy({ $0 == first }) else {
        return nil
      }
      return (Float(first), value, place)
    default: return nil
    }
  }

  /// The shape of a value whose every element is 1, whatever the inputs; nil for others.
  fileprivate func noiseOfOnes(_ value: String) -> DropoutPattern.Noise? {
    var (value, steps) = (value, 0)
    let whole = value
    while steps < 8 {
      if let x = constants[value]?.tensor {
        return x.count > 0 && x.elements.allSatisfy { $0 == 1 } ? .like(whole) : nil
      }
      guard let maker = producer(of: value), maker.isOfONNX, let first = maker.inputs.first else {
        return nil
      }
      switch maker.opType {
      case "ConstantOfShape":
        guard case .tensor(let one)? = maker.attributes["value"],
          one.tensor?.elements == [1]
        else { return nil }
        return .like(whole)
      case "Expand", "Cast", "CastLike", "Identity": value = first
      default: return nil
      }
      steps += 1
    }
    return nil
  }
}
