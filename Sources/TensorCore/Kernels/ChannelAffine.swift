/// y = x·scale + shift, one fused multiply-add, with a scale and a shift for each channel: batch normalisation at evaluation.
public enum ChannelAffine {
  /// - Parameters:
  ///   - x: `[N,C,…]`
  ///   - scale: C factors
  ///   - shift: C numbers
  /// - Throws: `TensorError` where x has no channels, or another number of them.
  public static func forward(
    _ x: Tensor, scale: [Float], shift: [Float], in operation: String
  ) throws(TensorError) -> Tensor {
    guard x.shape.rank >= 2, scale.count == x.shape[1], shift.count == x.shape[1] else {
      throw TensorError(
        operation, expected: "an input of shape [N,\(scale.count),…]", found: "\(x.shape)")
    }
    let (maps, channels) = (x.shape[0] * x.shape[1], x.shape[1])
    let area = maps == 0 ? 0 : x.count / maps
    let epilogue = Epilogue(scale: scale, shift: shift)
    return Tensor(x.shape) { out in
      x.withElements { x in
        guard let from = x.baseAddress, let to = out.baseAddress else { return }
        epilogue.apply(to: from, into: to, rows: maps, channels: channels, columns: area)
      }
    }
  }
}
