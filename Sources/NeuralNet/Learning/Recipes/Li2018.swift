extension Recipe {
  /// Dropout right before batch normalisation, which Li, Chen, Hu and Yang 2018 (arXiv:1801.05134) warn of:
  /// in training the normalisation sees a variance that dropout has raised, and keeps it as its own; at
  /// evaluation the variance is another. Small, for digits, in the order of layers of their section 3;
  /// `dropout=none` and rates at `bn1` to `bn3` make the orders it is compared with.
  static let li2018 = Recipe(
    name: "li-2018",
    summary:
      "conv 16, relu, dropout .25, batch norm, pool, conv 32 and dense 64 likewise, dense 10",
    source: "Li et al. 2018, arXiv:1801.05134", inputShape: [1, 28, 28],
    optimizer: Adam(learningRate: 0.001), batchSize: 64, epochs: 20, batchNormalization: .batch,
    graph: { net in
      for channels in [16, 32] {
        net.conv(channels, 3)
        net.relu()
        net.dropout(0.25)
        net.batchNorm()
        net.maxPool(2)
      }
      net.flatten()
      net.dense(64)
      net.relu()
      net.dropout(0.25)
      net.batchNorm()
      net.dense(10)
    }, initializer: .heNormal)
}
