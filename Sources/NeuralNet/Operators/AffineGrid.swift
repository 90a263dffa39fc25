import Masks
public import TensorCore

/// Places of a grid moved by a matrix for each sample, theta `[N,2,3]` or `[N,3,4]`, as GridSample reads them:
/// `[N,H,W,2]` or `[N,D,H,W,3]` for the sizes `[N,C,…]` that input 1 lists. Jaderberg et al. 2015, eq. 1.
public struct AffineGrid: Operator {
  public static let opType = "AffineGrid"
  public static let schema = OperatorSchema(
    since: 20, attributes: [.flag("align_corners", since: 20)],
    inputs: [.init([.floats, .bfloat16]), .init([.int64])])
  private let alignsCorners: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    alignsCorners = try node.int("align_corners", default: 0) != 0
  }

  private func sizes(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> [Int] {
    let (theta, size) = (try inputs.tensor(0), try inputs.integers(1))
    let cells = Array(size.dropFirst(2))
    guard (2...3).contains(cells.count), size.allSatisfy({ $0 >= 0 }),
      theta.dims == [size[0], cells.count, cells.count + 1]
    else {
      throw TensorError(
        "AffineGrid", expected: "[N,2,3] or [N,3,4] and as many sizes [N,C,…]",
        found: "\(theta) and \(size)")
    }
    return cells
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let cells = try sizes(inputs)
    let dims = [try inputs.tensor(0)[0]] + cells + [cells.count]
    return [ValueInfo(try Shape(computed: dims, in: "AffineGrid"))]
  }

  /// Samples stay, and coordinates.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule(
      outputs: outputs.map { output in
        let last = output.shape.rank - 1
        return (0...last).map {
          $0 == 0 ? .axes([.init(0, 0)]) : $0 == last ? .axes([.init(0, 1)]) : .unknown
        }
      })
  }

  /// What each row of a matrix is multiplied with at a place: its coordinates, the last axis first, and 1.
  private func place(_ index: Int, _ cells: [Int]) -> [Float] {
    var (rest, found) = (index, [Float]())
    for size in cells.reversed() {
      let at = rest % size
      rest /= size
      found.append(
        alignsCorners
          ? size > 1 ? 2 * Float(at) / Float(size - 1) - 1 : 0
          : (2 * Float(at) + 1) / Float(size) - 1)
    }
    return found + [1]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (cells, shape) = (
      try sizes(inputs.described), try outputs(for: inputs.described)[0].shape
    )
    let (theta, rank, each) = (try inputs.tensor(0), cells.count, cells.reduce(1, *))
    var grid = Tensor(shape, repeating: 0)
    for index in 0..<each {
      let place = place(index, cells)
      for sample in 0..<shape[0] {
        for row in 0..<rank {
          let start = (sample * rank + row) * (rank + 1)
          grid[(sample * each + index) * rank + row] = (0...rank).reduce(0) {
            $0 + theta[start + $1] * place[$1]
          }
        }
      }
    }
    return [.float32(grid)]
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.count.saturatingMultiplied(by: 4)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let cells = try sizes(pass.inputs.described)
    let (rank, each) = (cells.count, cells.reduce(1, *))
    let shape = try pass.inputs.tensor(0).shape
    let g = try pass.takeGradient()
    var sums = [Double](repeating: 0, count: shape.count)
    for index in 0..<each {
      let place = place(index, cells)
      for sample in 0..<shape[0] {
        for row in 0..<rank {
          let own = Double(g[(sample * each + index) * rank + row])
          for (column, x) in place.enumerated() {
            sums[(sample * rank + row) * (rank + 1) + column] += own * Double(x)
          }
        }
      }
    }
    return pass.only(Tensor(shape, sums.map { Float($0) }))
  }
}
