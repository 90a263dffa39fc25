import Glibc
import TensorCore

/// The activations of recurrent layers with their settings, by ONNX's names.
/// https://onnx.ai/onnx/operators/onnx__LSTM.html
public enum RecurrentActivation: Hashable, Sendable {
  case relu, tanh, sigmoid, softsign, softplus
  case affine(Float, Float)
  case leakyRelu(Float)
  case thresholdedRelu(Float)
  case scaledTanh(Float, Float)
  case hardSigmoid(Float, Float)
  case elu(Float)

  /// The activation of a name, which takes its settings from lists as far as they reach.
  /// - Throws: `TensorError` where there is none of the name.
  init(
    _ name: String, alpha: inout ArraySlice<Float>, beta: inout ArraySlice<Float>,
    in operation: String
  ) throws(TensorError) {
    func next(_ list: inout ArraySlice<Float>, _ fallback: Float) -> Float {
      list.popFirst() ?? fallback
    }
    switch name.lowercased() {
    case "relu": self = .relu
    case "tanh": self = .tanh
    case "sigmoid": self = .sigmoid
    case "softsign": self = .softsign
    case "softplus": self = .softplus
    case "affine": self = .affine(next(&alpha, 1), next(&beta, 0))
    case "leakyrelu": self = .leakyRelu(next(&alpha, 0.01))
    case "thresholdedrelu": self = .thresholdedRelu(next(&alpha, 1))
    case "scaledtanh": self = .scaledTanh(next(&alpha, 1), next(&beta, 1))
    case "hardsigmoid": self = .hardSigmoid(next(&alpha, 0.2), next(&beta, 0.5))
    case "elu": self = .elu(next(&alpha, 1))
    default:
      throw TensorError(
        "\(operation) activations", expected: "an activation of ONNX's recurrent layers",
        found: name)
    }
  }

  /// The same as a kernel, where there is one.
  private var function: ElementFunction? {
    switch self {
    case .relu: .relu
    case .tanh: .tanh
    case .sigmoid: .sigmoid
    case .softsign: .softsign
    case .softplus: .softplus
    case .leakyRelu(let a): .leakyRelu(slope: a)
    case .hardSigmoid(let a, let b): .hardSigmoid(a, b)
    case .elu(let a): .elu(1, a)
    case .affine, .thresholdedRelu, .scaledTanh: nil
    }
  }

  /// Puts y = f(x) in the place of each of `count` numbers.
  func apply(_ x: UnsafeMutablePointer<Float>, _ count: Int) {
    if let function { return function.map(x, to: x, count: count) }
    switch self {
    case .affine(let a, let b): for i in 0..<count { x[i] = a * x[i] + b }
    // At the threshold too, as onnxruntime and the operator of the name have it.
    case .thresholdedRelu(let a): for i in 0..<count where x[i] <= a { x[i] = 0 }
    case .scaledTanh(let a, let b):
      for i in 0..<count { x[i] *= b }
      ElementFunction.tanh.map(x, to: x, count: count)
      for i in 0..<count { x[i] *= a }
    default: preconditionFailure("\(self) has a kernel")
    }
  }

  /// The slope of f where it is y, which tells it for each of them.
  @inline(__always)
  func slope(_ y: Float) -> Float {
    switch self {
    case .relu: y > 0 ? 1 : 0
    case .tanh: 1 - y * y
    case .sigmoid: y * (1 - y)
    case .softsign: (1 - abs(y)) * (1 - abs(y))
    case .softplus: -expm1f(-y)
    case .affine(let a, _): a
    case .leakyRelu(let a): y < 0 ? a : 1
    case .thresholdedRelu: y == 0 ? 0 : 1
    case .scaledTanh(let a, let b): a == 0 ? 0 : b * (a - y * y / a)
    case .hardSigmoid(let a, _): y > 0 && y < 1 ? a : 0
    case .elu(let a): y < 0 ? y + a : 1
    }
  }
}
