public import Masks
public import TensorCore

/// All meters of one site: what its dropout took, what can be told of it, and what it did to the
/// statistics of what lies below.
///
/// A pure function of the arrays it is made from. Each meter is worked out when it is first asked
/// for and kept, so that a screen may be drawn again and again, and shows only what it has room for,
/// at no further cost; copies share what is worked out.
public struct Meters: Sendable {
  private let lazyWaste: Lazy<Waste>
  private let lazyRecoverability: Lazy<Recoverability>
  private let lazyAutocorrelation: Lazy<Double?>
  private let lazyMoments: Lazy<MomentRatios>
  private let lazyPooled: Lazy<MomentRatios?>
  private let lazySpectra: Lazy<Spectra>

  /// The meters of a dropout.
  /// - Parameters:
  ///   - clean: the activation before it, of the mask's elements
  ///   - dropped: the same after it, rescaled as its readers see it
  ///   - mask: what was kept
  ///   - rate: the rate asked for
  ///   - scaling: what makes up for the dropped
  ///   - mode: at evaluation nothing is sampled, so that there is no noise to expect
  ///   - pooled: both activations after the max-pool that reads them, where there is one
  public init(
    clean: Tensor, dropped: Tensor, mask: Mask, rate: Rate, scaling: Scaling, mode: Mode = .train,
    pooled: (clean: Tensor, dropped: Tensor)? = nil
  ) {
    let layout = mask.layout
    precondition(
      clean.count == layout.count && dropped.count == layout.count,
      "\(clean.shape) and \(dropped.shape) under a mask of \(layout)")
    lazyWaste = Lazy { Waste(clean: clean, mask: mask) }
    lazyRecoverability = Lazy { Recoverability(clean: clean, mask: mask) }
    lazyAutocorrelation = Lazy { Insight.autocorrelation(clean, layout: layout) }
    lazyMoments = Lazy { MomentRatios(before: clean, after: dropped) }
    lazyPooled = Lazy { pooled.map { MomentRatios(before: $0.clean, after: $0.dropped) } }
    lazySpectra = Lazy {
      Spectra(
        clean: clean, dropped: dropped, layout: layout, rate: mode == .eval ? Rate.none : rate,
        scaling: scaling)
    }
  }

  /// What was there to be taken, and what was not.
  public var waste: Waste { lazyWaste.value }
  /// What the neighbours of dropped cells still tell.
  public var recoverability: Recoverability { lazyRecoverability.value }
  /// Moran's I of the clean maps: why neighbours tell as much as they do. Nil where no map varies.
  public var autocorrelation: Double? { lazyAutocorrelation.value }
  /// Mean, variance and sparsity after and before.
  public var moments: MomentRatios { lazyMoments.value }
  /// The same behind the max-pool that reads the site; nil where none does.
  public var pooled: MomentRatios? { lazyPooled.value }
  /// Power by frequency, clean and dropped, and the floor of white noise.
  public var spectra: Spectra { lazySpectra.value }
}

extension Rate {
  /// Nothing is dropped.
  fileprivate static let none = Rate(clamping: 0)
}
