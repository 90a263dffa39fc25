public import TensorCore

extension Picture {
  /// A grey picture of whole numbers 0…255, `[rows, columns]`: an item of an IDX file.
  public init(pixels: Tensor) {
    precondition(pixels.shape.rank == 2, "pixels of \(pixels.shape)")
    self.init(
      width: pixels.shape[1], height: pixels.shape[0], channels: 1,
      bytes: pixels.elements.map { UInt8(min(255, max(0, $0))) })
  }
}
