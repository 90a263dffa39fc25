import CKernels
import Testing

@testable import TensorCore

/// The kernels behind a convolution's gradients: near the definition in double precision in every set of
/// instructions, with the same bits in those that have fused multiply-adds.
struct KernelGradientTests {
  static let sets = WinogradTests.sets

  /// Rows of cells of all lengths around a vector, one to three channels and up to ten maps: tiles cut
  /// on either side.
  private static func random(_ seed: UInt64, groups: Int = 1, multiplier: Int? = nil)
    -> (Convolution, x: Tensor, w: Tensor)
  {
    var dice = Dice(seed: seed)
    let side = dice.roll(1...5)
    var window = Window(
      kernel: .init(side, dice.roll(0...2) > 0 ? side : dice.roll(1...4)),
      stride: .init(dice.roll(1...3), dice.roll(1...3)),
      dilation: .init(dice.roll(1...2), dice.roll(1...2)),
      padBefore: .init(dice.roll(0...6), dice.roll(0...6)),
      padAfter: .init(dice.roll(0...6), dice.roll(0...6)))
    if dice.roll(0...1) == 0 {
      (window.stride, window.dilation) = (.init(1, 1), .init(1, 1))
    }
    let channels = groups == 1 ? dice.roll(1...3) : 1
    let x: Shape = [
      dice.roll(1...3), channels * groups, window.reach.h + dice.roll(0...9),
      window.reach.w + dice.roll(0...40),
    ]
    let w: Shape = [
      groups * (multiplier ?? dice.roll(1...10)), channels, window.kernel.h, window.kernel.w,
    ]
    return (
      Convolution(window: window, groups: groups), numbers(x, seed: seed + 100),
      numbers(w, seed: seed + 200)
    )
  }

  /// Runs `body` in each set; it is to give what is expected.
  private func check(
    _ expected: [Double], _ what: String, _ body: (ck_set, UnsafeMutablePointer<Float>) -> Void
  ) {
    var first: [UInt32]?
    for set in Self.sets {
      var found = [Float](repeating: 77, count: expected.count + 1)
      found.withUnsafeMutableBufferPointer { body(set, $0.baseAddress!) }
      #expect(found.removeLast() == 77, "wrote beyond the end")
      for (found, expected) in zip(found, expected) {
        #expect(abs(Double(found) - expected) < 1e-4, "\(what) in \(set)")
      }
      guard set != CK_BASELINE else { continue }
      let bits = found.map(\.bitPattern)
      if let first { #expect(bits == first, "\(what) in \(set)") }
      first = first ?? bits
    }
  }

  @Test("sums along rows, and products whose columns are taps", arguments: 0..<60)
  func weights(seed: Int) throws {
    let (convolution, x, w) = Self.random(UInt64(seed))
    let shape = try convolution.outputShape(input: x.shape, weights: w.shape)
    let dy = numbers(shape, seed: UInt64(seed) + 300)
    let expected = ConvolutionGradientTests.reference(convolution, dy, x, w).dw
    let plan = ConvolutionPlan(convolution.window, groups: 1, input: x.shape, output: shape)
    let (rows, taps, cells) = (plan.outChannels, plan.taps, plan.cells)
    dy.withElements { dy in
      x.withElements { x in
        let (dy, x) = (dy.baseAddress!, x.baseAddress!)
        func samples(_ body: (inout ck_patches, UnsafePointer<Float>, Int32) -> Void) {
          for n in 0..<plan.samples {
            var sample = plan.patches(x + n * plan.channels * plan.height * plan.width)
            body(&sample, dy + n * rows * cells, n > 0 ? 1 : 0)
          }
        }
        check(expected, "\(convolution) on \(plan.width)") { set, dw in
          samples { sample, dy, adds in
            Scratch.with(ck_weight_gradient_room(&sample)) {
              // What room holds must not matter.
              $0.update(repeating: .nan, count: ck_weight_gradient_room(&sample))
              ck_weight_gradient(set, &sample, dy, rows, adds, dw, $0)
            }
          }
        }
        check(expected, "\(convolution) on \(plan.width)") { set, dw in
          samples { sample, dy, adds in
            withUnsafePointer(to: sample) { sample in
              var job = ck_product_job(rows: rows, columns: taps, terms: cells, to: dw, step: taps)
              job.adds = adds
              job.left = ck_left(values: dy, row_step: cells, term_step: 1, packed: 0)
              job.right = ck_right(
                kind: CK_TAPS, values: nil, term_step: 0, column_step: 0, patches: sample)
              Scratch.with(ck_product_room(set, &job)) { ck_product_all(set, &job, $0) }
            }
          }
        }
      }
    }
  }

  @Test("gradients of depthwise convolutions", arguments: 0..<60)
  func depthwise(seed: Int) throws {
    let (convolution, x, w) = Self.random(
      UInt64(seed) + 1000, groups: 2 + seed % 3, multiplier: 1 + seed % 2)
    let shape = try convolution.outputShape(input: x.shape, weights: w.shape)
    let dy = numbers(shape, seed: UInt64(seed) + 300)
    let expected = ConvolutionGradientTests.reference(convolution, dy, x, w)
    let plan = ConvolutionPlan(
      convolution.window, groups: convolution.groups, input: x.shape, output: shape)
    var kernel = plan.depthwise
    let (maps, channels) = (plan.samples * plan.groups, plan.groups * plan.outChannels)
    dy.withElements { dy in
      x.withElements { x in
        w.withElements { w in
          check(expected.dx, "\(convolution) on \(plan.width)") { set, dx in
            Scratch.with(ck_depthwise_room(&kernel)) {
              ck_depthwise_input_gradient(
                set, &kernel, dy.baseAddress!, w.baseAddress!, dx, 0, maps, $0)
            }
          }
          check(expected.dw, "\(convolution) on \(plan.width)") { set, dw in
            Scratch.with(ck_depthwise_room(&kernel)) {
              ck_depthwise_weight_gradient(
                set, &kernel, plan.samples, x.baseAddress!, dy.baseAddress!, dw, 0, channels, $0)
            }
          }
        }
      }
    }
  }
}
