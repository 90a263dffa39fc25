extension Recipe {
  /// The head that fastai puts on a convolutional body (`create_head`,
  /// https://docs.fast.ai/vision.learner.html#create_head): mean and largest cell of each map,
  /// dropout .25, dense 512, ReLU, dropout .5, dense. Its batch normalisation is left out, and a small
  /// body stands for a pretrained one.
  static let fastaiHead = Recipe(
    name: "fastai-head",
    summary: "conv body, concat pool, dropout .25, dense 512, dropout .5, dense 10",
    source: "fastai, vision.learner.create_head", inputShape: [1, 28, 28],
    optimizer: Adam(), batchSize: 64, epochs: 6,
    graph: { net in
      for channels in [16, 32] {
        net.conv(channels, 3, same: true)
        net.relu()
        net.maxPool(2)
      }
      net.conv(64, 3, same: true)
      net.relu()
      net.concatPool()
      net.flatten()
      net.dropout(0.25)
      net.dense(512)
      net.relu()
      net.dropout(0.5)
      net.dense(10)
    }, initializer: .heUniform)
}
