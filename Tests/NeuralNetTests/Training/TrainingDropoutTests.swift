import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks

/// Where and how training drops.
struct TrainingDropoutTests {
  /// Sites where each target can act in the small network.
  static func site(_ target: Target) -> String {
    switch target {
    case .activation: "sigmoid1"
    case .weights: "conv1"
    case .pool: "sigmoid1"
    case .input: "input"
    case .recurrentWeights, .embedding, .attention: ""
    }
  }

  /// The kinds that act on a network of images; `SequenceDropoutTests` has the others.
  static let kindsOnImages = KindRegistry.all()
    .filter { !site($0.target).isEmpty && !["locked", "token"].contains($0.name) }.map(\.name)

  @Test(
    "every kind on an edge: the gradient is that of finite differences",
    arguments: kindsOnImages)
  func kinds(name: String) throws {
    for mode in WeightMode.allCases {
      let layout = Layout(n: 6, c: 4, h: 6, w: 6)
      let painted = Mask(
        layout: layout, kept: NDArray(layout.shape, (0..<layout.count).map { $0 % 3 != 0 }))
      var settings = KindSettings(painted: painted)
      (settings.block, settings.weightMode) = (BlockSize(3), mode)
      let kind = try KindRegistry.make(name, settings)
      let placement = Placement(
        site: Self.site(kind.target), dropout: Dropout(kind, rate: try Rate(0.3)), seed: 0)
      let graph = try SmallNetwork.smooth()
      let trainer = try Trainer(graph, optimizer: SGD(), placements: [placement], seed: 1)
      let batch = Small.batch(6)
      let (loss, gradients) = try trainer.gradients(batch)
      let without = try Trainer(graph, optimizer: SGD(), seed: 1).gradients(batch).loss
      #expect(without != loss)
      for name in ["conv1.weight", "conv1.bias", "dense1.weight"] {
        let gradient = try #require(gradients[name])
        for i in Set([0, gradient.count / 3, gradient.count - 1]) {
          let slope = try Small.slope(trainer, name, i, batch)
          #expect(abs(slope - Double(gradient[i])) < 1e-3, "\(kind.name) \(name) \(i)")
        }
      }
    }
  }

  @Test("training drops what a run of the network with the same stream shows")
  func sameMasks() throws {
    let graph = try SmallNetwork.trainable()
    let batch = Small.batch()
    let run = try Network(graph).run(
      ["input": batch.inputs[0]],
      context: RunContext(mode: .train, stream: RandomStream(seed: 6, step: 0)))
    let logits = try #require(run.tensor("dense2"))
    let expected = try SoftmaxCrossEntropy().evaluate(logits, batch.targets).mean
    let trainer = try Trainer(graph, optimizer: SGD(), seed: 6)
    #expect(abs(try trainer.gradients(batch).loss - expected) < 1e-6)
  }

  /// dropout at `rate` on ones, then a dense layer whose every weight is 1: the pre-activation is the
  /// number of units that are left, times what scaling makes of them.
  static func counting(_ rate: Float) throws -> Graph {
    try Graph(
      name: "counting", inputs: [.init("x", dims: [nil, 400])], outputs: ["y"],
      constants: [
        "w": .float32(Tensor([1, 400], repeating: 1)), "b": .float32(Tensor([1], repeating: 3)),
        "p": .float32(Tensor(scalar: rate)),
      ],
      nodes: [
        Node("Dropout", inputs: ["x", "p"], outputs: ["d"]),
        Node("Gemm", inputs: ["d", "w", "b"], outputs: ["y"], attributes: ["transB": .int(1)]),
      ])
  }

  @Test(
    "inverted scaling and the 2012 way expect the same pre-activation",
    arguments: [Float(0.2), 0.5, 0.75])
  func expectation(rate: Float) throws {
    let x = Tensor([500, 400], repeating: 1)
    for (scaling, factor) in [(Scaling.inverted, 1 / Double(1 - rate)), (.weight, 1)] {
      // Squared error from 0 without a step size: the loss of a row is its output squared.
      let trainer = try Trainer(
        Self.counting(rate), loss: MeanSquaredError(), optimizer: SGD(learningRate: 0),
        scaling: scaling, seed: 2)
      // ∂/∂b of the mean squared error is twice the mean pre-activation.
      let batch = Batch(x, .values(Tensor([500, 1], repeating: 0)))
      let mean = Double(try #require(try trainer.gradients(batch).gradients["b"])[0]) / 2
      let inTraining = (mean - 3) / 400
      let expected = Double(1 - rate) * factor
      // 200,000 units: 5σ of the share kept.
      let band = 5 * (Double(rate) * Double(1 - rate) / 200_000).squareRoot() * factor
      #expect(abs(inTraining - expected) < band, "\(scaling)")
      // At evaluation both expect what training saw on average.
      for predicted in [
        try trainer.predictor.output(for: x)[0],
        try Plan(predicting: trainer.graph).output(for: x)[0],
      ] {
        #expect(abs((Double(predicted) - 3) / 400 - expected) < 1e-5, "\(scaling)")
      }
    }
  }

  @Test("the graph of a network trained the 2012 way predicts as the trainer does")
  func export() throws {
    var trainer = try Small.trainer(scaling: .weight)
    for step in 0..<3 { _ = try trainer.step(Small.batch(step: UInt32(step))) }
    let batch = Small.batch(step: 9)
    let graph = try trainer.graph
    let (own, written) = (
      try trainer.predictor.output(for: batch.inputs),
      try Plan(predicting: graph).output(for: batch.inputs)
    )
    for (a, b) in zip(own.elements, written.elements) { #expect(abs(a - b) < 1e-5) }
    // The dense layer right behind its dropout takes keep into its weights; the pool cannot.
    #expect(graph.nodes.count { $0.opType == "Mul" } == 1)
    #expect(
      graph.metadata["dropout_scaling"]
        == "weights behind dropout1 × 0.75, dropout2 × 0.5: nothing was scaled in training")
    #expect(try Small.trainer().graph.metadata["dropout_scaling"] == nil)
    // The snapshot has the weights as training has them.
    #expect(
      graph.constants["dense2.weight"]
        != trainer.snapshot.weights["dense2.weight"].map { .float32($0) })
    #expect(
      graph.constants["dense1.weight"]
        == trainer.snapshot.weights["dense1.weight"].map { .float32($0) })
  }

  @Test("what it was trained with on edges is in the graph that is written, where ONNX can say it")
  func placementsAreWritten() throws {
    let graph = try SmallNetwork.trainable().setting(Rate(0), at: "dropout1")
    func placement(_ site: String, _ kind: any DropoutKind, _ rate: Double) throws -> Placement {
      Placement(site: site, dropout: Dropout(kind, rate: try Rate(rate)), seed: 1)
    }
    let trainer = try Trainer(
      graph, optimizer: SGD(learningRate: 0.1),
      placements: [
        placement("dropout1", SpatialDropout(), 0.3), placement("conv1", ElementDropout(), 0.1),
        placement("relu2", AlphaDropout(), 0.2),
      ])
    let written = try trainer.graph
    let own = Network(written).writtenDropouts
    #expect(own.map(\.node) == ["conv1_dropout", "dropout1", "dropout2"])
    #expect(own.map { $0.rate?.p } == [0.1, 0.3, 0.5])
    #expect(own[1].sharedAxes == [false, false, true, true] && own[1].site == "relu1")
    let x = Small.batch().inputs
    #expect(
      try Plan(predicting: written).output(for: x) == trainer.predictor.output(for: x))
  }

  @Test("a rate at a site changes a Dropout node, or puts one there")
  func rates() throws {
    let graph = try SmallNetwork.trainable()
    func rates(_ graph: Graph) -> [String: Double?] {
      Dictionary(
        uniqueKeysWithValues: Network(graph).writtenDropouts.map { ($0.input, $0.rate?.p) })
    }
    #expect(rates(graph) == ["relu1": 0.25, "relu2": 0.5])
    let rate = try Rate(0.1)
    #expect(rates(try graph.setting(rate, at: "dropout1")) == ["relu1": 0.1, "relu2": 0.5])
    #expect(rates(try graph.setting(rate, at: "relu2")) == ["relu1": 0.25, "relu2": 0.1])
    let more = try graph.setting(rate, at: "conv1").setting(rate, at: "input")
    #expect(rates(more) == ["relu1": 0.25, "relu2": 0.5, "conv1": 0.1, "input": 0.1])
    #expect(rates(try more.setting(Rate(0.7), at: "conv1"))["conv1"] == 0.7)
    #expect(throws: GraphError.self) { try graph.setting(rate, at: "nowhere") }
    // Before operator set 12 the ratio is an attribute.
    let old = try Graph(
      name: "old", inputs: [.init("x", dims: [nil, 2])], outputs: ["y"],
      nodes: [
        Node("Dropout", inputs: ["x"], outputs: ["y"], attributes: ["ratio": .float(0.5)])
      ], opsets: ["": 11])
    #expect(rates(try old.setting(rate, at: "y")) == ["x": 0.1])
  }
}
