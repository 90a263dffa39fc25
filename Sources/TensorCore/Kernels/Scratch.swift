internal import CKernels

#if canImport(Glibc)
  import Glibc
#endif

/// Numbers for the time of a call, aligned for the widest vectors.
enum Scratch {
  /// The most numbers of room that a kernel is given: pads and kernels far larger than the input, which
  /// are legal, would ask for more.
  static let mostOfAKernel = 1 << 22

  /// The thread's own room or, where that is in use or too small, some of the heap.
  static func with<R>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> R) -> R {
    if let own = ck_take_room(count * MemoryLayout<Float>.stride) {
      defer { ck_leave_room() }
      return body(own.bindMemory(to: Float.self, capacity: count))
    }
    let room = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
    defer { room.deallocate() }
    return body(room.bindMemory(to: Float.self, capacity: count))
  }

  /// Room that, from 8 MB on, comes from the system and goes back to it: in the heap, between
  /// results that stay, it would leave holes behind, layer after layer.
  static func returned<R>(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> R) -> R {
    let size = count * MemoryLayout<Float>.stride
    guard size >= 1 << 23,
      let room = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      room != MAP_FAILED
    else { return with(count, body) }
    defer { munmap(room, size) }
    Memory.expectLarge(UnsafeMutableRawBufferPointer(start: room, count: size))
    return body(room.bindMemory(to: Float.self, capacity: count))
  }
}
