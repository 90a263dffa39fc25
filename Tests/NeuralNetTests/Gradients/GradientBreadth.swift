import Masks
import NeuralNet
import TensorCore

/// The operators beside those that the recipes are made of.
let breadthTables: [String: GradientTable] = [
  "Cast": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [
      GradientCase(what: "to float", attributes: ["to": .int(1)], inputs: floats([2, 3]))
    ]),
  "ConstantOfShape": GradientTable(
    step: 1, tolerance: 0, cases: [GradientCase(what: "a shape", inputs: [.ints([2, 3])])]),
  "ConvTranspose": GradientTable(
    step: 0x1p-3, tolerance: 5e-5, cases: transposedConvolutions),
  "Elu": unary(step: 0x1p-7, tolerance: 3e-4, .awayFrom([0])),
  "Equal": GradientTable(
    step: 0x1p-9, tolerance: 0,
    cases: [GradientCase(what: "numbers", inputs: floats([2, 3], [2, 3]))]),
  "Erf": unary(step: 0x1p-7, tolerance: 3e-4),
  "Exp": unary(step: 0x1p-7, tolerance: 3e-4),
  "Expand": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [
      GradientCase(what: "rows", inputs: floats([3, 1]) + [.ints([2, 3, 4])]),
      GradientCase(what: "a number", inputs: floats([]) + [.ints([2, 2])]),
    ]),
  "Gather": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [
      GradientCase(what: "again and from the end", inputs: floats([4, 3]) + [.ints([1, -1, 1])]),
      GradientCase(
        what: "axis 1", attributes: ["axis": .int(1)],
        inputs: floats([2, 3, 2]) + [.ints([2, 0, 2, 2])]),
    ]),
  "Gelu": GradientTable(
    step: 0x1p-7, tolerance: 3e-4,
    cases: ["none", "tanh"].map { kind in
      GradientCase(
        what: kind, opset: 20, attributes: ["approximate": .string(kind)], inputs: floats([4, 5]))
    }),
  "GlobalMaxPool": GradientTable(
    step: 0x1p-5, tolerance: 1e-5,
    cases: [
      GradientCase(what: "maps", inputs: [.floats([2, 3, 3, 4], .distinct)]),
      GradientCase(what: "lines", inputs: [.floats([2, 2, 5], .distinct)]),
    ]),
  "HardSigmoid": unary(step: 0x1p-5, tolerance: 1e-5, .between(-2, 2)),
  "HardSwish": unary(step: 0x1p-7, tolerance: 3e-4, .between(-2.5, 2.5)),
  "InstanceNormalization": GradientTable(
    step: 0x1p-7, tolerance: 2e-3,
    cases: [[2, 3, 3, 4], [2, 2, 6]].map { shape in
      GradientCase(what: "\(shape)", inputs: floats(shape, [shape[1]], [shape[1]]))
    }),
  "LRN": GradientTable(
    step: 0x1p-7, tolerance: 5e-4,
    cases: [3, 4, 1].map { size in
      GradientCase(
        what: "size \(size)",
        attributes: ["size": .int(size), "alpha": .float(0.9), "bias": .float(1.5)],
        inputs: floats([2, 5, 2, 2]))
    }),
  "LayerNormalization": GradientTable(
    step: 0x1p-7, tolerance: 2e-3,
    cases: [
      GradientCase(what: "last", opset: 17, inputs: floats([3, 6], [6], [6])),
      GradientCase(
        what: "from axis 1, without a bias", opset: 17, attributes: ["axis": .int(1)],
        inputs: floats([2, 3, 4], [3, 4])),
      GradientCase(
        what: "broadcast scale", opset: 17, attributes: ["axis": .int(-2)],
        inputs: floats([2, 3, 4], [4], [3, 1]), outputs: 3),
    ]),
  "LeakyRelu": unary(step: 0x1p-5, tolerance: 1e-5, .awayFrom([0])),
  "Log": unary(step: 0x1p-8, tolerance: 5e-4, .between(0.5, 2)),
  "LpPool": GradientTable(
    step: 0x1p-7, tolerance: 1e-3,
    cases: [1, 2, 3].flatMap { p in
      [[1, 2, 4, 5], [1, 1, 3, 3, 3]].map { shape in
        GradientCase(
          what: "p = \(p) of \(shape)", opset: 18,
          attributes: [
            "p": .int(p), "kernel_shape": .ints([Int](repeating: 2, count: shape.count - 2)),
          ], inputs: [.floats(shape, .awayFrom([0]))])
      }
    }),
  "Max": variadic(), "Min": variadic(),
  "PRelu": GradientTable(
    step: 0x1p-5, tolerance: 1e-4,
    cases: [
      GradientCase(
        what: "per channel",
        inputs: [.floats([2, 3, 2, 2], .awayFrom([0])), .floats([3, 1, 1], .between(-1, 1))]),
      GradientCase(
        what: "one slope", opset: 6,
        inputs: [.floats([2, 3, 2], .awayFrom([0])), .floats([1], .between(-1, 1))]),
    ]),
  "Pad": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: ["constant", "reflect", "edge", "wrap"].flatMap { mode in
      [[1, 2, 2, 1], [-1, 2, 1, -1]].map { pads in
        GradientCase(
          what: "\(mode) by \(pads)", opset: 19, attributes: ["mode": .string(mode)],
          inputs: floats([3, 4]) + [.ints(pads.map { Int64($0) })]
            + (mode == "constant" ? floats([]) : []))
      }
    }),
  "Pow": GradientTable(
    step: 0x1p-8, tolerance: 1e-3,
    cases: [
      GradientCase(
        what: "both", inputs: [.floats([3, 4], .between(0.5, 2)), .floats([4], .between(-1, 2))]),
      GradientCase(what: "a whole exponent", inputs: floats([5]) + [.ints([3])]),
    ]),
  "ReduceMax": reducing(.distinct), "ReduceMin": reducing(.distinct),
  "ReduceMean": reducing(.between(-1, 1)), "ReduceSum": reducing(.between(-1, 1)),
  "Resize": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: ["nearest", "linear", "cubic"].flatMap { mode in
      [(["antialias": .int(mode == "nearest" ? 0 : 1)], [1, 2, 3]), ([:], [1, 7, 6])].map {
        (more: [String: Attribute], sizes: [Int64]) in
        GradientCase(
          what: "\(mode) to \(sizes)", opset: 19,
          attributes: more.merging(["mode": .string(mode)]) { a, _ in a },
          inputs: floats([1, 4, 5]) + [.missing, .missing, .ints(sizes)])
      }
    }),
  "Selu": unary(step: 0x1p-7, tolerance: 3e-4, .awayFrom([0])),
  "Shape": GradientTable(
    step: 1, tolerance: 0, cases: [GradientCase(what: "sizes", inputs: floats([2, 3]))]),
  "Slice": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [
      GradientCase(
        what: "steps both ways",
        inputs: floats([5, 6])
          + [.ints([4, 1]), .ints([-6, 6]), .ints([0, 1]), .ints([-2, 3])]),
      GradientCase(
        what: "attributes", opset: 1,
        attributes: ["starts": .ints([1]), "ends": .ints([-1]), "axes": .ints([1])],
        inputs: floats([2, 5])),
    ]),
  "Softplus": unary(step: 0x1p-7, tolerance: 3e-4),
  "Softsign": unary(step: 0x1p-8, tolerance: 5e-4, .awayFrom([0])),
  "Split": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [
      GradientCase(what: "halves", inputs: floats([4, 3]), outputs: 2),
      GradientCase(
        what: "sizes", attributes: ["axis": .int(1)], inputs: floats([2, 5]) + [.ints([2, 3])],
        outputs: 2),
    ]),
  "Sqrt": unary(step: 0x1p-8, tolerance: 5e-4, .between(0.5, 2)),
  "Sum": variadic(),
  "Where": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [
      GradientCase(what: "broadcast", inputs: [.bools([3, 1], every: 2)] + floats([4], [3, 4]))
    ]),
]

private func variadic() -> GradientTable {
  GradientTable(
    step: 0x1p-9, tolerance: 2e-3,
    cases: [
      GradientCase(
        what: "three that broadcast",
        inputs: [
          .floats([3, 1], .between(-1, 0.3)), .floats([4], .between(-1, 1)),
          .floats([3, 4], .between(-0.9, 1)),
        ]),
      GradientCase(what: "one", inputs: floats([3])),
    ])
}

func reducing(
  _ draw: GradientCase.Draw, step: Float = 0x1p-5, tolerance: Double = 1e-4
) -> GradientTable {
  GradientTable(
    step: step, tolerance: tolerance,
    cases: [
      GradientCase(what: "all", opset: 11, inputs: [.floats([2, 3, 2], draw)]),
      GradientCase(
        what: "the middle, dropped", opset: 11,
        attributes: ["axes": .ints([1]), "keepdims": .int(0)], inputs: [.floats([2, 3, 2], draw)]),
      GradientCase(
        what: "from the end", opset: 11, attributes: ["axes": .ints([-1, 0])],
        inputs: [.floats([2, 3, 2], draw)]),
      GradientCase(
        what: "by input", opset: 18, inputs: [.floats([2, 3, 2], draw), .ints([1, 2])]),
    ])
}

private var transposedConvolutions: [GradientCase] {
  func item(
    _ what: String, _ inputs: [GradientCase.Input], _ attributes: [String: [Int]] = [:],
    group: Int = 1
  ) -> GradientCase {
    var all = attributes.mapValues { Attribute.ints($0) }
    all["group"] = .int(group)
    return GradientCase(what: what, attributes: all, inputs: inputs)
  }
  return [
    item("plain", floats([2, 2, 3, 3], [2, 3, 3, 2], [3])),
    item(
      "strides, pads, output padding", floats([1, 2, 3, 3], [2, 1, 3, 3]),
      ["strides": [2, 3], "pads": [1, 0, 1, 2], "output_padding": [1, 1]]),
    item(
      "dilated groups", floats([1, 4, 3, 2], [4, 1, 2, 2], [2]), ["dilations": [2, 2]], group: 2),
    item("one dimension", floats([2, 2, 4], [2, 2, 3], [2]), ["strides": [2]]),
    item("three dimensions", floats([1, 1, 2, 2, 3], [1, 2, 2, 1, 2])),
  ]
}
