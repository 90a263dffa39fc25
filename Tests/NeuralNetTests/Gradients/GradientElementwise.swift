import Masks
import NeuralNet
import TensorCore

/// Functions of one number and of pairs of them.
let elementwiseTables: [String: GradientTable] = [
  "Abs": unary(step: 0x1p-5, tolerance: 1e-5, .awayFrom([0])),
  "Acos": unary(step: 0x1p-8, tolerance: 5e-4, .between(-0.75, 0.75)),
  "Acosh": unary(step: 0x1p-8, tolerance: 5e-4, .between(1.5, 4)),
  "And": idle([.bools([2, 3], every: 2), .bools([3], every: 3)]),
  "Asin": unary(step: 0x1p-8, tolerance: 5e-4, .between(-0.75, 0.75)),
  "Asinh": unary(step: 0x1p-7, tolerance: 4e-4),
  "Atan": unary(step: 0x1p-7, tolerance: 4e-4),
  "Atanh": unary(step: 0x1p-8, tolerance: 5e-4, .between(-0.75, 0.75)),
  "BitShift": idle([.ints([5, 6]), .ints([1])], ["direction": .string("LEFT")]),
  "BitwiseAnd": idle([.ints([5, 6]), .ints([3])]),
  "BitwiseNot": idle([.ints([5, 6])]),
  "BitwiseOr": idle([.ints([5, 6]), .ints([3])]),
  "BitwiseXor": idle([.ints([5, 6]), .ints([3])]),
  "Ceil": unary(step: 0x1p-5, tolerance: 0, .awayFrom([-1, 0, 1])),
  "Celu": unary(step: 0x1p-7, tolerance: 3e-4, .awayFrom([0])),
  "Cos": unary(step: 0x1p-7, tolerance: 4e-4),
  "Cosh": unary(step: 0x1p-7, tolerance: 5e-4, .between(-2, 2)),
  "Floor": unary(step: 0x1p-5, tolerance: 0, .awayFrom([-1, 0, 1])),
  "Greater": idle(floats([2, 3], [2, 3])),
  "GreaterOrEqual": idle(floats([2, 3], [2, 3])),
  "IsInf": idle(floats([2, 3])),
  "IsNaN": idle(floats([2, 3])),
  "Less": idle(floats([2, 3], [2, 3])),
  "LessOrEqual": idle(floats([2, 3], [2, 3])),
  "Mean": GradientTable(
    step: 0x1p-5, tolerance: 1e-4,
    cases: [
      GradientCase(what: "three that broadcast", inputs: floats([3, 1], [4], [3, 4])),
      GradientCase(what: "one", inputs: floats([3])),
    ]),
  "Mish": unary(step: 0x1p-7, tolerance: 4e-4),
  "Mod": GradientTable(
    step: 0x1p-8, tolerance: 1e-3,
    cases: [
      GradientCase(
        what: "floats", attributes: ["fmod": .int(1)],
        inputs: [.floats([3, 4], .between(2.1, 2.4)), .floats([4], .between(0.9, 1))]),
      GradientCase(what: "whole numbers", inputs: [.ints([5, 6]), .ints([3])]),
    ]),
  "Neg": unary(step: 0x1p-5, tolerance: 1e-5),
  "Not": idle([.bools([2, 3], every: 2)]),
  "Or": idle([.bools([2, 3], every: 2), .bools([3], every: 3)]),
  "Reciprocal": unary(step: 0x1p-8, tolerance: 5e-4, .between(0.5, 2)),
  "Round": unary(step: 0x1p-5, tolerance: 0, .awayFrom([-0.5, 0.5])),
  "Shrink": unary(step: 0x1p-5, tolerance: 1e-5, .awayFrom([-0.5, 0.5])),
  "Sign": unary(step: 0x1p-5, tolerance: 0, .awayFrom([0])),
  "Sin": unary(step: 0x1p-7, tolerance: 4e-4),
  "Sinh": unary(step: 0x1p-7, tolerance: 5e-4, .between(-2, 2)),
  "Swish": unary(step: 0x1p-7, tolerance: 4e-4),
  "Tan": unary(step: 0x1p-8, tolerance: 5e-4, .between(-1, 1)),
  "ThresholdedRelu": unary(step: 0x1p-5, tolerance: 1e-5, .between(1.1, 3)),
  "Xor": idle([.bools([2, 3], every: 2), .bools([3], every: 3)]),
]

/// An operator without a gradient: what it makes has no slope.
func idle(
  _ inputs: [GradientCase.Input], _ attributes: [String: Attribute] = [:], opset: Int = 18
) -> GradientTable {
  GradientTable(
    step: 0x1p-9, tolerance: 0,
    cases: [GradientCase(what: "no slope", opset: opset, attributes: attributes, inputs: inputs)])
}
