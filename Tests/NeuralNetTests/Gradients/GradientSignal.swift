import Masks
import NeuralNet
import TensorCore

/// Signals, grids and regions, attention by a state, and what older operator sets have besides.
let signalTables: [String: GradientTable] = [
  "AffineGrid": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [0, 1].map { corners in
      GradientCase(
        what: "corners \(corners)", opset: 20, attributes: ["align_corners": .int(corners)],
        inputs: floats([2, 2, 3]) + [.ints([2, 1, 3, 4])])
    } + [
      GradientCase(
        what: "volumes", opset: 20, inputs: floats([1, 3, 4]) + [.ints([1, 1, 2, 3, 2])])
    ]),
  "BitCast": idle(floats([2, 3]), ["to": .int(6)], opset: 26),
  "BlackmanWindow": idle([.grid([], [5])]), "HammingWindow": idle([.grid([], [5])]),
  "HannWindow": idle([.grid([], [5])]),
  "CausalConvWithState": GradientTable(
    step: 0x1p-6, tolerance: 3e-4,
    cases: ["none", "silu"].map { word in
      GradientCase(
        what: word, opset: 27, attributes: ["activation": .string(word)],
        inputs: floats([2, 3, 5], [3, 1, 4], [3], [2, 3, 3]), outputs: 2)
    } + [GradientCase(what: "short", opset: 27, inputs: floats([1, 2, 3], [2, 1, 2]))]),
  "CenterCropPad": reshaping([
    GradientCase(what: "all axes", opset: 18, inputs: floats([5, 4]) + [.ints([3, 7])]),
    GradientCase(
      what: "one axis", opset: 18, attributes: ["axes": .ints([-1])],
      inputs: floats([2, 3]) + [.ints([6])]),
  ]),
  "Col2Im": reshaping([
    GradientCase(
      what: "overlap and pads", opset: 18,
      attributes: ["strides": .ints([1, 2]), "pads": .ints([0, 1, 1, 1])],
      inputs: floats([1, 12, 6]) + [.ints([3, 3]), .ints([2, 3])]),
    GradientCase(
      what: "a line", opset: 18, attributes: ["dilations": .ints([3])],
      inputs: floats([2, 4, 2]) + [.ints([5]), .ints([2])]),
  ]),
  "CumProd": GradientTable(
    step: 0x1p-7, tolerance: 5e-4,
    cases: [[0, 0], [0, 1], [1, 0], [1, 1]].map { flags in
      GradientCase(
        what: "\(flags)", opset: 26,
        attributes: ["exclusive": .int(flags[0]), "reverse": .int(flags[1])],
        inputs: floats([2, 4, 2]) + [.ints([1])])
    }),
  "DFT": GradientTable(
    step: 0x1p-3, tolerance: 2e-5,
    cases: [
      transform("real", [2, 5, 1], [:]), transform("complex", [2, 6, 2], [:]),
      transform("half", [1, 6, 1], ["onesided": .int(1)]),
      transform("back", [2, 5, 2], ["inverse": .int(1)]),
      transform("back from a half", [1, 4, 2], ["inverse": .int(1), "onesided": .int(1)]),
      transform(
        "back from a half, odd", [1, 4, 2], ["inverse": .int(1), "onesided": .int(1)], length: 7),
      transform("cut", [1, 6, 2], [:], length: 4), transform("filled", [1, 3, 1], [:], length: 5),
    ]),
  "Det": GradientTable(
    step: 0x1p-7, tolerance: 5e-4,
    cases: [
      GradientCase(what: "one", inputs: floats([3, 3])),
      GradientCase(what: "several", inputs: floats([2, 2, 2])),
      GradientCase(what: "singular", inputs: [.floats([2, 2], .between(0.5, 0.5))]),
    ]),
  "LinearAttention": GradientTable(
    step: 0x1p-7, tolerance: 1e-3,
    cases: ["linear", "gated", "delta", "gated_delta"].flatMap { rule in
      [1, 2].map { shared in
        GradientCase(
          what: "\(rule), \(shared) queries a head", opset: 27,
          attributes: [
            "q_num_heads": .int(2 * shared), "kv_num_heads": .int(2), "update_rule": .string(rule),
          ],
          inputs: floats([1, 3, 4 * shared], [1, 3, 4], [1, 3, 6], [1, 2, 2, 3]) + [
            rule.hasPrefix("gated")
              ? .floats([1, 3, shared == 1 ? 2 : 4], .between(-1, -0.1)) : .missing,
            rule.hasSuffix("delta")
              ? .floats([1, 3, shared == 1 ? 2 : 1], .between(0.1, 0.9)) : .missing,
          ], outputs: 2)
      }
    }),
  "MaxUnpool": reshaping([
    GradientCase(
      what: "windows", attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])],
      inputs: floats([1, 1, 2, 2]) + [.grid([1, 1, 2, 2], [0, 3, 8, 10])]),
    GradientCase(
      what: "two at one place, longer", attributes: ["kernel_shape": .ints([2])],
      inputs: floats([1, 1, 3]) + [.grid([1, 1, 3], [1, 1, 2]), .ints([1, 1, 6])]),
  ]),
  "MelWeightMatrix": GradientTable(
    step: 0x1p-3, tolerance: 0,
    cases: [
      GradientCase(
        what: "bins", opset: 17,
        inputs: [
          .grid([], [4]), .grid([], [16]), .grid([], [8000]), .floats([], .between(100, 101)),
          .floats([], .between(3000, 3001)),
        ], choosing: [3, 4])
    ]),
  "OptionalGetElement": reshaping([
    GradientCase(what: "any", opset: 18, inputs: floats([2, 3]))
  ]),
  "OptionalHasElement": idle(floats([2, 3])),
  "RoiAlign": GradientTable(
    step: 0x1p-5, tolerance: 1e-4,
    // All points of the second lie on one cell, so that none is nearly as large as the largest.
    cases: [("avg", 3.5), ("max", 0.5)].map { mode, end in
      GradientCase(
        what: mode, opset: 16,
        attributes: [
          "mode": .string(mode), "output_height": .int(2), "output_width": .int(2),
          "sampling_ratio": .int(2),
        ],
        inputs: [
          .floats([2, 2, 4, 5], .between(0.5, 1)), .floats([2, 4], .between(0.5, end)),
          .ints([1, 0]),
        ], choosing: [1])
    }),
  "STFT": GradientTable(
    step: 0x1p-3, tolerance: 5e-5,
    cases: [
      GradientCase(
        what: "real", opset: 17, inputs: floats([2, 9, 1]) + [.grid([], [3])] + floats([4])),
      GradientCase(
        what: "complex, without a window", opset: 17, attributes: ["onesided": .int(0)],
        inputs: floats([1, 8, 2]) + [.grid([], [2]), .missing, .grid([], [5])]),
    ]),
  "Scatter": reshaping([
    GradientCase(
      what: "rows", opset: 10, inputs: floats([3, 2]) + [.grid([1, 2], [2, 0])] + floats([1, 2]))
  ]),
  "TensorScatter": reshaping([
    GradientCase(
      what: "a place for each", opset: 24, inputs: floats([2, 4, 3], [2, 2, 3]) + [.ints([1, 2])]),
    GradientCase(
      what: "around the end", opset: 24, attributes: ["mode": .string("circular")],
      inputs: floats([1, 3, 2], [1, 2, 2]) + [.ints([2])]),
  ]),
  "TfIdfVectorizer": idle(
    [.ints([1, 2, 3])],
    [
      "mode": .string("TF"), "min_gram_length": .int(1), "max_gram_length": .int(1),
      "max_skip_count": .int(0), "ngram_counts": .ints([0]), "ngram_indexes": .ints([0]),
      "pool_int64s": .ints([2]),
    ]),
  "Unique": GradientTable(
    step: 0x1p-5, tolerance: 1e-4,
    cases: [
      GradientCase(
        what: "sorted", opset: 11, inputs: [.floats([6], .distinct)], outputs: 4),
      GradientCase(
        what: "rows as they come", opset: 11, attributes: ["axis": .int(0), "sorted": .int(0)],
        inputs: [.floats([3, 2], .distinct)]),
    ]),
]

private func transform(
  _ what: String, _ shape: [Int], _ attributes: [String: Attribute], length: Int64? = nil
) -> GradientCase {
  GradientCase(
    what: what, opset: 20, attributes: attributes,
    inputs: floats(shape) + [length.map { .grid([], [$0]) } ?? .missing, .grid([], [1])])
}
