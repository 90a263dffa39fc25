import Masks
import NeuralNet
import TensorCore

/// Contractions, attention, normalisations and losses.
let attentionTables: [String: GradientTable] = [
  "Attention": GradientTable(
    step: 0x1p-7, tolerance: 2e-3,
    cases: [
      GradientCase(
        what: "all of it", opset: 23, attributes: ["softcap": .float(2), "is_causal": .int(1)],
        inputs: floats(
          [1, 4, 3, 2], [1, 2, 3, 2], [1, 2, 3, 3], [3, 4], [1, 2, 2, 2], [1, 2, 2, 3])),
      GradientCase(
        what: "heads side by side", opset: 23,
        attributes: ["q_num_heads": .int(2), "kv_num_heads": .int(2)],
        inputs: floats([2, 3, 4], [2, 2, 4], [2, 2, 6])),
      GradientCase(
        what: "a mask of truths", opset: 24,
        inputs: floats([1, 2, 2, 2], [1, 2, 3, 2], [1, 2, 3, 2]) + [
          .bools([1, 1, 1, 3], every: 2), .missing, .missing, .ints([3]),
        ]),
    ]),
  "CastLike": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [GradientCase(what: "floats", opset: 15, inputs: floats([2, 3], []))]),
  "DequantizeLinear": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [
      GradientCase(
        what: "one scale", opset: 21, inputs: [.grid([2, 3], [1, -2, 3, 4, 5, 6])] + floats([])),
      GradientCase(
        what: "along an axis", opset: 21,
        inputs: [.grid([2, 3], [1, -2, 3, 4, 5, 6])] + floats([3]) + [.ints([1, 2, 3])]),
      GradientCase(
        what: "blocks", opset: 21, attributes: ["block_size": .int(2)],
        inputs: [.grid([2, 3], [1, -2, 3, 4, 5, 6])] + floats([2, 2])),
    ]),
  "DynamicQuantizeLinear": idle(floats([2, 3])),
  "Einsum": GradientTable(
    step: 0x1p-5, tolerance: 1e-4,
    cases: [
      ("ij,jk->ik", [[2, 3], [3, 2]]), ("bhqd,bhkd->bhqk", [[1, 2, 3, 2], [1, 2, 2, 2]]),
      ("ij,jk,kl->il", [[2, 3], [3, 2], [2, 2]]), ("ii->i", [[3, 3]]), ("ij->", [[2, 3]]),
      ("iij,j->i", [[2, 2, 3], [3]]), ("...ij,...jk->...ik", [[2, 2, 3], [3, 2]]),
      ("i,j->ij", [[3], [2]]), ("ij,kj->k", [[2, 3], [4, 3]]),
    ].map { equation, shapes in
      GradientCase(
        what: equation, attributes: ["equation": .string(equation)],
        inputs: shapes.map { .floats($0, .between(-1, 1)) })
    }),
  "GridSample": GradientTable(
    step: 0x1p-9, tolerance: 4e-3,
    cases: ["nearest", "linear", "cubic"].flatMap { mode in
      [("zeros", 0), ("border", 1), ("reflection", 0), ("reflection", 1)].map { padding, align in
        GradientCase(
          what: "\(mode), \(padding), \(align)", opset: 20,
          attributes: [
            "mode": .string(mode), "padding_mode": .string(padding), "align_corners": .int(align),
          ],
          inputs: floats([1, 2, 4, 3]) + [.floats([1, 2, 2, 2], .between(-1.4, 1.3))])
      }
    }),
  "GroupNormalization": GradientTable(
    step: 0x1p-7, tolerance: 2e-3,
    cases: [(18, 2), (21, 4)].map { opset, count in
      GradientCase(
        what: "opset \(opset)", opset: opset, attributes: ["num_groups": .int(2)],
        inputs: floats([2, 4, 3], [count], [count]))
    }),
  "Hardmax": idle([.floats([2, 3], .distinct)]),
  "LpNormalization": GradientTable(
    step: 0x1p-7, tolerance: 1e-3,
    cases: [1, 2].map { p in
      GradientCase(
        what: "p = \(p)", attributes: ["p": .int(p), "axis": .int(1)],
        inputs: [.floats([2, 3, 2], .awayFrom([0]))])
    }),
  "MeanVarianceNormalization": GradientTable(
    step: 0x1p-7, tolerance: 3e-3,
    cases: [
      GradientCase(what: "maps", inputs: floats([2, 2, 2, 3])),
      GradientCase(
        what: "the middle", attributes: ["axes": .ints([1])], inputs: floats([2, 5, 2])),
    ]),
  "NegativeLogLikelihoodLoss": losses, "SoftmaxCrossEntropyLoss": losses,
  "RMSNormalization": GradientTable(
    step: 0x1p-7, tolerance: 1e-3,
    cases: [
      GradientCase(what: "last", opset: 23, inputs: floats([3, 4], [4])),
      GradientCase(
        what: "two axes", opset: 23, attributes: ["axis": .int(1)], inputs: floats([2, 3, 2], [2])),
    ]),
  "RotaryEmbedding": GradientTable(
    step: 0x1p-5, tolerance: 1e-4,
    cases: [
      GradientCase(
        what: "positions", opset: 23,
        inputs: floats([1, 2, 3, 4], [5, 2], [5, 2]) + [.grid([1, 3], [1, 4, 1])]),
      GradientCase(
        what: "side by side, some", opset: 23,
        attributes: [
          "num_heads": .int(2), "interleaved": .int(1), "rotary_embedding_dim": .int(2),
        ], inputs: floats([2, 3, 8], [2, 3, 1], [2, 3, 1])),
    ]),
  "Bernoulli": idle([.floats([2, 3], .awayFrom([]))]),
  "RandomNormal": idle([], ["shape": .ints([2, 3])]),
  "RandomUniform": idle([], ["shape": .ints([2, 3])]),
  "RandomNormalLike": idle(floats([2, 3])), "RandomUniformLike": idle(floats([2, 3])),
  "ConvInteger": idle([.grid([1, 1, 3, 3], whole), .grid([1, 1, 2, 2], Array(whole[..<4]))]),
  "MatMulInteger": idle([.grid([3, 3], whole), .grid([3, 3], whole)]),
  "QLinearConv": GradientTable(
    step: 0x1p-9, tolerance: 0,
    cases: [
      GradientCase(
        what: "whole numbers",
        inputs: [
          .grid([1, 1, 3, 3], whole), .floats([], .between(0.5, 0.5)), .grid([], [1]),
          .grid([1, 1, 2, 2], Array(whole[..<4])), .floats([], .between(0.5, 0.5)),
          .grid([], [0]), .floats([], .between(2, 2)), .grid([], [3]),
        ])
    ]),
  "QLinearMatMul": GradientTable(
    step: 0x1p-9, tolerance: 0,
    cases: [
      GradientCase(
        what: "whole numbers",
        inputs: [
          .grid([3, 3], whole), .floats([], .between(0.5, 0.5)), .grid([], [1]),
          .grid([3, 3], whole), .floats([], .between(0.5, 0.5)), .grid([], [0]),
          .floats([], .between(2, 2)), .grid([], [3]),
        ])
    ]),
  "QuantizeLinear": idle(floats([2, 3], []) + [.grid([], [1])]),
]

private let whole: [Int64] = [3, 1, 4, 1, 5, 9, 2, 6, 5]

private let losses = GradientTable(
  step: 0x1p-7, tolerance: 1e-3,
  cases: ["none", "sum", "mean"].flatMap { reduction in
    [
      GradientCase(
        what: reduction, attributes: ["reduction": .string(reduction)],
        inputs: floats([3, 4]) + [.ints([1, 0, 3])]),
      GradientCase(
        what: "\(reduction), weighted",
        attributes: ["reduction": .string(reduction), "ignore_index": .int(1)],
        inputs: floats([2, 3, 2]) + [.grid([2, 2], [0, 1, 2, 0]), .floats([3], .between(0.5, 1))]),
    ]
  })
