import Insight
import Masks
import NeuralNet
import Scope
import Studies
import TensorCore

extension Benchmark {
  /// A frame with all meters of a layer of 16 maps of 26×26 under a mask that was just drawn, the
  /// chart of spectra on top. The drawing of the mask itself is not counted: it is the meters' and
  /// the frame's own cost.
  static let meters16x26x26 = Benchmark(
    name: "meters-16x26x26", summary: "all meters of a 16×26×26 layer and a frame that shows them",
    unit: "frames"
  ) { settings in
    let layout = Layout(n: 1, c: 16, h: 26, w: 26)
    let maps = Tensor(layout.shape) { RandomStream(seed: 1).fillUniforms($0) }
    let experiment = try Experiment(Subject(activations: maps, inputName: "maps"))
    var state = try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: 80, height: 24))
    _ = state.perform([.toggleSpectrum])
    let dropout = Dropout(ElementDropout(), rate: Rate(clamping: 0.5))
    let masks = try (0..<64).map {
      try dropout.mask(layout: layout, stream: RandomStream(seed: $0))
    }
    let dropped = masks.map { dropout.apply(maps, mask: $0) }
    var run = 0
    // The state keeps what it has worked out, so the meters are worked out beside it, anew.
    _ = state.frame()
    return Work(count: 1) {
      run = (run + 1) % masks.count
      let meters = Meters(
        clean: maps, dropped: dropped[run], mask: masks[run], rate: dropout.rate,
        scaling: dropout.scaling)
      guard meters.waste.dropped > 0, meters.recoverability.value != nil,
        meters.autocorrelation != nil, meters.moments.mean != nil, meters.pooled == nil,
        meters.spectra.noiseFloor > 0
      else { throw TensorError("meters", expected: "a value each", found: "none") }
      _ = state.frame()
    }
  }
}
