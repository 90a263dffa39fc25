import TensorCore
import Testing

struct ConvolutionGradientTests {
  /// The definition: each product of the forward pass, in double precision, gives to both gradients.
  static func reference(
    _ convolution: Convolution, _ dy: Tensor, _ x: Tensor, _ w: Tensor
  ) -> (dx: [Double], dw: [Double], db: [Double]) {
    let (window, groups) = (convolution.window, convolution.groups)
    var dx = [Double](repeating: 0, count: x.count)
    var dw = [Double](repeating: 0, count: w.count)
    var db = [Double](repeating: 0, count: w.shape[0])
    for cell in 0..<dy.count {
      let (j, i) = (cell % dy.shape[3], cell / dy.shape[3] % dy.shape[2])
      let (n, m) = (cell / (dy.shape[3] * dy.shape[2])).quotientAndRemainder(
        dividingBy: dy.shape[1])
      let firstChannel = m / (w.shape[0] / groups) * w.shape[1]
      db[m] += Double(dy[cell])
      for tap in 0..<w.count / w.shape[0] {
        let (l, k) = (tap % w.shape[3], tap / w.shape[3] % w.shape[2])
        let c = tap / (w.shape[3] * w.shape[2])
        let row = i * window.stride.h + k * window.dilation.h - window.padBefore.h
        let column = j * window.stride.w + l * window.dilation.w - window.padBefore.w
        guard (0..<x.shape[2]).contains(row), (0..<x.shape[3]).contains(column) else { continue }
        let from = ((n * x.shape[1] + firstChannel + c) * x.shape[2] + row) * x.shape[3] + column
        let weight = m * (w.count / w.shape[0]) + tap
        dx[from] += Double(dy[cell]) * Double(w[weight])
        dw[weight] += Double(dy[cell]) * Double(x[from])
      }
    }
    return (dx, dw, db)
  }

  static func worst(_ found: Tensor, _ expected: [Double]) -> Double {
    #expect(found.count == expected.count)
    return zip(found.elements, expected).map { abs(Double($0) - $1) }.max() ?? 0
  }

  @Test("gradients equal the definition in double precision on random geometries")
  func definition() throws {
    for seed in 0..<120 as Range<UInt64> {
      let (convolution, x, w, _) = ConvolutionTests.random(seed)
      let dy = numbers(
        try convolution.outputShape(input: x.shape, weights: w.shape), seed: seed + 4000)
      let expected = Self.reference(convolution, dy, x, w)
      let dx = try convolution.inputGradient(dy, weights: w, input: x.shape)
      let dw = try convolution.weightGradient(dy, x: x, weights: w.shape)
      let db = try Convolution.biasGradient(dy)
      #expect((dx.shape, dw.shape, db.shape) == (x.shape, w.shape, [w.shape[0]]))
      // Sums of at most some hundred products of numbers below 1.
      #expect(Self.worst(dx, expected.dx) < 2e-5, "seed \(seed): \(convolution) on \(x.shape)")
      #expect(Self.worst(dw, expected.dw) < 2e-5, "seed \(seed): \(convolution) on \(x.shape)")
      #expect(Self.worst(db, expected.db) < 2e-5, "seed \(seed): \(convolution) on \(x.shape)")
    }
  }

  /// Several tiles a sample, several parts of the sum over them.
  @Test("gradients have the same bits on one thread and on two")
  func threads() throws {
    let convolution = Convolution(
      window: Window(
        kernel: .init(3, 5), stride: .init(2, 1), padBefore: .init(1, 2), padAfter: .init(0, 2)))
    let (x, w) = (numbers([3, 40, 41, 60], seed: 1), numbers([6, 40, 3, 5], seed: 2))
    let dy = numbers(try convolution.outputShape(input: x.shape, weights: w.shape), seed: 3)
    func gradients() throws -> [Tensor] {
      [
        try convolution.inputGradient(dy, weights: w, input: x.shape),
        try convolution.weightGradient(dy, x: x, weights: w.shape),
        try Convolution.biasGradient(dy),
      ]
    }
    let one = try Parallel.$threads.withValue(1) { try gradients() }
    let two = try Parallel.$threads.withValue(2) { try gradients() }
    #expect(one == two)
    let expected = Self.reference(convolution, dy, x, w)
    #expect(Self.worst(one[0], expected.dx) < 2e-5)
    #expect(Self.worst(one[1], expected.dw) < 2e-4)
    #expect(Self.worst(one[2], expected.db) < 2e-4)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let convolution: Convolution
    let (x, w): (Shape, Shape)
    var testDescription: String { name }

    init(
      _ name: String, _ x: Shape, _ w: Shape, stride: Int = 1, dilation: Int = 1,
      pads: (Int, Int) = (0, 0), groups: Int = 1
    ) {
      (self.name, self.x, self.w) = (name, x, w)
      convolution = Convolution(
        window: Window(
          kernel: .init(w[2], w[3]), stride: .init(stride, stride),
          dilation: .init(dilation, dilation), padBefore: .init(pads.0, pads.0),
          padAfter: .init(pads.1, pads.1)), groups: groups)
    }
  }

  /// Sizes at which each of the ways pays.
  static let cases = [
    Case("one channel", [5, 1, 28, 28], [8, 1, 3, 3]),
    Case("a photograph's three", [2, 3, 39, 37], [9, 3, 7, 7], stride: 2, pads: (3, 3)),
    Case("few channels, padded", [3, 3, 40, 40], [8, 3, 3, 3], pads: (1, 1)),
    Case("few channels, padded unevenly", [2, 5, 33, 64], [5, 5, 3, 3], pads: (0, 2)),
    Case("pads beyond the kernel", [2, 4, 9, 24], [6, 4, 3, 3], pads: (5, 4)),
    Case("only padding in reach", [1, 2, 2, 30], [3, 2, 1, 1], stride: 7, pads: (4, 1)),
    Case("many maps", [1, 16, 12, 12], [20, 16, 5, 5], pads: (2, 2)),
    Case("small maps", [2, 20, 7, 7], [12, 20, 3, 3], dilation: 2, pads: (2, 2)),
    Case("steps of two", [2, 12, 15, 15], [16, 12, 3, 3], stride: 2, pads: (1, 1)),
    Case("steps beyond the kernel", [2, 3, 20, 20], [4, 3, 2, 2], stride: 3),
    Case("few channels, many maps", [1, 2, 20, 20], [40, 2, 3, 3]),
    Case("a row longer than a tile", [1, 2, 3, 9000], [3, 2, 3, 3], pads: (1, 1)),
    Case("such a row with steps", [1, 2, 3, 9000], [3, 2, 3, 3], stride: 2, pads: (1, 1)),
    Case("1×1", [3, 20, 9, 11], [13, 20, 1, 1]),
    Case("1×1, padded", [2, 7, 9, 11], [5, 7, 1, 1], pads: (1, 2)),
    Case("1×1, every second", [2, 7, 18, 18], [5, 7, 1, 1], stride: 2),
    Case("groups", [2, 32, 14, 14], [32, 4, 3, 3], pads: (1, 1), groups: 8),
    Case("depthwise", [3, 6, 14, 15], [6, 1, 3, 3], pads: (1, 1), groups: 6),
    Case(
      "depthwise, 5×5 by twos", [2, 6, 21, 20], [6, 1, 5, 5], stride: 2, pads: (2, 2), groups: 6),
    Case("depthwise, two maps each", [2, 4, 11, 9], [8, 1, 3, 2], dilation: 2, groups: 4),
    Case("no samples", [0, 3, 8, 8], [2, 3, 3, 3]),
    Case("no rows but padding", [2, 3, 0, 8], [2, 3, 2, 3], pads: (1, 1)),
  ]

  @Test(
    "every way gives the definition's numbers, the same bits on any number of threads",
    arguments: cases)
  func ways(_ item: Case) throws {
    let (convolution, x) = (item.convolution, numbers(item.x, seed: 1))
    let w = numbers(item.w, seed: 2)
    let dy = numbers(try convolution.outputShape(input: x.shape, weights: w.shape), seed: 3)
    func gradients(_ threads: Int) throws -> [Tensor] {
      try Parallel.$threads.withValue(threads) {
        [
          try convolution.inputGradient(dy, weights: w, input: x.shape),
          try convolution.weightGradient(dy, x: x, weights: w.shape),
        ]
      }
    }
    let one = try gradients(1)
    #expect(try one == gradients(2))
    #expect(try one == gradients(7))
    let expected = Self.reference(convolution, dy, x, w)
    #expect(Self.worst(one[0], expected.dx) < 5e-5)
    // Up to 18,000 products of numbers below 1.
    #expect(Self.worst(one[1], expected.dw) < 2e-3)
    #expect(Self.worst(one[1], expected.dw) < 2e-6 * Double(max(dy.count, 50)))
  }

  @Test("what is not finite goes where its products go, and no further", arguments: cases)
  func notFinite(_ item: Case) throws {
    let convolution = item.convolution
    let shape = try convolution.outputShape(input: item.x, weights: item.w)
    guard shape.count > 0, item.x.count > 0 else { return }
    for (i, bad) in [Float.nan, .infinity, -.infinity].enumerated() {
      let (x, w) = (numbers(item.x, seed: 1), numbers(item.w, seed: 2))
      let dy = numbers(shape, seed: 3)
      var (badX, badW, badY) = (x, w, dy)
      // Corners, which meet padding and the ends of vectors, and cells in the middle.
      badX[i == 0 ? 0 : i == 1 ? x.count - 1 : x.count / 2] = bad
      badW[i == 0 ? w.count - 1 : i == 1 ? 0 : w.count / 2] = bad
      badY[i == 0 ? 0 : i == 1 ? dy.count - 1 : dy.count / 2 + shape[3] / 2] = bad
      let dx = try convolution.inputGradient(dy, weights: badW, input: item.x)
      check(dx, Self.reference(convolution, dy, x, badW).dx)
      let spread = try convolution.inputGradient(badY, weights: w, input: item.x)
      check(spread, Self.reference(convolution, badY, x, w).dx)
      let dw = try convolution.weightGradient(dy, x: badX, weights: item.w)
      check(dw, Self.reference(convolution, dy, badX, w).dw)
    }
  }

  private func check(_ found: Tensor, _ expected: [Double]) {
    for (found, expected) in zip(found.elements, expected) {
      #expect(
        expected.isNaN
          ? found.isNaN
          : expected.isInfinite
            ? Double(found) == expected : abs(Double(found) - expected) < 2e-3)
    }
  }

  @Test func gradientsOfAnotherShape() {
    let plain = Convolution(window: Window(kernel: .init(3, 3)))
    let (dy, w) = (numbers([1, 2, 5, 6], seed: 1), numbers([2, 1, 3, 3], seed: 2))
    let error = TensorError(
      "Conv", expected: "a gradient of shape [1,2,6,6]", found: "[1,2,5,6]")
    #expect(throws: error) { try plain.inputGradient(dy, weights: w, input: [1, 1, 8, 8]) }
    #expect(throws: error) {
      try plain.weightGradient(dy, x: numbers([1, 1, 8, 8], seed: 3), weights: w.shape)
    }
    #expect(throws: TensorError.self) { try Convolution.biasGradient(numbers([2, 3], seed: 4)) }
  }
}
