public import TensorCore

/// Every rule there is: the one list that the command line, the lens and the tests read.
public enum RuleRegistry {
  /// All rules, in the order in which they are listed.
  public static let all: [any FrameworkRule] = [
    TorchRule(), KerasRule(), TorchvisionRule(), TimmRule(), ConvnetjsRule(), SpreadsheetRule(),
    PaperRule(),
  ]

  /// The names of all rules.
  public static let names = all.map(\.name)

  /// The rule called `name`.
  /// - Throws: `TensorError` that lists the rules where there is none of that name.
  public static func make(_ name: String) throws(TensorError) -> any FrameworkRule {
    guard let rule = all.first(where: { $0.name == name }) else {
      throw TensorError("rule", expected: names.joined(separator: ", "), found: name)
    }
    return rule
  }
}
