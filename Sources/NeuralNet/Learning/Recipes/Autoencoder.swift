extension Recipe {
  /// An image through 256 ReLU units and back, half of them dropped: the autoencoder whose activations
  /// Srivastava et al. 2014 show sparser with dropout than without (JMLR 15, figure 8). Loss, step size and
  /// initial weights are chosen here.
  static let autoencoder = Recipe(
    name: "autoencoder",
    summary: "dense 256, relu, dropout .5, dense 784, sigmoid: the image itself again",
    source: "Srivastava et al. 2014, JMLR 15, figure 8", inputShape: [1, 28, 28], classes: 784,
    loss: BinaryCrossEntropy(), optimizer: Adam(learningRate: 0.001), batchSize: 100, epochs: 20,
    reconstructs: true,
    graph: { net in
      net.flatten()
      net.dense(256)
      net.relu()
      net.dropout(0.5)
      net.dense(784)
      net.maps(1, 28, 28)
      net.sigmoid(isOutput: true)
    }, initializer: .heNormal)
}
