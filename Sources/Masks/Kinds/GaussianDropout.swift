public import TensorCore

/// Every element times a normal number of mean 1 and variance p/(1−p): Srivastava et al. 2014,
/// section 10; Keras `GaussianDropout`. Nothing is dropped, and values may change sign.
///
/// The factor of a cell is 1 + σ·Φ⁻¹(u + 2⁻²⁵), u the cell's own uniform, which lies in the middle
/// of its step so that neither end is infinite: it reaches 1 ± 5.3σ. Moving the rate only stretches
/// the same noise. At p = 1 the variance is infinite; there everything is dropped, as by every
/// other kind.
public struct GaussianDropout: DropoutKind {
  /// The kind; it has no settings.
  public init() {}
  public let name = "gaussian"
  public let summary = "each element times a number around 1, none dropped (Srivastava 2014)"
  public let takesScaling = false
  public func units(of layout: Layout) -> Layout { layout }

  /// The standard deviation of the factors: √(p/(1−p)).
  public static func deviation(_ rate: Rate) -> Double { (rate.p / rate.keep).squareRoot() }

  public func mask(_ field: Field, rate: Rate, layout: Layout) throws(TensorError) -> Mask {
    guard rate.p > 0, rate.p < 1, layout.count > 0 else {
      return Mask(layout: layout, allKept: rate.p < 1)
    }
    let deviation = GaussianDropout.deviation(rate)
    let noise = Tensor(layout.shape) { noise in
      field.u.withElements { u in
        guard let from = u.baseAddress, let to = noise.baseAddress else { return }
        for i in 0..<u.count {
          to[i] = Float(1 + deviation * Normal.quantile(Double(from[i]) + 0x1p-25))
        }
      }
    }
    return Mask(layout: layout, kept: NDArray(layout.shape, repeating: true), noise: noise)
  }

  /// Noise of mean 1 needs no factor beside it.
  public func transfer(rate: Rate, scaling: Scaling, mask: Mask) -> [Transfer] { [Transfer()] }

  /// Nothing, or at p = 1 everything.
  public func realisedLaw(rate: Rate, layout: Layout) -> RealisedLaw {
    RealisedLaw(always: rate.p < 1 ? 0 : 1)
  }

  /// `gaussian σ .333`
  public func settings(rate: Rate, layout: Layout) -> String {
    rate.p < 1 ? "\(name) σ \(shortNumber(GaussianDropout.deviation(rate)))" : name
  }
}
