/// An n-dimensional array: a shape and its elements in row-major order. A value type; copies share
/// storage until one of them is changed.
public struct NDArray<Element: Sendable>: Sendable {
  /// The sizes along each dimension.
  public let shape: Shape
  /// The elements, last dimension fastest; always `shape.count` of them.
  @usableFromInline internal var storage: [Element]

  /// An array of `shape` holding `elements` in row-major order; there must be `shape.count` of them.
  @inlinable
  public init(_ shape: Shape, _ elements: [Element]) {
    precondition(elements.count == shape.count, "\(elements.count) elements for \(shape)")
    self.shape = shape
    storage = elements
  }

  /// An array of `shape` with every element equal to `value`.
  @inlinable
  public init(_ shape: Shape, repeating value: Element) {
    self.shape = shape
    storage = Array(repeating: value, count: shape.count)
  }

  /// An array whose elements `fill` writes, all of them, in row-major order.
  @inlinable
  public init(
    _ shape: Shape, filledBy fill: (UnsafeMutableBufferPointer<Element>) throws -> Void
  ) rethrows where Element: BitwiseCopyable {
    self.shape = shape
    guard shape.count > 0 else {
      // The storage that all empty arrays share is written to otherwise, from any thread.
      storage = []
      return
    }
    storage = try Array(unsafeUninitializedCapacity: shape.count) { buffer, count in
      Memory.expectLarge(UnsafeMutableRawBufferPointer(buffer))
      try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<shape.count]))
      count = shape.count
    }
  }

  /// A scalar: shape `[]`.
  @inlinable
  public init(scalar: Element) { self.init([], [scalar]) }

  /// The number of elements.
  @inlinable public var count: Int { storage.count }

  /// The elements in row-major order.
  @inlinable public var elements: [Element] { storage }

  /// The element at a row-major offset.
  @inlinable
  public subscript(offset: Int) -> Element {
    get { storage[offset] }
    set { storage[offset] = newValue }
  }

  /// Reads the elements in place.
  @inlinable
  public func withElements<R>(_ body: (UnsafeBufferPointer<Element>) throws -> R) rethrows -> R {
    try storage.withUnsafeBufferPointer(body)
  }

  /// Changes the elements in place, copying them first where they are shared.
  @inlinable
  public mutating func withMutableElements<R>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
  ) rethrows -> R {
    try storage.withUnsafeMutableBufferPointer { try body($0) }
  }

  /// The same elements under another shape.
  /// - Throws: `TensorError` where the element counts differ.
  @inlinable
  public func reshaped(to shape: Shape) throws(TensorError) -> NDArray {
    guard shape.count == count else {
      throw TensorError(
        "reshape", expected: "a shape of \(count) elements for \(self.shape)",
        found: "\(shape) with \(shape.count)")
    }
    return NDArray(shape, storage)
  }

  /// Each element through `transform`, in the same shape.
  @inlinable
  public func map<T: Sendable>(_ transform: (Element) throws -> T) rethrows -> NDArray<T> {
    NDArray<T>(shape, try storage.map(transform))
  }
}

extension NDArray: Equatable where Element: Equatable {}

/// Single-precision numbers: the type of every activation and weight.
public typealias Tensor = NDArray<Float>
