public import TensorCore

/// One sample of an array whose samples lie along any axis.
extension Layout {
  /// The shape of one sample: without the axis of samples, where one is called so.
  public var sampleShape: Shape {
    guard let sampleAxis, shape.rank > 1 else { return shape }
    var dims = shape.dims
    dims.remove(at: sampleAxis)
    return Shape(dims)
  }

  /// Elements between neighbouring samples.
  private var inner: Int { sampleAxis.map { shape.dims[($0 + 1)...].reduce(1, *) } ?? 1 }

  /// The first sample of an array of this layout, in `sampleShape`.
  public func firstSample(of x: Tensor) -> Tensor {
    precondition(x.shape == shape, "an array \(x.shape) in the layout \(shape)")
    guard sampleAxis != nil, shape.rank > 1, n > 0 else { return x }
    let (own, inner, n) = (sampleShape, inner, n)
    return Tensor(own) { out in
      for i in out.indices { out[i] = x[i / inner * inner * n + i % inner] }
    }
  }

  /// An array of this layout whose samples are all the same.
  public func repeating<Element: BitwiseCopyable & Sendable>(
    _ sample: [Element]
  ) -> NDArray<Element> {
    precondition(sample.count * n == count, "\(sample.count) elements for a sample of \(shape)")
    let (inner, n) = (inner, n)
    return NDArray(shape, (0..<count).map { sample[$0 / (inner * n) * inner + $0 % inner] })
  }
}
