import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks

struct TrainerTests {
  static func weights(threads: Int, steps: Int = 3) throws -> [String: Tensor] {
    try Parallel.$threads.withValue(threads) {
      // Large enough that kernels split their work.
      let shape = [4, 40, 40]
      var net = GraphBuilder("wide", input: shape, seed: 1)
      net.conv(16, 3, same: true)
      net.relu()
      net.dropout(0.25)
      net.maxPool(2)
      net.flatten()
      net.dense(300)
      net.relu()
      net.dropout(0.5)
      net.dense(3)
      var trainer = try Trainer(
        net.graph(), optimizer: Adam(), maxNorm: MaxNorm(1), seed: 4)
      for step in 0..<steps {
        _ = try trainer.step(Small.batch(6, step: UInt32(step), shape: shape))
      }
      return trainer.weights
    }
  }

  @Test("the same seed gives the same weights for any number of threads")
  func threads() throws {
    let one = try Self.weights(threads: 1)
    #expect(try Self.weights(threads: 2) == one)
    #expect(try Self.weights(threads: 3) == one)
    #expect(try Self.weights(threads: 1, steps: 2) != one)
  }

  @Test("training makes the loss small", arguments: ["sgd,lr=0.1,momentum=0.9", "adam,lr=0.01"])
  func learns(optimizer: String) throws {
    let graph = try SmallNetwork.trainable(rate: 0.1).setting(Rate(0.1), at: "dropout2")
    var trainer = try Trainer(graph, optimizer: OptimizerRegistry.make(optimizer), seed: 1)
    let before = try trainer.evaluate([Small.batch()])
    for _ in 0..<300 { _ = try trainer.step(Small.batch()) }
    let after = try trainer.evaluate([Small.batch()])
    #expect(after.loss < 0.2 * before.loss, "\(before) → \(after)")
    #expect(after.accuracy == 1)
    #expect(trainer.stepCount == 300)
  }

  @Test("a trainer that restores a snapshot goes on to the same bits")
  func resume() throws {
    for optimizer in ["sgd,lr=0.1,momentum=0.9,nesterov=1,decay=0.01", "adam"] {
      let made = try OptimizerRegistry.make(optimizer)
      var whole = try Small.trainer(optimizer: made)
      for step in 0..<3 { _ = try whole.step(Small.batch(step: UInt32(step))) }
      (whole.epoch, whole.position) = (1, 36)
      let snapshot = whole.snapshot
      for step in 3..<6 { _ = try whole.step(Small.batch(step: UInt32(step))) }
      var resumed = try Small.trainer(optimizer: made, seed: 99)
      try resumed.restore(snapshot)
      #expect((resumed.epoch, resumed.position, resumed.stepCount, resumed.seed) == (1, 36, 3, 1))
      for step in 3..<6 { _ = try resumed.step(Small.batch(step: UInt32(step))) }
      #expect(resumed.snapshot.weights == whole.snapshot.weights)
      #expect(resumed.snapshot.slots == whole.snapshot.slots)
    }
  }

  @Test("a snapshot of something else is refused, and changes nothing")
  func wrongSnapshot() throws {
    var trainer = try Small.trainer()
    let own = trainer.snapshot
    let other = try Small.trainer(optimizer: Adam()).snapshot
    #expect(throws: GraphError.self) { try trainer.restore(other) }
    var fewer = own
    fewer.weights["conv1.bias"] = nil
    #expect(throws: GraphError.self) { try trainer.restore(fewer) }
    var misshapen = own
    misshapen.slots["velocity"]?["conv1.bias"] = Tensor([7], repeating: 0)
    let error = #expect(throws: GraphError.self) { try trainer.restore(misshapen) }
    #expect(error?.description == "snapshot: expected velocity conv1.bias [4], found [7]")
    #expect(trainer.snapshot == own)
  }

  @Test("a loss that is no number stops, and leaves the weights as they were")
  func diverged() throws {
    var trainer = try Small.trainer()
    _ = try trainer.step(Small.batch())
    let before = trainer.weights
    var batch = Small.batch()
    var x = try #require(batch.inputs[0].tensor)
    x[5] = .nan
    batch.inputs = [.float32(x)]
    let error = #expect(throws: TrainingError.self) { try trainer.step(batch) }
    #expect(error?.description == "the loss is nan at step 1: training diverged")
    #expect(trainer.weights == before)
    _ = try trainer.step(Small.batch())
  }

  @Test("batches and graphs that cannot be trained on say why")
  func bad() throws {
    var trainer = try Small.trainer()
    var batch = Small.batch()
    batch.targets = .labels([0, 1])
    let count = #expect(throws: TrainingError.self) { try trainer.step(batch) }
    #expect(
      count?.description == "expected a batch of one sample or more and a target for each, "
        + "found inputs [12,1,8,8] and 2 targets")
    let shape = #expect(throws: TrainingError.self) {
      try trainer.step(Small.batch(shape: [1, 9, 9]))
    }
    #expect(
      shape?.description
        == "input input: expected float32 [?,1,8,8], found float32 [12,1,9,9]")
    batch = Small.batch(1)
    batch.targets = .labels([3])
    let label = #expect(throws: TrainingError.self) { try trainer.evaluate([batch]) }
    #expect(
      label?.description == "cross-entropy: expected labels from 0 to 2, found 3 for sample 0")
    let idle = try Graph(
      name: "idle", inputs: [.init("x", dims: [nil, 2])], outputs: ["y"],
      nodes: [Node("Relu", inputs: ["x"], outputs: ["y"])])
    let none = #expect(throws: GraphError.self) { try Trainer(idle, optimizer: SGD()) }
    #expect(none?.description == "no weights to train in idle")
  }

  @Test("gradients are those of finite differences, with the dropout of the step")
  func gradients() throws {
    let trainer = try Trainer(SmallNetwork.smooth(), optimizer: SGD(), seed: 1)
    let (_, gradients) = try trainer.gradients(Small.batch())
    for (name, gradient) in gradients {
      for i in Set([0, gradient.count / 2, gradient.count - 1]) {
        let slope = try Small.slope(trainer, name, i, Small.batch())
        #expect(abs(slope - Double(gradient[i])) < 5e-4, "\(name) \(i)")
      }
    }
  }

  @Test("a softmax at the end is part of the loss, and comes out of predictions")
  func softmax() throws {
    var net = GraphBuilder("soft", input: [4], seed: 1)
    net.dense(3)
    net.softmax()
    let graph = try net.graph()
    let batch = Small.batch(5, shape: [4])
    let trainer = try Trainer(graph, optimizer: SGD())
    #expect(trainer.trainedOutput == "dense1")
    let predicted = try trainer.predictor.output(for: batch.inputs)
    #expect(abs((0..<3).reduce(0) { $0 + predicted[$1] } - 1) < 1e-6)
    let squared = try Trainer(graph, loss: MeanSquaredError(), optimizer: SGD())
    #expect(squared.trainedOutput == "softmax1")
    _ = try squared.gradients(batch)
  }

  @Test("statistics of batch normalisation and shared weights")
  func special() throws {
    let ones = Value.float32(Tensor([2], repeating: 1))
    let graph = try Graph(
      name: "special", inputs: [.init("x", dims: [nil, 2])], outputs: ["z"],
      constants: [
        "w": .float32(Tensor([2, 2], [1, 0.5, -0.5, 1])), "scale": ones, "bias": ones,
        "mean": ones, "variance": ones,
      ],
      nodes: [
        Node("MatMul", inputs: ["x", "w"], outputs: ["a"]),
        Node(
          "BatchNormalization", inputs: ["a", "scale", "bias", "mean", "variance"], outputs: ["b"]),
        Node("MatMul", inputs: ["b", "w"], outputs: ["z"]),
      ])
    let trainer = try Trainer(graph, optimizer: SGD())
    #expect(Set(trainer.weights.keys) == ["w", "scale", "bias"])
    let (_, gradients) = try trainer.gradients(Batch(Tensor([1, 2], [1, 2]), .labels([1])))
    let batch = Batch(Tensor([1, 2], [1, 2]), .labels([1]))
    let slope = try Small.slope(trainer, "w", 1, batch)
    #expect(abs(slope - Double(gradients["w"]?[1] ?? .nan)) < 1e-3)
  }
}
