public import ArgumentParser
import TensorCore

/// An amount of memory as text: `2G`, `500M`, bytes without a letter; K, M, G and T are powers of 1024.
struct MemorySize: Equatable {
  let bytes: Int

  /// From 16 MB, below which nothing runs, to more than any machine has.
  static let range = 1 << 24...1 << 60
  static let expected = "16M to 1048576T, such as 500M or 2G"

  /// Nil for what is no amount, or lies outside.
  init?(argument: String) {
    var digits = argument[...]
    if digits.last == "B" || digits.last == "b" { digits.removeLast() }
    let units: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
    var shift = 0
    if let unit = digits.last?.uppercased().first, let power = units[unit] {
      shift = power
      digits.removeLast()
    }
    guard digits.allSatisfy({ ("0"..."9").contains($0) }), let number = Int(digits) else {
      return nil
    }
    self.init(number, times: 1 << shift)
  }

  init?(_ number: Int, times unit: Int = 1) {
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow, MemorySize.range.contains(bytes) else { return nil }
    self.bytes = bytes
  }
}

/// How much memory a command may use: shared by all that run networks.
struct MemoryOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The most memory that is used, as 500M or 2G (default: half of the machine's). What needs more \
      is refused before it is begun.
      """, valueName: "size"))
  var memoryLimit: String?

  /// Sets the limit of the process; `usual` is what a configuration says.
  /// - Throws: `Failure` of usage where the text is no amount.
  func apply(usual: MemorySize? = nil) throws {
    let given = try memoryLimit.map { text in
      guard let size = MemorySize(argument: text) else {
        throw Failure(usage: "--memory-limit: expected \(MemorySize.expected), found \(text)")
      }
      return size
    }
    if let size = given ?? usual { MemoryBudget.limit = size.bytes }
  }
}
