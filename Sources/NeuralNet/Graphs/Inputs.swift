public import TensorCore

/// The inputs of a node by position; optional ones may be missing.
public struct Inputs<Item: Sendable>: Sendable {
  /// The operator's name, for messages.
  public let opType: String
  /// The element types the inputs have in the graph, where they are handed over in those that are
  /// computed in; else empty.
  public internal(set) var types: [ElementType?] = []
  private let items: [Item?]

  /// The inputs of an operator, nil where one is left out.
  public init(_ opType: String, _ items: [Item?]) { (self.opType, self.items) = (opType, items) }

  /// The number of positions, those left out in the middle included.
  public var count: Int { items.count }

  /// An input that may be missing.
  public func optional(_ index: Int) -> Item? { index < items.count ? items[index] : nil }

  /// An input that must be there. - Throws: `TensorError` where it is not.
  public func required(_ index: Int) throws(TensorError) -> Item {
    guard let item = optional(index) else {
      throw TensorError(opType, expected: "an input \(index)", found: "\(items.count) inputs")
    }
    return item
  }

  /// All inputs of an operator that takes any number of them. - Throws: where one is left out.
  public func all() throws(TensorError) -> [Item] {
    var all: [Item] = []
    for index in items.indices { all.append(try required(index)) }
    return all
  }
}

extension Inputs where Item == Value {
  /// The element type an input has in the graph; nil where it is left out.
  public func type(_ index: Int) -> ElementType? {
    index < types.count ? types[index] : optional(index)?.type
  }

  /// A required float32 input. - Throws: `TensorError` where it is missing or of another type.
  public func tensor(_ index: Int) throws(TensorError) -> Tensor {
    guard case .float32(let tensor) = try required(index) else {
      throw TensorError(
        opType, expected: "float32 for input \(index)", found: "\(try required(index).type)")
    }
    return tensor
  }

  /// An optional float32 input. - Throws: `TensorError` where it is of another type.
  public func optionalTensor(_ index: Int) throws(TensorError) -> Tensor? {
    optional(index) == nil ? nil : try tensor(index)
  }

  /// A required int64 input. - Throws: `TensorError` where it is missing or of another type.
  public func integers(_ index: Int) throws(TensorError) -> NDArray<Int64> {
    guard case .int64(let array) = try required(index) else {
      throw TensorError(
        opType, expected: "int64 for input \(index)", found: "\(try required(index).type)")
    }
    return array
  }

  /// Whether one has another type than those that are computed in.
  var areTyped: Bool {
    for index in 0..<count {
      switch optional(index) {
      case .typed, .sequence, .absent: return true
      default: break
      }
    }
    return false
  }

  /// - Throws: `TensorError` where one is a sequence, or an optional value that is not there.
  func checkAreArrays() throws(TensorError) {
    for index in 0..<count {
      switch optional(index) {
      case .sequence(let values):
        throw TensorError(
          opType, expected: "an array for input \(index)", found: "a sequence of \(values.count)")
      case .absent:
        throw TensorError(
          opType, expected: "an array for input \(index)",
          found: "an optional one that is not there")
      default: break
      }
    }
  }

  /// The inputs in the types they are computed in.
  var computed: Inputs<Value> {
    guard areTyped else { return self }
    var computed = Inputs(opType, (0..<count).map { optional($0)?.computed })
    computed.types = (0..<count).map { type($0) }
    return computed
  }
}

extension Inputs where Item == ValueInfo {
  /// - Throws: `TensorError` where one is a sequence.
  func checkAreArrays() throws(TensorError) {
    for index in 0..<count where optional(index)?.type == .sequence {
      throw TensorError(opType, expected: "an array for input \(index)", found: "a sequence")
    }
  }

  /// Whether one has another type than the one it is computed in.
  var areTyped: Bool {
    for index in 0..<count {
      if let type = optional(index)?.type, type.computed != type { return true }
    }
    return false
  }

  /// What an operator is told of the inputs: the types it computes in, and beside them those of the
  /// graph.
  var computed: Inputs<ValueInfo> {
    guard areTyped else { return self }
    var computed = Inputs(opType, (0..<count).map { optional($0)?.computed })
    computed.types = (0..<count).map { type($0) }
    return computed
  }

  /// The element type an input has in the graph; nil where it is left out.
  public func type(_ index: Int) -> ElementType? {
    index < types.count ? types[index] : optional(index)?.type
  }
}

extension ElementType {
  /// The type of a result that is computed as `computed`: that of the first input computed so.
  static func kept(_ computed: ElementType, from inputs: [ElementType?]) -> ElementType {
    guard computed == .float32 || computed == .int64 else { return computed }
    return inputs.lazy.compactMap { $0 }.first { $0.computed == computed } ?? computed
  }
}

extension [ValueInfo] {
  /// Gives what an operator's shape rule said of the types it computes in the types of its inputs.
  /// - Throws: never in practice: floats become floats, whole numbers whole numbers.
  mutating func keepTypes(
    of inputs: Inputs<ValueInfo>, inFirst outputs: Int
  ) throws(TensorError) {
    guard inputs.areTyped else { return }
    let types = (0..<inputs.count).map { inputs.optional($0)?.type }
    for index in indices.prefix(outputs) {
      let type = ElementType.kept(self[index].type, from: types)
      guard type != self[index].type else { continue }
      self[index].type = type
      if let constant = self[index].constant {
        self[index].constant = try Value(constant.computed, as: type)
      }
    }
  }
}
