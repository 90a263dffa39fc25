/// A named stream of random numbers: the same (seed, site, sample, step) gives the same numbers on
/// every machine, whatever the thread count or the order of calls.
public struct RandomStream: Hashable, Sendable {
  /// What the user chose.
  public var seed: UInt64
  /// Where in the network the numbers are used; streams of different sites are independent.
  public var site: UInt32
  /// The sample of the batch.
  public var sample: UInt32
  /// The training step, or the number of times the user asked for another mask.
  public var step: UInt32

  /// A stream with the four coordinates given.
  public init(seed: UInt64, site: UInt32 = 0, sample: UInt32 = 0, step: UInt32 = 0) {
    (self.seed, self.site, self.sample, self.step) = (seed, site, sample, step)
  }

  /// A site number for a name: the 32-bit FNV-1a hash of its UTF-8 bytes.
  public static func site(named name: String) -> UInt32 {
    name.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }

  /// The stream of the `n`-th sample of a batch whose first sample is this stream's.
  public func ofSample(_ n: Int) -> RandomStream {
    var own = self
    own.sample &+= UInt32(truncatingIfNeeded: n)
    return own
  }

  /// The stream of a turn of what draws anew in each: under another seed, by the finaliser of SplitMix64
  /// (Steele, Lea and Flood 2014).
  public func ofTurn(_ turn: Int) -> RandomStream {
    var z = seed &+ (UInt64(truncatingIfNeeded: turn) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    var own = self
    own.seed = z ^ (z >> 31)
    return own
  }

  /// The key of the generator: the seed's low and high words.
  var key: SIMD2<UInt32> {
    SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
  }

  /// The counter of the block that holds the numbers 4·index ..< 4·index + 4.
  func counter(_ index: UInt32) -> SIMD4<UInt32> { SIMD4(index, sample, site, step) }

  /// The `index`-th random word of the stream; `index` is below 2³⁴.
  public func word(at index: Int) -> UInt32 {
    Philox.block(counter: counter(UInt32(index >> 2)), key: key)[index & 3]
  }

  /// The `index`-th uniform of the stream, in [0,1), a multiple of 2⁻²⁴.
  public func uniform(at index: Int) -> Float { RandomStream.uniform(word(at: index)) }

  /// The uniform a word stands for: its upper 24 bits × 2⁻²⁴, in [0,1).
  static func uniform(_ word: UInt32) -> Float { Float(word >> 8) * 0x1p-24 }
}
