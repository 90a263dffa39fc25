import NeuralNet
import TensorCore

extension GraphMaker {
  /// What a node is made of: inputs, attributes and how many outputs it has.
  typealias Parts = (inputs: [Live?], attributes: [String: Attribute], outputs: Int)

  /// The parts of a node of an operator that reads `x`; an operator that is not named here reads it
  /// alone.
  mutating func parts(
    of opType: String, reading x: Live, _ choices: inout ByteChoices
  ) -> Parts {
    let spatial = max(0, x.rank - 2)
    let channels = x.rank > 1 ? x.shape[1] : 1
    switch opType {
    case "Add", "Sub", "Mul", "Div", "Pow", "PRelu":
      return ([x, partner(of: x, &choices)], [:], 1)
    case "Sum", "Max", "Min":
      let more = (0..<choices.below(3)).map { _ -> Live? in partner(of: x, &choices) }
      return ([x] + more, [:], 1)
    case "Where":
      let condition = NDArray<Bool>([], [choices.flag()])
      return ([constant(.bool(condition)), x, partner(of: x, &choices)], [:], 1)
    case "Conv", "ConvTranspose":
      let attributes = window(spatial, &choices)
      let groups = channels > 0 && choices.below(3) == 0 ? channels : 1
      let kernel = (0..<spatial).map { _ in 1 + choices.below(3) }
      let (per, made) = (channels / max(1, groups), groups * (1 + choices.below(2)))
      let weights = opType == "Conv" ? [made, per] : [channels, made / groups]
      var inputs: [Live?] = [x, constant(weights + kernel, &choices)]
      if choices.flag() { inputs.append(constant([made], &choices)) }
      return (inputs, attributes.merging(["group": .int(groups)]) { first, _ in first }, 1)
    case "MaxPool", "AveragePool", "LpPool":
      var attributes = window(spatial, &choices)
      attributes["kernel_shape"] = .ints((0..<spatial).map { _ in 1 + choices.below(3) })
      if choices.flag() { attributes["ceil_mode"] = .int(1) }
      if opType == "AveragePool", choices.flag() { attributes["count_include_pad"] = .int(1) }
      return ([x], attributes, 1)
    case "BatchNormalization":
      let four = (0..<4).map { _ -> Live? in constant([channels], &choices) }
      return ([x] + four, [:], 1)
    case "InstanceNormalization":
      return ([x, constant([channels], &choices), constant([channels], &choices)], [:], 1)
    case "LayerNormalization":
      let axis = x.rank == 0 ? 0 : choices.below(x.rank)
      let own = Array(x.shape.dims.dropFirst(axis))
      return (
        [x, constant(own, &choices)] + (choices.flag() ? [constant(own, &choices)] : []),
        ["axis": .int(axis)], 1
      )
    case "Gemm":
      let (isTurned, turns) = (choices.flag(), choices.flag())
      let inner = x.rank == 2 ? x.shape[isTurned ? 0 : 1] : 1
      let weights = constant(turns ? [3, inner] : [inner, 3], &choices)
      let bias = choices.flag() ? [constant([3], &choices)] : []
      return (
        [x, weights] + bias,
        [
          "transA": .int(isTurned ? 1 : 0), "transB": .int(turns ? 1 : 0),
          "alpha": .float(choices.float()),
        ], 1
      )
    case "MatMul":
      if choices.flag() { return ([x, other(&choices)], [:], 1) }
      return ([x, constant([x.shape.dims.last ?? 1, 1 + choices.below(4)], &choices)], [:], 1)
    case "Clip":
      guard opset >= 11 else { return ([x], ["min": .float(choices.float())], 1) }
      let least = constant(.float32(Tensor([], [choices.float()])))
      return ([x, choices.flag() ? least : nil], [:], 1)
    case "Dropout":
      let ratio = Tensor([], [[0.5, 0, 0.25, 1][choices.below(4)]])
      if opset < 12 { return ([x], ["ratio": .float(ratio[0])], 1) }
      let training = constant(.bool(NDArray([], [choices.flag()])))
      return ([x, constant(.float32(ratio)), choices.flag() ? training : nil], [:], 1)
    default: return shaping(opType, x, &choices)
    }
  }

  /// Operators that are about shapes.
  private mutating func shaping(
    _ opType: String, _ x: Live, _ choices: inout ByteChoices
  ) -> Parts {
    let axis = x.rank == 0 ? 0 : choices.below(2 * x.rank) - x.rank
    switch opType {
    case "Concat":
      let all = [x] + (0..<choices.below(3)).map { _ in choices.flag() ? x : other(&choices) }
      return (all, ["axis": .int(axis)], 1)
    case "Constant":
      return ([], ["value": .tensor(.float32(Tensor([2], [choices.float(), 1])))], 1)
    case "ConstantOfShape":
      return ([constant(ints: (0..<choices.below(4)).map { _ in choices.below(4) })], [:], 1)
    case "Expand":
      let sizes = x.shape.dims.map { $0 == 1 ? choices.below(4) : choices.of([1, $0]) }
      return ([x, constant(ints: choices.flag() ? sizes : [2] + sizes)], [:], 1)
    case "Reshape": return ([x, constant(ints: sizes(of: x, &choices))], [:], 1)
    case "Transpose":
      var order = Array(0..<x.rank)
      for index in order.indices { order.swapAt(index, choices.below(order.count)) }
      return ([x], choices.below(4) == 0 ? [:] : ["perm": .ints(order)], 1)
    case "Flatten", "Softmax", "LogSoftmax": return ([x], ["axis": .int(axis)], 1)
    case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin":
      let keeps: [String: Attribute] = ["keepdims": .int(choices.below(2))]
      let axes = x.rank == 0 ? [] : [axis]
      if opset >= 18 || (opset >= 13 && opType == "ReduceSum") {
        return ([x, choices.flag() ? constant(ints: axes) : nil], keeps, 1)
      }
      return ([x], keeps.merging(["axes": .ints(axes)]) { first, _ in first }, 1)
    case "Squeeze", "Unsqueeze":
      let axes = choices.below(4) == 0 && opType == "Squeeze" ? [] : [axis]
      if opset >= 13 { return ([x, constant(ints: axes)], [:], 1) }
      return ([x], ["axes": .ints(axes)], 1)
    case "Gather":
      let indices = (0..<choices.below(4)).map { _ in choices.below(5) - 2 }
      return ([x, constant(ints: indices)], ["axis": .int(axis)], 1)
    case "Slice":
      let bounds = (choices.int(), choices.int(), choices.of([1, 2, -1, 1, -3]))
      guard opset >= 10 else {
        return (
          [x], ["axes": .ints([axis]), "starts": .ints([bounds.0]), "ends": .ints([bounds.1])], 1
        )
      }
      return (
        [
          x, constant(ints: [bounds.0]), constant(ints: [bounds.1]), constant(ints: [axis]),
          constant(ints: [bounds.2]),
        ], [:], 1
      )
    case "Split":
      let size = x.rank == 0 ? 1 : x.shape[axis < 0 ? axis + x.rank : axis]
      let first = choices.below(size + 1)
      guard opset >= 13 else {
        return ([x], ["axis": .int(axis), "split": .ints([first, size - first])], 2)
      }
      return ([x, constant(ints: [first, size - first])], ["axis": .int(axis)], 2)
    case "Pad":
      let pads = (0..<2 * x.rank).map { _ in choices.of([0, 1, 2, -1, 0]) }
      let mode = Attribute.string(choices.of(["constant", "reflect", "edge", "wrap"]))
      guard opset >= 11 else { return ([x], ["pads": .ints(pads), "mode": mode], 1) }
      return ([x, constant(ints: pads)], ["mode": mode], 1)
    case "Resize":
      let factors = x.shape.dims.indices.map { axis -> Float in
        axis < 2 ? 1 : choices.of([1, 2, 0.5, 1.5, 3])
      }
      let scales = constant(.float32(Tensor([factors.count], factors)))
      let mode: [String: Attribute] = ["mode": .string(choices.of(["nearest", "linear", "cubic"]))]
      return (opset < 11 ? [x, scales] : [x, nil, scales], mode, 1)
    case "LRN": return ([x], ["size": .int(1 + choices.below(5))], 1)
    case "Cast":
      return ([x], ["to": .int(choices.of([1, 7, 9, 10, 11, 6, 3, 2, 16]))], 1)
    default:
      let isPlain = choices.flag()
      return ([x], isPlain ? [:] : ["alpha": .float(choices.float())], 1)
    }
  }

  /// Something that goes with `x` in arithmetic: a value there is, or a constant of some of its sizes.
  private mutating func partner(of x: Live, _ choices: inout ByteChoices) -> Live {
    guard choices.below(3) > 0 else { return other(&choices) }
    let dims = x.shape.dims.dropFirst(x.rank == 0 ? 0 : choices.below(x.rank + 1))
    let sizes = dims.map { choices.flag() ? $0 : 1 }
    guard x.info.type.computed == .int64 else { return constant(sizes, &choices) }
    let shape = Shape(sizes)
    return constant(.int64(NDArray(shape, repeating: Int64(choices.int()))))
  }

  /// Strides, paddings and the like of a window.
  private func window(_ spatial: Int, _ choices: inout ByteChoices) -> [String: Attribute] {
    var attributes: [String: Attribute] = [:]
    func some(_ sizes: [Int], _ count: Int) -> Attribute {
      .ints((0..<count).map { _ in choices.of(sizes) })
    }
    if choices.flag() { attributes["strides"] = some([1, 2, 3], spatial) }
    if choices.below(3) == 0 {
      attributes["auto_pad"] = .string(choices.of(["SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"]))
    } else if choices.flag() {
      attributes["pads"] = some([0, 1, 2], 2 * spatial)
    }
    if choices.below(3) == 0 { attributes["dilations"] = some([1, 2], spatial) }
    return attributes
  }

  /// Sizes that hold as many elements as `x`, with a 0 or a −1 among them now and then.
  private func sizes(of x: Live, _ choices: inout ByteChoices) -> [Int] {
    switch choices.below(4) {
    case 0: return [-1]
    case 1: return [x.shape.dims.first ?? 1, -1]
    case 2: return x.shape.dims.map { choices.below(4) == 0 ? 0 : $0 } + [1]
    default: return x.shape.dims.reversed()
    }
  }
}
