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
        append(element, to: &text)
        text.append((index + 1) % columns == 0 ? UInt8(ascii: "\n") : UInt8(ascii: ","))
      }
    }
    return text
  }

  private static func append(_ number: Float, to text: inout [UInt8]) {
    // Masks and counts are whole; their digits need no search for the shortest.
    if let whole = Int32(exactly: number), whole != 0 || number.sign == .plus {
      text.append(contentsOf: String(whole).utf8)
      return
    }
    var digits = number.description
    digits.withUTF8 { text.append(contentsOf: $0) }
  }
}
