public import Masks
public import TensorCore

/// The values of a run by name, and the masks that were used.
public struct Activations: Sendable {
  /// What was there before the run and still holds: constants, inputs, and what a rerun kept.
  private let kept: [String: Value]
  /// What the run made and was asked for.
  private var made: [String: Value] = [:]
  /// The mask at each site.
  public internal(set) var masks: [String: Mask] = [:]
  /// The nodes this run computed, in the graph's order; the others were kept from the run it started
  /// from.
  public internal(set) var computed: [Int]

  init(keeping kept: [String: Value], computed: [Int] = []) {
    (self.kept, self.computed) = (kept, computed)
  }

  /// The value called `name`; at a site, as its readers see it: after the dropout. Nil where the run
  /// has none.
  public subscript(name: String) -> Value? {
    get { made[name] ?? kept[name] }
    set { made[name] = newValue }
  }

  /// The activation called `name` as float32, nil where there is none or it holds no floats.
  public func tensor(_ name: String) -> Tensor? { self[name]?.tensor }

  /// Every value by name.
  public var values: [String: Value] { kept.merging(made) { _, made in made } }

  /// The same run without the values of some names: one that starts from it computes them again, and
  /// all below them.
  public func without(_ names: Set<String>) -> Activations {
    Activations(keeping: values(without: names), computed: computed)
  }

  /// What a run that starts from this one may keep: every value but those of some names.
  func values(without changed: Set<String>) -> [String: Value] {
    values.filter { !changed.contains($0.key) }
  }
}
