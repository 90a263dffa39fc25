import Masks
public import TensorCore

/// Blocks put back where im2col took them from, what overlaps being added up: x `[N,C·block,L]`, the sizes of
/// the image (input 1) and of a block (input 2); `[N,C,…]`. PyTorch calls it fold.
public struct Col2Im: Operator {
  public static let opType = "Col2Im"
  public static let schema = OperatorSchema(
    since: 18,
    attributes: [
      .ints("dilations", since: 18), .ints("pads", since: 18), .ints("strides", since: 18),
    ],
    inputs: [.init(.all), .init([.int64]), .init([.int64])])
  private let (dilations, pads, strides): ([Int]?, [Int]?, [Int]?)

  public init(_ node: NodeReader) throws(TensorError) {
    (dilations, pads, strides) = (
      try node.ints("dilations"), try node.ints("pads"), try node.ints("strides")
    )
  }

  private struct Layout {
    var image, block, dilations, pads, strides, counts: [Int]
    var samples, channels: Int
  }

  private func layout(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Layout {
    let x = try inputs.tensor(0)
    let (image, block) = (try inputs.integers(1), try inputs.integers(2))
    let rank = image.count
    let (dilations, strides) = (
      dilations ?? image.map { _ in 1 }, strides ?? image.map { _ in 1 }
    )
    let pads = pads ?? [Int](repeating: 0, count: 2 * rank)
    let sizes = image + block + dilations + strides
    guard block.count == rank, dilations.count == rank, strides.count == rank,
      pads.count == 2 * rank, sizes.allSatisfy({ (1...1 << 30).contains($0) }),
      pads.allSatisfy({ (0...1 << 30).contains($0) }), rank > 0, rank <= 8
    else {
      throw TensorError(
        "Col2Im", expected: "sizes of 1 or more for as many axes each",
        found: "\(image), \(block)")
    }
    let counts = (0..<rank).map { axis in
      let room = image[axis] + pads[axis] + pads[rank + axis]
      let span = dilations[axis].saturatingMultiplied(by: block[axis] - 1).saturatingAdding(1)
      return room < span ? 0 : (room - span) / strides[axis] + 1
    }
    let cells = block.reduce(1) { $0.saturatingMultiplied(by: $1) }
    let windows = counts.reduce(1) { $0.saturatingMultiplied(by: $1) }
    guard x.rank == 3, x[1] % cells == 0, x[2] == windows else {
      throw TensorError(
        "Col2Im", expected: "[N,C·\(cells),\(windows)]", found: "\(x)")
    }
    return Layout(
      image: image, block: block, dilations: dilations, pads: pads, strides: strides,
      counts: counts, samples: x[0], channels: x[1] / cells)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let own = try layout(inputs)
    return [ValueInfo(try Shape(computed: [own.samples, own.channels] + own.image, in: "Col2Im"))]
  }

  /// Where in an image each cell of each window lies, block by block; below 0 for one on a pad.
  private func places(_ own: Layout) -> [Int] {
    let image = Shape(own.image)
    var places = [0]
    for axis in own.image.indices {
      // Cells of the block so far, then windows so far: both are gone through axis by axis.
      places = places.flatMap { start in
        (0..<own.block[axis]).flatMap { cell in
          (0..<own.counts[axis]).map { window in
            let at = window * own.strides[axis] + cell * own.dilations[axis] - own.pads[axis]
            return start < 0 || !(0..<own.image[axis]).contains(at)
              ? -1 : start + at * image.strides[axis]
          }
        }
      }
    }
    // [cell, window, cell, window …] as [cells, windows].
    let rank = own.image.count
    let dims = (0..<rank).flatMap { [own.block[$0], own.counts[$0]] }
    let order = (0..<rank).map { 2 * $0 } + (0..<rank).map { 2 * $0 + 1 }
    let strides = Shape(dims).strides
    var sorted = [0]
    for axis in order {
      sorted = sorted.flatMap { start in (0..<dims[axis]).map { start + $0 * strides[axis] } }
    }
    return sorted.map { places[$0] }
  }

  /// Samples stay, and channels are of the merged axis.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule(
      outputs: outputs.map { output in
        output.shape.dims.indices.map { $0 == 0 ? .axes([.init(0, 0)]) : .unknown }
      })
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let own = try layout(inputs.described)
    let shape = try outputs(for: inputs.described)[0].shape
    let (places, x) = (places(own), try inputs.tensor(0))
    let each = own.image.reduce(1, *)
    var y = Tensor(shape, repeating: 0)
    y.withMutableElements { y in
      x.withElements { x in
        for map in 0..<own.samples * own.channels {
          for (i, place) in places.enumerated() where place >= 0 {
            y[map * each + place] += x[map * places.count + i]
          }
        }
      }
    }
    return [.float32(y)]
  }

  /// A place for each cell of each window, twice while they are put in order.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    (inputs.optional(0)?.shape ?? []).bytes(of: 4 * MemoryLayout<Int>.stride)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let own = try layout(pass.inputs.described)
    let places = places(own)
    let each = own.image.reduce(1, *)
    let shape = try pass.inputs.tensor(0).shape
    let g = try pass.takeGradient()
    var gradient = Tensor(shape, repeating: 0)
    for map in 0..<own.samples * own.channels {
      for (i, place) in places.enumerated() where place >= 0 {
        gradient[map * places.count + i] = g[map * each + place]
      }
    }
    return pass.only(gradient)
  }
}
