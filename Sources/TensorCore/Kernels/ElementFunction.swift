internal import CKernels

/// A function of one number that kernels have as vector code, the same bits in every set of instructions
/// with fused multiply-adds; NaN stays NaN. `Sources/CKernels/include/functions.h` has the errors.
public enum ElementFunction: Hashable, Sendable {
  /// max(x, 0).
  case relu
  /// x held to bounds; where they cross, the upper one wins.
  case clip(Float, Float)
  /// x, or slope·x below 0.
  case leakyRelu(slope: Float)
  /// max(0, min(1, α·x + β)).
  case hardSigmoid(Float, Float)
  /// x·max(0, min(1, x/6 + ½)).
  case hardSwish
  /// 1/(1 + e⁻ˣ).
  case sigmoid
  /// tanh x.
  case tanh
  /// erf x.
  case erf
  /// x·½·(1 + erf(x/√2)).
  case gelu
  /// The same by way of tanh.
  case geluByTanh
  /// a·x above 0, else b·(eˣ − 1).
  case elu(Float, Float)
  /// ln(1 + eˣ).
  case softplus
  /// x/(1 + |x|).
  case softsign
  /// eˣ.
  case exp
  /// ln x.
  case log
  /// √x.
  case squareRoot

  private var kernel: (function: ck_function, a: Float, b: Float) {
    switch self {
    case .relu: (CK_MAP_RELU, 0, 0)
    case .clip(let low, let high): (CK_MAP_CLIP, low, high)
    case .leakyRelu(let slope): (CK_MAP_LEAKY_RELU, slope, 0)
    case .hardSigmoid(let a, let b): (CK_MAP_HARD_SIGMOID, a, b)
    case .hardSwish: (CK_MAP_HARD_SWISH, 0, 0)
    case .sigmoid: (CK_MAP_SIGMOID, 0, 0)
    case .tanh: (CK_MAP_TANH, 0, 0)
    case .erf: (CK_MAP_ERF, 0, 0)
    case .gelu: (CK_MAP_GELU, 0, 0)
    case .geluByTanh: (CK_MAP_GELU_TANH, 0, 0)
    case .elu(let a, let b): (CK_MAP_ELU, a, b)
    case .softplus: (CK_MAP_SOFTPLUS, 0, 0)
    case .softsign: (CK_MAP_SOFTSIGN, 0, 0)
    case .exp: (CK_MAP_EXP, 0, 0)
    case .log: (CK_MAP_LOG, 0, 0)
    case .squareRoot: (CK_MAP_SQRT, 0, 0)
    }
  }

  /// Puts what the function makes of `count` numbers at x to y, which may be x; on one thread.
  public func map(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int) {
    let kernel = kernel
    ck_map(ck_chosen(), kernel.function, kernel.a, kernel.b, x, y, count)
  }

  /// Each element of an array through the function; large arrays on several threads.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let kernel = kernel
    return x.mapChunks { x, y in
      guard let from = x.baseAddress, let to = y.baseAddress else { return }
      ck_map(ck_chosen(), kernel.function, kernel.a, kernel.b, from, to, x.count)
    }
  }
}
