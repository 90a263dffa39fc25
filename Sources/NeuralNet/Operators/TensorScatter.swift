import Masks
public import TensorCore

/// A cache with an update written into it along `axis`, for each sample from the place on that input 2 says
/// (else 0); beyond the end it goes on at the start where `mode` is `circular`. Any element type.
public struct TensorScatter: Operator {
  public static let opType = "TensorScatter"
  public static let schema = OperatorSchema(
    since: 24,
    attributes: [
      .int("axis", since: 24), .string("mode", since: 24, of: ["linear", "circular"]),
    ],
    inputs: [.init(.all), .init(.all), .init([24: .int64], optionalSince: 24)])
  private let axis: Int
  private let isCircular: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    axis = try node.int("axis", default: -2)
    let word = try node.string("mode", default: "linear")
    guard ["linear", "circular"].contains(word) else {
      throw TensorError("TensorScatter mode", expected: "linear or circular", found: word)
    }
    isCircular = word == "circular"
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (x, update) = (try inputs.required(0), try inputs.required(1))
    guard x.shape.rank > 1, x.type.computed != nil else {
      throw TensorError(
        "TensorScatter", expected: "numbers of two dimensions or more",
        found: "\(x.type) \(x.shape)")
    }
    let own = try x.shape.axis(axis, in: "TensorScatter")
    var dims = x.shape.dims
    if update.shape.rank > own { dims[own] = update.shape[own] }
    guard own > 0, update.type == x.type, update.shape.dims == dims, dims[own] <= x.shape[own]
    else {
      throw TensorError(
        "TensorScatter", expected: "an update that fits \(x.type) \(x.shape) along another axis",
        found: "\(update.type) \(update.shape)")
    }
    if inputs.optional(2) != nil, try inputs.whole(2).dims != [x.shape[0]] {
      throw TensorError(
        "TensorScatter", expected: "a place for each sample", found: "\(try inputs.whole(2))")
    }
    return [ValueInfo(x.shape, type: x.type)]
  }

  /// All axes stay; those of the update are the same, but for the one along which it is written somewhere.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let shape = outputs[0].shape
    let own = axis < 0 ? axis + shape.rank : axis
    return AxisRule(
      outputs: [
        shape.dims.indices.map { .axes([.init(0, $0)] + ($0 == own ? [] : [.init(1, $0)])) }
      ])
  }

  /// Where in the cache each number of the update goes.
  private func offsets(_ inputs: Inputs<Value>) throws(TensorError) -> [Int] {
    let (x, update) = (try inputs.required(0).shape, try inputs.required(1).shape)
    let own = try x.axis(axis, in: "TensorScatter")
    let starts = inputs.optional(2) == nil ? nil : try inputs.integers(2)
    let (from, to) = (update.strides, x.strides)
    return try (0..<update.count).map { index throws(TensorError) in
      var offset = 0
      for axis in 0..<x.rank {
        var place = index / from[axis] % update[axis]
        if axis == own {
          let start = Int(starts?[index / from[0]] ?? 0)
          place = start.addingReportingOverflow(place).partialValue
          if isCircular { place = (place % x[own] + x[own]) % x[own] }
          guard (0..<x[own]).contains(place) else {
            throw TensorError(
              "TensorScatter", expected: "places from 0 to \(x[own] - 1)", found: "\(place)")
          }
        }
        offset += place * to[axis]
      }
      return offset
    }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    let offsets = try offsets(inputs)
    func written<E>(_ x: NDArray<E>, _ update: NDArray<E>) -> NDArray<E> {
      var y = x
      for (index, offset) in offsets.enumerated() { y[offset] = update[index] }
      return y
    }
    switch (try inputs.required(0), try inputs.required(1)) {
    case (.float32(let x), .float32(let update)): return [.float32(written(x, update))]
    case (.int64(let x), .int64(let update)): return [.int64(written(x, update))]
    case (.bool(let x), .bool(let update)): return [.bool(written(x, update))]
    default: throw TensorError("TensorScatter", expected: "numbers", found: "another type")
    }
  }

  /// An offset for each number of the update.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    inputs.optional(1)?.shape.bytes(of: MemoryLayout<Int>.stride) ?? 0
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(1) else { return pass.none }
    var all = pass.none
    let offsets = try offsets(pass.inputs)
    let shape = try pass.inputs.tensor(1).shape
    let wanted = (pass.wants(0), pass.wants(1))
    var g = try pass.takeGradient()
    if wanted.1 { all[1] = Tensor(shape, offsets.map { g[$0] }) }
    for offset in offsets { g[offset] = 0 }
    if wanted.0 { all[0] = g }
    return all
  }
}
