import Masks
import TensorCore
import Testing

/// Kinds that keep mean and variance in their own way.
struct NoiseTests {
  /// Mean and variance of numbers.
  private func moments(_ x: Tensor) -> (mean: Double, variance: Double) {
    let n = Double(x.count)
    let mean = x.elements.reduce(0) { $0 + Double($1) } / n
    let square = x.elements.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    return (mean, square / n)
  }

  /// Standard normal numbers.
  private func normal(_ layout: Layout) -> Tensor {
    Tensor(layout.shape) { RandomStream(seed: 31).fillUniforms($0) }
      .map { Float(Normal.quantile(Double($0) + 0x1p-25)) }
  }

  /// Factors of mean 1 and variance p/(1−p), within 4 standard errors.
  @Test(arguments: [0.05, 0.1, 0.25, 0.5, 0.75, 0.9])
  func gaussianFactors(p: Double) throws {
    let layout = Layout(n: 2, c: 16, h: 26, w: 26)
    let dropout = Dropout(GaussianDropout(), rate: rate(p))
    let ones = Tensor(layout.shape, repeating: 1)
    let (y, mask) = try dropout.drop(ones, stream: RandomStream(seed: 3))
    #expect(mask.dropped == 0)
    expectSame(try #require(mask.noise), y)
    let (mean, variance) = moments(y)
    let expected = p / (1 - p)
    let n = Double(layout.count)
    #expect(abs(mean - 1) <= 4 * (expected / n).squareRoot())
    #expect(abs(variance / expected - 1) <= 4 * (2 / n).squareRoot())
    if p >= 0.5 { #expect(y.elements.contains { $0 < 0 }) }
  }

  /// A factor is 1 + σ times the same number at every rate, and grows with its u.
  @Test func gaussianNoiseIsStretched() throws {
    let layout = Layout(n: 1, c: 1, h: 1, w: 5)
    let u: [Float] = [0, 0.25, 0.5 - 0x1p-24, 0.75, 1 - 0x1p-24]
    let field = Field(units: layout, u: Tensor(layout.shape, u))
    let half = try #require(
      GaussianDropout().mask(field, rate: rate(0.5), layout: layout).noise)
    #expect(zip(half.elements, half.elements.dropFirst()).allSatisfy { $0 < $1 })
    #expect(half[0] + half[4] == 2 && abs(half[4] - 6.42) < 0.01)
    let tenth = try #require(
      GaussianDropout().mask(field, rate: rate(0.1), layout: layout).noise)
    for i in 0..<5 { #expect(abs((tenth[i] - 1) * 3 - (half[i] - 1)) < 1e-5) }
    #expect(GaussianDropout().settings(rate: rate(0.1), layout: layout) == "gaussian σ .333")
  }

  /// Mean 0 and variance 1 stay so under alpha dropout, within 4 standard errors.
  @Test(arguments: ["alpha", "feature-alpha"], [0.05, 0.1, 0.25, 0.5, 0.75, 0.9])
  func alphaKeepsBothMoments(name: String, p: Double) throws {
    // Of feature-alpha each map is one draw: maps of one cell make them as many as elements.
    let layout = Layout(n: 40, c: 1000, h: 1, w: 1)
    let x = normal(layout)
    let (y, _) = try Dropout(try kind(name), rate: rate(p)).drop(x, stream: RandomStream(seed: 8))
    let (mean, variance) = moments(y)
    let n = Double(layout.count)
    #expect(abs(mean) <= 4 / n.squareRoot())
    // The fourth moment of the mixture, by its definition.
    let (a, b, low) = alpha(p)
    let kept = (1 - p) * (3 * a * a * a * a + 6 * a * a * b * b + b * b * b * b)
    let fourth = kept + p * low * low * low * low
    #expect(abs(variance - 1) <= 4 * ((fourth - 1) / n).squareRoot())
  }

  private func alpha(_ p: Double) -> (a: Double, b: Double, low: Double) {
    let transfer = AlphaDropout().transfer(rate: rate(p), scaling: .inverted)
    return (Double(transfer.scale), Double(transfer.shift), Double(transfer.dropped))
  }

  @Test func alphaNumbers() {
    let (a, b, low) = alpha(0.5)
    #expect(abs(a + b - 1.666) < 0.0005 && abs(low + 0.779) < 0.0005)
    #expect(AlphaDropout().transfer(rate: rate(1), scaling: .inverted) == Transfer())
    let near = AlphaDropout().transfer(rate: rate(1 - 0x1p-53), scaling: .inverted)
    #expect(near.scale.isFinite && abs(near.dropped) < 1e-7)
    let layout = Layout(n: 1, c: 1, h: 1, w: 1)
    #expect(
      AlphaDropout().settings(rate: rate(0.5), layout: layout) == "alpha ×.886 +.779 drop -.779")
  }
}
