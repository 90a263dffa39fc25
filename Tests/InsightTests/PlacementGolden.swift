import Formats
import Insight
import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks
import TestSupport

/// What Tests/Golden/make_ladder.py works out in NumPy for the model `digits`.
struct PlacementGolden: Decodable {
  let seed: UInt64
  let masks: UInt32
  /// The value the max-pool reads.
  let site: String
  let builtIn: [Inflation]
  let mnist: [Inflation]
  let commuting: [Commuting]
  let rows: [Row]

  /// Mean of the max-pool behind element dropout / its mean without, digit by digit.
  struct Inflation: Decodable {
    let rate: Double
    let each: [Double]
  }

  /// The largest |pool(drop(x)) − drop(pool(x))| where a pooled cell shares its winner's fate.
  struct Commuting: Decodable {
    let digit: Int
    let kind: String
    let rate: Double
    let largest: Double
  }

  /// `PlacementRow` of a dropout at a site, for a built-in digit on paper of some grain.
  struct Row: Decodable {
    let digit: Int
    /// Bytes below that are added to the pixels; none for 0.
    let grain: UInt32
    let site: String
    let kind: String
    let rate: Double
    let next: String
    let nextRatios: Ratios
    let outputRatios: Ratios
    let deadMaps: [Int]
    let flips: [Int]
    let pool: Pool?

    var name: String { "\(kind) \(rate) at \(site), digit \(digit), grain \(grain)" }
  }

  struct Ratios: Decodable {
    let mean: Double
    let variance: Double
  }

  struct Pool: Decodable {
    let live: Int
    let lowered: Int
    let zeroed: Int
    /// Pooled cells of which a winner was dropped and its equal was not.
    let tied: Int
  }

  static func load() throws -> PlacementGolden {
    try Golden.json("ladder.json")
  }
}

/// The model `digits` and its runs under the masks that NumPy drew as well.
struct DigitsPlacement {
  let golden: PlacementGolden
  private let model: DigitsModel

  init() throws { (golden, model) = (try PlacementGolden.load(), try DigitsModel()) }

  var network: Network { model.network }

  /// The run without dropout of an image, 0…1.
  func clean(_ image: Tensor) throws -> Activations { try model.clean(image) }

  /// The run without dropout of a built-in digit; `grain` roughens the paper.
  func clean(digit: Int, grain: UInt32 = 0) throws -> Activations {
    let image = try DigitsModel.image(digit)
    guard grain > 0 else { return try clean(image) }
    let stream = RandomStream(seed: golden.seed, site: RandomStream.site(named: "grain"))
    let grainy = image.elements.enumerated().map { pixel, value in
      min(255, (value * 255).rounded() + Float(stream.word(at: pixel) % grain)) / 255
    }
    return try clean(Tensor(image.shape, grainy))
  }

  func dropout(_ kind: String, _ rate: Double) throws -> Dropout {
    Dropout(try KindRegistry.make(kind), rate: try Rate(rate))
  }

  /// Runs with one dropout at a site, as an ensemble makes them: the model's own Dropout
  /// nodes below the site act.
  func runs(
    _ clean: Activations, at site: String, _ dropout: Dropout, wanted: [String]
  ) -> MonteCarlo {
    MonteCarlo(
      network, clean: clean,
      placements: [Placement(site: site, dropout: dropout, seed: golden.seed)], wanted: wanted,
      context: RunContext(mode: .train, stream: RandomStream(seed: golden.seed)))
  }

  /// The row of one site over the golden's masks.
  /// - Parameter wanted: the values to compute; nil for all that the row can tell of
  func row(
    _ clean: Activations, at site: String, _ dropout: Dropout, wanted: [String]? = nil
  ) throws -> PlacementRow {
    let site = Network.Site(value: site, name: site, places: [])
    let nothing = try PlacementRow(network, site: site, dropout: dropout, clean: clean)
    var row = nothing
    try runs(clean, at: site.value, dropout, wanted: wanted ?? nothing.wanted)
      .add(0..<golden.masks, to: &row, empty: nothing)
    return row
  }

  /// What `golden.builtIn` and `golden.mnist` say of a digit.
  func inflation(_ clean: Activations, rate: Double) throws -> Double {
    let pool = try #require(network.pool(reading: golden.site))
    let row = try row(clean, at: golden.site, dropout("element", rate), wanted: [pool])
    let next = try #require(row.next)
    #expect(next.value == pool && row.count == golden.masks)
    return try #require(next.meanRatio)
  }
}
