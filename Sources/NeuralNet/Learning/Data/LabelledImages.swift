public import TensorCore

/// Images and the class each belongs to: what a classifier learns from.
public protocol LabelledImages: Sendable {
  /// How many there are.
  var count: Int { get }

  /// The shape of one image, `[C,H,W]`.
  var imageShape: Shape { get }

  /// The class of an image, 0 or more.
  func label(_ index: Int) -> Int

  /// Writes an image, 0…1, into memory for as many numbers as `imageShape` has.
  func write(_ index: Int, into out: UnsafeMutableBufferPointer<Float>)
}

extension LabelledImages {
  /// Images one after another, `[count,C,H,W]`; each is written by itself, so that the number of
  /// threads changes nothing.
  public func images(_ indices: some RandomAccessCollection<Int> & Sendable) -> Tensor {
    let indices = Array(indices)
    let each = imageShape.count
    return Tensor(Shape([indices.count] + imageShape.dims)) { out in
      nonisolated(unsafe) let out = out
      let perTask = 16
      Parallel.run(tasks: (indices.count + perTask - 1) / perTask) { task in
        for item in task * perTask..<min(indices.count, (task + 1) * perTask) {
          let image = out[item * each..<(item + 1) * each]
          write(indices[item], into: UnsafeMutableBufferPointer(rebasing: image))
        }
      }
    }
  }

  /// The classes of images, in their order.
  public func labels(_ indices: some Sequence<Int>) -> [Int] { indices.map(label) }
}
