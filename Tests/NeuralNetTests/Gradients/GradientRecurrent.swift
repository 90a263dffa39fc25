import Masks
import NeuralNet
import TensorCore

/// Recurrent layers.
let recurrentTables: [String: GradientTable] = [
  "GRU": recurrent(gates: 3, states: 1, "linear_before_reset"),
  "LSTM": recurrent(gates: 4, states: 2, "input_forget", peepholes: true),
  "RNN": recurrent(gates: 1, states: 1, nil),
]

/// A layer of two units over three steps of two samples, every way it can be.
private func recurrent(
  gates: Int, states: Int, _ flag: String?, peepholes: Bool = false
) -> GradientTable {
  let activations = ["Tanh", "Softplus", "ScaledTanh", "Elu", "Softsign", "Sigmoid", "Affine"]
  func item(
    _ what: String, directions: Int = 1, isBatchFirst: Bool = false, lengths: [Int64]? = nil,
    isWhole: Bool = true, _ attributes: [String: Attribute] = [:]
  ) -> GradientCase {
    let (t, n, i, h, d) = (3, 2, 3, 2, directions)
    let state = isBatchFirst ? [n, d, h] : [d, n, h]
    var inputs = floats(
      isBatchFirst ? [n, t, i] : [t, n, i], [d, gates * h, i], [d, gates * h, h])
    if isWhole {
      inputs += floats([d, 2 * gates * h])
      inputs.append(lengths.map { .ints($0) } ?? .missing)
      for _ in 0..<states { inputs += floats(state) }
      if peepholes { inputs += floats([d, 3 * h]) }
    }
    var all = attributes
    all["hidden_size"] = .int(h)
    return GradientCase(what: what, opset: 14, attributes: all, inputs: inputs)
  }
  var cases = [
    item("plain", isWhole: false), item("all inputs"),
    item("reverse", ["direction": .string("reverse")]),
    item(
      "both ways, lengths", directions: 2, lengths: [3, 1],
      ["direction": .string("bidirectional")]),
    item("samples first", isBatchFirst: true, lengths: [2, 3], ["layout": .int(1)]),
    item("clip", ["clip": .float(0.875)]),
  ]
  if let flag { cases.append(item(flag, lengths: [3, 2], [flag: .int(1)])) }
  for name in activations {
    let names =
      gates == 4 ? ["Sigmoid", name, name] : gates == 3 ? ["Sigmoid", name] : [name]
    cases.append(
      item(
        name,
        [
          "activations": .strings(names), "activation_alpha": .floats([0.5, 0.75]),
          "activation_beta": .floats([0.75, 0.5]),
        ]))
  }
  return GradientTable(step: 0x1p-8, tolerance: 2e-3, cases: cases)
}
