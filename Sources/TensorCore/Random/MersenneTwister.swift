/// MT19937 of Matsumoto and Nishimura, "Mersenne Twister" (ACM TOMACS 8, 1998), with the uniforms
/// NumPy's legacy generator makes of it. Only for what ONNX defines by `numpy.random`: it has a
/// state, so its numbers depend on the order of calls. Everything else uses `RandomStream`.
public struct MersenneTwister: Sendable {
  private var state: [UInt32]
  private var next = MersenneTwister.size

  private static let (size, middle) = (624, 397)

  /// The generator as `numpy.random.seed(seed)` leaves it.
  public init(seed: UInt32) {
    state = [seed]
    state.reserveCapacity(MersenneTwister.size)
    for index in 1..<UInt32(MersenneTwister.size) {
      let last = state[state.count - 1]
      state.append(1_812_433_253 &* (last ^ last >> 30) &+ index)
    }
  }

  /// The next 32 bits.
  public mutating func word() -> UInt32 {
    if next == MersenneTwister.size { twist() }
    var y = state[next]
    next += 1
    y ^= y >> 11
    y ^= y << 7 & 0x9D2C_5680
    y ^= y << 15 & 0xEFC6_0000
    return y ^ y >> 18
  }

  /// The next number in [0,1): 53 bits of two words, as `numpy.random.uniform()` gives it.
  public mutating func uniform() -> Double {
    let (high, low) = (word() >> 5, word() >> 6)
    return (Double(high) * 0x1p26 + Double(low)) * 0x1p-53
  }

  private mutating func twist() {
    let (size, middle) = (MersenneTwister.size, MersenneTwister.middle)
    for index in 0..<size {
      let y = state[index] & 0x8000_0000 | state[(index + 1) % size] & 0x7FFF_FFFF
      state[index] = state[(index + middle) % size] ^ y >> 1 ^ (y & 1 == 0 ? 0 : 0x9908_B0DF)
    }
    next = 0
  }
}
