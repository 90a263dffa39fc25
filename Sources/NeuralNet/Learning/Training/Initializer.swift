public import TensorCore

/// How weights start: random, with a spread that keeps signals and gradients of one size from layer
/// to layer.
public enum Initializer: String, CaseIterable, Sendable {
  /// Uniform within ±√(6/(fanIn + fanOut)): Glorot and Bengio 2010, eq. 16; Keras's default.
  case glorotUniform = "glorot-uniform"
  /// Normal with variance 2/(fanIn + fanOut): Glorot and Bengio 2010, eq. 12. (Keras cuts its tails.)
  case glorotNormal = "glorot-normal"
  /// Uniform within ±√(6/fanIn): He et al. 2015 (arXiv:1502.01852), eq. 10, for ReLU.
  case heUniform = "he-uniform"
  /// Normal with variance 2/fanIn: He et al. 2015, eq. 10.
  case heNormal = "he-normal"

  /// How many inputs a unit sums and how many units an input feeds, for weights `[O,I,…]`: what
  /// lies behind the first two dimensions, a kernel's cells, counts for both.
  public static func fans(_ shape: Shape) -> (fanIn: Int, fanOut: Int) {
    precondition(shape.rank >= 2, "fans of \(shape)")
    let cells = shape.dims.dropFirst(2).reduce(1, *)
    return (shape[1] * cells, shape[0] * cells)
  }

  /// Weights `[O,I,…]` of a name: the same for the same seed, whatever else is initialised.
  public func weights(_ shape: Shape, named name: String, seed: UInt64) -> Tensor {
    let (fanIn, fanOut) = Initializer.fans(shape)
    let variance =
      switch self {
      case .glorotUniform, .glorotNormal: 2 / Double(max(1, fanIn + fanOut))
      case .heUniform, .heNormal: 2 / Double(max(1, fanIn))
      }
    let stream = RandomStream(
      seed: seed, site: RandomStream.site(named: "initial \(name)"))
    let uniforms = Tensor(shape) { stream.fillUniforms($0) }
    switch self {
    case .glorotUniform, .heUniform:
      let limit = Float((3 * variance).squareRoot())
      return uniforms.mapChunks { u, w in for i in u.indices { w[i] = limit * (2 * u[i] - 1) } }
    case .glorotNormal, .heNormal:
      let deviation = variance.squareRoot()
      return uniforms.mapChunks { u, w in
        // Half a step up: the middle of the interval that a uniform stands for is never 0.
        for i in u.indices { w[i] = Float(deviation * Normal.quantile(Double(u[i]) + 0x1p-25)) }
      }
    }
  }
}
