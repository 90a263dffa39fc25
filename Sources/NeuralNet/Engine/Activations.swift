public import Masks
public import TensorCore

/// The values of a run by name, and the masks that were used.
public struct Activations: Sendable {
  /// What was there before the run and still holds: constants, inputs, and what a rerun kept.
  private let kept: Kept
  /// What the run made and was asked for.
  private var made: [String: Value] = [:]
  /// The mask at each site.
  public internal(set) var masks: [String: Mask] = [:]
  /// The nodes this run computed, in the graph's order; the others were kept from the run it started
  /// from.
  public internal(set) var computed: [Int]

  /// Values of a run before, which are shared with it, but for some that do not hold.
  final class Kept: Sendable {
    private let made: [String: Value]
    private let below: Kept?
    private let hidden: Set<String>

    /// Values that are there.
    convenience init(_ values: [String: Value]) { self.init(values, nil, []) }

    fileprivate init(_ made: [String: Value], _ below: Kept?, _ hidden: Set<String>) {
      (self.made, self.below, self.hidden) = (made, below, hidden)
    }

    subscript(name: String) -> Value? {
      hidden.contains(name) ? nil : made[name] ?? below?[name]
    }

    /// All of them by name.
    var values: [String: Value] {
      let all = below.map { $0.values.merging(made) { _, made in made } } ?? made
      return hidden.isEmpty ? all : all.filter { !hidden.contains($0.key) }
    }
  }

  init(keeping kept: Kept, computed: [Int] = []) { (self.kept, self.computed) = (kept, computed) }

  /// The value called `name`; at a site, as its readers see it: after the dropout. Nil where the run
  /// has none.
  public subscript(name: String) -> Value? {
    get { made[name] ?? kept[name] }
    set { made[name] = newValue }
  }

  /// Makes room for so many values.
  mutating func reserve(_ count: Int) { made.reserveCapacity(count) }

  /// The activation called `name` as float32, nil where there is none or it holds no floats.
  public func tensor(_ name: String) -> Tensor? { self[name]?.tensor }

  /// Every value by name.
  public var values: [String: Value] { kept.values.merging(made) { _, made in made } }

  /// The same run without the values of some names: one that starts from it computes them again, and
  /// all below them.
  public func without(_ names: Set<String>) -> Activations {
    Activations(keeping: keeping(without: names), computed: computed)
  }

  /// What a run that starts from this one may keep: every value but those of some names.
  func keeping(without changed: Set<String>) -> Kept { Kept(made, kept, changed) }
}
