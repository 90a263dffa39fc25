extension FuzzEntry {
  /// Every entry: one line each.
  package static let all: [FuzzEntry] = [
    .archives,
    .config,
    .csv,
    .description,
    .graph,
    .gzip,
    .idx,
    .input,
    .jpeg,
    .labels,
    .log,
    .mask,
    .model,
    .npy,
    .onnx,
    .plan,
    .png,
    .progress,
    .screen,
    .script,
    .state,
    .text,
  ]
}
