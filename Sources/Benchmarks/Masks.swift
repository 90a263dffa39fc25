import Masks
import TensorCore

extension Benchmark {
  static let maskElement = masks(
    "mask-element", "element dropout at .5: numbers drawn, mask made and applied",
    ElementDropout())

  static let maskSpatial = masks(
    "mask-spatial", "spatial dropout at .5: numbers drawn, mask made and applied",
    SpatialDropout())

  /// Dropout of an activation as it stands in a middle layer in training, [32,64,48,48]: output and
  /// mask are new each time.
  private static func masks(
    _ name: String, _ summary: String, _ kind: any DropoutKind
  ) -> Benchmark {
    Benchmark(name: name, summary: summary, unit: "elements") { settings in
      let dropout = Dropout(kind, rate: try Rate(0.5))
      let x = Tensor([32, 64, 48, 48]) { RandomStream(seed: 1).fillUniforms($0) }
      var step: UInt32 = 0
      return Work(count: x.count, threads: settings.threads) {
        step &+= 1
        _ = try dropout.drop(
          x, layout: Layout(n: 32, c: 64, h: 48, w: 48), stream: RandomStream(seed: 7, step: step), threads: settings.threads)
      }
    }
  }
}
