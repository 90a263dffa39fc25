public import Masks
public import TensorCore

/// A dropout put on an edge of a graph: everything that reads the value reads it after the dropout.
public struct Placement: Sendable {
  /// The name of the value it acts on: a node's output or the graph's input.
  public var site: String
  /// What it does.
  public var dropout: Dropout
  /// Where its numbers come from.
  public var stream: RandomStream
  /// What stands at the site instead of what `dropout` makes of it, with the mask that did it: another
  /// library's answer; nil for our own.
  public var answer: (output: Tensor, mask: Mask)?

  /// How it acts inside a node; nil for one that acts on an edge of the graph itself.
  var inside: Inside?

  /// What a dropout inside a node takes from what is seen around the node.
  struct Inside: Equatable, Sendable {
    /// How many of the first axes of what is seen are turns.
    var turns: Int
    /// The names of those axes; nil where only a run tells how many there are.
    var axes: [Axis]?
  }

  /// A dropout at a site; the stream's site number is made from the site's name.
  public init(site: String, dropout: Dropout, seed: UInt64, step: UInt32 = 0) {
    (self.site, self.dropout) = (site, dropout)
    stream = RandomStream(seed: seed, site: RandomStream.site(named: site), step: step)
  }
}
