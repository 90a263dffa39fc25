/// An attribute that an operator has in some versions of its operator set.
public struct AttributeRule: Sendable {
  /// What an attribute holds.
  public enum Kind: String, Sendable {
    /// ONNX's AttributeProto.AttributeType, in small letters.
    case int, float, string, tensor, ints, floats, strings
    case sparseTensor = "sparse_tensor"
    case graph
    case typeProto = "type_proto"
  }

  /// What of its kind makes sense.
  public enum Allowed: Sendable {
    /// Everything, or what only the inputs' shapes tell.
    case any
    /// Whole numbers, each of a list.
    case integers(ClosedRange<Int>)
    /// Numbers.
    case numbers(ClosedRange<Float>)
    /// One of these words.
    case words([String])
  }

  /// The attribute's name.
  public let name: String
  /// What it holds.
  public let kind: Kind
  /// The operator sets that have it.
  public let versions: ClosedRange<Int>
  /// Whether it must be there.
  public let isRequired: Bool
  /// What of its kind makes sense.
  public let allowed: Allowed

  /// A whole number.
  public static func int(
    _ name: String, since: Int = 1, until: Int = .max, required: Bool = false,
    in range: ClosedRange<Int> = .min ... .max
  ) -> AttributeRule {
    AttributeRule(
      name: name, kind: .int, versions: since...until, isRequired: required,
      allowed: .integers(range))
  }

  /// 0 or 1.
  public static func flag(_ name: String, since: Int = 1, until: Int = .max) -> AttributeRule {
    int(name, since: since, until: until, in: 0...1)
  }

  /// Whole numbers.
  public static func ints(
    _ name: String, since: Int = 1, until: Int = .max, required: Bool = false,
    in range: ClosedRange<Int> = .min ... .max
  ) -> AttributeRule {
    AttributeRule(
      name: name, kind: .ints, versions: since...until, isRequired: required,
      allowed: .integers(range))
  }

  /// A number.
  public static func float(
    _ name: String, since: Int = 1, until: Int = .max, required: Bool = false,
    in range: ClosedRange<Float>? = nil
  ) -> AttributeRule {
    AttributeRule(
      name: name, kind: .float, versions: since...until, isRequired: required,
      allowed: range.map { .numbers($0) } ?? .any)
  }

  /// A word, of those given where there are any.
  public static func string(
    _ name: String, since: Int = 1, until: Int = .max, required: Bool = false,
    of words: [String] = []
  ) -> AttributeRule {
    AttributeRule(
      name: name, kind: .string, versions: since...until, isRequired: required,
      allowed: words.isEmpty ? .any : .words(words))
  }

  /// An attribute of any other kind.
  public static func other(
    _ name: String, _ kind: Kind, since: Int = 1, until: Int = .max, required: Bool = false
  ) -> AttributeRule {
    AttributeRule(
      name: name, kind: kind, versions: since...until, isRequired: required, allowed: .any)
  }
}

extension AttributeRule {
  /// What is wrong with an attribute of this name, as `expected …, found …`; nil where nothing is.
  func complaint(about attribute: Attribute) -> String? {
    let isKind =
      switch (kind, attribute) {
      case (.int, .int), (.float, .float), (.string, .string), (.tensor, .tensor), (.ints, .ints),
        (.floats, .floats), (.strings, .strings), (.graph, .graph):
        true
      // Lists without elements do not say what of; what is not read is known by its name alone.
      case (.ints, .floats(let none)): none.isEmpty
      case (.floats, .ints(let none)): none.isEmpty
      case (.sparseTensor, .unsupported), (.tensor, .unsupported), (.typeProto, .unsupported): true
      default: false
      }
    guard isKind else { return "expected \(kind.rawValue), found \(Self.kind(of: attribute))" }
    switch (allowed, attribute) {
    case (.integers(let range), .int(let value)):
      return range.contains(value) ? nil : "expected \(Self.text(range)), found \(value)"
    case (.integers(let range), .ints(let values)):
      let isIn = values.allSatisfy(range.contains)
      return isIn ? nil : "expected \(Self.text(range)), found \(values)"
    case (.numbers(let range), .float(let value)):
      return range.contains(value) ? nil : "expected \(Self.text(range)), found \(value)"
    case (.words(let words), .string(let word)):
      let isOne = words.contains(word)
      return isOne ? nil : "expected \(words.joined(separator: ", ")), found \(word)"
    default: return nil
    }
  }

  private static func kind(of attribute: Attribute) -> String {
    switch attribute {
    case .int: "int"
    case .float: "float"
    case .string: "string"
    case .ints: "ints"
    case .floats: "floats"
    case .strings: "strings"
    case .tensor: "tensor"
    case .graph: "graph"
    case .unsupported(let name): name
    }
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    range.upperBound == .max
      ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
  }

  private static func text(_ range: ClosedRange<Float>) -> String {
    range.upperBound == .infinity
      ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
  }
}
