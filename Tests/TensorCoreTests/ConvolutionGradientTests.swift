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
