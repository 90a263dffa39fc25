import CKernels

/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3" (SC 2011): a bijection of a 128-bit counter under a 64-bit key.
/// It has no state, so the number at a counter is the same on every machine, thread and call order.
public enum Philox {
  /// The four words at `counter` under `key`.
  public static func block(
    counter: SIMD4<UInt32>, key: SIMD2<UInt32>
  ) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let p0 = UInt64(0xD251_1F53) &* UInt64(c[0])
      let p1 = UInt64(0xCD9E_8D57) &* UInt64(c[2])
      c = SIMD4(
        UInt32(truncatingIfNeeded: p1 >> 32) ^ c[1] ^ k[0],
        UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 >> 32) ^ c[3] ^ k[1],
        UInt32(truncatingIfNeeded: p0))
      k = k &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return c
  }

  /// Writes the words of the blocks whose counters are `counter`, `counter` + 1 in its lowest word,
  /// …: as many blocks as fill `out`, whose count is a multiple of 4. The same words as `block`
  /// gives, many times as fast.
  static func fill(
    _ out: UnsafeMutableBufferPointer<UInt32>, counter: SIMD4<UInt32>, key: SIMD2<UInt32>
  ) {
    precondition(out.count.isMultiple(of: 4), "\(out.count) words are not whole blocks")
    guard let base = out.baseAddress else { return }
    let stream = ck_philox_stream(
      key: (key[0], key[1]), counter: (counter[1], counter[2], counter[3]))
    ck_philox(ck_chosen(), stream, counter[0], base, out.count / 4)
  }
}
