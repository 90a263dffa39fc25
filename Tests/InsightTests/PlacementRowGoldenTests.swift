import Formats
import Insight
import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks
import TestSupport

/// What Tests/Golden/make_rungs.py works out in NumPy's float64: the table of placements and both orders of
/// pool and dropout, under the masks that are drawn here.
private struct PlacementRowGolden: Decodable {
  let seed: UInt64
  let masks: UInt32
  let orders: UInt32
  let cases: [Case]

  struct Case: Decodable {
    let digit: Int
    let kind: String
    let rate: Double
    let entries: [Entry]
    let order: [String: Order]

    private enum CodingKeys: String, CodingKey {
      case digit, kind, rate, order
      case entries = "rungs"
    }
  }

  /// A line of the table: numbers by the names of `PlacementColumns.columns`.
  struct Entry: Decodable {
    let site: String
    let numbers: [String: Double]

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Key.self)
      site = try fields.decode(String.self, forKey: Key(stringValue: "site"))
      let names = fields.allKeys.filter { $0.stringValue != "site" }
      numbers = Dictionary(
        uniqueKeysWithValues: try names.map {
          ($0.stringValue, try fields.decode(Double.self, forKey: $0))
        })
    }

    struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
  }

  /// Both orders over all masks.
  struct Order: Decodable {
    let inflation, largest, squares: Double
  }

  static func load() throws -> PlacementRowGolden {
    try Golden.json("rungs.json")
  }
}

@Suite struct PlacementRowGoldenTests {
  private let golden: PlacementRowGolden
  private let model: DigitsModel
  private var network: Network { model.network }

  init() throws { (golden, model) = (try PlacementRowGolden.load(), try DigitsModel()) }

  private func dropout(_ own: PlacementRowGolden.Case) throws -> Dropout {
    Dropout(try KindRegistry.make(own.kind), rate: try Rate(own.rate))
  }

  /// Float32 against float64: shares were counted and are equal, ratios are apart by rounding.
  @Test func theTableIsWhatNumPyFinds() throws {
    var met: Set<String> = []
    for own in golden.cases {
      let clean = try model.clean(DigitsModel.image(own.digit))
      #expect(own.entries.map(\.site) == network.sensibleSites.map(\.value))
      for entry in own.entries {
        var (row, runs) = try PlacementRow.begin(
          network, clean: clean, site: entry.site, dropout: try dropout(own), seed: golden.seed)
        try runs.add(0..<golden.masks, to: &row, empty: row)
        for column in PlacementColumns.columns {
          let (found, expected) = (column.value(row), entry.numbers[column.name])
          let what = "\(own.kind) \(own.rate) at \(entry.site) of \(own.digit), \(column.name)"
          guard let found, let expected else {
            #expect(found == nil && expected == nil, "\(what)")
            continue
          }
          if expected != 0 { met.insert(column.name) }
          let tolerance = column.isShare ? 1e-8 : 1e-4 * abs(expected)
          #expect(abs(found - expected) <= tolerance, "\(what): \(found), not \(expected)")
        }
      }
    }
    #expect(met == Set(PlacementColumns.columns.map(\.name)))
  }

  @Test func bothOrdersAreWhatNumPyFinds() throws {
    for own in golden.cases {
      let site = "relu2"
      let x = try #require(try model.clean(DigitsModel.image(own.digit)).tensor(site))
      let pooling = try #require(network.pooling(after: site, over: x.shape))
      let orders = try (0..<golden.orders).map { step in
        try PoolOrder(
          x, layout: .channelsFirst(x.shape), dropout: try dropout(own),
          stream: RandomStream(
            seed: golden.seed, site: RandomStream.site(named: site), step: step),
          pooling: pooling)
      }
      for (index, name) in ["max", "average"].enumerated() {
        let pools = orders.map { $0.pools[index] }
        let expected = try #require(own.order[name])
        #expect(pools.allSatisfy { $0.name == name })
        let inflation = pools.reduce(0) { $0 + ($1.inflation ?? .nan) } / Double(pools.count)
        #expect(abs(inflation - expected.inflation) < 1e-5, "\(name) \(own.kind) \(own.rate)")
        let largest = pools.map(\.largestDifference).max() ?? .nan
        let squares = pools.reduce(0.0) { sum, pool in
          pool.difference.elements.reduce(sum) { $0 + Double($1) * Double($1) }
        }
        if own.kind == "spatial" {
          // Exactly for the largest of a window; the mean's terms are rounded at scales that are no
          // power of 2.
          #expect(largest <= (name == "max" || own.rate == 0.5 ? 0 : 1e-5))
          #expect(expected.largest < 1e-12)
        } else {
          #expect(expected.largest > 1)
          #expect(abs(Double(largest) - expected.largest) < 1e-5 * expected.largest)
          #expect(abs(squares - expected.squares) < 1e-4 * expected.squares)
        }
      }
    }
  }
}
