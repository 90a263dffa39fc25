import TensorCore
import Testing

/// Numbers for tests, from the counter-based generator: uniform in −1 … 1.
func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
  let stream = RandomStream(seed: seed)
  return Tensor(shape, (0..<shape.count).map { stream.uniform(at: $0) * 2 - 1 })
}

/// Draws whole numbers one after another.
struct Dice {
  private let stream: RandomStream
  private var index = 0
  init(seed: UInt64) { stream = RandomStream(seed: seed) }

  mutating func roll(_ range: ClosedRange<Int>) -> Int {
    index += 1
    return range.lowerBound + Int(stream.word(at: index)) % range.count
  }
}

struct ConvolutionTests {
  /// The definition: seven loops, in double precision.
  static func reference(
    _ convolution: Convolution, _ x: Tensor, _ w: Tensor, _ bias: Tensor?
  ) throws -> [Double] {
    let out = try convolution.outputShape(input: x.shape, weights: w.shape)
    let (window, groups) = (convolution.window, convolution.groups)
    var y: [Double] = []
    for n in 0..<out[0] {
      for m in 0..<out[1] {
        let firstChannel = m / (out[1] / groups) * w.shape[1]
        for i in 0..<out[2] {
          for j in 0..<out[3] {
            var sum = bias.map { Double($0[m]) } ?? 0
            for c in 0..<w.shape[1] {
              for k in 0..<w.shape[2] {
                for l in 0..<w.shape[3] {
                  let row = i * window.stride.h + k * window.dilation.h - window.padBefore.h
                  let column = j * window.stride.w + l * window.dilation.w - window.padBefore.w
                  guard (0..<x.shape[2]).contains(row), (0..<x.shape[3]).contains(column) else {
                    continue
                  }
                  let from =
                    ((n * x.shape[1] + firstChannel + c) * x.shape[2] + row) * x.shape[3] + column
                  let weight = ((m * w.shape[1] + c) * w.shape[2] + k) * w.shape[3] + l
                  sum += Double(x[from]) * Double(w[weight])
                }
              }
            }
            y.append(sum)
          }
        }
      }
    }
    return y
  }

  /// A geometry of any kind: groups, depthwise, strides, dilations, uneven pads.
  static func random(_ seed: UInt64) -> (Convolution, x: Tensor, w: Tensor, bias: Tensor?) {
    var dice = Dice(seed: seed)
    let groups = [1, 1, 1, 2, 3, 4][dice.roll(0...5)]
    let channels = groups * dice.roll(1...3)
    let outChannels = groups * dice.roll(1...3)
    let kernel = Window.Pair(dice.roll(1...4), dice.roll(1...4))
    var window = Window(
      kernel: kernel, stride: .init(dice.roll(1...3), dice.roll(1...3)),
      dilation: .init(dice.roll(1...3), dice.roll(1...3)),
      padBefore: .init(dice.roll(0...4), dice.roll(0...4)),
      padAfter: .init(dice.roll(0...4), dice.roll(0...4)))
    if dice.roll(0...4) == 0 {
      // A plain matrix product inside.
      window = Window(kernel: .init(1, 1))
    }
    let x: Shape = [
      dice.roll(0...3), channels, window.reach.h + dice.roll(0...9),
      window.reach.w + dice.roll(0...9),
    ]
    let w: Shape = [outChannels, channels / groups, window.kernel.h, window.kernel.w]
    return (
      Convolution(window: window, groups: groups), numbers(x, seed: seed + 1000),
      numbers(w, seed: seed + 2000),
      dice.roll(0...1) == 0 ? nil : numbers([outChannels], seed: seed + 3000)
    )
  }

  @Test("equals the definition in double precision on random geometries")
  func definition() throws {
    for seed in 0..<120 as Range<UInt64> {
      let (convolution, x, w, bias) = Self.random(seed)
      let y = try convolution.forward(x, weights: w, bias: bias)
      let expected = try Self.reference(convolution, x, w, bias)
      #expect(y.count == expected.count)
      let worst = zip(y.elements, expected).map { abs(Double($0) - $1) }.max() ?? 0
      // Sums of at most 48 products of numbers below 1.
      #expect(worst < 1e-5, "seed \(seed): \(convolution) on \(x.shape)")
    }
  }

  /// Large enough for several tiles and several threads; one case has a row longer than a tile.
  @Test("has the same bits on one thread and on two, and equals the definition in tiles")
  func threadsAndTiles() throws {
    let wide = Convolution(
      window: Window(
        kernel: .init(3, 2), stride: .init(1, 2), dilation: .init(1, 3), padBefore: .init(1, 1)))
    let deep = Convolution(
      window: Window(kernel: .init(3, 3), padBefore: .init(1, 1), padAfter: .init(1, 1)))
    let cases: [(Convolution, x: Shape, w: Shape, samples: Int)] = [
      (deep, [2, 64, 48, 24], [4, 64, 3, 3], 97), (wide, [1, 8, 3, 30000], [3, 8, 3, 2], 497),
    ]
    for (convolution, x, w, stride) in cases {
      let (x, w) = (numbers(x, seed: 1), numbers(w, seed: 2))
      let one = try Parallel.$threads.withValue(1) { try convolution.forward(x, weights: w) }
      let two = try Parallel.$threads.withValue(2) { try convolution.forward(x, weights: w) }
      #expect(one == two)
      try checkSomeCells(of: one, convolution, x, w, every: stride)
    }
  }

  /// Compares every `step`-th output with the definition; all of them would take minutes.
  private func checkSomeCells(
    of y: Tensor, _ convolution: Convolution, _ x: Tensor, _ w: Tensor, every step: Int
  ) throws {
    let window = convolution.window
    let (channels, height, width) = (x.shape[1], x.shape[2], x.shape[3])
    for cell in stride(from: 0, to: y.count, by: step) {
      let (j, i) = (cell % y.shape[3], cell / y.shape[3] % y.shape[2])
      let map = cell / (y.shape[2] * y.shape[3])
      let (n, m) = map.quotientAndRemainder(dividingBy: y.shape[1])
      var sum = 0.0
      for c in 0..<channels {
        for k in 0..<window.kernel.h {
          for l in 0..<window.kernel.w {
            let row = i * window.stride.h + k * window.dilation.h - window.padBefore.h
            let column = j * window.stride.w + l * window.dilation.w - window.padBefore.w
            guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
            let weight = w[((m * channels + c) * window.kernel.h + k) * window.kernel.w + l]
            sum += Double(x[((n * channels + c) * height + row) * width + column]) * Double(weight)
          }
        }
      }
      #expect(abs(Double(y[cell]) - sum) < 5e-5)
    }
  }

  @Test func shapesThatDoNotGoTogether() {
    let plain = Convolution(window: Window(kernel: .init(3, 3)))
    let cases: [(Convolution, Shape, Shape)] = [
      (plain, [1, 3, 8], [1, 3, 3, 3]), (plain, [1, 3, 8, 8], [1, 3, 3]),
      (plain, [1, 3, 8, 8], [1, 2, 3, 3]), (plain, [1, 3, 2, 8], [1, 3, 3, 3]),
      (plain, [1, 3, 8, 8], [1, 3, 2, 3]), (plain, [1, 3, 8, 8], [0, 3, 3, 3]),
      (Convolution(window: plain.window, groups: 0), [1, 3, 8, 8], [1, 3, 3, 3]),
      (Convolution(window: plain.window, groups: 2), [1, 3, 8, 8], [2, 1, 3, 3]),
      (Convolution(window: plain.window, groups: .max), [1, 4, 8, 8], [0, 4, 3, 3]),
    ]
    for (convolution, input, weights) in cases {
      #expect(throws: TensorError.self) {
        try convolution.outputShape(input: input, weights: weights)
      }
    }
    #expect(throws: TensorError("Conv", expected: "a bias of shape [2]", found: "[3]")) {
      try plain.forward(
        numbers([1, 1, 4, 4], seed: 1), weights: numbers([2, 1, 3, 3], seed: 2),
        bias: numbers([3], seed: 3))
    }
  }
}
