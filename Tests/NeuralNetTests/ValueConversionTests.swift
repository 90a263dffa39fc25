import NeuralNet
import TensorCore
import Testing

/// Numbers change their element type where all of them fit, and only within their sort.
@Suite struct ValueConversionTests {
  private func whole(_ numbers: [Int64], _ type: ElementType) throws -> Value {
    try Value(.int64(NDArray([numbers.count], numbers)), as: type)
  }

  private func floats(_ numbers: [Float], _ type: ElementType) throws -> Value {
    try Value(.float32(Tensor([numbers.count], numbers)), as: type)
  }

  private func message(_ value: Value, to type: ElementType) -> String? {
    do {
      _ = try value.converted(to: type)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func floatsAreRounded() throws {
    let double = try floats([0.1, 65504, -.infinity], .float64)
    #expect(try double.converted(to: .float32) == .float32(Tensor([3], [0.1, 65504, -.infinity])))
    let half = try double.converted(to: .float16)
    #expect(half.type == .float16)
    #expect(half.tensor?.elements == [Float(Float16(0.1)), 65504, -.infinity])
    #expect(try half.converted(to: .float32).tensor == half.tensor)
    #expect(try floats([.nan], .float32).converted(to: .bfloat16).tensor?[0].isNaN == true)
  }

  @Test func whatWouldBeInfiniteIsRefused() throws {
    let text = try #require(message(try floats([1, 70000], .float32), to: .float16))
    #expect(text.contains("numbers that float16 holds") && text.contains("70000"), "\(text)")
    #expect(message(try floats([3.4e38], .float32), to: .bfloat16) != nil)
  }

  @Test func wholeNumbersInRange() throws {
    let small = try whole([0, 127], .int64)
    for type: ElementType in [
      .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64,
    ] {
      let made = try small.converted(to: type)
      #expect(made.type == type)
      #expect(made.computed == small)
      #expect(try made.converted(to: .int64) == small)
    }
    let unfit: [(Int64, ElementType, ElementType)] = [
      (128, .int16, .int8), (-129, .int64, .int8), (-1, .int8, .uint8), (256, .int32, .uint8),
      (1 << 31, .int64, .int32), (1 << 32, .int64, .uint32), (-1, .int64, .uint64),
    ]
    for (number, from, to) in unfit {
      let text = try #require(message(try whole([0, number], from), to: to))
      #expect(text.contains("numbers that \(to) holds, found \(number)"), "\(text)")
    }
  }

  @Test func theLargestUnsignedNumbersAreNotNegative() throws {
    let largest = try whole([-1], .uint64)
    #expect(
      message(largest, to: .int64)?.contains("found 18446744073709551615") == true)
    #expect(try largest.converted(to: .uint64) == largest)
    #expect(largest.floats?[0] == Float(UInt64.max))
  }

  @Test func sortsAreNotMixed() throws {
    let values = [
      try floats([1], .float16), try whole([1], .uint8), .bool(NDArray([1], [true])),
    ]
    for value in values {
      for type: ElementType in [.float32, .int64, .bool, .string]
      where type.computed != value.computed.type {
        let text = try #require(message(value, to: type))
        #expect(text.contains("expected \(type), found \(value.type)"), "\(text)")
      }
    }
    #expect(message(.opaque(.string, [1]), to: .float32)?.contains("found string") == true)
  }

  @Test func anInputSaysWhatIsWrong() throws {
    let input = Graph.Input("x", type: .int64, dims: [1, nil])
    func text(_ value: Value) -> String? {
      do {
        _ = try value.converted(to: input)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(
      text(.float32(Tensor([1, 12], repeating: 0))) == "input x: expected int64, found float32")
    #expect(
      text(.int64(NDArray([2, 12], repeating: 0)))
        == "input x: expected int64 [1,?], found int64 [2,12]")
    let narrow = try Value(.int64(NDArray([1, 2], [3, -4])), as: .int32)
    #expect(try narrow.converted(to: input) == .int64(NDArray([1, 2], [3, -4])))
    let half = Graph.Input("h", type: .float16, dims: [1])
    #expect(
      throws: GraphError("input h, float16: expected numbers that float16 holds, found 1000000.0")
    ) {
      try Value.float32(Tensor([1], [1e6])).converted(to: half)
    }
  }
}
