import TensorCore

extension Benchmark {
  /// Uniforms written to memory that stays in the second-level cache. One thread: streams are split
  /// by their users.
  static let philox = Benchmark(
    name: "philox", summary: "uniforms drawn from one stream, one thread", unit: "elements"
  ) { _ in
    let stream = RandomStream(seed: 7)
    let (count, rounds) = (1 << 17, 32)
    var uniforms = Tensor([count], repeating: 0)
    return Work(count: count * rounds) {
      uniforms.withMutableElements { out in
        for round in 0..<rounds { stream.fillUniforms(out, from: round * count) }
      }
    }
  }
}
