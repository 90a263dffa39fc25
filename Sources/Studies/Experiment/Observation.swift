public import Insight
public import Masks
public import NeuralNet
public import TensorCore

/// What a setting leads to: every array that is shown or exported.
public struct Observation: Sendable {
  /// The shown layer without dropout.
  public let clean: Tensor
  /// The shown layer's layout.
  public let layout: Layout
  /// The value dropout acts on, without it; the shown layer itself unless the site is pinned.
  public let cleanSite: Tensor
  /// The site's layout: that of the field and the mask.
  public let siteLayout: Layout
  /// The kind whose mask this is: the setting's own or, where a library's rule is asked for, the one that
  /// the rule draws. Units, band, thresholds and words are its.
  public let drawn: any DropoutKind
  /// Where the field's numbers come from.
  public let stream: RandomStream
  /// The uniforms that decide.
  public let field: Field
  /// What is kept at the site; everything at evaluation. For a kind that acts on weights, the site's
  /// arrays are the weights of its node.
  public let mask: Mask
  /// The shown layer with dropout.
  public let dropped: Tensor
  /// The network's first output with dropout, nil where it could not be computed.
  public let output: Tensor?
  /// The network's first output without dropout.
  public let cleanOutput: Tensor?
  /// What a kept and a dropped cell of the first sample become.
  public let transfer: Transfer
  /// What chance makes of the realised rate under that kind.
  public let law: RealisedLaw
  /// That kind with its settings, in a few words.
  public let kind: String
  /// The probability that a unit starts what is dropped, where that is not the rate: γ of a block.
  public let gamma: Double?
  /// The library by whose rule this was computed; nil for our own.
  public let rule: String?
  /// Whether dropout acts on the shown layer itself, so that its cells can be called dropped.
  public let actsHere: Bool
  /// The run with dropout: the shown layer, the selected site, the outputs and, where all was wanted,
  /// every layer; and all that lies above the sites.
  public let run: Activations
  /// What was computed again for this, in multiply-adds.
  public let cost: Network.Cost
  /// What dropout did at the site, in numbers.
  public let meters: Meters
  /// The change at each layer from the sites to the output.
  public var downstream: DownstreamEffect { lazyDownstream.value }
  let lazyDownstream: Lazy<DownstreamEffect>
  /// The selected dropout before and after a pool; fails where its kind cannot act there.
  public var poolOrder: Result<PoolOrder, TensorError> { lazyPoolOrder.value }
  let lazyPoolOrder: Lazy<Result<PoolOrder, TensorError>>

  /// What was really dropped, counted over the mask.
  public var realised: Realised { Realised(mask, units: field.units.count) }
  /// The least rate in hundredths at which a cell of the site is dropped, nil where none drops it.
  public func leastRate(dropping offset: Int) -> Double? {
    drawn.leastRate(dropping: offset, field, layout: siteLayout)
  }

  /// How likely each cell of a map is to be dropped, rows × columns; nil where nothing says so.
  public func deathProbability(rate: Rate) -> Tensor? {
    try? drawn.deathProbability(rate: rate, layout: siteLayout)
  }

  /// What of that was there to be dropped.
  public var waste: Waste { meters.waste }

  /// What happened to one cell of the site.
  public func fate(at offset: Int) -> Fate {
    switch (mask.kept[offset], cleanSite[offset] == 0) {
    case (true, false): .live
    case (true, true): .zero
    case (false, false): .killed
    case (false, true): .wasted
    }
  }
}

/// What happened to a cell: four states that must look different.
public enum Fate: CaseIterable, Sendable {
  /// Kept, and there was something.
  case live
  /// Kept, and there was nothing.
  case zero
  /// Dropped, and there was something.
  case killed
  /// Dropped, though there was nothing.
  case wasted
}
