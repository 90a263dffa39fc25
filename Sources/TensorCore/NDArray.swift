/// An n-dimensional array: a shape and its elements in row-major order. A value type; copies share
/// storage until one of them is changed.
public struct NDArray<Element: Sendable>: Sendable {
  /// The sizes along each dimension.
  public let shape: Shape
  /// The elements, last dimension fastest; `shape.count` of them, or none where they have a place.
  @usableFromInline internal var storage: [Element]
  /// Where the elements are if they lie in an arena.
  @usableFromInline internal var place: ArenaPlace?

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
    let bytes = shape.count &* MemoryLayout<Element>.stride
    if bytes >= Arena.least, let place = Arena.place(bytes) {
      (storage, self.place) = ([], place)
      try fill(
        UnsafeMutableBufferPointer(
          start: place.start.bindMemory(to: Element.self, capacity: shape.count),
          count: shape.count))
      return
    }
    storage = try Array(unsafeUninitializedCapacity: shape.count) { buffer, count in
      Memory.expectLarge(UnsafeMutableRawBufferPointer(buffer))
      try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<shape.count]))
      count = shape.count
    }
  }

  /// Another array's elements, of which there are as many, under a shape.
  @usableFromInline
  init(_ shape: Shape, sharing other: NDArray) {
    (self.shape, storage, place) = (shape, other.storage, other.place)
  }

  /// A scalar: shape `[]`.
  @inlinable
  public init(scalar: Element) { self.init([], [scalar]) }

  /// The number of elements.
  @inlinable public var count: Int { shape.count }

  /// The elements in row-major order; a copy where they lie in an arena.
  @inlinable public var elements: [Element] { place == nil ? storage : withElements(Array.init) }

  /// The element at a row-major offset.
  @inlinable
  public subscript(offset: Int) -> Element {
    get { place == nil ? storage[offset] : withElements { $0[offset] } }
    set {
      if place == nil {
        storage[offset] = newValue
      } else {
        withMutableElements { $0[offset] = newValue }
      }
    }
  }

  /// Reads the elements in place.
  @inlinable
  public func withElements<R>(_ body: (UnsafeBufferPointer<Element>) throws -> R) rethrows -> R {
    guard let place else { return try storage.withUnsafeBufferPointer(body) }
    defer { withExtendedLifetime(place) {} }
    return try body(
      UnsafeBufferPointer(
        start: place.start.assumingMemoryBound(to: Element.self), count: shape.count))
  }

  /// Changes the elements in place, copying them first where they are shared.
  @inlinable
  public mutating func withMutableElements<R>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws -> R
  ) rethrows -> R {
    if place != nil {
      if isKnownUniquelyReferenced(&place), let place {
        defer { withExtendedLifetime(place) {} }
        return try body(
          UnsafeMutableBufferPointer(
            start: place.start.assumingMemoryBound(to: Element.self), count: shape.count))
      }
      (storage, place) = (elements, nil)
    }
    return try storage.withUnsafeMutableBufferPointer { try body($0) }
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
    return NDArray(shape, sharing: self)
  }

  /// Each element through `transform`, in the same shape.
  @inlinable
  public func map<T: Sendable>(_ transform: (Element) throws -> T) rethrows -> NDArray<T> {
    NDArray<T>(shape, try withElements { try $0.map(transform) })
  }
}

extension NDArray: Equatable where Element: Equatable {
  /// Whether shapes and elements are the same.
  public static func == (a: NDArray, b: NDArray) -> Bool {
    guard a.shape == b.shape else { return false }
    if a.place == nil, b.place == nil { return a.storage == b.storage }
    return a.withElements { a in b.withElements { a.elementsEqual($0) } }
  }
}

/// Single-precision numbers: the type of every activation and weight.
public typealias Tensor = NDArray<Float>
