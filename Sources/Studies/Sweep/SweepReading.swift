public import NeuralNet

/// Where a sweep's results are read.
public struct SweepSource: Sendable {
  /// What it is called.
  public let name: String
  /// Reads all results there are.
  public let read: @Sendable () throws -> SweepReport
  /// Reads the network that a line's run kept; nil where it kept none.
  public let network: @Sendable (_ line: Int) throws -> Graph?

  /// A place.
  public init(
    name: String, read: @escaping @Sendable () throws -> SweepReport,
    network: @escaping @Sendable (_ line: Int) throws -> Graph?
  ) {
    (self.name, self.read, self.network) = (name, read, network)
  }
}

/// One reading of a sweep's files, which may take its time.
public struct SweepReading: ResumableWork {
  /// What tells one work from another.
  public let id: Int
  /// What is read.
  public let wanted: Wanted
  /// What was found; nil before it was read.
  public private(set) var found: Found?
  /// Why it cannot be read.
  public private(set) var problem: String?
  private let source: SweepSource

  /// What can be read.
  public enum Wanted: Equatable, Sendable {
    /// All results.
    case report
    /// The network of a line's run.
    case network(line: Int)
  }

  /// What is found.
  public enum Found: Sendable {
    case report(SweepReport)
    /// Nil where the run kept none.
    case network(Graph?)
  }

  /// A reading that has yet to be done.
  public init(id: Int, _ wanted: Wanted, from source: SweepSource) {
    (self.id, self.wanted, self.source) = (id, wanted, source)
  }

  public var count: Int { isOver ? 1 : 0 }
  public var goal: Int { 1 }
  public var isOver: Bool { found != nil || problem != nil }
  public var isUnbegun: Bool { !isOver }

  public mutating func advance(to count: Int, while shouldContinue: @Sendable () -> Bool) {
    guard !isOver, shouldContinue() else { return }
    do {
      switch wanted {
      case .report: found = .report(try source.read())
      case .network(let line): found = .network(try source.network(line))
      }
    } catch {
      problem = "\(error)"
    }
  }
}
