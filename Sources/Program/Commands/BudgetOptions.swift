import ArgumentParser
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

/// An amount of work as text: multiply-adds, as `500000000` or `2e12`.
struct WorkSize: Equatable {
  let multiplyAdds: Int

  static let range = 1...1 << 60
  static let expected = "1 to 1e18 multiply-adds, such as 2e12"

  /// Nil for what is no amount, or lies outside.
  init?(argument: String) {
    guard argument.allSatisfy({ $0.isASCII && ($0.isNumber || ".eE+".contains($0)) }),
      let number = Double(argument), (1...1e18).contains(number)
    else { return nil }
    self.init(Int(number))
  }

  init?(_ number: Int) {
    guard WorkSize.range.contains(number) else { return nil }
    multiplyAdds = number
  }
}

/// How much a command may use: shared by all that run networks.
struct BudgetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The most memory that is used, as 500M or 2G (default: half of the machine's). What needs more \
      is refused before it is begun.
      """, valueName: "size"))
  var memoryLimit: String?

  @Option(
    help: ArgumentHelp(
      """
      The most multiply-adds of one pass through the network, as 2e12 (default: 1e13). What needs \
      more is refused.
      """, valueName: "number"))
  var workLimit: String?

  /// Sets the limits of the process; `config` says what holds where no option does.
  /// - Throws: `Failure` of usage where a text is no amount.
  func apply(_ config: Config = Config()) throws {
    let memory = try parsed(memoryLimit, "memory-limit", MemorySize.expected) {
      MemorySize(argument: $0)
    }
    if let size = memory ?? config.memoryLimit { MemoryBudget.limit = size.bytes }
    let work = try parsed(workLimit, "work-limit", WorkSize.expected) { WorkSize(argument: $0) }
    if let size = work ?? config.workLimit { WorkBudget.limit = size.multiplyAdds }
  }

  /// The options as they were given, for another process.
  var words: [String] {
    (memoryLimit.map { ["--memory-limit", $0] } ?? [])
      + (workLimit.map { ["--work-limit", $0] } ?? [])
  }

  private func parsed<Amount>(
    _ text: String?, _ name: String, _ expected: String, _ parse: (String) -> Amount?
  ) throws -> Amount? {
    try text.map { text in
      guard let amount = parse(text) else {
        throw Failure(usage: "--\(name): expected \(expected), found \(text)")
      }
      return amount
    }
  }
}
