import NeuralNet
import TensorCore
import Testing

/// What files can get wrong about an operator is an error of one line, never a trap.
struct BadOperatorTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    var opType: String
    var opset = 18
    var attributes: [String: Attribute] = [:]
    var inputs: [Value] = []
    var says: String
    var testDescription: String { "\(opType): \(says)" }
  }

  private static func ints(_ numbers: Int64...) -> Value {
    .int64(NDArray([numbers.count], numbers))
  }
  private static func floats(_ dims: Int...) -> Value {
    .float32(Tensor(Shape(dims), repeating: 1))
  }

  static let mistakes: [Mistake] = [
    Mistake(
      opType: "Slice", inputs: [floats(4), ints(0), ints(4), ints(0), ints(0)],
      says: "a step other than 0"),
    Mistake(opType: "Slice", inputs: [floats(4), ints(0, 1), ints(4)], says: "as many starts"),
    Mistake(opType: "Slice", opset: 1, inputs: [floats(4)], says: "attributes starts and ends"),
    Mistake(opType: "Gather", inputs: [floats(4, 2), ints(4)], says: "indices from -4 to 3"),
    Mistake(opType: "Gather", inputs: [floats(4, 2), ints(.min)], says: "indices from -4 to 3"),
    Mistake(opType: "Split", inputs: [floats(4), ints(1, 2)], says: "add up to 4"),
    Mistake(opType: "Split", inputs: [floats(4), ints(5, -1)], says: "add up to 4"),
    Mistake(opType: "Split", attributes: ["num_outputs": .int(0)], says: "1 part or more"),
    Mistake(opType: "Split", attributes: ["num_outputs": .int(.max)], says: "1 part or more"),
    Mistake(
      opType: "Pad", attributes: ["mode": .string("reflect")], inputs: [floats(0), ints(1, 1)],
      says: "pads that leave"),
    Mistake(opType: "Pad", inputs: [floats(4), ints(-3, -3)], says: "pads that leave"),
    Mistake(opType: "Pad", inputs: [floats(4), ints(.max, 1)], says: "2 pads"),
    Mistake(opType: "Pad", attributes: ["mode": .string("mirror")], says: "constant, reflect"),
    Mistake(
      opType: "Resize",
      inputs: [floats(2, 2), .float32(Tensor([0], [])), .float32(Tensor([2], [0, 1]))],
      says: "scales above 0"),
    Mistake(
      opType: "Resize",
      inputs: [floats(2, 2), .float32(Tensor([0], [])), .float32(Tensor([2], [1e30, 1]))],
      says: "sizes of at most"),
    Mistake(opType: "Resize", attributes: ["mode": .string("lanczos")], says: "a mode of ONNX"),
    Mistake(
      opType: "ConvTranspose", inputs: [floats(1, 2, 3, 3), floats(3, 2, 3, 3)],
      says: "weights [C,M/group"),
    Mistake(
      opType: "ConvTranspose", attributes: ["strides": .ints([1 << 30, 1 << 30])],
      inputs: [floats(1, 1, 9, 9), floats(1, 1, 1, 1)], says: "an output of 0 cells or more"),
    Mistake(
      opType: "ConvTranspose", attributes: ["pads": .ints([9, 9, 9, 9])],
      inputs: [floats(1, 1, 2, 2), floats(1, 1, 1, 1)], says: "an output of 0 cells or more"),
    Mistake(opType: "Cast", attributes: ["to": .int(8)], says: "a type of number"),
    Mistake(opType: "ConstantOfShape", inputs: [ints(2, -1)], says: "sizes of 0 or more"),
    Mistake(opType: "ConstantOfShape", inputs: [ints(.max, .max)], says: "ConstantOfShape"),
    Mistake(opType: "Expand", inputs: [floats(2), ints(-1)], says: "sizes of 0 or more"),
    Mistake(opType: "Expand", inputs: [floats(2), ints(3)], says: "broadcast"),
    Mistake(opType: "LRN", attributes: ["size": .int(0)], says: "1 channel or more"),
    Mistake(opType: "LRN", attributes: ["size": .int(.max)], says: "1 channel or more"),
    Mistake(opType: "Gelu", attributes: ["approximate": .string("erf")], says: "none or tanh"),
    Mistake(opType: "ReduceSum", inputs: [floats(2), ints(3)], says: "axis"),
    Mistake(opType: "Max", says: "one input or more"),
    Mistake(opType: "Max", inputs: [floats(2), ints(1)], says: "one type of number"),
    Mistake(opType: "Where", inputs: [floats(2), floats(2), floats(2)], says: "a bool"),
    Mistake(opType: "LpPool", attributes: ["p": .int(0)], says: "more than 0"),
    Mistake(
      opType: "LpPool", attributes: ["kernel_shape": .ints([2, 2])], inputs: [floats(1, 1, 4)],
      says: "kernel_shape"),
    Mistake(
      opType: "LayerNormalization", attributes: ["axis": .int(7)],
      inputs: [floats(2, 3), floats(3)], says: "axis"),
    Mistake(
      opType: "InstanceNormalization", inputs: [floats(1, 2, 3), floats(3), floats(2)],
      says: "[2] for input 1"),
    Mistake(opType: "BitShift", attributes: ["direction": .string("UP")], says: "LEFT or RIGHT"),
    Mistake(
      opType: "LSTM", attributes: ["direction": .string("both")], says: "forward, reverse or"),
    Mistake(
      opType: "GRU", attributes: ["activations": .strings(["Tanh"])], says: "2 names, found 1"),
    Mistake(opType: "RNN", attributes: ["clip": .float(-1)], says: "0 or more"),
    Mistake(opType: "RNN", attributes: ["activations": .strings(["Sine"])], says: "an activation"),
    Mistake(
      opType: "LSTM", inputs: [floats(2, 1, 3), floats(1, 8, 3), floats(1, 9, 2)],
      says: "[1, 8, 2] for input 2"),
    Mistake(
      opType: "Einsum", attributes: ["equation": .string("i->j")], inputs: [floats(2)],
      says: "each letter"),
    Mistake(opType: "Einsum", attributes: ["equation": .string("i1")], says: "letters, commas"),
    Mistake(
      opType: "OneHot", inputs: [ints(0), ints(1 << 40), floats(2)], says: "a result of at most"),
    Mistake(opType: "Range", inputs: [ints(0), ints(9), ints(0)], says: "a step other than 0"),
    Mistake(opType: "Range", inputs: [ints(0), ints(.max), ints(1)], says: "numbers at most"),
    Mistake(opType: "Tile", inputs: [floats(2), ints(1 << 40)], says: "a result of at most"),
    Mistake(opType: "TopK", inputs: [floats(2), ints(3)], says: "a k from 0 to 2"),
    Mistake(opType: "DepthToSpace", attributes: ["blocksize": .int(0)], says: "a blocksize"),
    Mistake(
      opType: "RandomUniform", attributes: ["shape": .ints([1 << 30, 1 << 30])],
      says: "a result of at most"),
    Mistake(
      opType: "Attention", opset: 23, inputs: [floats(1, 2, 4), floats(1, 2, 4), floats(1, 2, 4)],
      says: "a number of heads"),
    Mistake(
      opType: "GatherND", inputs: [floats(2, 2), ints(0, 5)], says: "indices from -2 to 1"),
    Mistake(opType: "Mod", inputs: [ints(1), ints(0)], says: "other than 0 to divide by"),
  ]

  @Test(arguments: mistakes) func isOneLine(mistake: Mistake) {
    do {
      let node = Node(
        mistake.opType, inputs: mistake.inputs.indices.map { "x\($0)" }, outputs: ["y"],
        attributes: mistake.attributes)
      let operation = try OperatorRegistry.standard.make(node, opset: mistake.opset)
      _ = try operation.forward(Inputs(mistake.opType, mistake.inputs), RunContext())
      Issue.record("nothing was said")
    } catch {
      #expect("\(error)".contains(mistake.says), "\(error)")
      #expect(!"\(error)".contains("\n"))
    }
  }
}
