import TensorCore

/// Which images of a set a network is trained on, and which are held out: training never sees them.
public struct HeldOut: Equatable, Sendable {
  /// The images to train on.
  public let training: [Int]
  /// The images held out.
  public let heldOut: [Int]

  /// Splits a set of `count` images at random: the same seed holds out the same images, whatever
  /// `limit` is.
  /// - Parameters:
  ///   - heldOut: how many are held out; all but one at most
  ///   - limit: the most images to train on, chosen at random; nil for all the others
  public init(count: Int, heldOut: Int, limit: Int? = nil, seed: UInt64) {
    precondition(heldOut >= 0 && heldOut < max(1, count), "\(heldOut) of \(count) held out")
    let order = HeldOut.shuffled(count, seed: seed)
    self.heldOut = Array(order.prefix(heldOut))
    training = Array(order.dropFirst(heldOut).prefix(limit ?? count))
  }

  /// How many images are held out unless somebody says: of MNIST's 60,000 the 10,000 that are usual,
  /// of smaller sets a sixth.
  public static func usual(of count: Int) -> Int { min(10_000, count / 6) }

  /// 0 ..< count in a random order (Durstenfeld's shuffle).
  private static func shuffled(_ count: Int, seed: UInt64) -> [Int] {
    let stream = RandomStream(seed: seed, site: RandomStream.site(named: "held out"))
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      // Unevenness of (last + 1) / 2³² does not matter here.
      let chosen = Int((UInt64(stream.word(at: last)) * UInt64(last + 1)) >> 32)
      order.swapAt(last, chosen)
    }
    return order
  }
}
