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

  @Test(arguments: types) func readsEveryElementType(_ type: String) throws {
    let bytes = try golden("\(type).npy")
    let numbers: [Float] =
      switch type.first {
      case "f": [0.5, -1.5, 2, .infinity, 100, -0.25]
      case "i": [0, -1, 2, -128, 100, 127]
      case "u": [0, 1, 2, 200, 100, 255]
      default: [0, 1, 1, 1, 0, 0]
      }
    let types: [Substring: ElementType] = [
      "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32,
      "i8": .int64, "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "b1": .bool,
    ]
    let kind = try #require(types[type.prefix(2)])
    let expected: Value =
      switch type.first {
      case "f": try Value(.float32(Tensor([2, 3], numbers)), as: kind)
      case "i", "u": try Value(.int64(NDArray([2, 3], numbers.map { Int64($0) })), as: kind)
      default: .bool(NDArray([2, 3], numbers.map { $0 == 1 }))
      }
    #expect(try NPY.value(from: bytes, named: type) == expected)
    #expect(try NPY.tensor(from: bytes, named: type) == Tensor([2, 3], numbers))
  }

  @Test(arguments: ["version2", "version3", "fortran", "fortran_i2"])
  func readsEveryVersionAndOrder(_ name: String) throws {
    let counted = Tensor([2, 3, 4], (0..<24).map { Float($0) })
    let bytes = try golden("\(name).npy")
    #expect(try NPY.tensor(from: bytes, named: name) == counted)
    let value: Value =
      name == "fortran_i2"
      ? .typed(.int16, .int64(counted.map { Int64($0) })) : .float32(counted)
    #expect(try NPY.value(from: bytes, named: name) == value)
  }

  @Test func readsScalarsRowsAndNothing() throws {
    #expect(try NPY.tensor(from: golden("scalar.npy"), named: "a") == Tensor(scalar: 7.5))
    #expect(try NPY.tensor(from: golden("row.npy"), named: "a") == Tensor([3], [1, 2, 3]))
    #expect(try NPY.tensor(from: golden("empty.npy"), named: "a") == Tensor([0, 3], []))
  }

  /// NumPy's writer and this one agree byte for byte.
  @Test(
    arguments: types.filter { $0.hasSuffix("little") } + ["scalar", "row", "empty"])
  func writesAsNumPyDoes(_ name: String) throws {
    let bytes = try golden("\(name).npy")
    #expect(NPY.bytes(try NPY.value(from: bytes, named: name)) == bytes)
  }

  /// NumPy has no bfloat16.
  @Test func writesBFloat16AsFloat32() throws {
    let numbers = Value.float32(Tensor([2], [0.5, -3]))
    let bytes = NPY.bytes(try Value(numbers, as: .bfloat16))
    #expect(bytes == NPY.bytes(numbers))
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

  @Test func refusesUnsignedNumbersThatDoNotFit() {
    let header = "{'descr': '<u8', 'fortran_order': False, 'shape': (1,), }"
    let bytes = npy(header) + [UInt8](repeating: 0xFF, count: 8)
    #expect(
      formatError("a") { _ = try NPY.value(from: bytes, named: "a") }?.description
        == "a: data: expected whole numbers up to 9223372036854775807, found 18446744073709551615")
    #expect(throws: Never.self) { try NPY.tensor(from: bytes, named: "a") }
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
