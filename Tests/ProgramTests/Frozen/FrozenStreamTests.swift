import Testing

/// Streams of random numbers by seed, site, sample and step, and what is drawn from them.
@Suite struct FrozenStreamTests {
  /// The words themselves, so that a reader can compute them by hand; with them as many as a layer takes.
  @Test func words() throws {
    var values: [String: String] = [:]
    for seed: UInt64 in [0, 7, 1 << 32 | 5, .max] {
      for (site, sample, step) in [(0, 0, 0), (9, 0, 0), (0, 4, 0), (0, 0, 2), (.max, .max, .max)]
        as [(UInt32, UInt32, UInt32)]
      {
        let name = "seed \(seed) site \(site) sample \(sample) step \(step)"
        let words = Kept.words(seed, site, sample, step, count: 10_007)
        values[name] =
          words.prefix(3).map { "\($0)" }.joined(separator: " ") + " … " + Frozen.hash(words)
        // One by one and from the middle they are the same.
        for index in [0, 1, 4, 5001, 10_006] {
          #expect(Kept.word(seed, site, sample, step, at: index) == words[index])
        }
        #expect(
          Kept.words(seed, site, sample, step, from: 4999, count: 77)
            == Array(words[4999..<5076]))
      }
    }
    values["index 2^33"] = "\(Kept.word(7, 1, 2, 3, at: 1 << 33))"
    values["uniforms"] = Frozen.hash(Kept.uniforms(7, count: 1000))
    try Frozen.check("stream", values)
  }

  /// Every name that the program makes a site of has this form.
  @Test func sites() throws {
    let names = [
      "", "relu1", "input", "conv2", "Плоть", "node of relu1", "node of dropout1",
      "initial conv1.weight", "order of samples", "shift of images", "synthetic digits",
      "held out", "dropout1",
    ]
    try Frozen.check(
      "site", Dictionary(uniqueKeysWithValues: names.map { ("‘\($0)’", "\(Kept.site($0))") }))
  }

  /// Orders, splits and the data a training run sees.
  @Test func data() throws {
    var values: [String: String] = [:]
    for (count, seed, epoch) in [(10, 1, 0), (1000, 7, 3), (60_000, 7, 0)] as [(Int, UInt64, Int)] {
      let order = Kept.order(count, seed: seed, epoch: epoch)
      values["order of \(count) seed \(seed) epoch \(epoch)"] =
        order.prefix(10).map { "\($0)" }.joined(separator: " ") + " … "
        + Frozen.hash(order.map { UInt32($0) })
    }
    for seed: UInt64 in [1, 9] {
      let split = Kept.heldOut(600, 100, seed: seed)
      values["split of 600 seed \(seed)"] = Frozen.hash(
        (split.heldOut + split.training).map { UInt32($0) })
    }
    try Frozen.check("data", values)
  }

  /// Sines of single precision draw them, which libraries round as they like: hence a tolerance.
  @Test func syntheticDigits() throws {
    var values: [String: String] = [:]
    for (seed, shift, epoch) in [(1, 0, 0), (7, 2, 0), (7, 2, 5)] as [(UInt64, Int, Int)] {
      values["seed \(seed) shift \(shift) epoch \(epoch)"] = Frozen.sketch(
        Kept.digits(20, seed: seed, shift: shift, epoch: epoch))
    }
    try Frozen.check("digits", values, within: 1e-5)
  }
}
