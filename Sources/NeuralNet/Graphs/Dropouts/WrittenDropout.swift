public import Masks

/// Dropout of the model's own, however its file writes it: a Dropout node; a Dropout node that makes
/// noise of ones, which a Mul puts on a value; or random operators that drop.
public struct WrittenDropout: Equatable, Sendable {
  /// How it is written.
  public enum Form: Equatable, Sendable {
    /// A Dropout node on the value itself.
    case node
    /// A Dropout node on ones of a smaller shape, multiplied with the value.
    case noise
    /// Random numbers that are compared with a rate.
    case random
  }

  /// When it acts, by what the file says.
  public enum Activity: Equatable, Sendable {
    /// In training alone: the file leaves it open.
    case training
    /// Always: also at inference.
    case always
    /// Never: not in training either.
    case never
    /// Where the value of this name is true.
    case given(String)
  }

  /// How it is written.
  public var form: Form
  /// The name of its Dropout node or, for random operators, of the node that makes the result.
  public var node: String
  /// That node's index in the graph.
  public var index: Int
  /// What that node reads: the value it drops from, or ones that it makes noise of.
  public var input: String
  /// What that node makes.
  public var output: String
  /// The nodes that together are this dropout, those included that make noise for it alone.
  public var parts: Set<Int>
  /// The value that is dropped from: `input`, or what the noise is for.
  public var site: String
  /// The value its readers see: `output`, or what the noise makes of `site`.
  public var result: String
  /// The probability of dropping; nil where only a run can tell.
  public var rate: Rate?
  /// The axes of `site` along which cells share a unit, in its order; nil where each element is dropped
  /// by itself.
  public var sharedAxes: [Bool]?
  /// What makes up for the dropped: kept values × 1/(1−p), or nothing.
  public var scale: Scaling
  /// When it acts.
  public var activity: Activity
  /// The value that holds the rate where the file gives none.
  public var rateInput: String?
}
