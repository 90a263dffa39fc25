/// A session as text: what opened the view, then the actions of a person, a line each, behind their
/// time in seconds.
///
/// ```
/// dropscope script 1
/// open seven --model edges --kind element --rate 0.5 --seed 7
/// size 80 24
/// theme viridis unicode truecolor
/// 0.000 rate-up
/// 1.250 cursor 12 7
/// ```
///
/// Lines of one time were done together, before the next frame: one undo takes all of them back.
/// Blank lines and lines that begin with `#` say nothing. Where `open` has no `--model-dropout` the
/// model's own dropout acts, as it did when scripts could not say: what was recorded stays what it was.
public struct Script: Equatable, Sendable {
  /// What opened the view.
  public var header: ScriptHeader
  /// What was done, in the order of time.
  public var steps: [Step]
  /// The last line, from 1, where it has no end: a recording that was cut. It is not in `steps`.
  public var cutLine: Int?

  /// An action and its time.
  public struct Step: Equatable, Sendable {
    /// Milliseconds since the start.
    public var milliseconds: Int
    /// What was done.
    public var action: Action

    /// An action and its time.
    public init(milliseconds: Int, action: Action) {
      (self.milliseconds, self.action) = (milliseconds, action)
    }
  }

  /// Actions done together.
  public struct Moment: Equatable, Sendable {
    /// Milliseconds since the start.
    public var milliseconds: Int
    /// What was done.
    public var actions: [Action]
  }

  /// A script from its parts.
  public init(_ header: ScriptHeader, steps: [Step] = []) {
    (self.header, self.steps) = (header, steps)
  }

  /// The steps by their times, as far as the first `limit` of them; all where nil.
  public func moments(until limit: Int? = nil) -> [Moment] {
    var moments: [Moment] = []
    for step in steps.prefix(limit ?? steps.count) {
      if moments.last?.milliseconds == step.milliseconds {
        moments[moments.count - 1].actions.append(step.action)
      } else {
        moments.append(Moment(milliseconds: step.milliseconds, actions: [step.action]))
      }
    }
    return moments
  }
}
