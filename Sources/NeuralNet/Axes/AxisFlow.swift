import TensorCore

/// The axes of all values of a graph as one list, with the names they have so far, and which of them
/// are the same or run into one. Names flow from an axis to those that have none yet.
struct AxisFlow {
  /// The name of each axis; nil where nothing is known yet.
  private(set) var names: [Axis.Name?] = []
  /// The axes that each is among, those of its value.
  private var values: [Range<Int>] = []
  private var sizes: [Int] = []
  private(set) var relations: [Relation] = []
  private var sources: [Int] = []
  /// The relations that an axis is part of: those of axis i are `partOf[starts[i]..<starts[i + 1]]`.
  private var (starts, partOf): ([Int], [Int]) = ([], [])

  /// Where the axis of an output comes from.
  struct Relation {
    /// The axis.
    var output: Int
    /// Those it comes from, in `sources`.
    var range: Range<Int>
    /// Whether they run into one; else it is the same axis as each of them.
    var isMerge: Bool
    /// The node.
    var node: Int
  }

  /// Puts a value's axes at the end of the list and says which they are.
  mutating func add(_ shape: Shape) -> Range<Int> {
    let range = names.count..<names.count + shape.rank
    sizes += shape.dims
    for _ in range {
      names.append(nil)
      values.append(range)
    }
    return range
  }

  /// Notes where an axis comes from. Relations are added in the graph's order.
  mutating func relate(_ output: Int, to axes: [Int], isMerge: Bool, node: Int) {
    guard !axes.isEmpty else { return }
    let start = sources.count
    sources += axes
    relations.append(
      Relation(output: output, range: start..<sources.count, isMerge: isMerge, node: node))
  }

  /// The axes that a relation's output comes from.
  func sources(of relation: Relation) -> ArraySlice<Int> { sources[relation.range] }

  /// The size of an axis.
  func size(of axis: Int) -> Int { sizes[axis] }

  /// Names an axis that has no name yet, and says whether it did.
  @discardableResult
  mutating func name(_ axis: Int, _ name: Axis.Name) -> Bool {
    guard names[axis] == nil, name != .unknown else { return false }
    names[axis] = name
    return true
  }

  /// Lets all names flow as far as they go: down the graph first, so that what made a value goes before
  /// what reads it, then up, then wherever both leave something. O(relations).
  mutating func settle() {
    _ = flowDown()
    if flowUp(), flowDown() { spread(from: Array(names.indices.filter { names[$0] != nil })) }
  }

  private mutating func flowDown() -> Bool {
    var changed = false
    for relation in relations where names[relation.output] == nil {
      guard let found = answer(relation) else { continue }
      name(relation.output, carried(found, to: relation.output))
      changed = true
    }
    return changed
  }

  private mutating func flowUp() -> Bool {
    var changed = false
    for relation in relations.reversed() where !relation.isMerge {
      guard let found = names[relation.output] else { continue }
      for axis in sources[relation.range] where names[axis] == nil {
        name(axis, carried(found, to: axis))
        changed = true
      }
    }
    return changed
  }

  /// Lets names flow on from some axes, the nearest first. O(relations that are reached).
  mutating func spread(from axes: [Int]) {
    index()
    var (queue, next) = (axes, 0)
    while next < queue.count {
      let axis = queue[next]
      next += 1
      for relation in partOf[starts[axis]..<starts[axis + 1]].map({ relations[$0] }) {
        if names[relation.output] == nil {
          guard let found = answer(relation) else { continue }
          name(relation.output, carried(found, to: relation.output))
          queue.append(relation.output)
        }
        guard !relation.isMerge, let found = names[relation.output] else { continue }
        for source in sources[relation.range] where names[source] == nil {
          name(source, carried(found, to: source))
          queue.append(source)
        }
      }
    }
  }

  /// Sorts the relations by the axes they are of, once.
  private mutating func index() {
    guard starts.isEmpty else { return }
    starts = [Int](repeating: 0, count: names.count + 1)
    func each(_ visit: (_ axis: Int, _ relation: Int) -> Void) {
      for (number, relation) in relations.enumerated() {
        visit(relation.output, number)
        for axis in sources[relation.range] { visit(axis, number) }
      }
    }
    each { axis, _ in starts[axis + 1] += 1 }
    for axis in names.indices { starts[axis + 1] += starts[axis] }
    partOf = [Int](repeating: 0, count: starts.last ?? 0)
    var next = starts
    each { axis, relation in
      partOf[next[axis]] = relation
      next[axis] += 1
    }
  }

  /// The name of what a relation makes; nil where not enough is known.
  private func answer(_ relation: Relation) -> Axis.Name? {
    let axes = sources[relation.range]
    return relation.isMerge ? merged(axes) : axes.lazy.compactMap { names[$0] }.first
  }

  /// A channel at the end, behind times or tokens and without cells of a map, is one of features: the
  /// patches of an image as a sequence.
  private func carried(_ name: Axis.Name, to axis: Int) -> Axis.Name {
    let value = values[axis]
    guard name == .channel, axis == value.last, value.count > 2 else { return name }
    let others = Set(names[value.dropLast()].compactMap { $0 })
    return others.isDisjoint(with: [.time, .token])
      || !others.isDisjoint(with: [.row, .column, .depth]) ? name : .feature
  }

  /// What axes are called that run into one. A batch stays one whatever is folded into it; what channels
  /// or features are part of are features; cells of maps, times and tokens are tokens. A batch of one
  /// sample says nothing beside channels.
  private func merged(_ axes: ArraySlice<Int>) -> Axis.Name? {
    var rest: [(name: Axis.Name, size: Int)] = []
    for axis in axes {
      if let name = names[axis] {
        rest.append((name, sizes[axis]))
      } else if sizes[axis] != 1 {
        return nil
      }
    }
    let hasChannels = rest.contains { $0.name == .channel || $0.name == .feature }
    if let sample = rest.firstIndex(where: { $0.name == .sample }) {
      if rest[sample].size != 1 || !hasChannels { return .sample }
      rest.remove(at: sample)
    }
    if hasChannels { return rest.count == 1 ? rest[0].name : .feature }
    let places: Set<Axis.Name> = [.row, .column, .depth, .time, .token]
    guard !rest.isEmpty, rest.allSatisfy({ places.contains($0.name) }) else { return nil }
    let wide = rest.filter { $0.size != 1 }
    if wide.count == 1 { return wide[0].name }
    return rest.allSatisfy { $0.name == .time } ? .time : .token
  }
}
