public import NeuralNet
import TensorCore

/// What a network had learnt after epochs of its training, to go back to.
public struct TrainingMoments: Sendable {
  /// One of them.
  public struct Moment: Sendable {
    /// Epochs that were over; 0 before the first batch.
    public let epoch: Int
    /// The network as it was by then.
    public let graph: Graph
  }

  /// Those that are kept, the earliest first.
  public private(set) var all: [Moment] = []
  /// Every so many epochs one is kept.
  private var stride = 1
  /// The most bytes of weights that are kept.
  private let mostBytes: Int

  /// Nothing yet.
  /// - Parameter mostBytes: of weights that are kept; of large networks four moments are, whatever they take
  public init(mostBytes: Int = 1 << 28) { self.mostBytes = mostBytes }

  /// Keeps a network after so many epochs. Where there is no room for more, every other one goes; the first
  /// and the newest stay.
  public mutating func add(_ graph: Graph, after epoch: Int) {
    let isBetween = { (moment: Moment, stride: Int) in
      moment.epoch > 0 && moment.epoch % stride != 0
    }
    // The newest so far need not be one that stays.
    if let last = all.last, isBetween(last, stride) { all.removeLast() }
    all.append(Moment(epoch: epoch, graph: graph))
    let most = max(4, mostBytes / max(1, graph.constantBytes))
    while all.count > most {
      stride *= 2
      let last = all.removeLast()
      all.removeAll { isBetween($0, stride) }
      all.append(last)
    }
  }

  /// The last one that is no later than an epoch.
  public func last(until epoch: Int) -> Moment? { all.last { $0.epoch <= epoch } ?? all.first }
}

extension Graph {
  /// Bytes of all constants.
  fileprivate var constantBytes: Int { constants.values.reduce(0) { $0 + 4 * $1.shape.count } }
}
