import Synchronization

/// Memory for the arrays of a run, laid out before it: each of them has a place of its own, and those that
/// are never there at once may share one. The pages are asked of the system once and stay with the arena.
///
/// A place is given to whoever makes an array of its size within `placing`; where something that is still
/// there lies in it (an array that was kept, or those of another run at the same time) it is left alone
/// and the heap serves.
public final class Arena: Sendable {
  /// How many bytes it has.
  public let size: Int
  private let start: Mutex<Start>
  private let live = Mutex<[Range<Int>]>([])

  /// Where the memory is, once it was asked for.
  private struct Start: @unchecked Sendable { var base: UnsafeMutableRawPointer? }

  /// An arena of so many bytes; no memory is taken until a place in it is.
  public init(size: Int) {
    self.size = size
    start = Mutex(Start(base: nil))
  }

  deinit { start.withLock { $0.base?.deallocate() } }

  /// What the arrays of one step may have, taken one by one.
  private final class Offer: Sendable {
    let arena: Arena
    let places: Mutex<[Range<Int>]>
    init(_ arena: Arena, _ places: [Range<Int>]) {
      self.arena = arena
      self.places = Mutex(places)
    }
  }

  @TaskLocal private static var offer: Offer?

  /// Runs `body`, whose arrays of these sizes lie in these places, in bytes, as far as they are free.
  public func placing<R>(_ places: [Range<Int>], _ body: () throws -> R) rethrows -> R {
    try Arena.$offer.withValue(Offer(self, places), operation: body)
  }

  /// Arrays of fewer bytes are not looked up: the heap has them at hand.
  public static let least = 1 << 14

  /// A place for an array of so many bytes; nil where none is offered.
  @usableFromInline
  static func place(_ bytes: Int) -> ArenaPlace? {
    guard let offer else { return nil }
    let range = offer.places.withLock { places in
      places.firstIndex { $0.count == bytes }.map { places.remove(at: $0) }
    }
    return range.flatMap { offer.arena.take($0) }
  }

  private func take(_ range: Range<Int>) -> ArenaPlace? {
    let isFree = live.withLock { live in
      guard !live.contains(where: { $0.overlaps(range) }) else { return false }
      live.append(range)
      return true
    }
    guard isFree else { return nil }
    let base = start.withLock { start in
      if start.base == nil {
        let room = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        Memory.expectLarge(UnsafeMutableRawBufferPointer(start: room, count: size))
        start.base = room
      }
      return Start(base: start.base)
    }
    return ArenaPlace(self, range, at: base.base! + range.lowerBound)
  }

  fileprivate func giveBack(_ range: Range<Int>) {
    live.withLock { live in
      if let index = live.firstIndex(of: range) { live.remove(at: index) }
    }
  }
}

/// A part of an arena that an array lies in, as long as there is one.
@usableFromInline
final class ArenaPlace: Sendable {
  private let arena: Arena
  private let range: Range<Int>
  @usableFromInline nonisolated(unsafe) let start: UnsafeMutableRawPointer

  fileprivate init(_ arena: Arena, _ range: Range<Int>, at start: UnsafeMutableRawPointer) {
    (self.arena, self.range, self.start) = (arena, range, start)
  }

  deinit { arena.giveBack(range) }
}

extension Arena {
  /// An array to be: how many bytes it has, and from which step to which it is there.
  public struct Tenant: Sendable {
    /// How many bytes it has.
    public let bytes: Int
    /// The steps at which it is there.
    public let steps: ClosedRange<Int>

    /// An array of so many bytes that is there at these steps.
    public init(bytes: Int, steps: ClosedRange<Int>) { (self.bytes, self.steps) = (bytes, steps) }
  }

  /// Places for arrays so that no two that are there at once overlap: the largest first, each as low as it
  /// fits.
  /// - Returns: a place for each, and how far they reach.
  public static func layOut(_ tenants: [Tenant]) -> (places: [Range<Int>], size: Int) {
    var places = [Range<Int>](repeating: 0..<0, count: tenants.count)
    var placed: [Int] = []
    var size = 0
    for index in tenants.indices.sorted(by: { tenants[$0].bytes > tenants[$1].bytes }) {
      let tenant = tenants[index]
      let others = placed.filter { tenants[$0].steps.overlaps(tenant.steps) }
        .map { places[$0] }.sorted { $0.lowerBound < $1.lowerBound }
      var start = 0
      for other in others {
        if other.lowerBound - start >= tenant.bytes { break }
        start = max(start, (other.upperBound + 63) / 64 * 64)
      }
      places[index] = start..<start + tenant.bytes
      placed.append(index)
      size = max(size, start + tenant.bytes)
    }
    return (places, size)
  }
}
