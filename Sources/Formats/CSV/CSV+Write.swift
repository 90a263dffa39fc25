public import TensorCore

extension CSV {
  /// Rows of numbers, each the shortest text that reads back as the same float. The last dimension
  /// runs along a row; `[C,H,W]` is C blocks of H rows, one after another with nothing between.
  public static func bytes(_ tensor: Tensor) -> [UInt8] {
    let columns = tensor.shape.dims.last ?? 1
    var text: [UInt8] = []
    text.reserveCapacity(tensor.count * 8)
    tensor.withElements { elements in
      for (index, element) in elements.enumerated() {
        var number = Substring(element.description)
        if number.hasSuffix(".0") { number = number.dropLast(2) }
        text.append(contentsOf: number.utf8)
        text.append((index + 1) % columns == 0 ? UInt8(ascii: "\n") : UInt8(ascii: ","))
      }
    }
    return text
  }
}
