import Glibc
import Masks
public import TensorCore

/// Local response normalisation: y = x/(bias + alpha/size·Σx²)^beta, the sum over `size` channels around
/// x's own: Krizhevsky et al. 2012. X `[N,C,…]`.
public struct LRN: MapOperator {
  public static let opType = "LRN"
  public static let schema = OperatorSchema(
    attributes: [
      .float("alpha"), .float("beta"), .float("bias"), .int("size", required: true, in: 1 ... .max),
    ], inputs: [.init([1: .floats, 13: [.floats, .bfloat16]])])
  public static let role = OperatorRole.normalization
  let (alpha, beta, bias): (Float, Float, Float)
  let size: Int

  public init(_ node: NodeReader) throws(TensorError) {
    alpha = try node.float("alpha", default: 1e-4)
    beta = try node.float("beta", default: 0.75)
    bias = try node.float("bias", default: 1)
    size = try node.int("size", default: 0)
    guard size > 0, size <= Shape.computedLimit else {
      throw TensorError("LRN size", expected: "1 channel or more", found: "\(size)")
    }
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.tensor(0)
    guard x.rank >= 2 else {
      throw TensorError("LRN", expected: "an input of shape [N,C,…]", found: "\(x)")
    }
    return [ValueInfo(x)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let x = try inputs.tensor(0)
    var y = bases(x)
    y.changeChunks(reading: x) { y, x in
      for i in y.indices { y[i] = x[i] / powf(y[i], beta) }
    }
    return [.float32(y)]
  }

  /// bias + alpha/size·Σx² at each element.
  private func bases(_ x: Tensor) -> Tensor {
    let squares = x.mapChunks { x, y in for i in x.indices { y[i] = x[i] * x[i] } }
    var sums = summed(squares, from: -((size - 1) / 2), to: size / 2)
    let (factor, bias) = (alpha / Float(size), bias)
    sums.changeChunks { sums in for i in sums.indices { sums[i] = bias + factor * sums[i] } }
    return sums
  }

  /// Sums over the channels at distances `from` … `to` of each element's own.
  private func summed(_ x: Tensor, from: Int, to: Int) -> Tensor {
    let (samples, channels) = (x.shape[0], x.shape[1])
    let area = samples * channels == 0 ? 0 : x.count / (samples * channels)
    return Tensor(x.shape) { out in
      x.withElements { x in
        nonisolated(unsafe) let (x, out) = (x, out)
        Parallel.run(tasks: samples * channels) { map in
          let c = map % channels
          let target = map * area
          for i in 0..<area { out[target + i] = 0 }
          for other in max(0, c + from)..<max(max(0, c + from), min(channels, c + to + 1)) {
            let source = (map - c + other) * area
            for i in 0..<area { out[target + i] += x[source + i] }
          }
        }
      }
    }
  }

  /// gₓ = g·b^−β − 2·α/n·β·x·Σ g·x·b^(−β−1), the sum over the channels whose window x is in.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let x = try pass.inputs.tensor(0)
    let bases = bases(x)
    var g = try pass.takeGradient()
    var weighted = g
    let beta = beta
    weighted.changeChunks(reading: x, bases) { w, x, b in
      for i in w.indices { w[i] *= x[i] * powf(b[i], -beta - 1) }
    }
    let spread = summed(weighted, from: -(size / 2), to: (size - 1) / 2)
    g.changeChunks(reading: bases) { g, b in for i in g.indices { g[i] *= powf(b[i], -beta) } }
    let factor = 2 * alpha / Float(size) * beta
    g.changeChunks(reading: x, spread) { g, x, spread in
      for i in g.indices { g[i] -= factor * x[i] * spread[i] }
    }
    return pass.only(g)
  }
}
