import NeuralNet
import TensorCore
import Testing

@testable import Formats

@Suite struct NPYTests {
  static let types = [
    "f2_little", "f2_big", "f4_little", "f4_big", "f8_little", "f8_big", "i1_little", "i2_little",
    "i2_big", "i4_little", "i4_big", "i8_little", "i8_big", "u1_little", "u2_little", "u2_big",
    "u4_little", "u4_big", "u8_little", "u8_big", "b1_little",
  ]

  /// The element type of a golden file, by its name.
  private static func own(_ file: String) throws -> ElementType {
    let bits = try #require(file.dropFirst().first?.wholeNumberValue) * 8
    let names: [Character: String] = ["f": "float", "i": "int", "u": "uint"]
    let name = file.first.flatMap { names[$0] }.map { "\($0)\(bits)" } ?? "bool"
    return try #require(ElementType(rawValue: name))
  }

  @Test(arguments: types) func readsEveryElementType(_ type: String) throws {
    let bytes = try golden("\(type).npy")
    let numbers: [Float] =
      switch type.first {
      case "f": [0.5, -1.5, 2, .infinity, 100, -0.25]
      case "i": [0, -1, 2, -128, 100, 127]
      case "u": [0, 1, 2, 200, 100, 255]
      default: [0, 1, 1, 1, 0, 0]
      }
    let expected: Value =
      switch type.first {
      case "f": .float32(Tensor([2, 3], numbers))
      case "i", "u": .int64(NDArray([2, 3], numbers.map { Int64($0) }))
      default: .bool(NDArray([2, 3], numbers.map { $0 == 1 }))
      }
    #expect(try NPY.value(from: bytes, named: type) == Value(expected, as: Self.own(type)))
    #expect(try NPY.tensor(from: bytes, named: type) == Tensor([2, 3], numbers))
  }

  @Test(arguments: ["version2", "version3", "fortran", "fortran_i2"])
  func readsEveryVersionAndOrder(_ name: String) throws {
    let counted = Tensor([2, 3, 4], (0..<24).map { Float($0) })
    let bytes = try golden("\(name).npy")
    #expect(try NPY.tensor(from: bytes, named: name) == counted)
    let value: Value =
      name == "fortran_i2"
      ? try Value(.int64(counted.map { Int64($0) }), as: .int16) : .float32(counted)
    #expect(try NPY.value(from: bytes, named: name) == value)
  }

  @Test func readsScalarsRowsAndNothing() throws {
    #expect(try NPY.tensor(from: golden("scalar.npy"), named: "a") == Tensor(scalar: 7.5))
    #expect(try NPY.tensor(from: golden("row.npy"), named: "a") == Tensor([3], [1, 2, 3]))
    #expect(try NPY.tensor(from: golden("empty.npy"), named: "a") == Tensor([0, 3], []))
  }

  /// NumPy's writer and this one agree byte for byte, in every element type.
  @Test(arguments: types.filter { !$0.hasSuffix("big") } + ["scalar", "row", "empty"])
  func writesAsNumPyDoes(_ name: String) throws {
    let bytes = try golden("\(name).npy")
    #expect(NPY.bytes(try NPY.value(from: bytes, named: name)) == bytes)
  }

  /// Each type is written from its widened form as NumPy writes it.
  @Test(arguments: types.filter { !$0.hasSuffix("big") })
  func writesEveryElementType(_ type: String) throws {
    let kinds = Dictionary(
      uniqueKeysWithValues: ElementType.allCases.filter { $0.computed != nil && $0.inNPY == $0 }
        .map { ($0.numpyName, $0) })
    let kind = try #require(kinds[String(type.prefix(2))])
    let bytes = try golden("\(type).npy")
    #expect(try NPY.bytes(NPY.value(from: bytes, named: type), as: kind) == bytes)
  }

  @Test func narrowsWithinTheRangeOnly() throws {
    func message(_ value: Value, _ kind: ElementType) -> String? {
      formatError("y") { _ = try NPY.bytes(value, as: kind, named: "y") }?.description
    }
    let ranges: [(ElementType, Int64, Int64)] = [
      (.int8, -128, 127), (.int16, -32768, 32767), (.int32, -2_147_483_648, 2_147_483_647),
      (.uint8, 0, 255), (.uint16, 0, 65535), (.uint32, 0, 4_294_967_295),
    ]
    for (kind, low, high) in ranges {
      let ends = Value.int64(NDArray([2], [low, high]))
      #expect(try NPY.value(from: NPY.bytes(ends, as: kind), named: "y").computed == ends)
      for beyond in [low - 1, high + 1] {
        #expect(
          message(.int64(NDArray([2], [0, beyond])), kind)
            == "y: \(kind.rawValue): expected whole numbers from \(low) to \(high), found \(beyond)"
        )
      }
    }
    #expect(
      message(.int64(NDArray([1], [-1])), .uint64)
        == "y: uint64: expected whole numbers from 0 to 18446744073709551615, found -1")
    #expect(
      message(.float32(Tensor([2], [1, -65520])), .float16)
        == "y: float16: expected numbers from -65504 to 65504, found -65520.0")
    #expect(
      message(.float32(Tensor([1], [1])), .int8)
        == "y: expected int64 to write as int8, found float32")
    #expect(
      message(.bool(NDArray([1], [true])), .float64)
        == "y: expected float32 to write as float64, found bool")
  }

  @Test func halvesRoundToTheNearestAndKeepWhatIsNoNumber() throws {
    let odd: [Float] = [65519.996, -0.0, .infinity, -.infinity, 1 + 0x1p-11, 1 + 0x1.8p-10, 1e-9]
    let back = try NPY.tensor(
      from: NPY.bytes(.float32(Tensor([7], odd)), as: .float16), named: "y"
    ).elements
    #expect(back == [65504, 0, .infinity, -.infinity, 1, 1 + 0x1p-9, 0])
    #expect(back[1].sign == .minus)
    let nan = try NPY.bytes(.float32(Tensor([1], [.nan])), as: .float16)
    #expect(try NPY.tensor(from: nan, named: "y")[0].isNaN)
  }

  /// NumPy has no bfloat16; float32 holds each.
  @Test func bfloat16IsWrittenAsFloat32() throws {
    let value = Value.float32(Tensor([3], [1.5, -3e38, .nan]))
    #expect(try NPY.bytes(value, as: .bfloat16) == NPY.bytes(value))
    let typed = try Value(value, as: .bfloat16)
    #expect(NPY.bytes(typed) == NPY.bytes(typed.computed))
    let format = NumberFormat(kind: .bfloat16)
    let all = (0...UInt16.max).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let widened = format.tensor([65536], all[...])
    let bytes = try format.bytes(.float32(widened), named: "y")
    for index in 0..<65536 where !widened[index].isNaN {
      #expect(bytes[2 * index..<2 * index + 2] == all[2 * index..<2 * index + 2])
    }
    #expect(
      formatError("y") { _ = try format.bytes(.float32(Tensor([1], [3.4e38])), named: "y") } != nil)
    #expect(
      try format.bytes(.float32(Tensor([2], [1 + 0x1p-8, 1 + 0x1.8p-7])), named: "y") == [
        0x80, 0x3F, 0x82, 0x3F,
      ])
  }

  @Test func keepsOddFloats() throws {
    let odd: [Float] = [-0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, 1e38]
    let back = try NPY.tensor(from: NPY.bytes(Tensor([6], odd)), named: "a")
    #expect(back.elements.map(\.bitPattern) == odd.map(\.bitPattern))
  }

  private func npy(_ header: String, data: Int = 0) -> [UInt8] {
    let text = Array(header.utf8)
    return NPY.magic + [1, 0, UInt8(text.count & 255), UInt8(text.count >> 8)] + text
      + [UInt8](repeating: 0, count: data)
  }

  @Test(arguments: [
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (28, 28), }", 3000,
      "a.npy: header says 28×28 float32 = 3,136 bytes, 3,000 remain"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 12,
      "a.npy: header says 2 float32 = 8 bytes, 12 remain"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 4), }", 0,
      "a.npy: header: expected dimensions of 0 or more whose product fits 63 bits, found [-1,4]"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 0, 4), }", 0,
      "a.npy: header: expected dimensions of 0 or more whose product fits 63 bits, found "
        + "[4611686018427387904,1,4]"
    ),
    (
      "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, ), }", 0,
      "a.npy: header: expected a size that fits 63 bits, found 4611686018427387904 float64"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, ), }", 0,
      "a.npy: header: expected a size that fits 63 bits, found \"99999999999999999999, ),…\""
    ),
    (
      "{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }", 16,
      "a.npy: header: expected a type of floats, whole numbers or bools such as '<f4', found '<c8'"
    ),
    (
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", 8,
      "a.npy: header: expected True or False, found 0"
    ),
    (
      "{'descr': '<f4', 'shape': (2,), }", 8,
      "a.npy: header: expected the keys descr, fortran_order and shape, found \"}\""
    ),
    (
      "{'descr': '<f4', 'descr': '<f4', 'shape': (2,), }", 8,
      "a.npy: header: expected descr, fortran_order and shape, once each, found 'descr'"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2), }", 8,
      "a.npy: header: expected \",\", found \")\""
    ),
    ("{'descr': '<f4", 8, "a.npy: header: expected a text in quotes, found \"'<f4\""),
    (
      "{'descr': __import__('os')", 8,
      "a.npy: header: expected a Python dictionary, found \"__import__('os')\""
    ),
  ]) func refusesHeaders(_ header: String, _ data: Int, _ message: String) {
    let error = formatError("a.npy") {
      _ = try NPY.value(from: npy(header, data: data), named: "a.npy")
    }
    #expect(error?.description == message)
    #expect(error?.kind == .badData)
  }

  @Test func refusesAHeaderLengthBeyondTheFile() {
    let bytes = NPY.magic + [2, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3]
    #expect(
      formatError("a") { _ = try NPY.value(from: bytes, named: "a") }?.description
        == "a: header length says 4,294,967,295 bytes, 3 remain")
    #expect(
      formatError("a") { _ = try NPY.value(from: NPY.magic + [9, 1], named: "a") }?.description
        == "a: version: expected 1.0, 2.0 or 3.0, found 9.1")
    #expect(
      formatError("a") { _ = try NPY.value(from: Array("hello, world".utf8), named: "a") } != nil)
  }

  @Test func keepsUnsignedNumbersThatNoInt64Reaches() throws {
    let header = "{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }"
    let bytes = npy(header) + [UInt8](repeating: 0xFF, count: 8)
    let value = try NPY.value(from: bytes, named: "a")
    #expect(value == .typed(.uint64, .int64(NDArray([1], [-1]))))
    #expect(NPY.bytes(value).suffix(8) == bytes.suffix(8))
    #expect(try NPY.tensor(from: bytes, named: "a")[0] == 18_446_744_073_709_551_615)
  }

  @Test(arguments: ["structured", "complex"]) func refusesOtherTypes(_ name: String) throws {
    let bytes = try golden("\(name).npy")
    #expect(formatError(name) { _ = try NPY.value(from: bytes, named: name) } != nil)
  }

  @Test(arguments: ["fortran", "version2", "scalar", "u8_big"])
  func refusesDamage(_ name: String) throws {
    let bytes = try golden("\(name).npy")
    refusesCuts(bytes) { _ = try NPY.value(from: $0, named: $1) }
    readDamaged(bytes) {
      _ = try NPY.value(from: $0, named: $1)
      _ = try NPY.tensor(from: $0, named: $1)
    }
  }
}
