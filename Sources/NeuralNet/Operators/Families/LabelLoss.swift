import Masks
import TensorCore

/// A loss of labels `[N,…]` for scores `[N,C,…]`: the negative of what stands at the label, times the weight
/// of its class `[C]`; `reduction` none, sum, or mean, which divides by the sum of the weights. Labels that
/// are `ignore_index` count for nothing.
struct LabelLoss: Sendable {
  private let ignored: Int64?
  private let reduction: Reductions

  private enum Reductions: String {
    case none, sum, mean
  }

  init(_ node: NodeReader) throws(TensorError) {
    ignored = node.has("ignore_index") ? Int64(try node.int("ignore_index", default: 0)) : nil
    let word = try node.string("reduction", default: "mean")
    guard let own = Reductions(rawValue: word) else {
      throw TensorError(
        "\(node.node.opType) reduction", expected: "none, sum or mean", found: word)
    }
    reduction = own
  }

  /// The shape of the loss.
  func shape(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Shape {
    let (scores, labels) = (try inputs.tensor(0), try inputs.whole(1))
    guard scores.rank >= 2, labels.dims == [scores[0]] + scores.dims.dropFirst(2) else {
      throw TensorError(
        inputs.opType, expected: "scores [N,C,…] and labels [N,…]", found: "\(scores) and \(labels)"
      )
    }
    if inputs.optional(2) != nil, try inputs.tensor(2).dims != [scores[1]] {
      throw TensorError(
        inputs.opType, expected: "weights [\(scores[1])]", found: "\(try inputs.tensor(2))")
    }
    return reduction == .none ? labels : []
  }

  /// For each label where it stands in the scores and its weight; nil where it counts for nothing.
  private func places(
    _ inputs: Inputs<Value>
  ) throws(TensorError) -> [(offset: Int, label: Int, weight: Float)?] {
    let (scores, labels) = (try inputs.tensor(0).shape, try inputs.integers(1))
    let weights = try inputs.optionalTensor(2)
    let (classes, inner) = (scores[1], scores.dims.dropFirst(2).reduce(1, *))
    var places: [(offset: Int, label: Int, weight: Float)?] = []
    for i in 0..<labels.count {
      guard labels[i] != ignored else {
        places.append(nil)
        continue
      }
      guard (0..<Int64(classes)).contains(labels[i]) else {
        throw TensorError(
          inputs.opType, expected: "labels from 0 to \(classes - 1)", found: "\(labels[i])")
      }
      let label = Int(labels[i])
      let offset = (i / inner * classes + label) * inner + i % inner
      places.append((offset, label, weights?[label] ?? 1))
    }
    return places
  }

  /// The loss for log-probabilities.
  func forward(_ logs: Tensor, _ inputs: Inputs<Value>) throws(TensorError) -> Tensor {
    let shape = try shape(inputs.described)
    let places = try places(inputs)
    let each = places.map { place in place.map { -logs[$0.offset] * $0.weight } ?? 0 }
    guard reduction != .none else { return Tensor(shape, each) }
    let sum = each.reduce(0.0) { $0 + Double($1) }
    let divisor = reduction == .mean ? places.reduce(0.0) { $0 + Double($1?.weight ?? 0) } : 1
    return Tensor(scalar: Float(sum / divisor))
  }

  /// The gradients by the log-probabilities and the weights, from that by the loss.
  func backward(
    _ g: Tensor, _ logs: Tensor, _ inputs: Inputs<Value>
  ) throws(TensorError) -> (logs: Tensor, weights: Tensor?) {
    let places = try places(inputs)
    let sum = places.reduce(0.0) { $0 + Double($1?.weight ?? 0) }
    let loss = reduction == .mean ? try forward(logs, inputs)[0] : 0
    let divisor = reduction == .mean ? Float(sum) : 1
    var byLogs = Tensor(logs.shape, repeating: 0)
    var byWeights = try inputs.optionalTensor(2).map { Tensor($0.shape, repeating: 0) }
    for (i, place) in places.enumerated() {
      guard let place else { continue }
      let own = g[reduction == .none ? i : 0]
      byLogs[place.offset] -= own * place.weight / divisor
      byWeights?[place.label] -= own * (logs[place.offset] + loss) / divisor
    }
    return (byLogs, byWeights)
  }
}
