import Masks
import TensorCore

/// Layers on sequences: samples first, then their steps.
extension GraphBuilder {
  /// A row of numbers for each word: tokens `[N,T]` become `[N,T,F]`.
  public mutating func embedding(_ words: Int, _ features: Int) {
    let made = next("embedding")
    let features = width(features, "embedding")
    guard !isTooLarge([words, features], made) else { return }
    let table = weights("\(made).weight", [words, features])
    node("Gather", [table, value], made, attributes: ["axis": .int(0)])
    (value, shape) = (made, [features])
  }

  /// A recurrent layer as ONNX has them.
  public enum Recurrent: String, Sendable {
    /// Hochreiter and Schmidhuber 1997, with the forget gate of Gers 2000.
    case lstm = "LSTM"
    /// Cho et al. 2014, in PyTorch's form: the reset gate behind the recurrent product.
    case gru = "GRU"

    /// Blocks of rows in its weights.
    var gates: Int { self == .lstm ? 4 : 3 }
  }

  /// A recurrent layer: `[N,T,F]` becomes `[N,T,units]`, or `[N,units]`, what it holds behind the last
  /// step. Weights of the recurrent product start as those of the input; an LSTM's forget gates are open at
  /// first, with a bias of 1 (Jozefowicz et al. 2015).
  /// - Parameter recurrentRate: the rate of a dropout of the recurrent weights
  public mutating func recurrent(
    _ kind: Recurrent, _ described: Int, isLast: Bool = false, recurrentRate: Double = 0
  ) {
    let word = kind.rawValue.lowercased()
    let units = width(described, word)
    let made = next(word)
    let rows = kind.gates * units
    guard !isTooLarge([rows, max(shape[0], units)], made) else { return }
    var bias = Tensor([1, 2 * rows], repeating: 0)
    // Gates stand in ONNX's order: input, output, forget, cell.
    if kind == .lstm { for unit in 0..<units { bias[2 * units + unit] = 1 } }
    let times = "\(made).times"
    node("Transpose", [value], times, attributes: ["perm": .ints([1, 0, 2])])
    let inputs = [
      times, weights("\(made).W", [1, rows, shape[0]], gates: kind.gates),
      weights("\(made).R", [1, rows, units], gates: kind.gates),
      constant("\(made).B", .float32(bias)),
    ]
    var attributes: [String: Attribute] = ["hidden_size": .int(units)]
    if kind == .gru { attributes["linear_before_reset"] = .int(1) }
    let (all, last) = ("\(made).steps", "\(made).last")
    node(kind.rawValue, inputs, isLast ? ["", last] : [all], attributes: attributes)
    if recurrentRate > 0 { dropout(RecurrentDropout(), recurrentRate, at: isLast ? last : all) }
    let axis = constant(
      "\(made).axis", .int64(NDArray([1], [isLast ? 0 : 1])))
    if isLast {
      node("Squeeze", [last, axis], made)
    } else {
      node("Squeeze", [all, axis], "\(made).squeezed")
      node("Transpose", ["\(made).squeezed"], made, attributes: ["perm": .ints([1, 0, 2])])
    }
    (value, shape) = (made, [units])
  }
}
