import Masks
import NeuralNet
import TensorCore
import TestNetworks

/// Networks and batches that training tests share.
enum Small {
  /// The slope of a trainer's loss along one weight, by central differences.
  static func slope(_ trainer: Trainer, _ name: String, _ index: Int, _ batch: Batch) throws
    -> Double
  {
    func loss(_ change: Float) throws -> Double {
      var (moved, snapshot) = (trainer, trainer.snapshot)
      snapshot.weights[name]?[index] += change
      try moved.restore(snapshot)
      return try moved.gradients(batch).loss
    }
    return (try loss(0x1p-9) - loss(-0x1p-9)) / 0x1p-8
  }

  /// Random numbers with labels that depend on them, so that there is something to learn.
  static func batch(_ count: Int = 12, step: UInt32 = 0, shape: [Int] = [1, 8, 8]) -> Batch {
    let stream = RandomStream(seed: 9, step: step)
    let x = Tensor(Shape([count] + shape)) { stream.fillUniforms($0) }
    let each = x.count / count
    return Batch(
      x, .labels((0..<count).map { n in x[n * each] < 0.3 ? 0 : x[n * each] < 0.6 ? 1 : 2 }))
  }

  static func trainer(
    rate: Float = 0.25, optimizer: any Optimizer = SGD(learningRate: 0.05, momentum: 0.9),
    placements: [Placement] = [], scaling: Scaling = .inverted, maxNorm: MaxNorm? = nil,
    seed: UInt64 = 1
  ) throws -> Trainer {
    try Trainer(
      SmallNetwork.trainable(rate: rate), optimizer: optimizer, placements: placements,
      scaling: scaling,
      maxNorm: maxNorm, seed: seed)
  }
}

/// A batch as Tests/Golden/streams.py draws it.
func goldenBatch(_ shape: [Int], seed: UInt64, step: Int) -> Batch {
  let each = shape.dropFirst().reduce(1, *)
  let images = RandomStream(
    seed: seed, site: RandomStream.site(named: "golden images"), step: UInt32(step))
  let x = Tensor(Shape(shape)) { out in
    for n in 0..<shape[0] {
      images.ofSample(n).fillUniforms(.init(rebasing: out[n * each..<(n + 1) * each]))
    }
  }
  let labels = RandomStream(
    seed: seed, site: RandomStream.site(named: "golden labels"), step: UInt32(step))
  return Batch(x, .labels((0..<shape[0]).map { Int(labels.word(at: $0) % 10) }))
}

extension OperatorRegistry {
  /// The operators whose golden cases are inputs and attributes; those that hold graphs, make sequences or
  /// are of another domain have tests of their own (`ControlTests`, `SequenceTests`, `ExpandedTests`).
  var withoutBodies: [String] {
    all.filter { type in
      !(type is any BodyOperator.Type || type is any SequenceOperator.Type) && type.domain.isEmpty
    }.map { $0.opType }
  }
}
