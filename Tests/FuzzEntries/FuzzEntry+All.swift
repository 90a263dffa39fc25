extension FuzzEntry {
  /// Every entry: one line each.
  package static let all: [FuzzEntry] = [
    .config,
    .csv,
    .graph,
    .gzip,
    .idx,
    .input,
    .jpeg,
    .labels,
    .mask,
    .model,
    .npy,
    .onnx,
    .png,
    .progress,
    .screen,
    .script,
    .state,
  ]
}
