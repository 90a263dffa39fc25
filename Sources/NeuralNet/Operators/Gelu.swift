import Glibc
public import TensorCore

/// y = x·Φ(x) with the normal distribution's Φ, or with `approximate` "tanh" its usual stand-in:
/// Hendrycks and Gimpel 2016 (arXiv:1606.08415).
public struct Gelu: ParametricOperator {
  public static let opType = "Gelu"
  public static let schema = OperatorSchema(
    since: 20, attributes: [.string("approximate", since: 20, of: ["none", "tanh"])],
    inputs: [.init([.floats, .bfloat16])])
  let approximates: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    let name = try node.string("approximate", default: "none")
    guard ["none", "tanh"].contains(name) else {
      throw TensorError("Gelu approximate", expected: "none or tanh", found: name)
    }
    approximates = name == "tanh"
  }

  private static let root2 = Float(2).squareRoot()
  private static let rootOf2OverPi = (2 / Float.pi).squareRoot()

  public var function: ElementFunction? { approximates ? .geluByTanh : .gelu }

  public func apply(_ x: Float) -> Float {
    // 2Φ(x) as erfc, which loses nothing where 1 + erf would be a small difference.
    guard approximates else { return 0.5 * x * erfcf(-x / Gelu.root2) }
    // (1 + tanh u)/2 = 1/(1 + e^−2u), likewise.
    return x / (1 + expf(-2 * Gelu.rootOf2OverPi * (x + 0.044715 * x * x * x)))
  }

  public func gradient(_ g: Float, x: Float, y: Float) -> Float {
    guard approximates else {
      let density = expf(-x * x / 2) * Gelu.rootOf2OverPi / 2
      return g * (0.5 * (1 + erff(x / Gelu.root2)) + x * density)
    }
    let t = tanhf(Gelu.rootOf2OverPi * (x + 0.044715 * x * x * x))
    let slope = Gelu.rootOf2OverPi * (1 + 3 * 0.044715 * x * x)
    return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope)
  }
}

extension Gelu: EpilogueActivation {
  func activation(_ inputs: Inputs<Value>) -> Activation? { approximates ? nil : .gelu }
}
