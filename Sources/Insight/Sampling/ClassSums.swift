import Glibc

/// What many masked runs say of one sample, added up: everything the ensemble shows of its classes.
public struct ClassSums: Equatable, Sendable {
  /// How many runs.
  public private(set) var count = 0
  private var logits: [Double]
  private var probabilities: [Double]
  private var squares: [Double]
  private var logProbabilities: [Double]
  private var entropies = 0.0
  /// How many runs named each class.
  public private(set) var votes: [Int]

  /// Sums over so many classes.
  public init(classes: Int) {
    logits = [Double](repeating: 0, count: classes)
    (probabilities, squares, logProbabilities) = (logits, logits, logits)
    votes = [Int](repeating: 0, count: classes)
  }

  /// Adds one run.
  public mutating func add(_ run: Classification) {
    guard run.logits.count == votes.count else { return }
    count += 1
    votes[run.label] += 1
    for (k, log) in run.logProbabilities.enumerated() {
      let p = exp(log)
      logits[k] += run.logits[k]
      probabilities[k] += p
      squares[k] += p * p
      logProbabilities[k] += log
      if p > 0 { entropies -= p * log }
    }
  }

  /// Adds what other sums hold.
  mutating func add(_ other: ClassSums) {
    count += other.count
    entropies += other.entropies
    for k in votes.indices {
      logits[k] += other.logits[k]
      probabilities[k] += other.probabilities[k]
      squares[k] += other.squares[k]
      logProbabilities[k] += other.logProbabilities[k]
      votes[k] += other.votes[k]
    }
  }

  private var runs: Double { Double(max(1, count)) }

  /// The arithmetic mean of the logits.
  public var meanLogits: [Double] { logits.map { $0 / runs } }

  /// The arithmetic mean of the probabilities: what a Monte-Carlo ensemble predicts (Gal and
  /// Ghahramani 2016, 1506.02142).
  public var meanProbabilities: [Double] { probabilities.map { $0 / runs } }

  /// The arithmetic mean of the logarithms of the probabilities: less it, of the right class, is the
  /// mean loss of a run.
  public var meanLogProbabilities: [Double] { logProbabilities.map { $0 / runs } }

  /// The geometric mean of the probabilities, made to add up to 1; for one softmax layer at p = .5 over
  /// all masks it is what the weight-scaling pass gives (Hinton et al. 2012, 1207.0580).
  public var geometricMean: [Double] {
    Classification(logits: meanLogProbabilities).probabilities
  }

  /// The standard deviation of each probability over the runs, of a sample; 0 for one run.
  public var deviations: [Double] {
    guard count > 1 else { return squares.map { _ in 0 } }
    return zip(squares, probabilities).map { squares, sum in
      (max(0, squares - sum * sum / runs) / (runs - 1)).squareRoot()
    }
  }

  /// The standard error of each mean probability: deviation / √T.
  public var standardErrors: [Double] { deviations.map { $0 / runs.squareRoot() } }

  /// The entropy of the mean prediction, in nats.
  public var predictiveEntropy: Double {
    -meanProbabilities.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
  }

  /// The mean entropy of a single run, in nats.
  public var expectedEntropy: Double { entropies / runs }

  /// How much of the entropy the masks disagree about, in nats: predictive less expected entropy
  /// (Houlsby et al. 2011, 1112.5745).
  public var mutualInformation: Double { max(0, predictiveEntropy - expectedEntropy) }

  /// Whether every mean probability is known to ± `margin` with 95 % confidence.
  public func isSettled(to margin: Double) -> Bool {
    count > 1 && standardErrors.allSatisfy { 1.96 * $0 <= margin }
  }
}
