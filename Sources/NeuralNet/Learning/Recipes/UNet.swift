extension Recipe {
  /// The network of three threads about "a few Dropout layers in U-net": two convolutions a level, dropout
  /// .5 at the two deepest, each level's maps beside those that come up again. Ronneberger et al. 2015
  /// (arXiv:1505.04597) in the form of zhixuhao/unet's model.py, small: four levels of 16 to 128 maps on
  /// 64×64 for its five of 64 to 1024, and 482 thousand weights for its 31 million.
  ///
  /// The dropout of the last level but one stands before both the pool and the skip: one mask goes two
  /// ways.
  static let unet = Recipe(
    name: "unet",
    summary: "conv 16 16 ↓ 32 32 ↓ 64 64, dropout .5 ↓ 128 128, dropout .5, and up beside each",
    source: "Ronneberger 2015, arXiv:1505.04597; github.com/zhixuhao/unet",
    inputShape: [1, 64, 64], classes: 1, loss: BinaryCrossEntropy(),
    optimizer: Adam(learningRate: 0.001), batchSize: 16, epochs: 12,
    samples: { DiscsAndRings(count: $0, seed: $1) }, sampleCount: 1200, example: "discs",
    graph: { net in
      func pair(_ channels: Int) {
        for _ in 0..<2 {
          net.conv(channels, 3, same: true)
          net.relu()
        }
      }
      var skips: [GraphBuilder.Branch] = []
      for channels in [16, 32, 64] {
        pair(channels)
        if channels == 64 { net.dropout(0.5) }
        skips.append(net.branch)
        net.maxPool(2)
      }
      pair(128)
      net.dropout(0.5)
      for (channels, skip) in zip([64, 32, 16], skips.reversed()) {
        net.upsample()
        net.conv(channels, 2, same: true)
        net.relu()
        net.concat(skip)
        pair(channels)
      }
      net.conv(2, 3, same: true)
      net.relu()
      net.conv(1, 1)
      net.sigmoid(isOutput: true)
    }, initializer: .heUniform)
}
