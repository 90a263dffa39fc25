import CKernels
import Testing

@testable import TensorCore

/// Convolutions through Winograd's F(4×4,3×3): the path itself, whatever the sizes at which it pays.
struct WinogradTests {
  static let sets: [ck_set] = [CK_BASELINE, CK_AVX2, CK_AVX512]
    .filter { $0.rawValue <= ck_widest().rawValue }

  /// Sizes and pads of every kind: outputs of one cell, tiles cut on either side, channels below and
  /// above a vector, pads that hold whole rows of windows or more than the kernel.
  static func random(_ seed: UInt64) -> (Convolution, x: Tensor, w: Tensor, bias: Tensor?) {
    var dice = Dice(seed: seed)
    let channels = [1, 3, 5, 16, 17, 33]
    let (c, m) = (channels[dice.roll(0...5)], channels[dice.roll(0...5)])
    var window = Window(kernel: .init(3, 3))
    window.padBefore = .init(dice.roll(0...3), dice.roll(0...3))
    window.padAfter = .init(dice.roll(0...3), dice.roll(0...3))
    let (h, w) = ([3, 4, 6, 9][dice.roll(0...3)], [3, 5, 7, 18, 61][dice.roll(0...4)])
    return (
      Convolution(window: window), numbers([dice.roll(1...3), c, h, w], seed: seed + 100),
      numbers([m, c, 3, 3], seed: seed + 200),
      dice.roll(0...1) == 0 ? nil : numbers([m], seed: seed + 300)
    )
  }

  /// The largest error, relative to the largest number expected.
  static func error(_ found: Tensor, _ expected: [Double]) -> Double {
    #expect(found.count == expected.count)
    let largest = expected.map(abs).max() ?? 1
    return zip(found.elements, expected).map { abs(Double($0) - $1) }.max()! / largest
  }

  @Test("all three products equal the definition on every instruction set", arguments: 0..<20)
  func definition(seed: Int) throws {
    let (convolution, x, w, bias) = Self.random(UInt64(seed))
    let shape = try convolution.outputShape(input: x.shape, weights: w.shape)
    let dy = numbers(shape, seed: UInt64(seed) + 400)
    let expected = try ConvolutionTests.reference(convolution, x, w, bias)
    let gradients = ConvolutionGradientTests.reference(convolution, dy, x, w)
    for set in Self.sets {
      let winograd = Winograd(unchecked: convolution, input: x.shape, output: shape, set: set)
      for activation in [.none, .relu] as [Activation] {
        let y = Tensor(shape) { y in
          #expect(
            pointers(x, w, bias) { x, _, bias in
              winograd.forward(
                x: x, weights: w, kept: nil, bias: bias,
                epilogue: Epilogue(activation: activation), y: y.baseAddress!)
            })
        }
        let clipped = activation == .relu ? expected.map { max($0, 0) } : expected
        #expect(Self.error(y, clipped) < 4e-6, "\(set): \(x.shape) \(w.shape)")
      }
      let dx = Tensor(x.shape) { dx in
        #expect(
          pointers(dy, w, nil) { dy, w, _ in
            winograd.inputGradient(dy: dy, weights: w, dx: dx.baseAddress!)
          })
      }
      let dw = Tensor(w.shape) { dw in
        #expect(
          pointers(dy, x, nil) { dy, x, _ in
            winograd.weightGradient(dy: dy, x: x, dw: dw.baseAddress!)
          })
      }
      #expect(Self.error(dx, gradients.dx) < 4e-6, "\(set): \(x.shape) \(w.shape)")
      #expect(Self.error(dw, gradients.dw) < 8e-6, "\(set): \(x.shape) \(w.shape)")
    }
  }

  private func pointers<R>(
    _ a: Tensor, _ b: Tensor, _ c: Tensor?,
    _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>?) -> R
  ) -> R {
    a.withElements { a in
      b.withElements { b in
        guard let c else { return body(a.baseAddress!, b.baseAddress!, nil) }
        return c.withElements { body(a.baseAddress!, b.baseAddress!, $0.baseAddress!) }
      }
    }
  }

  /// Several blocks of tiles and more than one part of the sum over them. What it is compared with
  /// here is the plain path, which others compare with the definition.
  @Test("has the same bits on any number of threads, and for a sample in any batch")
  func threadsAndBatches() throws {
    let convolution = Convolution(window: Window(kernel: .init(3, 3), padBefore: .init(1, 1)))
    let (x, w) = (numbers([3, 32, 45, 70], seed: 1), numbers([32, 32, 3, 3], seed: 2))
    let shape = try convolution.outputShape(input: x.shape, weights: w.shape)
    #expect(Winograd(convolution, input: x.shape, output: shape) != nil)
    let dy = numbers(shape, seed: 3)
    func all(_ threads: Int) throws -> [Tensor] {
      try Parallel.$threads.withValue(threads) {
        [
          try convolution.forward(x, weights: w),
          try convolution.inputGradient(dy, weights: w, input: x.shape),
          try convolution.weightGradient(dy, x: x, weights: w.shape),
        ]
      }
    }
    let one = try all(1)
    #expect(try one == all(2))
    #expect(try one == all(7))
    let plan = ConvolutionPlan(convolution.window, groups: 1, input: x.shape, output: shape)
    let weights = w
    let plain = dy.withElements { dy in
      x.withElements { x in
        w.withElements { w in
          [
            Tensor(shape) {
              plan.run(
                x: x.baseAddress, weights: weights, kept: nil, bias: nil, epilogue: Epilogue(),
                out: $0.baseAddress!)
            },
            Tensor([3, 32, 45, 70]) {
              plan.inputGradient(dy: dy, weights: w, dx: $0)
            },
            Tensor([32, 32, 3, 3]) { plan.weightGradient(dy: dy, x: x, dw: $0) },
          ]
        }
      }
    }
    for (found, expected) in zip(one, plain) {
      #expect(Self.error(found, expected.elements.map(Double.init)) < 8e-6)
    }
    let each = x.count / 3
    let second = Tensor([1, 32, 45, 70], Array(x.elements[each..<2 * each]))
    let alone = try convolution.forward(second, weights: w)
    #expect(alone.elements == Array(one[0].elements[alone.count..<2 * alone.count]))
  }

  /// Transformed, one such number would reach every cell of its tile.
  @Test(
    "what is not finite or huge goes no further than in a plain sum",
    arguments: [.nan, .infinity, -.infinity, 1e20] as [Float])
  func notFinite(_ bad: Float) throws {
    let convolution = Convolution(window: Window(kernel: .init(3, 3), padAfter: .init(1, 1)))
    let (x, w) = (numbers([2, 8, 20, 25], seed: 1), numbers([16, 8, 3, 3], seed: 2))
    let clean = try convolution.forward(x, weights: w)
    #expect(Winograd(convolution, input: x.shape, output: clean.shape) != nil)
    var spoilt = x
    spoilt[3 * 500 + 12 * 25 + 13] = bad
    let y = try convolution.forward(spoilt, weights: w)
    for (i, (found, expected)) in zip(y.elements, clean.elements).enumerated() {
      let (row, column, sample) = (
        i / clean.shape[3] % clean.shape[2], i % clean.shape[3], i / (clean.count / 2)
      )
      let reached = sample == 0 && (10...12).contains(row) && (11...13).contains(column)
      if reached {
        #expect(!(abs(found) < 1e10), "cell \(row),\(column)")
      } else {
        #expect(abs(found - expected) < 1e-4, "cell \(row),\(column)")
      }
    }
    var bias = Tensor([16], repeating: 0)
    bias[5] = bad
    let biased = try convolution.forward(x, weights: w, bias: bias)
    let area = clean.shape[2] * clean.shape[3]
    #expect(abs(biased[4 * area] - clean[4 * area]) < 1e-4)
    #expect(!(abs(biased[5 * area]) < 1e10))
  }
}
