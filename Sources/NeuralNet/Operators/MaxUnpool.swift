import Masks
public import TensorCore

/// Numbers put where MaxPool found them, at the flat places in its input that input 1 says, and zeros
/// elsewhere; input 2 makes the result longer than windows alone tell. Zeiler and Fergus 2014
/// (arXiv:1311.2901).
public struct MaxUnpool: Operator {
  public static let opType = "MaxUnpool"
  public static let schema = OperatorSchema(
    since: 9,
    attributes: [
      .ints("kernel_shape", since: 9, required: true), .ints("pads", since: 9),
      .ints("strides", since: 9),
    ],
    inputs: [
      .init([9: .floats, 22: [.floats, .bfloat16]]), .init([.int64]),
      .init([9: .int64], optionalSince: 9),
    ])
  private let (kernel, pads, strides): ([Int], [Int]?, [Int]?)

  public init(_ node: NodeReader) throws(TensorError) {
    kernel = try node.ints("kernel_shape") ?? []
    (pads, strides) = (try node.ints("pads"), try node.ints("strides"))
  }

  /// The shape that MaxPool's input had, and that of the result.
  private func shapes(
    _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> (pooled: Shape, made: Shape) {
    let (x, places) = (try inputs.tensor(0), try inputs.whole(1))
    let rank = kernel.count
    let (pads, strides) = (
      pads ?? [Int](repeating: 0, count: 2 * rank), strides ?? kernel.map { _ in 1 }
    )
    let sizes = kernel + strides + pads
    guard x.rank == rank + 2, places == x, strides.count == rank, pads.count == 2 * rank,
      sizes.allSatisfy({ (0...1 << 28).contains($0) }), rank > 0
    else {
      throw TensorError(
        "MaxUnpool", expected: "[N,C,…] of \(rank) more dimensions and a place for each number",
        found: "\(x) and \(places)")
    }
    var dims = [x[0], x[1]]
    for axis in 0..<rank {
      let size = max(0, x[axis + 2] - 1).saturatingMultiplied(by: strides[axis])
      dims.append(max(0, size.saturatingAdding(kernel[axis]) - pads[axis] - pads[rank + axis]))
    }
    let pooled = try Shape(computed: dims, in: "MaxUnpool")
    guard inputs.optional(2) != nil else { return (pooled, pooled) }
    let given = try inputs.integers(2)
    guard given.count == dims.count, zip(given, dims).allSatisfy({ $0 >= $1 }) else {
      throw TensorError("MaxUnpool", expected: "sizes of \(pooled) or more", found: "\(given)")
    }
    return (pooled, try Shape(computed: given, in: "MaxUnpool"))
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try shapes(inputs).made)]
  }

  /// All axes stay, with more cells.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    .keeping(of: inputs, outputs: outputs)
  }

  /// Where in the result each number goes.
  private func offsets(_ inputs: Inputs<Value>) throws(TensorError) -> [Int] {
    let (pooled, made) = try shapes(inputs.described)
    let places = try inputs.integers(1)
    return try (0..<places.count).map { index throws(TensorError) in
      guard (0..<Int64(pooled.count)).contains(places[index]) else {
        throw TensorError(
          "MaxUnpool", expected: "places from 0 to \(pooled.count - 1)",
          found: "\(places[index])")
      }
      let place = Int(places[index])
      return pooled.dims.indices.reduce(0) {
        $0 + place / pooled.strides[$1] % pooled[$1] * made.strides[$1]
      }
    }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (x, offsets) = (try inputs.tensor(0), try offsets(inputs))
    var y = Tensor(try shapes(inputs.described).made, repeating: 0)
    for (index, offset) in offsets.enumerated() { y[offset] = x[index] }
    return [.float32(y)]
  }

  /// An offset for each number.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    inputs.optional(0)?.shape.bytes(of: MemoryLayout<Int>.stride) ?? 0
  }

  /// Of several numbers at one place the last one stays.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let offsets = try offsets(pass.inputs)
    let shape = try pass.inputs.tensor(0).shape
    var g = try pass.takeGradient()
    var gradient = Tensor(shape, repeating: 0)
    for (index, offset) in offsets.enumerated().reversed() {
      gradient[index] = g[offset]
      g[offset] = 0
    }
    return pass.only(gradient)
  }
}
