import Masks
import TensorCore
import Testing

/// The same numbers whatever the order, the batch and the threads; others for another coordinate.
struct DeterminismTests {
  /// One pass gives the bits of `mask` followed by `apply`, for any number of threads.
  @Test(arguments: kindsOnActivations)
  func onePassAndThreads(name: String) throws {
    // The last is large enough to be shared out, and no multiple of what a task takes.
    let layouts = smallLayouts + [Layout(n: 3, c: 5, h: 131, w: 139)]
    for layout in layouts {
      let x = activation(layout)
      for (p, scaling) in [(0.3, Scaling.inverted), (0.9, .none), (1, .inverted)] {
        let dropout = Dropout(try kind(name, for: layout), rate: rate(p), scaling: scaling)
        let stream = RandomStream(seed: 4, site: 9, sample: .max, step: 2)
        let mask = try dropout.mask(layout: layout, stream: stream)
        let expected = dropout.apply(x, mask: mask)
        // Other kinds take two passes, which know no threads.
        let inOnePass = dropout.kind is any UnitwiseDropout
        let shared = layout.count > 1 << 18 && p == 0.3 ? [1, 2, 3, 8] : [1, 4]
        for threads in inOnePass ? shared : [1] {
          let (output, drawn) = try dropout.drop(x, stream: stream, threads: threads)
          expectSame(drawn, mask, "\(layout), \(threads) threads")
          expectSame(output, expected, "\(layout), \(threads) threads")
        }
      }
    }
  }

  /// Sample i of a batch is what the sample would be alone, with sample + i in the stream.
  @Test(arguments: kindsOnActivations)
  func batches(name: String) throws {
    for layout in [Layout(n: 5, c: 3, h: 6, w: 7), Layout(n: 4, c: 10, h: 1, w: 1)] {
      let dropout = Dropout(try kind(name, for: layout), rate: rate(0.4))
      let x = activation(layout)
      // The sample number may pass the end of 32 bits.
      for first in [0, 41, UInt32.max - 1] {
        let stream = RandomStream(seed: 11, site: 3, sample: first)
        let (output, mask) = try dropout.drop(x, stream: stream)
        for n in 0..<layout.n {
          var own = stream
          own.sample &+= UInt32(n)
          let alone = try dropout.drop(x.sample(n), stream: own)
          expectSame(mask.sample(n), alone.mask)
          expectSame(output.sample(n), alone.output)
          expectSame(try dropout.mask(layout: layout.ofOneSample, stream: own), alone.mask)
        }
      }
    }
  }

  /// Calls in between change nothing.
  @Test(arguments: kindsByRate)
  func callOrder(name: String) throws {
    let layout = Layout(n: 2, c: 8, h: 5, w: 5)
    let dropout = Dropout(try kind(name), rate: rate(0.5))
    let streams = (0..<4).map { RandomStream(seed: 1, step: UInt32($0)) }
    let forwards = try streams.map { try dropout.mask(layout: layout, stream: $0) }
    let backwards = try streams.reversed().map { try dropout.mask(layout: layout, stream: $0) }
    for (a, b) in zip(forwards, backwards.reversed()) { expectSame(a, b) }
  }

  /// Fields of other seeds, sites, samples and steps are independent: no correlation beyond 5 σ,
  /// and masks at .5 agree on half of the units.
  @Test func independentFields() {
    let base = RandomStream(seed: 42, site: 7, sample: 0, step: 0)
    var others: [RandomStream] = []
    for bit in [0, 1, 31] {
      var (site, sample, step) = (base, base, base)
      site.site ^= 1 << bit
      sample.sample ^= 1 << bit
      step.step ^= 1 << bit
      others += [site, sample, step]
    }
    for bit in [0, 1, 31, 32, 63] {
      var seed = base
      seed.seed ^= 1 << bit
      others.append(seed)
    }
    let n = 16 * 26 * 26
    let units = Layout(n: 1, c: 16, h: 26, w: 26)
    let fields = ([base] + others).map { Field(units: units, stream: $0).u.elements }
    let limit = 5 / Double(n).squareRoot()
    for i in fields.indices {
      for j in 0..<i {
        let (a, b) = (fields[i], fields[j])
        var (covariance, agreeing) = (0.0, 0)
        for k in 0..<n {
          covariance += (Double(a[k]) - 0.5) * (Double(b[k]) - 0.5)
          agreeing += (a[k] < 0.5) == (b[k] < 0.5) ? 1 : 0
        }
        #expect(abs(covariance * 12 / Double(n)) < limit, "fields \(i) and \(j)")
        #expect(abs(Double(agreeing) / Double(n) - 0.5) < limit / 2, "fields \(i) and \(j)")
      }
    }
  }
}
