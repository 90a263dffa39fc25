public import TensorCore

/// Where blocks may lie, and how the probability of a block follows from the rate.
public enum BlockRule: String, CaseIterable, Sendable {
  /// Blocks lie inside the map; γ as in the paper, which ignores that blocks overlap: Ghiasi et al.
  /// 2018 (arXiv:1810.12890), algorithm 1 and equation 1; torchvision `DropBlock2d`.
  case paper
  /// The paper's γ, but a block around any cell, cut off at the border: timm `DropBlock2d`.
  case timm
  /// Blocks lie inside the map; γ such that the rate is met.
  case exact

  /// The rule called `text`.
  /// - Throws: `TensorError` that names the rules where there is none of that name.
  public init(parsing text: String) throws(TensorError) {
    self = try BlockRule.named(text, as: "block rule")
  }
}
