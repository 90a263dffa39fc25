import TensorCore

extension AxisRule {
  /// Where the axes of an array come from that has the elements of another in the same order.
  ///
  /// Axes are the same where as many elements lie before them and they have the same size. Between two
  /// such places several that become one are merged; one that becomes several is cut, and nobody can
  /// say what the parts are. Sizes of 1 leave a choice: those that stand between the same neighbours
  /// are the same from the first on, and one too many belongs to the axes that are merged behind it,
  /// or to those the open size takes. So the samples of `[1,1,28,28]` stay in `[1,784]`, and the one
  /// channel is among what is merged.
  /// - Parameter open: the axis of `new` whose size was left open, as −1 does
  static func reshaping(_ old: Shape, to new: Shape, open: Int? = nil) -> [Origin] {
    guard old.count == new.count, new.count > 0 else { return reshapingNothing(old, to: new) }
    var origins = [Origin](repeating: .unknown, count: new.rank)
    var (i, j) = (0, 0)
    // Sizes of 1 before a group, and after the last one.
    var lone = Ones(old, new, &i, &j)
    var previous: Group?
    while i < old.rank, j < new.rank {
      var group = Group(old: [i], new: [j])
      var (a, b) = (old[i], new[j])
      (i, j) = (i + 1, j + 1)
      while a != b {
        if a < b {
          group.old.append(i)
          a *= old[i]
          i += 1
        } else {
          group.new.append(j)
          b *= new[j]
          j += 1
        }
      }
      var rest = lone.matched(&origins)
      let isMerging = group.new.count == 1 && group.old.filter { old[$0] > 1 }.count > 1
      let takesOpen = group.new.count == 1 && group.new[0] == open
      let gap = lone.new.contains { $0 == open } ? open : nil
      if isMerging || (gap == nil && takesOpen) {
        group.old = rest + group.old
        rest = []
      }
      lone.settle(rest, open: open, previous: previous, &origins)
      if group.new.count == 1 { origins[group.new[0]] = merging(group.old) }
      previous = group
      lone = Ones(old, new, &i, &j)
    }
    lone.settle(lone.matched(&origins), open: open, previous: previous, &origins)
    return origins
  }

  /// Without elements only axes at the front and at the back can be told.
  private static func reshapingNothing(_ old: Shape, to new: Shape) -> [Origin] {
    let front = zip(old.dims, new.dims).prefix { $0 == $1 }.count
    let back = zip(old.dims.dropFirst(front).reversed(), new.dims.dropFirst(front).reversed())
      .prefix { $0 == $1 }.count
    return new.dims.indices.map { axis in
      if axis < front { return .axes([Place(0, axis)]) }
      let fromEnd = new.rank - axis
      return fromEnd <= back ? .axes([Place(0, old.rank - fromEnd)]) : .unknown
    }
  }

  /// Neighbouring axes that have the same elements on both sides.
  private struct Group {
    var old: [Int]
    var new: [Int]
  }

  /// Neighbouring axes of size 1 on both sides.
  private struct Ones {
    var old: [Int] = []
    var new: [Int] = []

    init(_ oldShape: Shape, _ newShape: Shape, _ i: inout Int, _ j: inout Int) {
      while i < oldShape.rank, oldShape[i] == 1 {
        old.append(i)
        i += 1
      }
      while j < newShape.rank, newShape[j] == 1 {
        new.append(j)
        j += 1
      }
    }

    /// Makes those at the same places the same, and gives what is left on the old side.
    func matched(_ origins: inout [Origin]) -> [Int] {
      for (old, new) in zip(old, new) { origins[new] = .axes([Place(0, old)]) }
      return Array(old.dropFirst(new.count))
    }

    /// Gives what is left to the open size among them, or to the axes before that are merged anyway.
    func settle(_ rest: [Int], open: Int?, previous: Group?, _ origins: inout [Origin]) {
      guard !rest.isEmpty else { return }
      let taker: Int
      if let open, new.contains(open) {
        taker = open
      } else if let previous, previous.new.count == 1,
        previous.old.count > 1 || previous.new[0] == open
      {
        taker = previous.new[0]
      } else {
        return
      }
      switch origins[taker] {
      case .axes(let places), .merged(let places):
        origins[taker] = .merged(places + rest.map { Place(0, $0) })
      case .named, .unknown: break
      }
    }
  }
}
