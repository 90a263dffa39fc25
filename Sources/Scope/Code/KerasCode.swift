import Masks
import Studies

extension DropoutCode {
  /// Keras 3: `dropout`, a layer, called as `dropout(x, training=True)`.
  /// - Throws: `CodeProblem` for what Keras has no equivalent of.
  func keras() throws(CodeProblem) -> String {
    try refuse([
      "block": "keras_hub's DropBlock is nearest",
      "cutout": "keras.layers.RandomErasing is nearest",
      "weight": "dropping weights has no equivalent",
      "recurrent": "recurrent_dropout= drops the state, not the weights",
      "embedding": "keras.layers.Dropout(p, noise_shape=(None, None, 1)) behind it is nearest",
    ])
    let head = ["# \(heading)", "import keras", ""]
    let body: [String]
    switch dropout.kind {
    case "gaussian":
      guard dropout.rate.p < 1 else {
        throw CodeProblem("the variance p/(1-p) is infinite at p = 1")
      }
      body = ["dropout = keras.layers.GaussianDropout(\(rate))"]
    case "alpha", "feature-alpha":
      guard dropout.rate.p < 1 else {
        throw CodeProblem("keras.layers.AlphaDropout ends below p = 1")
      }
      let noise = try sharedAxes().map(KerasNoise.init)?.argument ?? ""
      body = ["dropout = keras.layers.AlphaDropout(\(rate)\(noise))"]
    default:
      guard let shared = try sharedAxes() else {
        throw CodeProblem("\(dropout.kind) dropout has no equivalent")
      }
      // Keras draws nothing at 1: every value × 1/(1-p) would be none.
      guard dropout.rate.p < 1 || isInverted else {
        throw CodeProblem("the scale 1/(1-p) cannot be undone at p = 1")
      }
      body = keras(sharing: shared)
    }
    return (head + body).joined(separator: "\n")
  }

  private func keras(sharing shared: [Bool]) -> [String] {
    let (layer, arguments): (String, String)
    if isWholeMaps(shared), shared.count > 3 {
      layer = "keras.layers.SpatialDropout\(shared.count - 2)D"
      arguments = ", data_format=\"channels_first\""
    } else if dropout.kind == "spatial", shared == [false, true, false] {
      (layer, arguments) = ("keras.layers.SpatialDropout1D", "")
    } else {
      (layer, arguments) = ("keras.layers.Dropout", KerasNoise(shared).argument)
    }
    if isInverted { return ["dropout = \(layer)(\(rate)\(arguments))"] }
    return [
      "class Unscaled(\(layer)):", "    def call(self, inputs, training=False):",
      "        y = super().call(inputs, training=training)",
      isWeighted
        ? "        return y * (1 - self.rate)  # in training that undoes 1/(1-p)"
        : "        return y * (1 - self.rate) if training else y",
      "", "dropout = Unscaled(\(rate)\(arguments))",
    ]
  }
}

/// Keras' `noise_shape`: None for an axis as it is, 1 for one along which cells share a unit.
private struct KerasNoise {
  let argument: String

  init(_ shared: [Bool]) {
    let sizes = shared.map { $0 ? "1" : "None" }
    argument =
      shared.contains(true) ? ", noise_shape=(\(sizes.joined(separator: ", ")))" : ""
  }
}
