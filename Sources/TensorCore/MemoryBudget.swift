import CMalloc
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// The memory a run may take: arrays are priced before they are made, and what would go beyond the
/// limit, or what the system will not give, is an error and not the end of the program.
///
/// Whoever is about to make arrays whose size a file or a person decides asks first with `reserve`: a
/// plan before each of its steps, a reader before it decodes. What is in use is what the C heap says,
/// so nobody has to give anything back. Asking costs an addition; the system is asked once in 4 MB, and the
/// heap is looked at once in a 64th of the limit.
public enum MemoryBudget {
  /// The most bytes of the heap that may be in use: half of the machine's memory unless set.
  public static var limit: Int {
    get { scopedLimit ?? processLimit.load(ordering: .relaxed) }
    set { processLimit.store(newValue, ordering: .relaxed) }
  }

  /// Another limit for a scope, for tests.
  @TaskLocal public static var scopedLimit: Int?

  private static let processLimit = Atomic<Int>(machineMemory / 2)

  /// The machine's memory in bytes.
  public static let machineMemory: Int = {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && size > 0 ? Int(pages) * Int(size) : 1 << 33
  }()

  /// Bytes asked for since the heap was last looked at.
  private static let unseen = Atomic<Int>(0)
  /// How much may be asked for between two looks.
  private static let stride = 1 << 22

  /// Asks for memory that is about to be used.
  /// - Parameters:
  ///   - bytes: what will be allocated at once; saturated products are welcome
  ///   - operation: who asks, for the message
  ///   - what: what it is for, such as a shape
  /// - Throws: `TensorError` with `exceedsBudget` where it would go beyond the limit or the system
  ///   gives no more.
  @inline(__always)
  public static func reserve(
    _ bytes: Int, in operation: @autoclosure () -> String, for what: @autoclosure () -> String
  ) throws(TensorError) {
    let sum = unseen.wrappingAdd(min(bytes, 1 << 50), ordering: .relaxed).newValue
    let isSmall = bytes < stride && sum / stride == (sum - bytes) / stride
    if isSmall, !AllocationFailure.isAnywhere.load(ordering: .relaxed) { return }
    try look(bytes, sum, operation(), what())
  }

  /// Whether there is room for what one can do without: nothing is asked for, and nobody told.
  static func hasRoom(for bytes: Int) -> Bool {
    let limit = limit
    guard bytes <= limit else { return false }
    // Looking at the heap takes as long as there are free pieces in it.
    let sum = unseen.wrappingAdd(bytes, ordering: .relaxed).newValue
    if bytes < stride, sum < max(stride, limit / 64) { return true }
    unseen.store(0, ordering: .relaxed)
    guard inUse <= limit - bytes, let probe = malloc(bytes) else { return false }
    free(probe)
    return true
  }

  @inline(never)
  private static func look(
    _ bytes: Int, _ sum: Int, _ operation: String, _ what: String
  ) throws(TensorError) {
    if AllocationFailure.isNext() {
      throw .outOfMemory(operation, limit: "no more memory", asked: bytes, used: 0, what)
    }
    let limit = limit
    if sum >= max(stride, limit / 64) {
      unseen.store(0, ordering: .relaxed)
      let used = inUse
      guard bytes <= limit, used <= limit - bytes else {
        throw .outOfMemory(
          operation, limit: "at most \(sizeText(limit)) of memory (--memory-limit)", asked: bytes,
          used: used, what)
      }
    }
    // What is made of it beside the arrays themselves, and small things until the next look.
    let room = bytes < Int.max / 4 ? 2 * bytes + 2 * stride : Int.max
    guard system_gives(room) != 0 else {
      throw .outOfMemory(
        operation, limit: "memory, and the system gives no more", asked: bytes, used: inUse, what)
    }
  }

  /// Bytes of the heap that are in use, by all threads.
  static var inUse: Int {
    let heap = mallinfo2()
    return Int(clamping: heap.uordblks) + Int(clamping: heap.hblkhd)
  }
}

/// A number of bytes for people: `4.3 GB`, `512 MB`; thousands, as memory is sold.
func sizeText(_ bytes: Int) -> String {
  let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
  var (size, unit) = (Double(bytes), 0)
  while size >= 1000, unit + 1 < units.count { (size, unit) = (size / 1000, unit + 1) }
  if unit == 0 || size >= 100 { return "\(Int(size.rounded())) \(units[unit])" }
  let tenths = Int((size * 10).rounded())
  return "\(tenths / 10).\(tenths % 10) \(units[unit])"
}

extension TensorError {
  fileprivate static func outOfMemory(
    _ operation: String, limit: String, asked: Int, used: Int, _ what: String
  ) -> TensorError {
    let beside = used > 0 ? " beside \(sizeText(used)) in use" : ""
    var error = TensorError(
      operation, expected: limit, found: "\(sizeText(asked)) asked for \(what)\(beside)")
    error.exceedsBudget = true
    return error
  }
}

/// Failures of memory made on purpose: the n-th reservation of a task is refused. For tests that walk n
/// through everything there is.
public enum AllocationFailure {
  /// Whether any task of the process waits for one; all that a run without looks at.
  static let isAnywhere = Atomic<Bool>(false)
  private static let waiting = Atomic<Int>(0)

  /// Reservations left until one is refused, and how many there were.
  public final class Countdown: Sendable {
    private let left: Atomic<Int>
    fileprivate init(_ n: Int) { left = Atomic(n) }
    fileprivate func isOver() -> Bool { left.wrappingSubtract(1, ordering: .relaxed).oldValue == 0 }
    /// Whether the refusal has come.
    public var hasCome: Bool { left.load(ordering: .relaxed) < 0 }
  }

  @TaskLocal private static var countdown: Countdown?

  /// Runs `body` with its n-th reservation (from 0) refused.
  /// - Returns: what `body` gave or threw, and whether there was an n-th.
  public static func at<R>(_ n: Int, _ body: () throws -> R) -> (
    Result<R, any Error>, hasCome: Bool
  ) {
    waiting.wrappingAdd(1, ordering: .relaxed)
    isAnywhere.store(true, ordering: .relaxed)
    defer {
      if waiting.wrappingSubtract(1, ordering: .relaxed).newValue == 0 {
        isAnywhere.store(false, ordering: .relaxed)
      }
    }
    let countdown = Countdown(n)
    let result = $countdown.withValue(countdown) { Result { try body() } }
    return (result, countdown.hasCome)
  }

  static func isNext() -> Bool { countdown?.isOver() ?? false }
}

extension Shape {
  /// The bytes of so many elements of a size; `Int.max` where they are more than an `Int` holds.
  public func bytes(of elementSize: Int) -> Int {
    let (product, overflow) = count.multipliedReportingOverflow(by: elementSize)
    return overflow ? Int.max : product
  }
}
