import Formats
import Insight
import Masks
import NeuralNet
import Studies
import TensorCore

/// What dropout of each kind really removes, measured by the program's own meters on maps that
/// anyone can look at: the numbers of the README's table.
struct Facts {
  /// Where the maps come from.
  let source: String
  /// Activations `[1,C,H,W]` after ReLU.
  let maps: [Tensor]
  /// How many masks are drawn on each.
  let masks: Int

  static let rates = [0.1, 0.25, 0.5, 0.75, 0.9]

  static let definitions = """
    wasted       share of dropped cells that were zero already, counted over all masks
    mass         share of the sum of |x| in dropped cells
    recoverable  1 - sum (x - fill)^2 / sum x^2 over dropped cells; fill: mean of kept 4-neighbours
    autocorr     Moran's I at lag 1 of the clean maps
    variance     variance after / before, over all cells
    max-pool     mean of a 2x2 max-pool after / before;  average: the same of a 2x2 average pool
    The others are means over the masks, inverted scaling.
    """

  /// All sources at hand. Those of `../shared` are left out where it is absent.
  static func all() throws -> [Facts] {
    var all = [Facts(source: "seven through edges, relu1", maps: [try builtIn()], masks: 400)]
    let sheet = "../shared/reference/spreadsheet/conv1_"
    if let a = try? InputFile.numbers(sheet + "a.csv"),
      let b = try? InputFile.numbers(sheet + "b.csv")
    {
      let both = Tensor([1, 2, 26, 26], a.elements + b.elements)
      all.append(Facts(source: "the fast.ai sheet's digit, conv1", maps: [both], masks: 400))
    }
    let mnist = "../shared/data/mnist/train-images-idx3-ubyte.gz"
    if let digits = try? (0..<100).map({ try InputFile.read(mnist, index: $0) }) {
      let maps = try digits.compactMap { file -> Tensor? in
        guard case .item(let pixels, true, _, _) = file.content else { return nil }
        return try through(pixels.map { $0 / 255 })
      }
      guard !maps.isEmpty else { throw TensorError(mnist, expected: "bytes", found: "numbers") }
      all.append(Facts(source: "100 MNIST digits through edges, relu1", maps: maps, masks: 8))
    }
    return all
  }

  private static func builtIn() throws -> Tensor {
    try through(try BuiltIns.digit("seven")!.tensor)
  }

  /// conv1 and ReLU of the built-in model.
  private static func through(_ image: Tensor) throws -> Tensor {
    let network = Network(try BuiltIns.model("edges")!)
    let run = try network.run(["image": .float32(try image.reshaped(to: [1, 1, 28, 28]))])
    return run.tensor(network.graph.value(named: "relu1")!)!
  }

  /// The maps with both poolings below them.
  private func experiment(_ maps: Tensor) throws -> Experiment {
    let window: [String: Attribute] = [
      "kernel_shape": .ints([2, 2]), "strides": .ints([2, 2]),
    ]
    let graph = try Graph(
      name: "pools", inputs: [Graph.Input("maps", dims: maps.shape.dims)], outputs: ["average"],
      nodes: [
        Node("MaxPool", inputs: ["maps"], outputs: ["largest"], attributes: window),
        Node("AveragePool", inputs: ["maps"], outputs: ["average"], attributes: window),
      ])
    return try Experiment(
      Subject(network: Network(graph), input: maps, inputName: source, modelName: "pools"))
  }

  /// Means over masks.
  struct Row {
    var wasted = 0.0, mass = 0.0, recoverable = 0.0, autocorrelation = 0.0
    var variance = 0.0, maxPool = 0.0, averagePool = 0.0
  }

  /// - Throws: where the kind cannot act on such maps.
  func row(kind: String, rate: Double) throws -> Row {
    var row = Row()
    var counts = (all: 0.0, recoverable: 0.0, dropped: 0, zero: 0)
    for (index, maps) in maps.enumerated() {
      let experiment = try experiment(maps)
      for mask in 0..<masks {
        let seen = try experiment.observe(
          Setting(
            layer: "maps", kind: kind, rate: Rate(rate), seed: UInt64(index * masks + mask)))
        let meters = seen.meters
        counts.dropped += meters.waste.dropped
        counts.zero += meters.waste.droppedZero
        row.mass += meters.waste.massRemoved
        row.autocorrelation += meters.autocorrelation ?? 0
        row.variance += meters.moments.variance ?? 0
        row.maxPool += meters.pooled?.mean ?? 0
        row.averagePool += MomentRatios(before: seen.cleanOutput!, after: seen.output!).mean ?? 0
        // No mask, or one that dropped nothing live, has nothing to recover.
        if let value = meters.recoverability.value {
          row.recoverable += value
          counts.recoverable += 1
        }
        counts.all += 1
      }
    }
    row.wasted = Double(counts.zero) / Double(max(1, counts.dropped))
    row.mass /= counts.all
    row.autocorrelation /= counts.all
    row.variance /= counts.all
    row.maxPool /= counts.all
    row.averagePool /= counts.all
    row.recoverable /= max(1, counts.recoverable)
    return row
  }

  /// The share of cells that change from one rate to another, with the same field and with another.
  func changed(from a: Double, to b: Double) throws -> (coupled: Double, resampled: Double) {
    var (coupled, resampled, cells) = (0, 0, 0)
    for (index, maps) in maps.enumerated() {
      let layout = try Layout.channelsFirst(maps.shape)
      for mask in 0..<masks {
        let seed = UInt64(2 * (index * masks + mask))
        func kept(_ rate: Double, _ seed: UInt64) throws -> [Bool] {
          try Dropout(ElementDropout(), rate: Rate(rate))
            .mask(layout: layout, stream: RandomStream(seed: seed)).kept.elements
        }
        let before = try kept(a, seed)
        coupled += zip(before, try kept(b, seed)).count { $0 != $1 }
        resampled += zip(before, try kept(b, seed + 1)).count { $0 != $1 }
        cells += before.count
      }
    }
    return (Double(coupled) / Double(cells), Double(resampled) / Double(cells))
  }

  /// The standard deviation of the realised rate over many masks, and √(p(1−p)/n).
  func spread(rate: Double) throws -> (measured: Double, predicted: Double) {
    let layout = try Layout.channelsFirst(maps[0].shape)
    let dropout = Dropout(ElementDropout(), rate: try Rate(rate))
    let realised = try (0..<1000).map { seed in
      let mask = try dropout.mask(layout: layout, stream: RandomStream(seed: UInt64(seed)))
      return Realised(mask, units: layout.count).rate
    }
    let mean = realised.reduce(0, +) / Double(realised.count)
    let squares = realised.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (
      (squares / Double(realised.count - 1)).squareRoot(),
      (rate * (1 - rate) / Double(layout.count)).squareRoot()
    )
  }
}
