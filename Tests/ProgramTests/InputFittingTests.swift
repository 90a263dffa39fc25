import Formats
import NeuralNet
import TensorCore
import TestSupport
import Testing

@testable import Program

/// Pictures and numbers are laid into an input as its axes and its type say.
@Suite struct InputFittingTests {
  /// Two rows of three pixels, red 0, 1, …, green 100, 101, …, blue 200, 201, …
  private static let picture = Picture(
    width: 3, height: 2, channels: 3,
    bytes: (0..<6).flatMap { [UInt8($0), UInt8($0 + 100), UInt8($0 + 200)] })
  /// The same as `[C,H,W]`, 0…255.
  private static let planes = (0..<3).flatMap { c in (0..<6).map { Int64(c * 100 + $0) } }
  /// The same as `[H,W,C]`.
  private static let pixels = (0..<6).flatMap { p in (0..<3).map { Int64($0 * 100 + p) } }

  private func fitting(
    _ input: Graph.Input, _ nodes: [Node]? = nil, constants: [String: Value] = [:],
    index: Int? = nil, normalize: String? = nil
  ) throws -> InputFitting {
    let graph = try Graph(
      name: "g", inputs: [input], outputs: ["y"], constants: constants,
      nodes: nodes ?? [Node("Cast", inputs: [input.name], outputs: ["y"])])
    return InputFitting(
      file: "f", wanted: input, network: Network(graph), modelName: "m", index: index,
      normalize: normalize.map { ($0, "--normalize") })
  }

  private func whole(_ value: Value) -> [Int64]? {
    if case .int64(let array) = value.computed { array.elements } else { nil }
  }

  @Test(arguments: [ElementType.uint8, .int16, .uint16, .int32, .int64, .uint32, .uint64])
  func wholeNumbersAreBytes(_ type: ElementType) throws {
    let input = Graph.Input("x", type: type, dims: [nil, 3, nil, nil])
    let fitted = try fitting(input).fit(Self.picture)
    #expect(fitted.value.type == type)
    #expect(fitted.value.shape == [1, 3, 2, 3])
    #expect(whole(fitted.value) == Self.planes)
  }

  @Test(arguments: [ElementType.float16, .float32, .float64, .bfloat16])
  func floatsAreSharesOfOne(_ type: ElementType) throws {
    let input = Graph.Input("x", type: type, dims: [1, 3, 2, 3])
    let fitted = try fitting(input).fit(Self.picture)
    #expect(fitted.value.type == type)
    let expected = Self.planes.map { type.rounded(Float($0 * 257) / 65535) }
    #expect(fitted.value.tensor?.elements == expected)
    #expect(fitted.notes.isEmpty && fitted.repeats == 1)
  }

  @Test func truthIsAboveTheMiddle() throws {
    let input = Graph.Input("x", type: .bool, dims: [1, 3, 2, 3])
    #expect(
      try fitting(input).fit(Self.picture).value
        == .bool(NDArray([1, 3, 2, 3], Self.planes.map { $0 > 127 })))
  }

  @Test func signedBytesAndTextTakeNoPicture() throws {
    for type: ElementType in [.int8, .string] {
      let input = Graph.Input("x", type: type, dims: [1, 3, 2, 3])
      let error = try #require(throws: FormatError.self) {
        try fitting(input).fit(Self.picture)
      }
      #expect(error.description.contains("expected an image") && "\(error)".contains("\(type)"))
    }
  }

  @Test func theFirstReaderSaysWhereChannelsAre() throws {
    // Sizes alone would say that the channels come first.
    let input = Graph.Input("x", type: .uint8, dims: [nil, 3, 3, 3])
    let last = try fitting(
      input,
      [
        Node("Cast", inputs: ["x"], outputs: ["f"], attributes: ["to": .int(1)]),
        Node(
          "Transpose", inputs: ["f"], outputs: ["t"], attributes: ["perm": .ints([0, 3, 1, 2])]),
        Node("Conv", inputs: ["t", "w"], outputs: ["y"]),
      ], constants: ["w": .float32(Tensor([1, 3, 1, 1], [1, 1, 1]))])
    #expect(last.axes.map(\.name) == [.sample, .row, .column, .channel])
    #expect(!last.axes.contains { $0.isGuess })
    let square = Picture(
      width: 3, height: 3, channels: 3, bytes: (0..<27).map { UInt8($0) })
    let fitted = try last.fit(square)
    // A picture's own samples are rows × columns × channels.
    #expect(whole(fitted.value) == Array(0..<27))
    #expect(fitted.notes.isEmpty)
  }

  @Test func sizesAloneAreAGuessThatIsTold() throws {
    let input = Graph.Input("x", type: .int32, dims: [nil, nil, nil, 3])
    let fitted = try fitting(input).fit(Self.picture)
    #expect(fitted.value.shape == [1, 2, 3, 3])
    #expect(whole(fitted.value) == Self.pixels)
    #expect(fitted.notes == ["taken as [N?,H?,W?,C?]"])
  }

  @Test func anImageIsNormalisedByChannelWhereverChannelsAre() throws {
    let input = Graph.Input("x", dims: [1, nil, nil, 3])
    let fitted = try fitting(input, normalize: "0,.5,1,1,2,4").fit(Self.picture)
    let numbers = try #require(fitted.value.tensor)
    for (place, byte) in Self.pixels.enumerated() {
      let (mean, deviation): (Float, Float) = [(0, 1), (0.5, 2), (1, 4)][place % 3]
      #expect(numbers[place] == (Float(byte * 257) / 65535 - mean) / deviation)
    }
  }

  @Test func aFixedBatchIsFilled() throws {
    let input = Graph.Input("x", type: .uint8, dims: [4, 3, 2, 3])
    let fitted = try fitting(input).fit(Self.picture)
    #expect(fitted.repeats == 4)
    #expect(whole(fitted.value) == (0..<4).flatMap { _ in Self.planes })
    #expect(fitted.notes == ["repeated to fill the batch of 4"])
    // Numbers likewise: one sample, one of many, or the whole batch.
    let one = Value.int64(NDArray([3, 2, 3], Self.planes))
    #expect(try fitting(input).fit(numbers: one, isTyped: true).value == fitted.value)
    let many = Value.int64(NDArray([6, 3, 2, 3], (0..<6 * 18).map { Int64($0) }))
    let second = try fitting(input, index: 1).fit(numbers: many, isTyped: true)
    #expect(whole(second.value) == (0..<4).flatMap { _ in Array(18..<36) })
    let whole = Value.int64(NDArray([4, 3, 2, 3], (0..<72).map { Int64($0) }))
    let kept = try fitting(input).fit(numbers: whole, isTyped: true)
    #expect(kept.repeats == 1 && kept.value.computed == whole)
  }

  @Test func openChannelsAreThoseTheOperatorsTake() throws {
    let input = Graph.Input("x", dims: [nil, nil, nil, nil])
    let conv = try fitting(
      input, [Node("Conv", inputs: ["x", "w"], outputs: ["y"])],
      constants: ["w": .float32(Tensor([1, 1, 1, 1], [1]))])
    let fitted = try conv.fit(Self.picture)
    #expect(fitted.value.shape == [1, 1, 2, 3])
    #expect(fitted.notes == ["colour → grey"])
  }

  @Test func numbersWithoutATypeAreWholeWhereTheyCanBe() throws {
    let input = Graph.Input("x", type: .int64, dims: [1, 3])
    let numbers = Value.float32(Tensor([3], [1, -2, 3]))
    #expect(
      try fitting(input).fit(numbers: numbers, isTyped: false).value
        == .int64(NDArray([1, 3], [1, -2, 3])))
    let error = try #require(throws: FormatError.self) {
      try fitting(input).fit(numbers: numbers, isTyped: true)
    }
    #expect("\(error)".contains("expected int64") && "\(error)".contains("found float32"))
    #expect(throws: FormatError.self) {
      try fitting(input).fit(numbers: .float32(Tensor([3], [1, 2.5, 3])), isTyped: false)
    }
  }

  @Test func rowsOfAllChannelsGoWhereChannelsAre() throws {
    let input = Graph.Input("x", type: .float32, dims: [1, 2, 3, 3])
    let rows = Value.float32(Tensor([6, 3], Self.planes.map { Float($0) }))
    let nhwc = try fitting(
      input,
      [
        Node(
          "Transpose", inputs: ["x"], outputs: ["t"], attributes: ["perm": .ints([0, 3, 1, 2])]),
        Node("GlobalAveragePool", inputs: ["t"], outputs: ["y"]),
      ])
    #expect(
      try nhwc.fit(numbers: rows, isTyped: false).value.tensor?.elements
        == Self.pixels.map { Float($0) })
  }
}
