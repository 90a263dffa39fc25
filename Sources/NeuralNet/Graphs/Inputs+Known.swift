public import TensorCore

extension Inputs where Item == Value {
  /// What the shape rule is told in a run: everything, for every value is there.
  var described: Inputs<ValueInfo> {
    var described = Inputs<ValueInfo>(
      opType, (0..<count).map { optional($0).map(ValueInfo.init(constant:)) })
    described.types = types
    return described
  }
}

extension Inputs where Item == ValueInfo {
  /// The shape of a required float32 input.
  /// - Throws: `TensorError` where it is missing or of another type.
  public func tensor(_ index: Int) throws(TensorError) -> Shape {
    let info = try required(index)
    guard info.type == .float32 else {
      throw TensorError(opType, expected: "float32 for input \(index)", found: "\(info.type)")
    }
    return info.shape
  }

  /// The numbers of a required int64 input that a shape depends on.
  /// - Throws: `TensorError` where it is missing, of another type, or only known in a run.
  public func integers(_ index: Int) throws(TensorError) -> [Int] {
    let info = try required(index)
    guard info.type == .int64 else {
      throw TensorError(opType, expected: "int64 for input \(index)", found: "\(info.type)")
    }
    guard case .int64(let array)? = info.constant else {
      throw TensorError(
        opType, expected: "input \(index) to be a constant", found: "a value only a run can tell")
    }
    guard array.shape.rank <= 1 else {
      throw TensorError(opType, expected: "a list for input \(index)", found: "\(array.shape)")
    }
    return array.elements.map(Int.init)
  }
}
