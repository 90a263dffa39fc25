import NeuralNet
import TensorCore

extension Benchmark {
  static let syntheticDigits = Benchmark(
    name: "synthetic-digits", summary: "digits of the synthetic set drawn, 28×28", unit: "images"
  ) { settings in
    let digits = SyntheticDigits(count: 1000, seed: 1)
    return Work(count: digits.count, threads: settings.threads) {
      _ = Parallel.$threads.withValue(settings.threads) { digits.images(0..<1000) }
    }
  }
}
