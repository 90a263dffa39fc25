import Masks
import NeuralNet
import TensorCore

func floats(_ shapes: [Int]..., draw: GradientCase.Draw = .between(-1, 1)) -> [GradientCase.Input] {
  shapes.map { .floats($0, draw) }
}

let training = RunContext(mode: .train, stream: RandomStream(seed: 4))

func unary(
  step: Float, tolerance: Double, _ draw: GradientCase.Draw = .between(-3, 3)
) -> GradientTable {
  GradientTable(
    step: step, tolerance: tolerance,
    cases: [[2, 3, 4], [], [0, 2]].map {
      GradientCase(what: "\($0)", inputs: [.floats($0, draw)])
    }, large: GradientCase(what: "large", inputs: [.floats([600, 512], draw)]))
}

func reshaping(_ cases: [GradientCase]) -> GradientTable {
  GradientTable(step: 0x1p-3, tolerance: 1e-5, cases: cases)
}

func softmax() -> GradientTable {
  func item(_ opset: Int, axis: Int?, _ shape: [Int]) -> GradientCase {
    GradientCase(
      what: "opset \(opset), axis \(axis.map(String.init) ?? "default"), \(shape)", opset: opset,
      attributes: axis.map { ["axis": .int($0)] } ?? [:], inputs: [.floats(shape, .between(-2, 2))])
  }
  return GradientTable(
    step: 0x1p-7, tolerance: 2e-4,
    cases: [
      item(13, axis: nil, [3, 5]), item(13, axis: 1, [2, 3, 4]), item(13, axis: 0, [4, 2]),
      item(11, axis: nil, [2, 3, 4]), item(13, axis: nil, []), item(13, axis: nil, [0, 4]),
    ], large: item(13, axis: 1, [8, 40, 1000]))
}

/// Two operands under every way in which they broadcast.
func arithmetic(
  step: Float, tolerance: Double, _ a: GradientCase.Draw = .between(-1, 1),
  by b: GradientCase.Draw = .between(-1, 1)
) -> GradientTable {
  func item(_ left: [Int], _ right: [Int]) -> GradientCase {
    GradientCase(what: "\(left) and \(right)", inputs: [.floats(left, a), .floats(right, b)])
  }
  func old(_ left: [Int], _ right: [Int], axis: Int) -> GradientCase {
    GradientCase(
      what: "\(left) and \(right) from axis \(axis)", opset: 6,
      attributes: ["broadcast": .int(1), "axis": .int(axis)],
      inputs: [.floats(left, a), .floats(right, b)])
  }
  return GradientTable(
    step: step, tolerance: tolerance,
    cases: [
      item([2, 3], [2, 3]), item([2, 3, 2, 2], [3, 1, 1]), item([4], [3, 4]), item([2, 3], []),
      item([], [2]), item([3, 1], [1, 4]), item([2, 1, 3], [4, 1]), item([1], [1, 1]),
      item([2, 0], [2, 1]), old([2, 3, 4], [3], axis: 1), old([2, 3, 4], [2, 3], axis: 0),
    ], large: item([4, 6, 112, 112], [6, 1, 112]))
}

func batchNormalization(_ shape: [Int]) -> GradientCase {
  let c = [shape[1]]
  return GradientCase(
    what: "\(shape)",
    inputs: floats(shape, c, c, c) + [.floats(c, .between(1, 2))])
}

func concat(axis: Int, _ shapes: [[Int]]) -> GradientCase {
  GradientCase(
    what: "axis \(axis) of \(shapes)", attributes: ["axis": .int(axis)],
    inputs: shapes.map { .floats($0, .between(-1, 1)) })
}

/// Kernels, strides, dilations, asymmetric pads, windows beyond the input, and one dimension.
func pools(_ draw: GradientCase.Draw) -> [GradientCase] {
  func item(_ what: String, _ shape: [Int], _ attributes: [String: [Int]], ceil: Bool = false)
    -> GradientCase
  {
    var all = attributes.mapValues { Attribute.ints($0) }
    if ceil { all["ceil_mode"] = .int(1) }
    return GradientCase(what: what, opset: 19, attributes: all, inputs: [.floats(shape, draw)])
  }
  return [
    item("pairs", [2, 2, 4, 6], ["kernel_shape": [2, 2], "strides": [2, 2]]),
    item("wide pairs", [1, 1, 3, 22], ["kernel_shape": [2, 2], "strides": [2, 2]]),
    item("pairs of odd sizes", [1, 2, 5, 7], ["kernel_shape": [2, 2], "strides": [2, 2]]),
    item("pairs, ceil", [1, 2, 5, 7], ["kernel_shape": [2, 2], "strides": [2, 2]], ceil: true),
    item("overlapping", [1, 2, 6, 7], ["kernel_shape": [3, 3], "strides": [2, 2]]),
    item(
      "overlapping, ceil", [1, 2, 6, 8], ["kernel_shape": [3, 3], "strides": [2, 2]], ceil: true),
    item("stride 1", [1, 1, 5, 5], ["kernel_shape": [2, 3]]),
    item(
      "asymmetric pads", [1, 2, 5, 6],
      ["kernel_shape": [3, 4], "strides": [2, 1], "pads": [1, 2, 0, 3]]),
    item(
      "pairs with pads", [1, 2, 4, 5],
      ["kernel_shape": [2, 2], "strides": [2, 2], "pads": [1, 0, 0, 1]]),
    item("gaps", [1, 1, 7, 7], ["kernel_shape": [2, 2], "strides": [4, 3]]),
    item(
      "dilated", [1, 2, 7, 8],
      ["kernel_shape": [2, 3], "dilations": [3, 2], "pads": [1, 1, 2, 1]]),
    item("one dimension", [2, 2, 9], ["kernel_shape": [3], "strides": [2], "pads": [1, 0]]),
    item("no samples", [0, 2, 4, 4], ["kernel_shape": [2, 2]]),
    item(
      "three dimensions", [1, 2, 3, 4, 4],
      ["kernel_shape": [2, 3, 2], "strides": [1, 2, 2], "pads": [1, 1, 0, 0, 0, 1]]),
  ]
}

func largePool(_ draw: GradientCase.Draw) -> GradientCase {
  GradientCase(
    what: "large", attributes: ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2])],
    inputs: [.floats([4, 6, 80, 80], draw)])
}

var dropouts: [GradientCase] {
  let x = GradientCase.Input.floats([3, 2, 4], .between(-1, 1))
  let half = GradientCase.Input.floats([], .between(0.5, 0.5))
  return [
    GradientCase(
      what: "training, mask unnamed", inputs: [x, half], context: training, choosing: [1]),
    GradientCase(
      what: "training, mask named", inputs: [x, half], outputs: 2, context: training,
      choosing: [1]),
    GradientCase(
      what: "mask as numbers", opset: 7, attributes: ["ratio": .float(0.25)], inputs: [x],
      outputs: 2, context: training),
    GradientCase(
      what: "ratio 0", opset: 7, attributes: ["ratio": .float(0)], inputs: [x], context: training),
    GradientCase(
      what: "ratio 1", opset: 7, attributes: ["ratio": .float(1)], inputs: [x], context: training),
    GradientCase(what: "evaluation", inputs: [x]),
    GradientCase(what: "evaluation, mask named", inputs: [x], outputs: 2),
  ]
}
