import Masks
import NeuralNet
import TensorCore
import Testing

struct RecipeTests {
  @Test("recipes are those that are promised")
  func names() {
    #expect(
      RecipeRegistry.all.map(\.name) == [
        "digits", "keras-vgg", "hinton-2012", "srivastava-2014", "sigmoid-numpy", "fastai-head",
        "li-2018", "autoencoder", "unet", "lstm-brackets", "gru-brackets", "bahdanau",
        "awd-lstm", "awd-lstm-words", "transformer", "transformer-1",
      ])
    #expect(RecipeRegistry.recipe("none") == nil)
    for recipe in RecipeRegistry.all {
      #expect(!recipe.summary.isEmpty && !recipe.source.isEmpty)
      #expect(recipe.batchSize > 0 && recipe.epochs > 0)
    }
  }

  /// Operators and what is in them, as one line.
  static func layers(_ name: String) throws -> String {
    let graph = try #require(RecipeRegistry.recipe(name)).graph(seed: 1)
    let network = Network(graph)
    let input = graph.inputs[0].dims.map { $0 ?? 1 }
    let signature = network.signature(inputs: [graph.inputs[0].name: Shape(input)])
    #expect(signature.errors.isEmpty, "\(signature.errors)")
    let rates = Dictionary(
      uniqueKeysWithValues: network.writtenDropouts.map { ($0.output, $0.rate?.p ?? -1) })
    return graph.nodes.map { node in
      let made = node.outputs[0]
      if let rate = rates[made] { return "drop \(rate)" }
      guard node.inputs.count > 1, node.opType == "Conv" || node.opType == "Gemm" else {
        return node.opType
      }
      let shape = signature.values[made]?.shape.dims.dropFirst().map(String.init) ?? []
      return "\(node.opType) \(shape.joined(separator: "×"))"
    }.joined(separator: ", ")
  }

  @Test("each is built as its source describes it")
  func built() throws {
    #expect(
      try Self.layers("digits")
        == "Conv 8×26×26, Relu, Conv 16×26×26, Relu, drop 0.25, MaxPool, Flatten, "
        + "Gemm 64, Relu, drop 0.5, Gemm 10")
    #expect(
      try Self.layers("keras-vgg")
        == "Conv 32×98×98, Relu, Conv 32×96×96, Relu, MaxPool, drop 0.25, "
        + "Conv 64×46×46, Relu, Conv 64×44×44, Relu, MaxPool, drop 0.25, "
        + "Flatten, Gemm 256, Relu, drop 0.5, Gemm 10, Softmax")
    #expect(
      try Self.layers("hinton-2012")
        == "Flatten, drop 0.2, Gemm 800, Relu, drop 0.5, Gemm 800, Relu, drop 0.5, Gemm 10")
    #expect(
      try Self.layers("srivastava-2014")
        == "drop 0.1, Conv 96×32×32, Relu, MaxPool, drop 0.25, Conv 128×15×15, Relu, MaxPool, "
        + "drop 0.25, Conv 256×7×7, Relu, MaxPool, drop 0.5, Flatten, Gemm 2048, Relu, drop 0.5, "
        + "Gemm 2048, Relu, drop 0.5, Gemm 10")
    #expect(
      try Self.layers("sigmoid-numpy")
        == "Flatten, Gemm 64, Sigmoid, drop 0.2, Gemm 10, Sigmoid")
    #expect(
      try Self.layers("fastai-head")
        == "Conv 16×28×28, Relu, MaxPool, Conv 32×14×14, Relu, MaxPool, Conv 64×7×7, Relu, "
        + "GlobalAveragePool, MaxPool, Concat, Flatten, drop 0.25, Gemm 512, Relu, drop 0.5, Gemm 10"
    )
  }

  @Test func dropoutStandsBeforeEachBatchNormalisation() throws {
    #expect(
      try Self.layers("li-2018")
        == "Conv 16×26×26, Relu, drop 0.25, BatchNormalization, MaxPool, "
        + "Conv 32×11×11, Relu, drop 0.25, BatchNormalization, MaxPool, "
        + "Flatten, Gemm 64, Relu, drop 0.25, BatchNormalization, Gemm 10")
    #expect(RecipeRegistry.recipe("li-2018")?.batchNormalization == .batch)
  }

  /// It gives back the image that it reads, before it was normalised.
  @Test func anAutoencoderGivesBackItsImages() throws {
    #expect(
      try Self.layers("autoencoder")
        == "Flatten, Gemm 256, Relu, drop 0.5, Gemm 784, Reshape, Sigmoid")
    let recipe = try #require(RecipeRegistry.recipe("autoencoder"))
    #expect(recipe.reconstructs && !recipe.learnsLabels)
    let digits = SyntheticDigits(count: 20, seed: 1)
    let set = PreparedImages(digits, reconstructs: true) { images in
      Tensor(images.shape, images.elements.map { ($0 - 0.5) * 2 })
    }
    let batch = try set.batch(Array(0..<20))
    #expect(batch.targets == .values(digits.images(Array(0..<20))))
    let moved = try set.shifted(by: 2, seed: 1, epoch: 0).batch([3])
    let shifted = ShiftedImages(digits, by: 2, seed: 1, epoch: 0).images([3])
    #expect(moved.targets == .values(shifted) && shifted != digits.images([3]))
    var trainer = try recipe.trainer(seed: 1)
    let before = try trainer.evaluate([batch])
    for _ in 0..<60 { _ = try trainer.step(batch) }
    let after = try trainer.evaluate([batch])
    // Dice of the ink.
    #expect(after.accuracy > 0.5 && after.loss < 0.3 * before.loss, "\(before) → \(after)")
  }

  /// Two levels' dropouts, and skips: what comes up again is beside what went down.
  @Test func theUNetIsRonnebergersForm() throws {
    let recipe = try #require(RecipeRegistry.recipe("unet"))
    let text = try Self.layers("unet")
    let pair = { (maps: Int, side: Int) in
      "Conv \(maps)×\(side)×\(side), Relu, Conv \(maps)×\(side)×\(side), Relu"
    }
    let down =
      "\(pair(16, 64)), MaxPool, \(pair(32, 32)), MaxPool, \(pair(64, 16)), drop 0.5, "
      + "MaxPool, "
    let up = [(64, 16), (32, 32), (16, 64)].map { maps, side in
      "Resize, Conv \(maps)×\(side)×\(side), Relu, Concat, \(pair(maps, side)), "
    }.joined()
    #expect(
      text == down + "\(pair(128, 8)), drop 0.5, " + up
        + "Conv 2×64×64, Relu, Conv 1×64×64, Sigmoid")
    let graph = try recipe.graph(seed: 1)
    // The mask before the pool goes the way of the skip too.
    let dropped = try #require(graph.nodes.first { $0.opType == "Dropout" }).outputs[0]
    let readers = graph.nodes.filter { $0.inputs.contains(dropped) }
    #expect(readers.map(\.opType) == ["MaxPool", "Concat"])
    let weights = graph.constants.filter { $0.key.contains(".weight") || $0.key.contains(".bias") }
    #expect(weights.reduce(0) { $0 + $1.value.shape.count } == 482_021)
  }

  /// The five dropouts, as the network finds them in the graph again.
  @Test func awdLSTMHasItsFiveDropouts() throws {
    let graph = try #require(RecipeRegistry.recipe("awd-lstm")).graph(seed: 1)
    let rates = Network(graph).writtenDropouts.map { "\($0.node) \($0.rate?.p ?? -1)" }
    #expect(
      rates == [
        "embedding.weight_dropout 0.02", "embedding_dropout 0.25", "lstm1.R_dropout 0.2",
        "lstm1_dropout 0.15", "lstm2.R_dropout 0.2", "lstm2_dropout 0.1",
      ])
    // The output reads the table that nothing is dropped of.
    let turned = try #require(graph.nodes.first { $0.outputs == ["embedding.turned"] })
    #expect(turned.inputs == ["embedding.weight"])
  }

  /// What stands behind a letter changes nothing before it.
  @Test func aTransformerLooksBackOnly() throws {
    let graph = try #require(RecipeRegistry.recipe("transformer")).graph(seed: 1)
    func letters(_ last: Int64) throws -> [Float] {
      let tokens = NDArray([1, 5], [20, 30, 40, 50, last])
      let run = try Network(graph).run(["tokens": .int64(tokens)])
      return try #require(run.tensor("letters")).elements
    }
    let (a, b) = (try letters(3), try letters(70))
    #expect(a.prefix(4 * 97) == b.prefix(4 * 97) && a.suffix(97) != b.suffix(97))
  }

  /// Where two lists of sizes are joined nobody drops anything.
  @Test func aListOfSizesIsNoSite() throws {
    for name in ["transformer", "bahdanau"] {
      let network = Network(try #require(RecipeRegistry.recipe(name)).graph(seed: 1))
      let sites = network.sensibleSites.map(\.value)
      #expect(!sites.contains("square") && !sites.contains("decoder.shape"))
      #expect(sites.contains(name == "transformer" ? "block1.norm1" : "read1"), "\(sites)")
    }
  }

  /// In small letters, the most frequent first; what stands there once, or behind the part trained on, is
  /// not known.
  @Test func aTextsWordsAreThoseOfItsFirstPart() throws {
    let text = String(repeating: "To be, or not\n", count: 9) + "to once " + "late late"
    let words = TextWindows.words(of: text)
    #expect(words.words == ["<unk>", "\n", ",", "be", "or", "to", "not"])
    #expect(try words.tokens(of: "To LATE") == [5, 0])
    let recipe = try #require(RecipeRegistry.recipe("awd-lstm-words"))
    let graph = try recipe.graph(seed: 1, LayerChanges(vocabulary: words))
    #expect(graph.vocabulary == words && graph.outputVocabulary == words)
    #expect(graph.constants["embedding.weight"]?.shape == [7, 128])
    #expect(graph.constants["output.bias"]?.shape == [7])
    #expect(graph.outputs == ["words"])
  }

  @Test func aTransformerOfOneBlockIsHalfOfTwo() throws {
    func weights(_ name: String) throws -> Int {
      try #require(RecipeRegistry.recipe(name)).graph(seed: 1).constants.keys.count {
        $0.hasSuffix(".weight")
      }
    }
    #expect(try weights("transformer") - 2 == 2 * (try weights("transformer-1") - 2))
  }

  @Test func aTextIsCutIntoWindows() throws {
    let text = String(repeating: "ab\nÄ", count: 40)
    let set = try TextWindows(text)
    #expect(set.count == 2 && set.unit == "windows")
    let batch = set.batch([1])
    guard case .int64(let read) = batch.inputs[0], case .tokens(let wanted) = batch.targets else {
      Issue.record("expected tokens")
      return
    }
    // `<unk>`, a line break, then ASCII from the space on.
    let (a, b) = (Int64(97 - 32 + 2), Int64(98 - 32 + 2))
    #expect(read.shape == [1, 64] && read.elements.prefix(5) == [a, b, 1, 0, a])
    #expect(wanted == read.elements.dropFirst().map(Int.init) + [Int(a)])
    #expect(throws: TensorError.self) { try TextWindows(String(repeating: "a", count: 64)) }
  }

  @Test("settings are those of the sources")
  func settings() throws {
    let vgg = try #require(RecipeRegistry.recipe("keras-vgg"))
    #expect(vgg.optimizer.description == "sgd,lr=0.01,momentum=0.9,nesterov=1,decay=1e-06,l2=0.0")
    #expect(vgg.batchSize == 32 && vgg.scaling == .inverted && vgg.maxNorm == nil)
    let srivastava = try #require(RecipeRegistry.recipe("srivastava-2014"))
    #expect(srivastava.maxNorm == MaxNorm(4) && srivastava.scaling == .weight)
    #expect(RecipeRegistry.recipe("hinton-2012")?.scaling == .weight)
    #expect(RecipeRegistry.recipe("sigmoid-numpy")?.loss.name == "mse")
  }

  /// The built-in digits, again and again: a network that cannot learn ten pictures by heart is wrong.
  @Test(
    "each learns the built-in digits by heart",
    arguments: ["digits", "hinton-2012", "sigmoid-numpy", "fastai-head"])
  func learns(name: String) throws {
    let recipe = try #require(RecipeRegistry.recipe(name))
    let pictures = (0..<10).map { Digit.draw($0) }
    let x = try Tensor.concatenated(
      pictures.map { try $0.reshaped(to: [1, 1, 28, 28]) }, axis: 0, in: "digits")
    let batch = Batch(x, .labels(Array(0..<10)))
    var trainer = try recipe.trainer(seed: 1)
    let before = try trainer.evaluate([batch])
    for _ in 0..<60 { _ = try trainer.step(batch) }
    let after = try trainer.evaluate([batch])
    #expect(after.correct >= 9 && after.loss < 0.6 * before.loss, "\(before) → \(after)")
  }
}
