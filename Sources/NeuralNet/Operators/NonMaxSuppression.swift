import Masks
public import TensorCore

/// Of boxes `[N,B,4]` with scores `[N,C,B]` those that no better one of their class covers: int64 [count, 3] of
/// sample, class and box, the best of a class first. Inputs 2 to 4: the most boxes of a class (0 without), the
/// intersection over union above which a box is covered, and the score below which it does not count.
public struct NonMaxSuppression: AxisFreeOperator {
  public static let opType = "NonMaxSuppression"
  public static let schema = OperatorSchema(
    since: 10,
    attributes: [
      .flag("center_point_box", since: 10)
    ],
    inputs: [
      .init(.float32), .init(.float32), .init([10: .int64], optionalSince: 10),
      .init([10: .float32], optionalSince: 10), .init([10: .float32], optionalSince: 10),
    ])
  public static let typedOutputs = 0
  private let isCentred: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    isCentred = try node.int("center_point_box", default: 0) != 0
  }

  private func check(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> (
    boxes: Shape, scores: Shape
  ) {
    let (boxes, scores) = (try inputs.tensor(0), try inputs.tensor(1))
    guard boxes.rank == 3, scores.rank == 3, boxes[2] == 4, boxes[0] == scores[0],
      boxes[1] == scores[2]
    else {
      throw TensorError(
        "NonMaxSuppression", expected: "boxes [N,B,4] and scores [N,C,B]",
        found: "\(boxes) and \(scores)")
    }
    for index in 2...4 where inputs.optional(index) != nil {
      let shape = index == 2 ? try inputs.whole(2) : try inputs.tensor(index)
      guard shape.count == 1 else {
        throw TensorError(
          "NonMaxSuppression", expected: "one number for input \(index)", found: "\(shape)")
      }
    }
    return (boxes, scores)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    _ = try check(inputs)
    var values: [Value?] = []
    for index in 0..<min(5, inputs.count) {
      let info = inputs.optional(index)
      guard info == nil || info?.constant != nil else {
        throw TensorError(
          "NonMaxSuppression", expected: "input \(index) to be a constant",
          found: "a value only a run can tell")
      }
      values.append(info?.constant)
    }
    return [ValueInfo([try chosen(Inputs("NonMaxSuppression", values)).count, 3], type: .int64)]
  }

  private func chosen(_ inputs: Inputs<Value>) throws(TensorError) -> [[Int64]] {
    let (boxes, scores) = (try inputs.tensor(0), try inputs.tensor(1))
    let most = inputs.optional(2) == nil ? 0 : try inputs.integers(2)[0]
    let covers = try inputs.optionalTensor(3)?[0] ?? 0
    let least = try inputs.optionalTensor(4)?[0]
    let (samples, classes, count) = (scores.shape[0], scores.shape[1], scores.shape[2])
    var all: [[Int64]] = []
    for sample in 0..<samples {
      let own = (0..<count).map { corners(boxes, (sample * count + $0) * 4) }
      for kind in 0..<classes {
        let start = (sample * classes + kind) * count
        let order = (0..<count).filter { least == nil || scores[start + $0] > least ?? 0 }
          .sorted { (scores[start + $1], $0) < (scores[start + $0], $1) }
        var kept: [Int] = []
        for box in order where Int64(kept.count) < most {
          guard !kept.contains(where: { overlap(own[$0], own[box]) > covers }) else { continue }
          kept.append(box)
        }
        all += kept.map { [Int64(sample), Int64(kind), Int64($0)] }
      }
    }
    return all
  }

  private typealias Box = (top: Float, left: Float, bottom: Float, right: Float)

  private func corners(_ x: Tensor, _ at: Int) -> Box {
    let (a, b, c, d) = (x[at], x[at + 1], x[at + 2], x[at + 3])
    if isCentred { return (b - d / 2, a - c / 2, b + d / 2, a + c / 2) }
    return (min(a, c), min(b, d), max(a, c), max(b, d))
  }

  /// Intersection over union.
  private func overlap(_ a: Box, _ b: Box) -> Float {
    let height = min(a.bottom, b.bottom) - max(a.top, b.top)
    let width = min(a.right, b.right) - max(a.left, b.left)
    guard height > 0, width > 0 else { return 0 }
    func area(_ x: Box) -> Float { (x.bottom - x.top) * (x.right - x.left) }
    return height * width / (area(a) + area(b) - height * width)
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try check(inputs.described)
    let chosen = try chosen(inputs)
    return [.int64(NDArray([chosen.count, 3], chosen.flatMap { $0 }))]
  }

  /// At most every box of every class, each held against all others.
  public func price(_ inputs: Inputs<Value>) -> Price {
    let scores = inputs.optional(1)?.shape ?? []
    return Price(
      bytes: scores.bytes(of: 64),
      multiplyAdds: scores.count.saturatingMultiplied(by: 8 * (scores.dims.last ?? 0)))
  }

  /// Places have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
