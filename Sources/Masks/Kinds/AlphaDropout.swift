public import TensorCore

/// Every element for itself; dropped ones become the value that SELU saturates at, and all are
/// scaled and shifted so that mean 0 and variance 1 stay so. Klambauer et al. 2017
/// (arXiv:1706.02515); torch and Keras `AlphaDropout`.
public struct AlphaDropout: UnitwiseDropout {
  /// The kind; it has no settings.
  public init() {}
  public let name = "alpha"
  public let summary = "elements become SELU's low value, mean and variance stay (Klambauer 2017)"
  public let takesScaling = false
  public func units(of layout: Layout) -> Layout { layout }
  public func transfer(rate: Rate, scaling: Scaling) -> Transfer { .alpha(rate) }
  public func settings(rate: Rate, layout: Layout) -> String { alphaSettings(name, rate) }
}

/// Klambauer's constants: what SELU tends to for ever smaller x.
enum SELU {
  /// The slope for x above 0.
  static let scale = 1.0507009873554804934193349852946
  /// The factor on eˣ − 1 for x below 0.
  static let alpha = 1.6732632423543772848170429916717
  /// α′ = −scale·alpha, about −1.7581.
  static let low = -scale * alpha
}

extension Transfer {
  /// Kept values become a·x + b, dropped ones a·α′ + b, with a = ((1−p)(1+p·α′²))^−½ and
  /// b = −a·p·α′.
  ///
  /// At p = 1 nothing is kept and a is infinite, but a·α′ + b = α′·√((1−p)/(1+p·α′²)) tends to 0:
  /// everything becomes 0, as in torch.
  static func alpha(_ rate: Rate) -> Transfer {
    let spread = 1 + rate.p * SELU.low * SELU.low
    guard rate.keep > 0 else { return Transfer() }
    let a = 1 / (rate.keep * spread).squareRoot()
    return Transfer(
      scale: Float(a), shift: Float(-a * rate.p * SELU.low),
      dropped: Float(SELU.low * (rate.keep / spread).squareRoot()))
  }
}

/// `alpha ×1.666 +1.464 drop -.779`, the numbers of the transfer.
func alphaSettings(_ name: String, _ rate: Rate) -> String {
  let transfer = Transfer.alpha(rate)
  return "\(name) ×\(shortNumber(Double(transfer.scale))) +\(shortNumber(Double(transfer.shift)))"
    + " drop \(shortNumber(Double(transfer.dropped)))"
}
