import TensorCore
import Testing

@testable import NeuralNet

/// Whole numbers of every width, as NumPy and onnxruntime compute them: results wrap around, no pair of
/// numbers traps, and what a type orders as unsigned is ordered so.
struct IntegerTests {
  static let types: [ElementType] = [
    .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64,
  ]

  private func run(
    _ opType: String, _ type: ElementType, _ inputs: [[Int64]],
    attributes: [String: Attribute] = [:]
  ) throws -> Value {
    let operation = try OperatorRegistry.standard.make(
      Node(
        opType, inputs: inputs.indices.map { "x\($0)" }, outputs: ["y"], attributes: attributes),
      opset: 17)
    let values = try inputs.map { numbers throws(TensorError) in
      try Value(.int64(NDArray([numbers.count], numbers)), as: type)
    }
    return try operation.forward(
      Inputs(opType, values), RunContext(), typedOutputs: Swift.type(of: operation).typedOutputs)[0]
  }

  private func held(_ value: Value) -> [Int64]? {
    if case .int64(let numbers) = value.computed { numbers.elements } else { nil }
  }

  /// The least and the largest number, and their neighbours.
  private func ends(_ type: ElementType) -> [Int64] {
    switch type {
    case .uint8: [0, 1, 254, 255]
    case .uint16: [0, 1, 65_534, 65_535]
    case .uint32: [0, 1, 4_294_967_294, 4_294_967_295]
    case .uint64: [0, 1, -2, -1]
    case .int8: [-128, -127, -1, 126, 127]
    case .int16: [-32_768, -32_767, -1, 32_766, 32_767]
    case .int32: [-2_147_483_648, -2_147_483_647, -1, 2_147_483_646, 2_147_483_647]
    default: [.min, .min + 1, -1, .max - 1, .max]
    }
  }

  @Test(arguments: types) func wrap(_ type: ElementType) throws {
    for a in ends(type) {
      for b in ends(type) {
        for (name, exact) in [("Add", a &+ b), ("Sub", a &- b), ("Mul", a &* b)] {
          let value = try run(name, type, [[a], [b]])
          #expect(value.type == type)
          #expect(held(value) == [type.wrapped(exact)], "\(name) \(a) \(b)")
        }
      }
    }
  }

  /// The one quotient that does not fit is the least number again.
  @Test(arguments: types) func divideWithoutTraps(_ type: ElementType) throws {
    for a in ends(type) {
      for b in ends(type) where b != 0 {
        let exact =
          type == .uint64
          ? Int64(bitPattern: UInt64(bitPattern: a) / UInt64(bitPattern: b))
          : a.dividedReportingOverflow(by: b).partialValue
        #expect(held(try run("Div", type, [[a], [b]])) == [type.wrapped(exact)], "\(a) / \(b)")
      }
      #expect(throws: TensorError.self) { try run("Div", type, [[a], [0]]) }
    }
  }

  @Test(arguments: types) func areOrderedAsTheirTypeSays(_ type: ElementType) throws {
    let ends = ends(type)
    for (i, a) in ends.enumerated() {
      for (j, b) in ends.enumerated() {
        #expect(held(try run("Max", type, [[a], [b]])) == [ends[max(i, j)]], "\(a) \(b)")
        #expect(held(try run("Min", type, [[a], [b]])) == [ends[min(i, j)]], "\(a) \(b)")
        #expect(
          held(try run("Clip", type, [[a], [ends[1]], [b]])) == [ends[min(max(i, 1), j)]],
          "\(a) \(b)")
      }
    }
  }

  /// Powers wrap as products do; those of a negative power are fractions.
  @Test func powersWrap() throws {
    for (a, b, wanted) in [
      (3, 4, 81), (-2, 3, -8), (2, 31, -2_147_483_648), (2, 32, 0), (7, 0, 1), (0, 0, 1),
      (100_000, 2, 1_410_065_408), (2, -1, 0), (-1, -3, -1),
    ] as [(Int64, Int64, Int64)] {
      #expect(held(try run("Pow", .int32, [[a], [b]])) == [wanted], "\(a)^\(b)")
    }
  }

  @Test func castsKnowTheLargest() throws {
    let floats = try run("Cast", .uint64, [[-1, 1, .min]], attributes: ["to": .int(1)])
    #expect(floats == .float32(Tensor([3], [0x1p64, 1, 0x1p63])))
    let cast = try OperatorRegistry.standard.make(
      Node("Cast", inputs: ["x"], outputs: ["y"], attributes: ["to": .int(13)]), opset: 17)
    let x = Value.float32(Tensor([4], [0x1p63, 3.7, -1, .infinity]))
    let made = try cast.forward(Inputs("Cast", [x]), RunContext())[0]
    #expect(made == .typed(.uint64, .int64(NDArray([4], [.min, 3, -1, -1]))))
    // A cast to another width keeps the lowest bits.
    #expect(held(try run("Cast", .int32, [[300, -1]], attributes: ["to": .int(2)])) == [44, 255])
  }

  /// Shapes that a model computes are known before a run, by the same arithmetic.
  @Test func foldedConstantsWrapToo() throws {
    let numbers: [String: Value] = [
      "a": try Value(.int64(NDArray([1], [200])), as: .uint8),
      "b": try Value(.int64(NDArray([1], [-1])), as: .uint64),
      "c": try Value(.int64(NDArray([1], [2])), as: .uint64),
    ]
    let graph = try Graph(
      name: "g", inputs: [], outputs: ["sum", "half"], constants: numbers,
      nodes: [
        Node("Add", inputs: ["a", "a"], outputs: ["sum"]),
        Node("Div", inputs: ["b", "c"], outputs: ["half"]),
      ])
    let values = Network(graph).signature().values
    #expect(values["sum"]?.constant.flatMap(held) == [144])
    #expect(values["half"]?.constant.flatMap(held) == [.max])
  }
}
