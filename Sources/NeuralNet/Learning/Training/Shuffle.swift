import TensorCore

/// The order in which an epoch visits its samples.
public enum Shuffle {
  /// A permutation of 0 ..< count, the same for the same seed and epoch: Fisher and Yates's, in
  /// Durstenfeld's form (Communications of the ACM 7, 1964, algorithm 235), from a Philox stream. Each
  /// place is drawn as ⌊word·places/2⁶⁴⌋, which is even to within places/2⁶⁴.
  public static func order(count: Int, seed: UInt64, epoch: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    let stream = RandomStream(
      seed: seed, site: RandomStream.site(named: "order of samples"),
      step: UInt32(truncatingIfNeeded: epoch))
    let words = [UInt32](unsafeUninitializedCapacity: 2 * count) { buffer, filled in
      stream.fillWords(UnsafeMutableBufferPointer(rebasing: buffer[..<(2 * count)]))
      filled = 2 * count
    }
    for last in stride(from: count - 1, to: 0, by: -1) {
      let word = UInt64(words[2 * last]) << 32 | UInt64(words[2 * last + 1])
      let place = word.multipliedFullWidth(by: UInt64(last + 1)).high
      order.swapAt(last, Int(place))
    }
    return order
  }
}
