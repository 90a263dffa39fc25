extension Recipe {
  /// The network of Andrew Trask's "Hinton's Dropout in 3 Lines of Python" (2015,
  /// https://iamtrask.github.io/2015/07/28/dropout/), for digits instead of his four rows of bits:
  /// two layers of sigmoids, squared error, a fifth of the hidden ones dropped and the others
  /// × 1/(1−p) in training. He has no biases; the width and the step size are chosen here.
  static let sigmoidNumPy = Recipe(
    name: "sigmoid-numpy",
    summary: "dense 64, sigmoid, dropout .2, dense 10, sigmoid; squared error",
    source: "A. Trask 2015, iamtrask.github.io/2015/07/28/dropout", inputShape: [1, 28, 28],
    loss: MeanSquaredError(), optimizer: SGD(learningRate: 5), batchSize: 32, epochs: 20,
    graph: { net in
      net.flatten()
      net.dense(64)
      net.sigmoid()
      net.dropout(0.2)
      net.dense(10)
      net.sigmoid(isOutput: true)
    })
}
