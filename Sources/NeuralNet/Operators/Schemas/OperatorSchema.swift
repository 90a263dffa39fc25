/// What ONNX lays down for an operator: in which versions of the operator set it has which attributes,
/// how many inputs of which element types, and how many outputs. `Network.conformance` holds a graph
/// against it; a run does not need it. https://onnx.ai/onnx/operators/
public struct OperatorSchema: Sendable {
  /// The operator set it came with.
  public let since: Int
  /// Its attributes. A name may stand twice, for different versions.
  public let attributes: [AttributeRule]
  /// Its inputs, by position.
  public let inputs: [InputRule]
  /// Whether its last input may be repeated.
  public let repeatsInput: Bool
  /// The most outputs from an operator set on.
  private let mostOutputs: [Int: Int]
  /// The least inputs from an operator set on, where rules of single inputs cannot say it.
  private let leastInputs: [Int: Int]

  /// An input.
  public struct InputRule: Sendable {
    private let types: [Int: ElementTypes]
    private let optional: Range<Int>?

    /// An input of the types that hold from an operator set on; none at all where it is not there.
    /// - Parameter requiredSince: from when on it must be there that before could be left out
    public init(
      _ types: [Int: ElementTypes], optionalSince: Int? = nil, requiredSince: Int = .max
    ) {
      (self.types, optional) = (types, optionalSince.map { $0..<requiredSince })
    }

    /// An input of the same types in every version.
    public init(_ types: ElementTypes) { self.init([1: types]) }

    /// The types it may have; none where there is no such input.
    public func types(opset: Int) -> ElementTypes {
      types.filter { $0.key <= opset }.max { $0.key < $1.key }?.value ?? []
    }

    /// Whether it may be left out.
    public func isOptional(opset: Int) -> Bool { optional?.contains(opset) ?? false }
  }

  /// A schema.
  /// - Parameters:
  ///   - least: the least inputs from an operator set on, where the last may be repeated no time at all
  ///   - outputs: the most outputs from an operator set on
  public init(
    since: Int = 1, attributes: [AttributeRule] = [], inputs: [InputRule],
    repeatsInput: Bool = false, least: [Int: Int] = [:], outputs: [Int: Int] = [1: 1]
  ) {
    (self.since, self.attributes, self.inputs) = (since, attributes, inputs)
    (self.repeatsInput, leastInputs, mostOutputs) = (repeatsInput, least, outputs)
  }

  /// The attributes of a version, by name.
  public func attributes(opset: Int) -> [String: AttributeRule] {
    var own: [String: AttributeRule] = [:]
    for rule in attributes where rule.versions.contains(opset) { own[rule.name] = rule }
    return own
  }

  /// The rule of an input of a version; nil where it has none at that position.
  public func input(_ index: Int, opset: Int) -> InputRule? {
    let rule = index < inputs.count ? inputs[index] : repeatsInput ? inputs.last : nil
    return rule?.types(opset: opset).isEmpty == false ? rule : nil
  }

  /// How many inputs there may be.
  public func inputCounts(opset: Int) -> ClosedRange<Int> {
    let own = inputs.filter { !$0.types(opset: opset).isEmpty }
    let least =
      leastInputs.filter { $0.key <= opset }.max { $0.key < $1.key }?.value
      ?? own.lastIndex { !$0.isOptional(opset: opset) }.map { $0 + 1 } ?? 0
    return least...(repeatsInput ? .max : own.count)
  }

  /// The most outputs there may be.
  public func mostOutputs(opset: Int) -> Int {
    mostOutputs.filter { $0.key <= opset }.max { $0.key < $1.key }?.value ?? 1
  }
}
