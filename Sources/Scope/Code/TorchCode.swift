import Masks
import Studies
import TensorCore

extension DropoutCode {
  /// PyTorch: `dropout`, a module.
  /// - Throws: `CodeProblem` for what PyTorch has no equivalent of.
  func torch() throws(CodeProblem) -> String {
    try refuse([
      "block": "torchvision.ops.DropBlock2d(p, block_size=\(dropout.kinds.block.h)) is nearest",
      "cutout": "torchvision.transforms.RandomErasing is nearest",
    ])
    let head = ["# \(heading)", "import torch", "from torch import nn", ""]
    let body: [String]
    switch dropout.kind {
    case "alpha", "feature-alpha":
      let isChannelSecond = layout.axes.map(\.name).prefix(2) == [.sample, .channel]
      guard dropout.kind == "alpha" || isChannelSecond else {
        throw CodeProblem("nn.FeatureAlphaDropout expects [N,C,…], found [\(axes)]")
      }
      body = ["dropout = nn.\(dropout.kind == "alpha" ? "" : "Feature")AlphaDropout(p=\(rate))"]
    case "gaussian":
      guard dropout.rate.p < 1 else {
        throw CodeProblem("the variance p/(1-p) is infinite at p = 1")
      }
      body = [
        "class GaussianDropout(nn.Dropout):", "    def forward(self, x):",
        "        if not self.training:", "            return x",
        "        deviation = (self.p / (1 - self.p)) ** 0.5",
        "        return x * (1 + deviation * torch.randn_like(x))", "",
        "dropout = GaussianDropout(p=\(rate))",
      ]
    case "weight", "recurrent", "embedding":
      body = try torchOfParameters()
    default:
      guard let shared = try sharedAxes() else {
        throw CodeProblem("\(dropout.kind) dropout has no equivalent")
      }
      body = torch(sharing: shared)
    }
    return (head + body).joined(separator: "\n")
  }

  /// Dropout of what a layer has learned, which is drawn anew each time the layer reads it: once a batch.
  private func torchOfParameters() throws(CodeProblem) -> [String] {
    guard dropout.kind != "weight" || dropout.kinds.weightMode == .perBatch else {
      throw CodeProblem("a mask over the weights for each sample has no equivalent")
    }
    guard isInverted else { throw CodeProblem("weights are dropped with scale inverted alone") }
    let made: [String]
    switch dropout.kind {
    case "embedding":
      made = [
        "class EmbeddingDropout(nn.Dropout):", "    def forward(self, table):",
        "        return table * super().forward(table.new_ones(table.shape[0], 1))", "",
        "dropout = EmbeddingDropout(p=\(rate))",
      ]
    default: made = ["dropout = nn.Dropout(p=\(rate))"]
    }
    let parameter = dropout.kind == "recurrent" ? "weight_hh_l0" : "weight"
    return ["# of the layer that makes \(name), called `layer` here: one mask a batch"] + made
      + ["torch.nn.utils.parametrize.register_parametrization(layer, \"\(parameter)\", dropout)"]
  }

  private func torch(sharing shared: [Bool]) -> [String] {
    let base = isWholeMaps(shared) ? "nn.Dropout\(shared.count - 2)d" : "nn.Dropout"
    let isLayer = isWholeMaps(shared) || !shared.contains(true)
    if isLayer, isInverted { return ["dropout = \(base)(p=\(rate))"] }
    let name = dropout.kind.split(separator: "-").map(\.capitalized).joined() + "Dropout"
    var lines = ["class \(name)(\(base)):", "    def forward(self, x):"]
    if isLayer {
      lines.append("        y = super().forward(x)")
    } else {
      let sizes = shared.indices.map { shared[$0] ? "1" : "x.shape[\($0)]" }
      lines.append("        noise = super().forward(x.new_ones(\(sizes.joined(separator: ", "))))")
      lines.append("        y = x * noise")
    }
    if isInverted {
      lines.append("        return y")
    } else if isWeighted {
      lines.append("        return y * (1 - self.p)  # in training that undoes 1/(1-p)")
    } else {
      lines.append("        return y * (1 - self.p) if self.training else y")
    }
    return lines + ["", "dropout = \(name)(p=\(rate))"]
  }
}

extension Substring {
  /// With its first letter large.
  fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
