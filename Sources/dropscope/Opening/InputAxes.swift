import NeuralNet
import TensorCore

/// The names of an input's axes: as the operators that read it take them, else by its sizes, which is a
/// guess and says so. An input whose shape the model does not say is taken for `[N,C,H,W]`.
func inputAxes(of input: Graph.Input, in network: Network) -> [Axis] {
  let rank = input.takesAnyShape ? 4 : input.dims.count
  return network.graph.axisNames[input.name]
    ?? ImageReader.axes(of: input.name, rank: rank, in: network.graph)
    ?? (input.takesAnyShape
      ? [Axis.Name].channelsFirst.map { Axis($0, isGuess: true) } : guess(input.dims))
}

extension Graph.Input {
  /// Whether the model does not even say how many sizes there are. A scalar has no sizes either, but it
  /// does not take four.
  var takesAnyShape: Bool { dims.isEmpty && accepts([1, 1, 1, 1]) }
}

/// Axes by sizes alone: a last size of an image's channels where the second is none of these is a
/// channel axis.
private func guess(_ dims: [Int?]) -> [Axis] {
  let names: [Axis.Name]
  switch dims.count {
  case 2: names = [.sample, .feature]
  case 4:
    let isLast = [1, 3, 4].contains(dims[3]) && ![1, 3, 4].contains(dims[1])
    names = isLast ? [.sample, .row, .column, .channel] : .channelsFirst
  default:
    let hasSample = dims.count > 1 && [nil, 1].contains(dims[0])
    return dims.indices.map { hasSample && $0 == 0 ? Axis(.sample, isGuess: true) : .unknown }
  }
  return names.map { Axis($0, isGuess: true) }
}

extension [Axis.Name] {
  fileprivate static var channelsFirst: [Axis.Name] { [.sample, .channel, .row, .column] }
}

/// The first operator below an input that says which axes are an image's.
private enum ImageReader {
  /// Operators that take `[N,C,…]`.
  private static let channelsFirst: Set<String> = [
    "AveragePool", "BatchNormalization", "Conv", "ConvInteger", "ConvTranspose", "DepthToSpace",
    "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "InstanceNormalization", "LRN",
    "LpPool", "MaxPool", "QLinearConv", "SpaceToDepth",
  ]
  /// Operators whose result has the axes of what they read.
  private static let keeping: Set<String> = [
    "Add", "Cast", "Clip", "DequantizeLinear", "Div", "Dropout", "Identity", "Mul", "Pad",
    "QuantizeLinear", "Relu", "Sub",
  ]

  static func axes(of input: String, rank: Int, in graph: Graph) -> [Axis]? {
    let spatial: [Axis.Name]
    switch rank {
    case 3: spatial = [.column]
    case 4: spatial = [.row, .column]
    case 5: spatial = [.depth, .row, .column]
    default: return nil
    }
    let read: [Axis.Name] = [.sample, .channel] + spatial
    // Each value with the input's axis that each of its own is.
    var open = [(value: input, axes: Array(0..<rank))]
    var seen: Set<String> = [input]
    while !open.isEmpty {
      let (value, axes) = open.removeFirst()
      for index in graph.readers(of: value) {
        let node = graph.nodes[index]
        guard node.inputs.first == value || keeping.contains(node.opType) else { continue }
        if channelsFirst.contains(node.opType) {
          var names = [Axis](repeating: .unknown, count: rank)
          for (place, axis) in axes.enumerated() { names[axis] = Axis(read[place]) }
          return names
        }
        var next = axes
        if node.opType == "Transpose" {
          var order = Array((0..<rank).reversed())
          if case .ints(let given)? = node.attributes["perm"] { order = given }
          guard order.sorted() == Array(0..<rank) else { continue }
          next = order.map { axes[$0] }
        } else if !keeping.contains(node.opType) {
          continue
        }
        guard let made = node.outputs.first, !made.isEmpty, seen.insert(made).inserted else {
          continue
        }
        open.append((made, next))
      }
    }
    return nil
  }
}
