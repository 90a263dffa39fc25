import Formats
import Masks
import NeuralNet
import Program
import Scope
import Studies
import TensorCore
import TerminalUI

/// All that the program does with a model, on a small one.
enum ModelUse {
  /// The most elements of all values, and multiply-adds, of a model that is tried.
  private static let (mostElements, mostWork) = (1 << 15, 1 << 21)

  /// Whether a model can be run in a moment, as far as its shapes say before it is.
  static func isSmall(_ graph: Graph) -> Bool {
    guard graph.nodes.count <= 64, graph.inputs.allSatisfy({ $0.dims.count <= 8 }) else {
      return false
    }
    let inputs = graph.inputs.map { $0.dims.map { max(1, $0 ?? 2) } }
    guard inputs.allSatisfy({ $0.isSmall }), graph.constants.values.allSatisfy({ $0.isSmall })
    else { return false }
    // What decides sizes during the run is not known before it.
    let isSettled = graph.nodes.allSatisfy { node in
      !["Expand", "ConstantOfShape", "Resize", "Pad"].contains(node.opType)
        || node.inputs.dropFirst(node.opType == "ConstantOfShape" ? 0 : 1)
          .allSatisfy { graph.constants[$0] != nil }
    }
    let signature = Network(graph).signature(openSizes: 2)
    let sizes = signature.values.map(\.value).map { Double($0.shape.count) }
    return isSettled && sizes.reduce(0, +) <= Double(mostElements)
      && signature.multiplyAdds.allSatisfy { $0 <= mostWork }
  }

  /// The most work of a run: loops may be told to go on for minutes.
  private static let mostWorkOfRun = 1_000_000_000

  /// Runs, drops, trains, edits and shows.
  static func tryAll(_ graph: Graph, _ choices: inout ByteChoices) {
    WorkBudget.$scopedLimit.withValue(mostWorkOfRun) { tryAllParts(graph, &choices) }
  }

  private static func tryAllParts(_ graph: Graph, _ choices: inout ByteChoices) {
    let graph = showing(graph, &choices)
    let network = Network(graph)
    let seed = UInt64(choices.byte())
    guard let inputs = inputs(of: graph, seed: seed),
      let clean = try? network.runAsFarAsPossible(inputs).values
    else { return }
    checkShapes(network, inputs, clean)
    let placement = placement(in: network, clean, &choices)
    if let placement { checkReruns(network, inputs, placement) }
    train(graph, placement, inputs, &choices)
    if let placement { edit(network, placement) }
    show(network, inputs, placement, &choices)
  }

  /// The graph with values inside its nodes shown, where it has some.
  private static func showing(_ graph: Graph, _ choices: inout ByteChoices) -> Graph {
    var names: [String] = []
    for index in graph.nodes.indices {
      for (path, _, body) in graph.bodies(ofNode: index) {
        names += (body.graph.inputs.map(\.name) + body.graph.nodes.map(\.name)).map { path + $0 }
      }
    }
    guard !names.isEmpty else { return graph }
    return (0..<2).reduce(graph) { graph, _ in
      (try? graph.showing(choices.of(Array(names.prefix(256)))))??.graph ?? graph
    }
  }

  /// Numbers for each input; nil where one takes none.
  private static func inputs(of graph: Graph, seed: UInt64) -> [String: Value]? {
    var values: [String: Value] = [:]
    for (index, input) in graph.inputs.enumerated() {
      let shape = Shape(input.dims.map { max(0, $0 ?? 2) })
      let stream = RandomStream(seed: seed, site: UInt32(index))
      let numbers = Tensor(shape, (0..<shape.count).map { 2 * stream.uniform(at: $0) - 1 })
      let computed: Value
      switch input.type.computed {
      case .float32?: computed = .float32(numbers)
      case .int64?: computed = .int64(numbers.map { Int64($0 * 3) })
      case .bool?: computed = .bool(numbers.map { $0 > 0 })
      default: return nil
      }
      guard let value = try? Value(computed, as: input.type) else { return nil }
      values[input.name] = value
    }
    return values
  }

  /// What the shape rules said is what was made.
  private static func checkShapes(
    _ network: Network, _ inputs: [String: Value], _ clean: Activations
  ) {
    let signature = network.signature(inputs: inputs.mapValues(\.shape))
    for (name, info) in signature.values {
      // What is inside a branch that was not taken is absent.
      guard let value = clean[name], value != .absent else { continue }
      expect(value.shape == info.shape, "\(name): said \(info.shape), made \(value.shape)")
      expect(value.type == info.type, "\(name): said \(info.type), made \(value.type)")
    }
  }

  /// A dropout somewhere.
  private static func placement(
    in network: Network, _ clean: Activations, _ choices: inout ByteChoices
  ) -> Placement? {
    let values = network.graph.inputs.map(\.name) + network.graph.nodes.flatMap(\.outputs)
    let floats = values.filter { clean.tensor($0) != nil }
    guard !floats.isEmpty else { return nil }
    let site = choices.of(Array(floats.prefix(256)))
    let kind = KindRegistry.all()[choices.below(KindRegistry.names.count)]
    let rate = Rate(clamping: choices.of([0.5, 0, 1, 0.25, 0.99]))
    let dropout = Dropout(kind, rate: rate, scaling: choices.of(Scaling.allCases))
    return Placement(site: site, dropout: dropout, seed: UInt64(choices.byte()))
  }

  /// A rerun below the site gives the same bits as a run of all, both drawing from one stream: a network may
  /// have operators that draw, and above the site a rerun keeps what they drew.
  private static func checkReruns(
    _ network: Network, _ inputs: [String: Value], _ placement: Placement
  ) {
    var context = RunContext(mode: .train, stream: RandomStream(seed: 3))
    context.disablesOwnDropout = true
    guard let clean = try? network.run(inputs, context: context) else { return }
    let again = try? network.run(from: clean, placements: [placement], context: context)
    let whole = try? network.run(inputs, placements: [placement], context: context)
    guard let again, let whole else { return }
    for name in network.graph.outputs {
      guard let a = again.tensor(name), let b = whole.tensor(name) else { continue }
      let isSame =
        a.shape == b.shape
        && (0..<a.count).allSatisfy {
          a[$0].bitPattern == b[$0].bitPattern || (a[$0].isNaN && b[$0].isNaN)
        }
      expect(isSame, "\(name) differs after a rerun below \(placement.site)")
    }
  }

  private static func train(
    _ graph: Graph, _ placement: Placement?, _ inputs: [String: Value],
    _ choices: inout ByteChoices
  ) {
    guard let input = graph.inputs.first, let x = inputs[input.name]?.tensor else { return }
    let optimizers = ["sgd,lr=0.1", "adam,lr=0.01", "sgd,lr=0.1,momentum=0.9,nesterov=1"]
    guard let optimizer = try? OptimizerRegistry.make(choices.of(optimizers)),
      var trainer = try? Trainer(
        graph, optimizer: optimizer, placements: placement.map { [$0] } ?? [],
        scaling: choices.of(Scaling.allCases), maxNorm: choices.flag() ? MaxNorm(1) : nil,
        batchNormalization: choices.of(BatchStatistics.allCases), seed: 1)
    else { return }
    let labels = (0..<(x.shape.dims.first ?? 0)).map { $0 % 3 }
    for _ in 0..<2 { _ = try? trainer.step(Batch(x, .labels(labels))) }
    _ = try? trainer.evaluate([Batch(x, .labels(labels))])
    _ = try? trainer.graph
  }

  /// Dropout added is there in the file that is written, and gone once it is removed.
  private static func edit(_ network: Network, _ placement: Placement) {
    let before = network.writtenDropouts.count
    let edited = try? network.graph.edited { edit throws(GraphError) in
      try edit.add(placement.dropout, at: placement.site)
    }
    guard let edited, let bytes = try? ONNXWriter.bytes(edited, named: "/nowhere/y.onnx") else {
      return
    }
    let read: Graph
    do {
      read = try ONNXReader.graph(from: bytes, named: "/nowhere/y.onnx")
    } catch {
      return expect(false, "an edited model cannot be read: \(error)")
    }
    let found = Network(read).writtenDropouts
    let isNode = placement.dropout.rate.p > 0 && network.graph.inner(placement.site) == nil
    expect(found.count >= before + (isNode ? 1 : 0), "dropout at \(placement.site) was lost")
    _ = try? read.edited { edit throws(GraphError) in edit.removeDropout(Set(found.map(\.output))) }
  }

  /// The screen with the selected dropout, and a few of its pages.
  private static func show(
    _ network: Network, _ inputs: [String: Value], _ placement: Placement?,
    _ choices: inout ByteChoices
  ) {
    _ = try? ModelReport(network, name: "x.onnx").lines
    guard let shown = network.graph.inputs.first(where: { inputs[$0.name]?.floats != nil }),
      let experiment = try? Experiment(
        Subject(
          network: network, inputs: inputs, shownInput: shown.name, inputName: "numbers",
          modelName: "made"))
    else { return }
    let layer = experiment.layers[choices.below(min(256, experiment.layers.count))].value
    var setting = Setting(layer: layer)
    if let placement { setting.kind = placement.dropout.kind.name }
    if setting.kind == "manual" { setting.kind = "element" }
    let size = ScreenSize(width: 80, height: 24)
    guard let state = try? State(experiment, setting: setting, size: size) else { return }
    var screen = ScreenUnderTest(state)
    screen.expectSound()
    let pages: [Action] =
      [
        .toggleSpectrum, .openInspector, .toggleGrid, .toggleRules, .nextAxes, .nextKind,
        .toggleComparison, .openFinder,
      ] + Page.all.map { .togglePage($0.name) }
    for _ in 0..<3 {
      screen.perform(choices.of(pages))
      screen.expectSound()
    }
  }
}

extension [Int] {
  fileprivate var isSmall: Bool { reduce(1.0) { $0 * Double($1) } <= 4096 }
}

extension Value {
  fileprivate var isSmall: Bool { shape.count <= 4096 && shape.rank <= 8 }
}
