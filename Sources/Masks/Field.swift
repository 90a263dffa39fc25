public import TensorCore

/// One uniform in [0,1) for every independent unit of a mask. A unit is dropped exactly when its
/// u is below the rate, so moving the rate only adds or removes units, never reshuffles them.
public struct Field: Equatable, Sendable {
  /// The sizes of the field; an axis of size 1 is shared by all cells along it.
  public let units: NCHW
  /// The uniforms, in the shape of `units`.
  public let u: Tensor

  /// Draws a field. Sample i of the batch uses the stream's sample + i, so that a sample's field
  /// does not depend on the batch it is in.
  public init(units: NCHW, stream: RandomStream) {
    self.units = units
    let each = units.c * units.area
    u = Tensor(units.shape) { out in
      guard each > 0 else { return }
      for n in 0..<units.n {
        let own = UnsafeMutableBufferPointer(rebasing: out[n * each..<(n + 1) * each])
        stream.ofSample(n).fillUniforms(own)
      }
    }
  }

  /// A field of given uniforms, `[N,C,H,W]` in the shape of `units`.
  public init(units: NCHW, u: Tensor) {
    precondition(u.shape == units.shape, "field of \(units) with \(u.shape)")
    (self.units, self.u) = (units, u)
  }

  /// The uniform that decides over one cell of the activation.
  public func uniform(n: Int, c: Int, y: Int, x: Int) -> Float {
    u[
      units.offset(
        n: units.n == 1 ? 0 : n, c: units.c == 1 ? 0 : c, y: units.h == 1 ? 0 : y,
        x: units.w == 1 ? 0 : x)]
  }

  /// The uniforms repeated along the shared axes until they have the activation's shape.
  public func expanded(to layout: NCHW) -> Tensor {
    units == layout ? u : u.repeated(from: units, to: layout)
  }
}
