import Masks
public import TensorCore

/// The different elements of x, or its different slices along `axis`, in ascending order or that of their
/// first appearance; where each stands first, which of them each of x is, and how often each is there. How
/// many there are only a run can tell.
public struct Unique: AxisFreeOperator {
  public static let opType = "Unique"
  public static let schema = OperatorSchema(
    since: 11, attributes: [.int("axis", since: 11), .flag("sorted", since: 11)],
    inputs: [.init(.firstTypes)], outputs: [11: 4])
  private let axis: Int?
  private let isSorted: Bool
  private let wanted: Int

  public init(_ node: NodeReader) throws(TensorError) {
    axis = node.has("axis") ? try node.int("axis", default: 0) : nil
    isSorted = try node.int("sorted", default: 1) != 0
    wanted = max(1, node.node.outputs.count)
  }

  private struct Found {
    /// The first place of each, which one each place is, and how many of each there are.
    var firsts, inverse, counts: [Int]
    /// The offsets in x of each slice's elements, slice by slice.
    var elements: [[Int]]
    var shape: Shape
  }

  private func find(_ x: Value) throws(TensorError) -> Found {
    let shape = x.shape
    let own = try axis.map { axis throws(TensorError) in try shape.axis(axis, in: "Unique") }
    guard shape.count > 0 || own == nil else {
      throw TensorError("Unique", expected: "slices that have elements", found: "\(shape)")
    }
    let slices: [[Int]]
    if let own {
      let inner = shape.dims[(own + 1)...].reduce(1, *)
      let outer = shape.dims[..<own].reduce(1, *)
      slices = (0..<shape[own]).map { place in
        (0..<outer).flatMap { row in
          (0..<inner).map { (row * shape[own] + place) * inner + $0 }
        }
      }
    } else {
      slices = (0..<shape.count).map { [$0] }
    }
    let isBefore: (Int, Int) -> Bool
    switch x.computed {
    case .float32(let x): isBefore = { x[$0] < x[$1] || (x[$1].isNaN && !x[$0].isNaN) }
    case .int64(let x): isBefore = { x[$0] < x[$1] }
    case .bool(let x): isBefore = { !x[$0] && x[$1] }
    default: throw TensorError("Unique", expected: "numbers", found: "\(x.type)")
    }
    func compare(_ a: Int, _ b: Int) -> Int {
      for (i, j) in zip(slices[a], slices[b]) {
        if isBefore(i, j) { return -1 }
        if isBefore(j, i) { return 1 }
      }
      return 0
    }
    // Equals in the order of their places, so that the first of each stands first.
    let order = slices.indices.sorted { a, b in
      let side = compare(a, b)
      return side == 0 ? a < b : side < 0
    }
    var groups: [[Int]] = []
    for place in order {
      if let first = groups.last?.first, compare(first, place) == 0 {
        groups[groups.count - 1].append(place)
      } else {
        groups.append([place])
      }
    }
    if !isSorted { groups.sort { $0[0] < $1[0] } }
    var inverse = [Int](repeating: 0, count: slices.count)
    for (index, group) in groups.enumerated() { for place in group { inverse[place] = index } }
    var dims = own == nil ? [groups.count] : shape.dims
    if let own { dims[own] = groups.count }
    return Found(
      firsts: groups.map { $0[0] }, inverse: inverse, counts: groups.map(\.count),
      elements: slices, shape: Shape(dims))
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.required(0)
    guard let constant = x.constant else {
      throw TensorError(
        "Unique", expected: "input 0 to be a constant", found: "a value only a run can tell")
    }
    let found = try find(constant)
    let all =
      [ValueInfo(found.shape, type: x.type)]
      + [found.firsts, found.inverse, found.counts].map { ValueInfo([$0.count], type: .int64) }
    return Array(all.prefix(wanted))
  }

  public static let typedOutputs = 1

  /// Where each element of the result stands in x.
  private func offsets(_ found: Found, _ x: Shape) throws(TensorError) -> [Int] {
    guard let axis else { return found.firsts }
    let own = try x.axis(axis, in: "Unique")
    let inner = x.dims[(own + 1)...].reduce(1, *)
    return (0..<found.shape.count).map { index in
      let row = index / (inner * found.firsts.count)
      let slice = found.elements[found.firsts[index / inner % found.firsts.count]]
      return slice[row * inner + index % inner]
    }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let x = try inputs.required(0)
    let found = try find(x)
    let lists = [found.firsts, found.inverse, found.counts].map { list in
      Value.int64(NDArray([list.count], list.map { Int64($0) }))
    }
    let all = [x.taken(try offsets(found, x.shape), as: found.shape)] + lists
    return Array(all.prefix(wanted))
  }

  /// Offsets and places of each element, and all four results.
  public func price(_ inputs: Inputs<Value>) -> Price {
    Price(bytes: (inputs.optional(0)?.shape ?? []).bytes(of: 16 * MemoryLayout<Int>.stride))
  }

  /// Each element is the first of its equals.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let x = try pass.inputs.tensor(0)
    let offsets = try offsets(try find(.float32(x)), x.shape)
    let g = try pass.takeGradient()
    var gradient = Tensor(x.shape, repeating: 0)
    for (index, offset) in offsets.enumerated() { gradient[offset] += g[index] }
    return pass.only(gradient)
  }
}
