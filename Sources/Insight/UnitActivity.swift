public import TensorCore

/// What the units of a layer do over a set of samples: how sparse they are, how many are dead, and how
/// much they say the same. A unit is a feature, or a whole channel of maps.
public struct UnitActivity: Equatable, Sendable {
  /// How many units there are.
  public let units: Int
  /// The share of cells that are 0, 0 … 1.
  public let zeros: Double
  /// The mean over all cells.
  public let mean: Double
  /// Units that are 0 in every cell of every sample.
  public let dead: Int
  /// Units that have one value wherever they were correlated, so that they correlate with nothing.
  public let constant: Int
  /// Co-adaptation: the mean of |r| over all pairs of units that are not constant, where r is Pearson's
  /// correlation; nil where there is no such pair.
  public let correlation: Double?

  /// The most observations of a unit that are correlated: of maps as many samples are taken as that
  /// leaves room for, two at least. Zeros, mean and dead units are of all samples.
  public static let mostObservations = 32_768

  /// Measures `[N,F]` or `[N,C,…]`, whose units lie along `axis`.
  /// - Parameter axis: 0 < axis < rank; what lies behind it are cells of one unit, what lies before it
  ///   are samples
  public init(_ x: Tensor, unitAxis axis: Int = 1) {
    precondition(axis > 0 && axis < x.shape.rank, "units along \(axis) of \(x.shape)")
    let (units, dims) = (x.shape[axis], x.shape.dims)
    let inner = dims[(axis + 1)...].reduce(1, *)
    let outer = dims[..<axis].reduce(1, *)
    self.units = units
    var (zeroCount, sum, alive) = (0, 0.0, [Bool](repeating: false, count: units))
    x.withElements { x in
      for start in 0..<outer * units {
        var isAlive = false
        for value in x[start * inner..<(start + 1) * inner] {
          sum += Double(value)
          if value == 0 { zeroCount += 1 } else { isAlive = true }
        }
        if isAlive { alive[start % units] = true }
      }
    }
    zeros = Double(zeroCount) / Double(max(1, x.count))
    mean = sum / Double(max(1, x.count))
    dead = x.count == 0 ? 0 : alive.count { !$0 }
    let rows = min(outer, max(2, UnitActivity.mostObservations / max(1, inner)))
    let deviations = UnitActivity.deviations(x, units: units, rows: rows, inner: inner)
    let varying = deviations.filter { !$0.isEmpty }
    constant = units - varying.count
    correlation = UnitActivity.meanCorrelation(varying)
  }

  /// Each unit's observations less their mean, divided by their length; none for a constant unit.
  private static func deviations(
    _ x: Tensor, units: Int, rows: Int, inner: Int
  ) -> [[Double]] {
    let count = rows * inner
    var found = [[Double]](repeating: [], count: units)
    x.withElements { x in
      for unit in 0..<units {
        var own: [Double] = []
        own.reserveCapacity(count)
        for row in 0..<rows {
          let start = (row * units + unit) * inner
          for value in x[start..<start + inner] { own.append(Double(value)) }
        }
        guard let first = own.first, own.contains(where: { $0 != first }) else { continue }
        let mean = own.reduce(0, +) / Double(count)
        var square = 0.0
        for i in own.indices {
          own[i] -= mean
          square += own[i] * own[i]
        }
        // Of numbers so large or so close that nothing is left no correlation can be told.
        guard square > 0, square.isFinite else { continue }
        let length = square.squareRoot()
        for i in own.indices { own[i] /= length }
        found[unit] = own
      }
    }
    return found
  }

  /// The mean |r| over all pairs; each unit's sum is made by itself, so that threads change no bit.
  private static func meanCorrelation(_ units: [[Double]]) -> Double? {
    let count = units.count
    guard count > 1 else { return nil }
    let sums = [Double](unsafeUninitializedCapacity: count - 1) { buffer, filled in
      nonisolated(unsafe) let buffer = buffer
      Parallel.run(tasks: count - 1) { i in
        var sum = 0.0
        units[i].withUnsafeBufferPointer { a in
          for j in i + 1..<count {
            sum += units[j].withUnsafeBufferPointer { b in
              var product = 0.0
              for k in a.indices { product += a[k] * b[k] }
              return min(1, abs(product))
            }
          }
        }
        (buffer.baseAddress! + i).initialize(to: sum)
      }
      filled = count - 1
    }
    return sums.reduce(0, +) / Double(count * (count - 1) / 2)
  }
}
