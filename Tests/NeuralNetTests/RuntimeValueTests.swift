import NeuralNet
import TensorCore
import Testing

/// Cases in which dropscope once computed other values than onnxruntime
/// (Tests/Conformance/differential.py); what is expected here is what onnxruntime 1.32 gives.
struct RuntimeValueTests {
  private func run(
    _ opType: String, opset: Int, _ inputs: [Value?], attributes: [String: Attribute] = [:]
  ) throws -> Value {
    let operation = try OperatorRegistry.standard.make(
      Node(
        opType, inputs: inputs.indices.map { inputs[$0] == nil ? "" : "x\($0)" }, outputs: ["y"],
        attributes: attributes), opset: opset)
    return try operation.forward(Inputs(opType, inputs), RunContext())[0]
  }

  private func ints(_ numbers: Int64...) -> Value { .int64(NDArray([numbers.count], numbers)) }
  private func counted(_ dims: Int...) -> Value {
    let shape = Shape(dims)
    return .float32(Tensor(shape, (0..<shape.count).map { Float($0) }))
  }

  /// No axes named is all axes, as without the list.
  @Test func squeezeTakesAnEmptyListForNone() throws {
    let x = counted(1, 3, 1, 2)
    #expect(try run("Squeeze", opset: 13, [x, ints()]).shape == [3, 2])
    #expect(try run("Squeeze", opset: 11, [x], attributes: ["axes": .ints([])]).shape == [3, 2])
    #expect(try run("Squeeze", opset: 13, [x, ints(0)]).shape == [3, 1, 2])
  }

  /// A start before the array is its first cell going backwards, where NumPy finds nothing.
  @Test(
    arguments: [
      (-9, -10, -1, [0]), (-9, -10, -2, [0]), (-5, .min, -1, [0]), (.min, .min, -1, [0]),
      (-1, -10, -2, [3, 1]), (9, 0, -1, [3, 2, 1]), (-9, 9, 2, [0, 2]), (-9, 3, -1, []),
    ] as [(Int64, Int64, Int64, [Float])])
  func sliceStartsInside(_ start: Int64, _ end: Int64, _ step: Int64, _ cells: [Float]) throws {
    let made = try run(
      "Slice", opset: 13, [counted(4), ints(start), ints(end), ints(0), ints(step)])
    #expect(made == .float32(Tensor([cells.count], cells)))
  }

  @Test func sliceOfNothingIsNothing() throws {
    let made = try run(
      "Slice", opset: 13, [counted(0), ints(3), ints(-9), ints(0), ints(-1)])
    #expect(made.shape == [0])
  }

  /// A bound that is left out is the largest float; up to opset 5 there was none.
  @Test func clipLeavesNoInfinity() throws {
    let x = Value.float32(Tensor([3], [.infinity, -.infinity, 1]))
    let largest = Float.greatestFiniteMagnitude
    for opset in [6, 11, 13] {
      #expect(
        try run("Clip", opset: opset, [x]) == .float32(Tensor([3], [largest, -largest, 1])))
    }
    #expect(try run("Clip", opset: 1, [x]) == x)
  }

  /// A product times 0 is no number where it is infinite; a C times 0 is not looked at.
  @Test func gemmOfAlpha0() throws {
    let (infinite, one) = (
      Value.float32(Tensor([1, 1], [.infinity])), Value.float32(Tensor([1, 1], [1]))
    )
    let none = try run("Gemm", opset: 13, [infinite, one, one], attributes: ["alpha": .float(0)])
    #expect(none.tensor?[0].isNaN == true)
    let plain = try run("Gemm", opset: 13, [one, one, one], attributes: ["alpha": .float(0)])
    #expect(plain == one)
    let kept = try run("Gemm", opset: 13, [one, one, infinite], attributes: ["beta": .float(0)])
    #expect(kept == one)
  }

  /// Cells are copied, bit by bit.
  @Test func padKeepsTheSignOfZero() throws {
    let made = try run("Pad", opset: 13, [.float32(Tensor([1], [-0.0])), ints(1, 0)])
    #expect(made.tensor?.elements.map(\.bitPattern) == [0, 0x8000_0000])
  }

  /// Opset 10 takes the cell after where there are fewer.
  @Test func resizeOfOpset10() throws {
    let smaller = try run(
      "Resize", opset: 10, [counted(7), .float32(Tensor([1], [0.6]))])
    #expect(smaller == .float32(Tensor([4], [0, 2, 4, 5])))
    let larger = try run("Resize", opset: 10, [counted(2), .float32(Tensor([1], [2]))])
    #expect(larger == .float32(Tensor([4], [0, 0, 1, 1])))
  }

  /// A single cell lies upon the first one.
  @Test func resizeToOneCell() throws {
    let made = try run(
      "Resize", opset: 18, [counted(1, 2), nil, nil, ints(1, 1)],
      attributes: [
        "mode": .string("cubic"),
        "coordinate_transformation_mode": .string("pytorch_half_pixel"),
      ])
    #expect(made == .float32(Tensor([1, 1], [0])))
  }

  /// 8.5 · 7/17 − 1/2 is 3 in single precision, a little more in double.
  @Test func resizeRoundsInSinglePrecision() throws {
    let made = try run(
      "Resize", opset: 18, [counted(7), nil, nil, ints(17)],
      attributes: [
        "nearest_mode": .string("ceil"),
        "coordinate_transformation_mode": .string("pytorch_half_pixel"),
      ])
    #expect(made.tensor?[8] == 3)
  }
}
