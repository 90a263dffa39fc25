import Glibc
public import NeuralNet
public import TensorCore

/// What a network says of each place of a picture: how likely it belongs to what is looked for.
public struct Segmentation: Equatable, Sendable {
  /// Rows of places.
  public let rows: Int
  /// Columns of places.
  public let columns: Int
  /// The probability of each place, row by row.
  public let probabilities: [Float]

  /// Probabilities, row by row.
  public init(rows: Int, columns: Int, probabilities: [Float]) {
    precondition(probabilities.count == rows * columns, "\(probabilities.count) places")
    (self.rows, self.columns, self.probabilities) = (rows, columns, probabilities)
  }

  /// Which places are found: those of more than ½.
  public var found: [Bool] { probabilities.map { $0 > 0.5 } }

  /// The places as a plane of numbers, `[H,W]`.
  public var tensor: Tensor { Tensor(Shape([rows, columns]), probabilities) }
}

extension Network {
  /// Operators behind which maps are read as a segmentation, and those of them that make probabilities.
  private static let (probable, open): (Set, Set) = (
    ["Sigmoid", "HardSigmoid", "Softmax"],
    ["Conv", "ConvTranspose", "Resize", "Upsample", "Add", "Concat"]
  )

  /// The output that holds maps of places; nil where it is of another kind.
  public var segmentationOutput: String? {
    guard let output = graph.outputs.first,
      let maker = graph.producerIndex(of: output).map({ graph.nodes[$0].opType }),
      Network.probable.contains(maker) || Network.open.contains(maker)
    else { return nil }
    return output
  }

  /// What a run says of each place of its first sample; nil where its output holds no maps. One map is
  /// the probability, or its logit where no Sigmoid makes it; of several that a Softmax makes, or that
  /// nothing does, class 0 is the background and all others are looked for; of several behind a Sigmoid
  /// the likeliest counts.
  public func segmentation(_ run: Activations) -> Segmentation? {
    guard let output = segmentationOutput, let tensor = run.tensor(output),
      let maker = graph.producerIndex(of: output).map({ graph.nodes[$0].opType })
    else { return nil }
    let layout = layout(of: output, shape: tensor.shape)
    guard layout.h > 1, layout.w > 1, layout.c > 0,
      !layout.axes.contains(where: { $0.name == .depth })
    else { return nil }
    let isProbability = Network.probable.contains(maker)
    let probabilities = (0..<layout.h * layout.w).map { place -> Float in
      let (y, x) = place.quotientAndRemainder(dividingBy: layout.w)
      let values = (0..<layout.c).map { tensor[layout.offset(n: 0, c: $0, y: y, x: x)] }
      switch (values.count, isProbability) {
      case (1, true): return values[0]
      case (1, false): return 1 / (1 + exp(-values[0]))
      case (_, true) where maker != "Softmax": return values.max() ?? 0
      case (_, true): return 1 - values[0]
      case (_, false):
        let top = values.max() ?? 0
        let all = values.reduce(0) { $0 + exp($1 - top) }
        return 1 - exp(values[0] - top) / all
      }
    }
    return Segmentation(rows: layout.h, columns: layout.w, probabilities: probabilities)
  }
}

/// What many masked runs say of each place, added up.
public struct SegmentationSums: Equatable, Sendable {
  /// What the network says without dropout.
  public let clean: Segmentation
  /// What is true, place by place; nil where nobody said.
  public let truth: [Bool]?
  /// How many runs.
  public private(set) var count = 0
  private var sums: [Double]
  private var squares: [Double]
  private var overlapSum = 0.0
  private var overlapSquares = 0.0

  /// Sums of no runs. A truth of another number of places is none.
  public init(clean: Segmentation, truth: [Bool]? = nil) {
    self.clean = clean
    self.truth = truth?.count == clean.probabilities.count ? truth : nil
    sums = [Double](repeating: 0, count: clean.probabilities.count)
    squares = sums
  }

  /// Adds one run.
  public mutating func add(_ run: Segmentation) {
    guard run.probabilities.count == sums.count else { return }
    count += 1
    for (place, p) in run.probabilities.enumerated() {
      sums[place] += Double(p)
      squares[place] += Double(p) * Double(p)
    }
    if let dice = dice(run) {
      overlapSum += dice
      overlapSquares += dice * dice
    }
  }

  /// Adds what other sums hold.
  public mutating func add(_ other: SegmentationSums) {
    guard other.sums.count == sums.count else { return }
    count += other.count
    for place in sums.indices {
      sums[place] += other.sums[place]
      squares[place] += other.squares[place]
    }
    overlapSum += other.overlapSum
    overlapSquares += other.overlapSquares
  }

  /// The mean probability of each place over the masks; that without dropout before the first.
  public var mean: Segmentation {
    guard count > 0 else { return clean }
    return Segmentation(
      rows: clean.rows, columns: clean.columns,
      probabilities: sums.map { Float($0 / Double(count)) })
  }

  /// How much each place's probability varies over the masks: the variance of a sample, dividing by
  /// T − 1; 0 before the second.
  public var variances: [Float] {
    guard count > 1 else { return sums.map { _ in 0 } }
    let runs = Double(count)
    return zip(squares, sums).map { Float(max(0, $0 - $1 * $1 / runs) / (runs - 1)) }
  }

  /// How far what is found overlaps with what is true (Dice 1945); nil where nobody said what is true.
  public func dice(_ run: Segmentation) -> Double? {
    truth.map { MaskOverlap.dice(run.found, $0) }
  }

  /// The mean of the single runs' overlaps, and the deviation of that mean.
  public var meanDice: (mean: Double, deviation: Double)? {
    guard truth != nil, count > 1 else { return nil }
    let (runs, sum) = (Double(count), overlapSum)
    let variance = max(0, overlapSquares - sum * sum / runs) / (runs - 1)
    return (sum / runs, (variance / runs).squareRoot())
  }

  /// How many of the places where the mean map is wrong lie in the tenth of all places that vary most.
  public var errorsWhereUncertain: Share? {
    guard let truth, count > 1 else { return nil }
    let (found, variances) = (mean.found, variances)
    let most = variances.indices.sorted {
      variances[$0] == variances[$1] ? $0 < $1 : variances[$0] > variances[$1]
    }
    let wrong = truth.indices.count { found[$0] != truth[$0] }
    let there = most.prefix(max(1, most.count / 10)).count { found[$0] != truth[$0] }
    return Share(there, of: wrong)
  }
}
