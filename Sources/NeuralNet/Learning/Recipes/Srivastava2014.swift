import Masks

extension Recipe {
  /// Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, "Dropout: A Simple Way to
  /// Prevent Neural Networks from Overfitting" (JMLR 15), appendix B.2, for street view house
  /// numbers: convolutions of 96, 128 and 256 maps of 5×5, each with a pool of 3×3 every 2, and two
  /// dense layers of 2048; retained .9, .75, .75, .5, .5, .5 from the input to the top; max-norm 4,
  /// momentum .95, weights × keep at test. Pads of 2 and the step size are chosen here.
  static let srivastava2014 = Recipe(
    name: "srivastava-2014",
    summary: "conv 96, 128, 256 of 5×5, dense 2048 ×2; retained .9 .75 .75 .5 .5 .5, max-norm 4",
    source: "Srivastava et al. 2014, JMLR 15:1929–1958, appendix B.2", inputShape: [3, 32, 32],
    optimizer: SGD(learningRate: 0.001, momentum: 0.95), batchSize: 100, epochs: 50,
    maxNorm: MaxNorm(4), scaling: .weight,
    graph: { net in
      net.dropout(0.1)
      for (channels, rate) in [(96, 0.25), (128, 0.25), (256, 0.5)] as [(Int, Float)] {
        net.conv(channels, 5, same: true)
        net.relu()
        net.maxPool(3, stride: 2)
        net.dropout(rate)
      }
      net.flatten()
      for _ in 0..<2 {
        net.dense(2048)
        net.relu()
        net.dropout(0.5)
      }
      net.dense(10)
    }, initializer: .heNormal)
}
