import Synchronization
import TensorCore

extension Computation {
  /// As much as is read, where nothing better is known.
  public func price(_ inputs: Inputs<Value>) -> Price { Price(bytes: inputs.bytes) }
}

extension Operator {
  /// What the shape rule says of the results. Where it refuses the inputs `forward` does so too, and
  /// nothing is made.
  public func price(_ inputs: Inputs<Value>) -> Price {
    let described = inputs.computed.described
    guard let made = try? outputs(for: described) else { return Price(bytes: 0) }
    // Results of other types than those that are computed in are made twice.
    let copies = inputs.areTyped ? 2 : 1
    let scratch = scratchBytes(inputs: described, outputs: made)
    return Price(
      bytes: made.reduce(scratch) {
        $0.saturatingAdding($1.bytes.saturatingMultiplied(by: copies))
      },
      multiplyAdds: multiplyAdds(inputs: described, outputs: made))
  }
}

/// What the results of a node take, remembered for the shapes it was asked for last: the shape rules
/// need not be asked anew in every run.
final class NodePrice: Sendable {
  private let known = Mutex<(shapes: [Shape?], price: Price)?>(nil)

  /// The price of what `computation` makes of `inputs`.
  func price(_ computation: any Computation, _ inputs: Inputs<Value>) -> Price {
    // Whole numbers may say how large a result is, as Reshape's and Expand's do; so do the arrays of a
    // sequence.
    guard !inputs.mayNameSizes else { return computation.price(inputs) }
    return known.withLock { known in
      if let known, inputs.haveShapes(known.shapes) { return known.price }
      let price = computation.price(inputs)
      known = ((0..<inputs.count).map { inputs.optional($0)?.shape }, price)
      return price
    }
  }
}

extension Inputs where Item == Value {
  /// The bytes of all that is read.
  var bytes: Int {
    var sum = 0
    for index in 0..<count {
      guard let value = optional(index) else { continue }
      sum = sum.saturatingAdding(value.bytes)
    }
    return sum
  }

  fileprivate var mayNameSizes: Bool {
    for index in 0..<count {
      if case .int64? = optional(index) { return true }
      if case .typed(_, .int64)? = optional(index) { return true }
      if case .sequence? = optional(index) { return true }
    }
    return false
  }

  fileprivate func haveShapes(_ shapes: [Shape?]) -> Bool {
    guard shapes.count == count else { return false }
    for index in 0..<count where optional(index)?.shape != shapes[index] { return false }
    return true
  }
}

extension Value {
  /// The bytes its elements take here, whatever they take in a file.
  public var bytes: Int {
    switch self {
    case .float32(let x): x.count * MemoryLayout<Float>.stride
    case .int64(let x): x.count * MemoryLayout<Int64>.stride
    case .bool(let x): x.count
    case .typed(_, let value): value.bytes
    case .sequence(let values): values.reduce(0) { $0.saturatingAdding($1.bytes) }
    case .opaque, .absent: 0
    }
  }
}

extension ValueInfo {
  /// The bytes its elements will take here; `Int.max` where they are more than an `Int` holds.
  public var bytes: Int {
    if let elements { return elements.reduce(0) { $0.saturatingAdding($1.bytes) } }
    return switch type.computed {
    case .int64: shape.bytes(of: MemoryLayout<Int64>.stride)
    case .bool: shape.bytes(of: MemoryLayout<Bool>.stride)
    default: shape.bytes(of: MemoryLayout<Float>.stride)
    }
  }
}

extension Int {
  /// The sum, `Int.max` where it is more.
  func saturatingAdding(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? Int.max : sum
  }

  /// The product of two numbers of 0 or more, `Int.max` where it is more.
  func saturatingMultiplied(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? Int.max : product
  }
}
