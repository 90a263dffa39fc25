import TensorCore

/// Memory that a file asks for, which is priced before it is taken.
enum FileMemory {
  /// Asks for the memory of a part of a file.
  /// - Throws: `FormatError` where there is not so much.
  static func reserve(
    _ bytes: Int, in file: String, _ part: @autoclosure () -> String = "",
    for what: @autoclosure () -> String = "its bytes"
  ) throws(FormatError) {
    do {
      try MemoryBudget.reserve(bytes, in: "", for: what())
    } catch {
      throw FormatError(file, part(), error)
    }
  }
}
