public import TensorCore

/// What a library, a spreadsheet or the papers do under a name that dropscope uses too: the same
/// field by their arithmetic, faults included.
public protocol FrameworkRule: Sendable {
  /// The word on the command line.
  var name: String { get }
  /// Whose rule it is, with the version it was read from or run with.
  var source: String { get }
  /// The kinds there is a layer for, by dropscope's names.
  var kinds: [String] { get }

  /// The kind whose masks the rule draws where it is asked for one of `kinds`: its units, band,
  /// thresholds and words are the rule's own. Where the two do not differ it is the kind itself.
  /// - Throws: `TensorError` where there is no such layer.
  func drawnKind(
    for kind: any DropoutKind, of layout: Layout
  ) throws(TensorError) -> any DropoutKind

  /// What becomes of an activation.
  /// - Throws: `TensorError` where there is no such layer, or where it refuses.
  func apply(_ request: RuleRequest) throws(TensorError) -> RuleResult

  /// What makes up for the dropped, for one of `kinds`.
  func scaling(kind: String) -> Scaling

  /// What evaluation does, in a few words, for one of `kinds`.
  func evaluation(kind: String) -> String

  /// What happens at p = 0, at p = 1 and beyond, for one of `kinds`; for block with 7×7 on 26×26.
  func edges(kind: String) -> [RuleEdge]
}

/// A question to a rule: an activation, a kind with its settings, a field and a rate that may be out
/// of bounds.
public struct RuleRequest: Sendable {
  /// The activation, in the shape of `layout`.
  public var x: Tensor
  /// How it is laid out.
  public var layout: Layout
  /// The kind, with settings such as the size of a block.
  public var kind: any DropoutKind
  /// The field, with the units of the kind that the rule draws.
  public var field: Field
  /// The rate; 1.5 is a question too.
  public var rate: Double
  /// Training or evaluation.
  public var mode: Mode

  /// A question about an activation with the elements of `layout`.
  /// - Throws: `TensorError` where the field has neither one unit nor the activation's own along an
  ///   axis.
  public init(
    x: Tensor, layout: Layout, kind: any DropoutKind, field: Field, rate: Double,
    mode: Mode = .train
  ) throws(TensorError) {
    let (units, cells) = (field.units.shape.dims, layout.shape.dims)
    let fits = units.count == cells.count && zip(units, cells).allSatisfy { $0 == $1 || $0 == 1 }
    guard fits else {
      throw TensorError("rule", expected: "a field for \(layout)", found: "\(field.units)")
    }
    (self.x, self.layout, self.kind) = (x, layout, kind)
    (self.field, self.rate, self.mode) = (field, rate, mode)
  }

  /// The same, with the field that a stream gives for the rule's own units.
  /// - Throws: `TensorError` where the rule has no such layer.
  public init(
    to rule: any FrameworkRule, x: Tensor, layout: Layout, kind: any DropoutKind,
    stream: RandomStream, rate: Double, mode: Mode = .train
  ) throws(TensorError) {
    let drawn = try rule.drawnKind(for: kind, of: layout)
    try self.init(
      x: x, layout: layout, kind: kind,
      field: Field(units: try drawn.units(of: layout), stream: stream), rate: rate, mode: mode)
  }
}

/// A rule's answer.
public struct RuleResult: Sendable {
  /// What became of the activation, in its shape.
  public var output: Tensor
  /// The sizes of the mask that is drawn: 1 along the axes that share.
  public var maskShape: Layout
  /// Which cells were kept; all of them at evaluation.
  public var mask: Mask
  /// The factor on kept values, each sample's or, where there is one entry, everyone's.
  public var scale: [Float]
}

/// How a case ends.
public enum RuleVerdict: String, Sendable {
  /// The input comes back.
  case identity
  /// A fair answer for the rate: what the layer does at any other rate.
  case fair
  /// Zeros everywhere.
  case zero
  /// NaN somewhere.
  case nan = "NaN"
  /// An error that names the trouble.
  case error
  /// The program stops.
  case trap
  /// Numbers that mean something else, and no word about it.
  case silentlyWrong = "silently wrong"
}

/// What happens at one rate, in training and at evaluation.
public struct RuleEdge: Equatable, Sendable {
  /// The rate.
  public var p: Double
  /// Training, on finite values.
  public var train: RuleVerdict
  /// Training, on values that are infinite.
  public var infinite: RuleVerdict
  /// Evaluation, on finite values.
  public var eval: RuleVerdict
  /// The same in words.
  public var what: String

  init(
    _ p: Double, _ train: RuleVerdict, infinite: RuleVerdict? = nil,
    eval: RuleVerdict = .identity, _ what: String
  ) {
    (self.p, self.train, self.infinite) = (p, train, infinite ?? train)
    (self.eval, self.what) = (eval, what)
  }
}

extension FrameworkRule {
  /// Most libraries draw as dropscope does.
  public func drawnKind(
    for kind: any DropoutKind, of layout: Layout
  ) throws(TensorError) -> any DropoutKind {
    try expectKind(kind)
    return kind
  }

  /// Most libraries rescale in training.
  public func scaling(kind: String) -> Scaling { .inverted }

  /// Most libraries change nothing at evaluation.
  public func evaluation(kind: String) -> String { "identity" }
}
