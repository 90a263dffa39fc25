import TensorCore

/// Reads from a graph which axes of noise have one place only, whatever sizes the inputs leave open.
struct NoiseShapes {
  /// A size of a shape.
  private enum Size: Equatable {
    case fixed(Int)
    /// As large as some input's.
    case open
  }

  private let graph: Graph
  /// Values whose sizes do not depend on open ones.
  private let known: ValueTable<ValueInfo>
  /// The ranks of values, with sizes that may be made up.
  private let ranks: ValueTable<ValueInfo>
  /// How many steps may still be gone: a file can make a shape of itself over and over.
  private var steps = 0

  init(_ graph: Graph, known: ValueTable<ValueInfo>, ranks: ValueTable<ValueInfo>) {
    (self.graph, self.known, self.ranks) = (graph, known, ranks)
  }

  /// The axes of a value along which noise that is put on it has one place; nil where it has none such.
  mutating func sharedAxes(_ noise: DropoutPattern.Noise, at site: String) -> [Bool]? {
    steps = NoiseShapes.mostSteps
    let sizes: [Size]
    switch noise {
    case .sizes(let list): sizes = list.map(Size.fixed)
    case .like(let value):
      guard value != site, let found = shape(of: value) else { return nil }
      sizes = found
    }
    let own = known[site]?.shape.dims
    let rank = max(own?.count ?? ranks[site]?.shape.rank ?? 0, sizes.count)
    let all = [Size](repeating: .fixed(1), count: rank - sizes.count) + sizes
    let axes = all.enumerated().map { axis, size in
      size == .fixed(1) && own.map { $0.count == rank && $0[axis] == 1 } != true
    }
    return axes.contains(true) ? axes : nil
  }

  /// The sizes of a value; nil where not even their number is known.
  private mutating func shape(of value: String) -> [Size]? {
    steps -= 1
    guard steps > 0 else { return nil }
    if let shape = known[value]?.shape { return shape.dims.map(Size.fixed) }
    if let maker = graph.producer(of: value), maker.isOfONNX {
      switch maker.opType {
      case "ConstantOfShape":
        return list(maker.inputs.first ?? "")
      case "Expand" where maker.inputs.count > 1: return list(maker.inputs[1])
      case "Cast", "CastLike", "Identity", "RandomUniformLike", "Bernoulli":
        return shape(of: maker.inputs.first ?? "")
      default: break
      }
    }
    return ranks[value].map { $0.shape.dims.map { _ in Size.open } }
  }

  private static let mostSteps = 1000

  /// The sizes that a list of whole numbers stands for.
  private mutating func list(_ value: String) -> [Size]? {
    steps -= 1
    guard steps > 0 else { return nil }
    if let numbers = integers(value) { return numbers.map(Size.fixed) }
    guard let maker = graph.producer(of: value), maker.isOfONNX else { return nil }
    func input(_ index: Int) -> String {
      maker.inputs.indices.contains(index) ? maker.inputs[index] : ""
    }
    switch maker.opType {
    case "Cast", "CastLike", "Identity", "Unsqueeze", "Squeeze", "Reshape": return list(input(0))
    case "Shape":
      let reader = NodeReader(maker, opset: graph.opset)
      let start = (try? reader.int("start", default: 0)) ?? 0
      let end = maker.attributes["end"].flatMap { if case .int(let end) = $0 { end } else { nil } }
      return part(shape(of: input(0)), start, end)
    case "Concat":
      var all: [Size] = []
      for name in maker.inputs {
        guard let more = list(name) else { return nil }
        all += more
      }
      return all
    case "Gather":
      guard let places = integers(input(1)) else { return nil }
      guard let all = list(input(0)) else { return places.map { _ in .open } }
      return places.map { place in
        let place = place < 0 ? place + all.count : place
        return all.indices.contains(place) ? all[place] : .open
      }
    case "Slice":
      func bound(_ index: Int, _ name: String) -> Int? {
        if let numbers = integers(input(index)) { return numbers.first }
        if case .ints(let numbers)? = maker.attributes[name] { return numbers.first }
        return nil
      }
      guard let start = bound(1, "starts"), let end = bound(2, "ends") else { return nil }
      return part(list(input(0)), start, end)
    case "Where":
      guard case .bool(let isFirst)? = constant(input(0)) else { return nil }
      let (first, second) = (list(input(1)), list(input(2)))
      return isFirst.elements.enumerated().map { place, isFirst in
        guard let sizes = isFirst ? first : second else { return .open }
        return sizes.count == 1 ? sizes[0] : place < sizes.count ? sizes[place] : .open
      }
    default: return nil
    }
  }

  /// A part of a list, which may be one of unknown length.
  private func part(_ all: [Size]?, _ start: Int, _ end: Int?) -> [Size]? {
    guard let all else {
      guard let end, start >= 0, end > start, end - start < 16 else { return nil }
      return [Size](repeating: .open, count: end - start)
    }
    func place(_ index: Int) -> Int {
      min(all.count, max(0, index < 0 ? index + all.count : index))
    }
    let (first, last) = (place(start), place(end ?? all.count))
    return first < last ? Array(all[first..<last]) : []
  }

  private func constant(_ name: String) -> Value? {
    (graph.constants[name] ?? known[name]?.constant)?.computed
  }

  private func integers(_ name: String) -> [Int]? {
    guard case .int64(let numbers)? = constant(name) else { return nil }
    return numbers.elements.map { Int(truncatingIfNeeded: $0) }
  }
}
