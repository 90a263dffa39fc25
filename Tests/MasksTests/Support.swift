import Masks
import TensorCore
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The rates every law is tried at.
let rates: [Double] = [0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1]

/// The layouts every law is tried on: one cell, odd sizes, the default model's size, an image's.
let layouts = [
  Layout(n: 1, c: 1, h: 1, w: 1), Layout(n: 1, c: 3, h: 5, w: 7), Layout(n: 1, c: 16, h: 26, w: 26),
  Layout(n: 2, c: 1, h: 224, w: 224),
]

/// Layouts without the image, for laws whose cost is high.
let smallLayouts = Array(layouts.dropLast()) + [Layout(n: 3, c: 2, h: 4, w: 9)]

/// Kinds whose mask follows the rate: a kind added to the registry is tried without further ado.
let kindsByRate = KindRegistry.all().filter(\.followsRate).map(\.name)

func rate(_ p: Double) -> Rate { Rate(clamping: p) }

/// The kinds that drop parts of an activation; weights are not dropped from one.
let kindsOnActivations = KindRegistry.all().filter { $0.followsRate && !$0.target.isParameter }
  .map(\.name)

func kind(_ name: String) throws -> any DropoutKind { suited(try KindRegistry.make(name)) }

/// A kind as the laws try it, on images.
private func suited(_ kind: any DropoutKind) -> any DropoutKind {
  guard let kind = kind as? any UnitwiseDropout,
    (try? kind.units(of: Layout(n: 1, c: 1, h: 1, w: 1))) == nil
  else { return kind }
  return OnSequences(kind: kind)
}

/// A kind that acts on sequences alone, on an image: whose channels are times for it, and whose rows and
/// columns heads and features.
private struct OnSequences: UnitwiseDropout {
  let kind: any UnitwiseDropout
  var name: String { kind.name }
  var summary: String { kind.summary }
  var target: Target { kind.target }

  func units(of layout: Layout) throws(TensorError) -> Layout {
    let axes = layout.axes.map { axis -> Axis in
      switch axis.name {
      case .channel: Axis(.time)
      case .row: Axis(.head)
      case .column: Axis(.feature)
      default: axis
      }
    }
    return Layout(try kind.units(of: Layout(layout.shape, axes)).shape, layout.axes)
  }
}

extension KindSettings {
  /// Settings that kinds declare, by their properties.
  init(
    block: BlockSize, blockRule: BlockRule = .exact, weightMode: WeightMode = .perBatch
  ) {
    self.init()
    (self.block, self.blockRule, self.weightMode) = (block, blockRule, weightMode)
  }
}

/// A kind with settings that suit a layout: blocks no larger than a map, weights a mask a sample.
func kind(_ name: String, for layout: Layout) throws -> any DropoutKind {
  let block = BlockSize(h: max(1, min(5, layout.h)), w: max(1, min(5, layout.w)))
  return suited(try KindRegistry.make(name, KindSettings(block: block, weightMode: .perSample)))
}

/// Whether a cell that is dropped in `low` is kept in `high`.
func revives(_ low: Mask, _ high: Mask) -> Bool {
  low.kept.withElements { low in
    high.kept.withElements { high in
      let (low, high) = (UnsafeRawBufferPointer(low), UnsafeRawBufferPointer(high))
      for i in stride(from: 0, to: low.count & ~7, by: 8) {
        let a = low.loadUnaligned(fromByteOffset: i, as: UInt64.self)
        if high.loadUnaligned(fromByteOffset: i, as: UInt64.self) & ~a != 0 { return true }
      }
      return (low.count & ~7..<low.count).contains { high[$0] & ~low[$0] != 0 }
    }
  }
}

/// An activation of numbers from −1 to 1, some of them −0.
func activation(_ layout: Layout, seed: UInt64 = 1) -> Tensor {
  Tensor(layout.shape) { out in
    RandomStream(seed: seed, site: 1234).fillUniforms(out)
    for i in out.indices { out[i] = i % 11 == 3 ? -0.0 : out[i] * 2 - 1 }
  }
}

/// The elements' bits: equal for NaN, different for 0 and −0.
func bits(_ x: Tensor) -> [UInt32] { x.withElements { $0.map(\.bitPattern) } }

/// Fails, in one line, where two activations are not the same shape and bits. `#expect` would print
/// every element.
func expectSame(
  _ found: Tensor, _ expected: Tensor, _ comment: String = "", at: SourceLocation = #_sourceLocation
) {
  #expect(found.shape == expected.shape, "\(comment)", sourceLocation: at)
  guard bits(found) != bits(expected) else { return }
  let differ = zip(bits(found), bits(expected)).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
  guard let first = differ.first else { return }
  Issue.record(
    "\(differ.count) of \(found.count) differ, [\(first)] is \(found[first]), not \(expected[first])\n\(comment)",
    sourceLocation: at)
}

/// Fails, in one line, where two masks differ.
func expectSame(
  _ found: Mask, _ expected: Mask, _ comment: String = "", at: SourceLocation = #_sourceLocation
) {
  guard found != expected else { return }
  expectSame(found.numbers, expected.numbers, comment, at: at)
  let all = Tensor(expected.layout.shape, repeating: 1)
  expectSame(found.noise ?? all, expected.noise ?? all, comment, at: at)
}

extension Golden {
  /// Sizes N, C, H, W in words.
  static func layout(_ words: ArraySlice<String>) -> Layout {
    let sizes = words.compactMap { Int($0) }
    return Layout(n: sizes[0], c: sizes[1], h: sizes[2], w: sizes[3])
  }
}

extension Dropout {
  /// Drops an activation whose axes are `[N,C,H,W]`, `[N,C,L]` or `[N,F]`.
  func drop(
    _ x: Tensor, stream: RandomStream, threads: Int = Parallel.processors
  ) throws -> (output: Tensor, mask: Mask) {
    try drop(x, layout: .channelsFirst(x.shape), stream: stream, threads: threads)
  }
}

extension Layout {
  /// The layout of one sample of a batch.
  var ofOneSample: Layout { Layout(n: 1, c: c, h: h, w: w) }
}

extension Tensor {
  /// Sample n of a batch `[N,C,H,W]`, as a batch of one.
  func sample(_ n: Int) -> Tensor {
    let each = count / shape[0]
    return Tensor(Shape([1] + shape.dims.dropFirst()), Array(elements[n * each..<(n + 1) * each]))
  }
}

extension Mask {
  /// Sample n of a batch, as a batch of one.
  func sample(_ n: Int) -> Mask {
    let each = layout.ofOneSample.count
    return Mask(
      layout: layout.ofOneSample,
      kept: NDArray(
        layout.ofOneSample.shape, Array(kept.elements[n * each..<(n + 1) * each])),
      noise: noise?.sample(n))
  }
}

/// The central band of the binomial distribution (n, p): outside of it lies at most `tail` on
/// either side.
func binomialBand(n: Int, p: Double, tail: Double) -> ClosedRange<Int> {
  func logProbability(_ k: Int) -> Double {
    lgamma(Double(n + 1)) - lgamma(Double(k + 1)) - lgamma(Double(n - k + 1))
      + Double(k) * log(p) + Double(n - k) * log1p(-p)
  }
  // Ten standard deviations from the mean hold all that can matter.
  let spread = 10 * (Double(n) * p * (1 - p)).squareRoot() + 10
  let (first, last) = (
    max(0, Int(Double(n) * p - spread)), min(n, Int(Double(n) * p + spread))
  )
  var (low, below) = (first, 0.0)
  while low < last, below + exp(logProbability(low)) <= tail {
    below += exp(logProbability(low))
    low += 1
  }
  var (high, above) = (last, 0.0)
  while high > low, above + exp(logProbability(high)) <= tail {
    above += exp(logProbability(high))
    high -= 1
  }
  return low...high
}
