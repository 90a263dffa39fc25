public import Masks
public import TensorCore

/// The power spectra of an activation before and after dropout, and the white noise that dropping
/// its elements one by one adds in expectation, against which every other kind is seen.
///
/// For kept values × s, E|X′(k,l)|² = (s·(1−p))²·|X(k,l)|² + s²·p·(1−p)·Σx²: the expected map, and a
/// variance that is the same at every frequency because the elements are decided independently.
public struct Spectra: Equatable, Sendable {
  /// Before dropout.
  public let clean: Spectrum
  /// After it.
  public let dropped: Spectrum
  /// The floor: s²·p·(1−p)·Σx² a map; p/(1−p)·Σx² for inverted scaling.
  public let noiseFloor: Double
  /// What the expected map multiplies the clean power with: (s·(1−p))²; 1 for inverted scaling.
  public let expectedGain: Double

  /// Measures an activation before and after dropout, both with the elements of `layout`.
  public init(clean: Tensor, dropped: Tensor, layout: Layout, rate: Rate, scaling: Scaling) {
    self.clean = Spectrum(clean, layout: layout)
    self.dropped = Spectrum(dropped, layout: layout)
    noiseFloor = Spectrum.noiseFloor(clean, layout: layout, rate: rate, scaling: scaling)
    expectedGain = scaling == .inverted ? 1 : rate.keep * rate.keep
  }
}
