import TensorCore

/// What an NPY header says: `{'descr': '<f4', 'fortran_order': False, 'shape': (28, 28), }`.
struct NPYHeader: Equatable {
  var format: NumberFormat
  var fortranOrder: Bool
  var dims: [Int]

  init(format: NumberFormat, fortranOrder: Bool, dims: [Int]) {
    (self.format, self.fortranOrder, self.dims) = (format, fortranOrder, dims)
  }

  /// Parses the header. - Throws: `FormatError` unless it has just the three keys, each once.
  init(_ bytes: ArraySlice<UInt8>, in file: String) throws(FormatError) {
    var parser = Parser(lexer: NPYHeaderLexer(bytes, in: file))
    self = try parser.header()
  }

  private struct Parser {
    var lexer: NPYHeaderLexer

    mutating func header() throws(FormatError) -> NPYHeader {
      var format: NumberFormat?
      var fortranOrder: Bool?
      var dims: [Int]?
      try lexer.expect(.mark("{"))
      var token = try lexer.next()
      while token != .mark("}") {
        guard case .text(let key) = token else { throw lexer.unexpected(token, "a key") }
        try lexer.expect(.mark(":"))
        switch key {
        case "descr" where format == nil: format = try self.format()
        case "fortran_order" where fortranOrder == nil: fortranOrder = try self.bool()
        case "shape" where dims == nil: dims = try self.dims()
        default: throw lexer.unexpected(token, "descr, fortran_order and shape, once each")
        }
        token = try lexer.next()
        if token == .mark(",") {
          token = try lexer.next()
        } else if token != .mark("}") {
          throw lexer.unexpected(token, "\",\" or \"}\"")
        }
      }
      try lexer.expect(.end)
      guard let format, let fortranOrder, let dims else {
        throw lexer.unexpected(.mark("}"), "the keys descr, fortran_order and shape")
      }
      return NPYHeader(format: format, fortranOrder: fortranOrder, dims: dims)
    }

    mutating func format() throws(FormatError) -> NumberFormat {
      let token = try lexer.next()
      guard case .text(let descr) = token, let format = NumberFormat(numpy: descr) else {
        throw lexer.unexpected(token, "a type of floats, whole numbers or bools such as '<f4'")
      }
      return format
    }

    mutating func bool() throws(FormatError) -> Bool {
      let token = try lexer.next()
      guard case .word(let word) = token, word == "True" || word == "False" else {
        throw lexer.unexpected(token, "True or False")
      }
      return word == "True"
    }

    mutating func dims() throws(FormatError) -> [Int] {
      var dims: [Int] = []
      try lexer.expect(.mark("("))
      var token = try lexer.next()
      while token != .mark(")") {
        guard case .number(let size) = token else { throw lexer.unexpected(token, "a size") }
        dims.append(size)
        token = try lexer.next()
        if token == .mark(",") {
          token = try lexer.next()
        } else if token != .mark(")") || dims.count == 1 {
          // (5) is a number in Python; a tuple of one is (5,).
          throw lexer.unexpected(token, "\",\"")
        }
      }
      // NumPy's own limit since 2.0.
      guard dims.count <= 64 else { throw lexer.unexpected(token, "at most 64 dimensions") }
      return dims
    }
  }
}

extension NumberFormat {
  /// The format NumPy calls `descr`: byte order, letter, bytes. Nil for any that is not a float, a
  /// whole number or a bool.
  init?(numpy descr: String) {
    let kinds = ElementType.allCases.filter { $0.computed != nil && $0.inNPY == $0 }
    guard let order = descr.first,
      let kind = kinds.first(where: { $0.numpyName == descr.dropFirst() })
    else { return nil }
    self.init(kind: kind, bigEndian: order == ">")
    // "|" says that order does not matter, "=" that it is the writing machine's: little-endian.
    guard "<>=".contains(order) || (order == "|" && size == 1) else { return nil }
  }
}

extension ElementType {
  /// The type whose numbers hold those of this one in a file of NumPy's: the type itself where NumPy has it.
  var inNPY: ElementType {
    switch self {
    case .bfloat16, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0,
      .float4e2m1:
      .float32
    case .int2, .int4: .int8
    case .uint2, .uint4: .uint8
    default: self
    }
  }

  /// What NumPy calls the type, or the one that holds its numbers: letter and bytes.
  /// - Precondition: the elements are numbers or bools.
  var numpyName: String {
    switch inNPY {
    case .float16: "f2"
    case .float32: "f4"
    case .float64: "f8"
    case .int8: "i1"
    case .int16: "i2"
    case .int32: "i4"
    case .int64: "i8"
    case .uint8: "u1"
    case .uint16: "u2"
    case .uint32: "u4"
    case .uint64: "u8"
    case .bool: "b1"
    default: preconditionFailure("NPY holds no \(self)")
    }
  }
}
