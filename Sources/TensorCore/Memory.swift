#if canImport(Glibc)
  import Glibc
#endif

/// What the system is told about large arrays.
@usableFromInline
enum Memory {
  /// Asks for pages of 2 MB where an array is larger than what the heap keeps for another time: its
  /// memory is new at each allocation, and 4 kB pages cost a fault and a clearing of their own each.
  @usableFromInline
  static func expectLarge(_ bytes: UnsafeMutableRawBufferPointer) {
    #if canImport(Glibc)
      guard bytes.count >= 1 << 22, let base = bytes.baseAddress else { return }
      let page = 1 << 12
      let start = (Int(bitPattern: base) + page - 1) & ~(page - 1)
      let end = (Int(bitPattern: base) + bytes.count) & ~(page - 1)
      // Where the system does not take the advice everything works as before.
      _ = madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, Int32(MADV_HUGEPAGE))
    #endif
  }
}
