public import NeuralNet
public import TensorCore

/// The weights that a network reads its input with, a picture for each unit: those of its first layer, where
/// they are small maps.
public struct Filters: Equatable, Sendable {
  /// The node they are of.
  public let layer: String
  /// `[N,H,W]`: a filter is the mean over the channels it reads.
  public let maps: Tensor

  /// Filters of the first convolution over images; of a dense layer that reads a square image row by row,
  /// the weights of each unit. Nil where the first layer has no such weights.
  public init?(of graph: Graph) {
    let network = Network(graph)
    guard
      let index = graph.nodes.indices.first(where: {
        [.convolution, .dense].contains(network.role(of: $0))
      }), graph.nodes[index].inputs.count > 1,
      case .float32(let weights)? = graph.constants[graph.nodes[index].inputs[1]],
      weights.count > 0
    else { return nil }
    layer = graph.nodes[index].name
    switch weights.shape.rank {
    case 4: maps = Filters.means(of: weights)
    case 2:
      guard let maps = Filters.rows(of: weights, isTransposed: graph.nodes[index].readsRows) else {
        return nil
      }
      self.maps = maps
    default: return nil
    }
  }

  /// `[O,I,H,W]` → `[O,H,W]`
  private static func means(of weights: Tensor) -> Tensor {
    let (count, channels) = (weights.shape[0], weights.shape[1])
    let area = weights.shape[2] * weights.shape[3]
    var values: [Float] = []
    values.reserveCapacity(count * area)
    for filter in 0..<count {
      for cell in 0..<area {
        var sum: Float = 0
        for channel in 0..<channels { sum += weights[(filter * channels + channel) * area + cell] }
        values.append(sum / Float(channels))
      }
    }
    return Tensor([count, weights.shape[2], weights.shape[3]], values)
  }

  /// Weights of a dense layer, `[units, inputs]` or turned, as squares.
  private static func rows(of weights: Tensor, isTransposed: Bool) -> Tensor? {
    let (units, inputs) =
      isTransposed
      ? (weights.shape[0], weights.shape[1]) : (weights.shape[1], weights.shape[0])
    let side = Int(Double(inputs).squareRoot().rounded())
    guard side > 2, side * side == inputs else { return nil }
    let values = (0..<units * inputs).map { place in
      let (unit, input) = place.quotientAndRemainder(dividingBy: inputs)
      return weights[isTransposed ? place : input * units + unit]
    }
    return Tensor([units, side, side], values)
  }
}

extension Node {
  /// Whether a dense layer's weights have a row a unit.
  fileprivate var readsRows: Bool {
    if case .int(1)? = attributes["transB"] { return true }
    return false
  }
}
