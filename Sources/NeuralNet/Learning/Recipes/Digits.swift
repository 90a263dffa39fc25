extension Recipe {
  /// The network that dropscope opens with: the two convolutions of fast.ai's spreadsheet on a digit
  /// of 28×28, grown to what tells digits apart. Rates after Keras's MNIST example
  /// (https://github.com/keras-team/keras/blob/keras-2/examples/mnist_cnn.py): .25 before the pool,
  /// .5 before the last layer.
  static let digits = Recipe(
    name: "digits",
    summary: "conv 8, conv 16, dropout .25, pool, dense 64, dropout .5, dense 10",
    source: "after Keras's examples/mnist_cnn.py", inputShape: [1, 28, 28],
    optimizer: Adam(), batchSize: 64, epochs: 6,
    graph: { net in
      net.conv(8, 3)
      net.relu()
      net.conv(16, 3, same: true)
      net.relu()
      net.dropout(0.25)
      net.maxPool(2)
      net.flatten()
      net.dense(64)
      net.relu()
      net.dropout(0.5)
      net.dense(10)
    }, initializer: .heUniform)
}
