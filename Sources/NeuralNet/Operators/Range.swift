import Masks
public import TensorCore

/// The numbers from input 0 on in steps of input 2 as long as they are before input 1: float32 or int64.
public struct RangeOperator: AxisFreeOperator {
  public static let opType = "Range"
  public static let schema = OperatorSchema(
    since: 11,
    attributes: [
      .int("stash_type", since: 27)
    ],
    inputs: .init(
      repeating: .init([
        11: [.float32, ElementTypes(.float64), ElementTypes(.int16), .int32, .int64],
        27: [.floats, .bfloat16, ElementTypes(.int16), .int32, .int64],
      ]), count: 3))
  public init(_ node: NodeReader) {}

  private func numbers(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> [Value] {
    var numbers: [Value] = []
    for index in 0..<3 {
      let info = try inputs.required(index)
      guard info.shape.count == 1, info.type == .float32 || info.type == .int64,
        info.type == (try inputs.required(0).type)
      else {
        throw TensorError(
          "Range", expected: "three numbers of one type", found: "\(info.type) \(info.shape)")
      }
      guard let constant = info.constant else {
        throw TensorError(
          "Range", expected: "input \(index) to be a constant", found: "a value only a run can tell"
        )
      }
      numbers.append(constant)
    }
    return numbers
  }

  private func count(_ numbers: [Value]) throws(TensorError) -> Int {
    let ends: [Double] = numbers.map {
      switch $0 {
      case .float32(let x): Double(x[0])
      case .int64(let x): Double(x[0])
      default: .nan
      }
    }
    let steps = ((ends[1] - ends[0]) / ends[2]).rounded(.up)
    guard ends[2] != 0, !steps.isNaN, steps <= Double(Shape.computedLimit) else {
      throw TensorError(
        "Range", expected: "a step other than 0, \(Shape.computedLimit) numbers at most",
        found: "\(ends[0]) to \(ends[1]) by \(ends[2])")
    }
    return max(0, Int(steps))
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let numbers = try numbers(inputs)
    return [ValueInfo([try count(numbers)], type: numbers[0].type)]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let numbers = try numbers(inputs.described)
    let count = try count(numbers)
    if case (.int64(let start), .int64(let step)) = (numbers[0], numbers[2]) {
      return [
        .int64(NDArray([count], (0..<count).map { start[0] &+ Int64($0) &* step[0] }))
      ]
    }
    let (start, step) = (try inputs.tensor(0)[0], try inputs.tensor(2)[0])
    return [.float32(Tensor([count], (0..<count).map { start + Float($0) * step }))]
  }

  /// Every number begins at the start, and is so many steps on.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(2) else { return pass.none }
    var all = pass.none
    let (start, step) = (try pass.inputs.tensor(0).shape, try pass.inputs.tensor(2).shape)
    let wanted = (pass.wants(0), pass.wants(2))
    let g = try pass.takeGradient().elements
    if wanted.0 { all[0] = Tensor(start, repeating: g.reduce(0, +)) }
    if wanted.1 {
      all[2] = Tensor(step, repeating: g.enumerated().reduce(0) { $0 + Float($1.0) * $1.1 })
    }
    return all
  }
}
