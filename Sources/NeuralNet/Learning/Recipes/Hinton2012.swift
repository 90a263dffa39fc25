import Masks

extension Recipe {
  /// Hinton, Srivastava, Krizhevsky, Sutskever and Salakhutdinov 2012, "Improving neural networks by
  /// preventing co-adaptation of feature detectors" (arXiv:1207.0580), one of its networks for MNIST:
  /// 784-800-800-10, 20 % of the visible and 50 % of the hidden units dropped, weights as they are in
  /// training and × keep (hidden ones halved) at test, squared length of a unit's weights at most 15,
  /// batches of 100. Theirs takes thousands of epochs from a step size of 10; ReLU and this step size
  /// are chosen here so that tens will do.
  static let hinton2012 = Recipe(
    name: "hinton-2012",
    summary: "dropout .2, dense 800, dropout .5, dense 800, dropout .5, dense 10; halved at test",
    source: "Hinton et al. 2012, arXiv:1207.0580", inputShape: [1, 28, 28],
    optimizer: SGD(learningRate: 0.05, momentum: 0.9), batchSize: 100, epochs: 30,
    maxNorm: MaxNorm(15.0.squareRoot()), scaling: .weight,
    graph: { net in
      net.flatten()
      net.dropout(0.2)
      for _ in 0..<2 {
        net.dense(800)
        net.relu()
        net.dropout(0.5)
      }
      net.dense(10)
    }, initializer: .heNormal)
}
