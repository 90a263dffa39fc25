public import Masks
public import NeuralNet
public import TensorCore

/// A dropout on an edge: where it sits and what it is.
public struct PlacedDropout: Codable, Equatable, Sendable {
  /// The value it acts on.
  public var site: String
  /// The kind of dropout, by name.
  public var kind: String
  /// The probability of dropping.
  public var rate: Rate
  /// What makes up for the dropped.
  public var scaling: Scaling
  /// What kinds need beside the rate.
  public var kinds: KindSettings

  /// A dropout at a site; by default half of the elements dropped, rescaled.
  public init(
    site: String, kind: String = "element", rate: Rate = Rate(clamping: 0.5),
    scaling: Scaling = .inverted, kinds: KindSettings = KindSettings()
  ) {
    (self.site, self.kind, self.rate) = (site, kind, rate)
    (self.scaling, self.kinds) = (scaling, kinds)
  }

  /// The dropout itself.
  /// - Throws: `TensorError` where there is no such kind.
  public var dropout: Dropout {
    get throws(TensorError) {
      Dropout(try KindRegistry.make(kind, kinds), rate: rate, scaling: scaling)
    }
  }
}

extension Setting {
  /// The selected dropout, at a site.
  public func dropout(at site: String) -> PlacedDropout {
    PlacedDropout(site: site, kind: kind, rate: rate, scaling: scaling, kinds: kinds)
  }

  /// Selects a dropout, where it sits.
  public mutating func takeInHand(_ placed: PlacedDropout) {
    (pinnedSite, isPlaced) = (placed.site, true)
    (kind, rate, scaling, kinds) = (placed.kind, placed.rate, placed.scaling, placed.kinds)
  }
}

extension Placement {
  /// A dropout as a network takes it.
  /// - Throws: `TensorError` where there is no such kind.
  public init(_ placed: PlacedDropout, seed: UInt64) throws(TensorError) {
    self.init(site: placed.site, dropout: try placed.dropout, seed: seed)
  }
}
