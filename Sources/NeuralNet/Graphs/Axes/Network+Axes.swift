import Synchronization
public import TensorCore

extension Network {
  /// The names of the axes of all values but constants, under a signature's shapes; see
  /// `AxisInference`. O(nodes and their inputs).
  public func axes(_ signature: Signature) -> ValueTable<[Axis]> {
    AxisInference(self, signature).names
  }

  /// The names of the axes of all values but constants whose shapes can be told, by value. Worked out
  /// when they are first asked for.
  public var axes: ValueTable<[Axis]> { inference.names }

  /// Who takes an axis for something else than it is called.
  public var axisConflicts: [AxisInference.Conflict] { inference.conflicts }

  /// A value's shape with the names of its axes; the names are unknown for constants, for values whose
  /// shape cannot be told without a run, and where the rank is another.
  public func layout(of value: String, shape: Shape) -> Layout {
    if let axes = axes[value], axes.count == shape.rank { return Layout(shape, axes) }
    // What the user says holds where no shape rule comes to the value, too.
    if let axes = graph.axisNames[value], axes.count == shape.rank { return Layout(shape, axes) }
    guard let (_, inner) = graph.inner(value) else {
      return Layout(shape, shape.dims.map { _ in .unknown })
    }
    // Only a run tells how many turns there are, so no inference saw it.
    return Layout(shape, InnerValue.usualAxes(rank: shape.rank, turns: inner.turns))
  }

  /// What the axes of a value of floats may be: as `layout(of:shape:)` has them, then in the orders people
  /// have that agree with the names that are no guesses. One where nothing is a guess.
  public func axisReadings(of value: String, shape: Shape) -> [[Axis]] {
    let own = layout(of: value, shape: shape).axes
    let known = own.map { $0.isGuess || $0.name == .unknown ? nil : $0.name }
    guard known.contains(nil) else { return [own] }
    let others = AxisHabit.orders(for: known, isFloat: true).filter { $0 != own.map(\.name) }
    return [own] + others.map { names in names.map { Axis($0) } }
  }

  private var inference: AxisInference {
    axisMemory.inference { AxisInference(self, tellingSignature) }
  }

  /// The shapes with sizes for those the inputs leave open that do not make axes ambiguous: several
  /// samples, and else sizes that are not equal, where the network takes such; the sizes that leave the
  /// fewest values unknown.
  private var tellingSignature: Signature {
    let wide = [224, 192, 160, 128, 96]
    let choices: [(samples: Int, others: [Int])] = [
      (3, wide), (3, [224]), (1, wide), (1, [224]), (1, [32]), (1, [1]),
    ]
    var (best, tried): (Signature?, Set<[String: Shape]>) = (nil, [])
    for choice in choices {
      let shapes = shapes(samples: choice.samples, others: choice.others)
      guard tried.insert(shapes).inserted else { continue }
      let signature = signature(inputs: shapes)
      if signature.errors.isEmpty { return signature }
      if best.map({ signature.errors.count < $0.errors.count }) ?? true { best = signature }
    }
    return best ?? signature()
  }

  /// A shape for each input. Sizes of one name are equal, and so are those at the same place where they
  /// have none.
  private func shapes(samples: Int, others: [Int]) -> [String: Shape] {
    var (named, next): ([String: Int], Int) = ([:], 0)
    func size(_ name: String?, _ axis: Int) -> Int {
      let key = name ?? "\(axis)"
      if let known = named[key] { return known }
      let size: Int
      if axis == 0 {
        size = samples
      } else {
        size = others[next % others.count]
        next += 1
      }
      named[key] = size
      return size
    }
    return graph.inputs.reduce(into: [:]) { shapes, input in
      let dims = input.dims.indices.map { axis in
        input.dims[axis] ?? size(input.dimNames[axis], axis)
      }
      // A size beyond all bounds is left to the signature to note.
      shapes[input.name] = try? Shape(checking: dims, in: input.name)
    }
  }
}

/// The names of axes once they were asked for.
final class AxisMemory: Sendable {
  private let made = Mutex<AxisInference?>(nil)

  /// What is remembered, or what `make` gives.
  func inference(_ make: () -> AxisInference) -> AxisInference {
    made.withLock { made in
      if let made { return made }
      let new = make()
      made = new
      return new
    }
  }
}
