import TensorCore

extension Benchmark {
  /// The four convolutions of keras-vgg, each way: what a layer costs in multiplications of the plain
  /// sum, whatever really happens inside.
  static let convLayers: [Benchmark] = [
    layer(1, [3, 100], 32), layer(2, [32, 98], 32), layer(3, [32, 48], 64), layer(4, [64, 46], 64),
  ].flatMap { $0 }

  private static let batch = 32

  private static func layer(_ number: Int, _ input: [Int], _ channels: Int) -> [Benchmark] {
    let x: Shape = [batch, input[0], input[1], input[1]]
    let w: Shape = [channels, input[0], 3, 3]
    let y: Shape = [batch, channels, input[1] - 2, input[1] - 2]
    let convolution = Convolution(window: Window(kernel: .init(3, 3)))
    func benchmark(
      _ way: String,
      _ run: @escaping @Sendable (_ x: Tensor, _ w: Tensor, _ y: Tensor) throws -> Void
    ) -> Benchmark {
      Benchmark(
        name: "conv\(number)-\(way)", summary: "\(x) through 3×3 kernels to \(channels) channels",
        unit: "flop"
      ) { settings in
        func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
          Tensor(shape) { RandomStream(seed: seed).fillUniforms($0) }
        }
        let (x, w, y) = (numbers(x, seed: 1), numbers(w, seed: 2), numbers(y, seed: 3))
        return Work(count: 2 * y.count * w.count / channels, threads: settings.threads) {
          try Parallel.$threads.withValue(settings.threads) { try run(x, w, y) }
        }
      }
    }
    return [
      benchmark("forward") { x, w, _ in
        _ = try convolution.forward(x, weights: w, epilogue: Epilogue(activation: .relu))
      },
      benchmark("input") { x, w, y in
        _ = try convolution.inputGradient(y, weights: w, input: x.shape)
      },
      benchmark("weights") { x, w, y in
        _ = try convolution.weightGradient(y, x: x, weights: w.shape)
      },
    ]
  }
}
