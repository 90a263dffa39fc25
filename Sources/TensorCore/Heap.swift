import CMalloc

/// The C heap that arrays live in.
public enum Heap {
  /// Keeps what is freed for what is allocated next, until the process ends. A training step makes and
  /// drops the same large arrays over and over; by default each is new memory from the system, which
  /// clears every page of it before it is written. For programs that train.
  public static func keepsFreedMemory() {
    mallopt(M_MMAP_MAX, 0)
    mallopt(M_TRIM_THRESHOLD, -1)
  }
}
