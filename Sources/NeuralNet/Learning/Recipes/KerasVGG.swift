extension Recipe {
  /// The "VGG-like convnet" of Keras's guide to the Sequential model
  /// (https://keras.io/getting-started/sequential-model-guide/, as of Keras 1 and 2): its figures are
  /// the ones frameworks are compared by here.
  static let kerasVGG = Recipe(
    name: "keras-vgg",
    summary: "conv 32 ×2, pool, dropout .25, conv 64 ×2, pool, dropout .25, dense 256, dropout .5",
    source: "Keras, \"Getting started with the Sequential model\", VGG-like convnet",
    inputShape: [3, 100, 100],
    optimizer: SGD(learningRate: 0.01, momentum: 0.9, nesterov: true, decay: 1e-6),
    batchSize: 32, epochs: 10,
    graph: { net in
      for channels in [32, 64] {
        for _ in 0..<2 {
          net.conv(channels, 3)
          net.relu()
        }
        net.maxPool(2)
        net.dropout(0.25)
      }
      net.flatten()
      net.dense(256)
      net.relu()
      net.dropout(0.5)
      net.dense(10)
      net.softmax()
    })
}
