import TensorCore

/// How often values lie where: buckets of equal width from the least to the greatest, with the sums that tell
/// mean and spread.
public struct Histogram: Equatable, Sendable {
  /// How many finite values there are.
  public let count: Int
  /// The least and the greatest of them; 0 of none.
  public let least, greatest: Double
  /// The sum of them, and of their squares.
  public let sum, squares: Double
  /// The upper end of each bucket.
  public let limits: [Double]
  /// How many values each bucket has; a value at an end belongs to the bucket above it, the greatest to the
  /// last one.
  public let counts: [Int]

  /// Buckets of values that differ.
  public static let buckets = 30

  /// The histogram of the finite values of an array.
  public init(_ values: some Sequence<Float>) {
    var (count, sum, squares) = (0, 0.0, 0.0)
    var (least, greatest) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      let x = Double(value)
      (least, greatest) = (min(least, x), max(greatest, x))
      (count, sum, squares) = (count + 1, sum + x, squares + x * x)
    }
    (self.count, self.sum, self.squares) = (count, sum, squares)
    guard count > 0, greatest > least else {
      (self.least, self.greatest) = count > 0 ? (least, greatest) : (0, 0)
      (limits, counts) = count > 0 ? ([greatest], [count]) : ([], [])
      return
    }
    (self.least, self.greatest) = (least, greatest)
    let width = (greatest - least) / Double(Histogram.buckets)
    var counts = [Int](repeating: 0, count: Histogram.buckets)
    for value in values where value.isFinite {
      counts[min(Histogram.buckets - 1, Int((Double(value) - least) / width))] += 1
    }
    self.counts = counts
    limits = (1...Histogram.buckets).map {
      $0 == Histogram.buckets ? greatest : least + Double($0) * width
    }
  }
}
