import Formats
import NeuralNet
import Studies
import TensorCore

/// The samples a network is trained on, those held out, and what the output's metadata says of both.
struct TrainingData {
  private let source: Source
  /// The samples of the set trained on that are.
  let training: [Int]
  /// The samples that tell how well it went.
  let heldOut: [Int]
  /// Text for the output's metadata by key; equal for equal data.
  let metadata: [String: String]

  private enum Source {
    /// Images, and those that tell how well it went, which may be the same set.
    case images(any LabelledImages, heldOut: any LabelledImages)
    /// What a recipe brings.
    case own(any Dataset)
  }

  /// What the samples are, in the plural.
  var unit: String {
    switch source {
    case .images: "images"
    case .own(let samples): samples.unit
    }
  }

  /// What was asked for.
  struct Request {
    /// A folder of IDX files, a text, or `synthetic`.
    var data: String
    /// Samples held out; nil for what is usual.
    var heldOut: Int?
    /// The most samples trained on.
    var limit: Int?
    /// Decides which samples are held out, and which are drawn.
    var splitSeed: UInt64
  }

  /// What the network takes and gives.
  struct Ports {
    var model: String
    var input: Graph.Input
    /// The number of outputs, of which labels must be one.
    var classes: Int
  }

  /// As many digits are drawn as MNIST has training images.
  private static let syntheticCount = 60_000

  /// - Throws: `Failure` or `FormatError`, each one line, where the data cannot be read or does not
  ///   go with the network: always before the first batch.
  static func open(_ request: Request, for plan: TrainingPlan) throws -> TrainingData {
    if let recipe = plan.recipe, let reading = recipe.reading {
      let vocabulary = plan.graph.vocabulary ?? Vocabulary(words: [])
      return try text(request, recipe) { text throws(TensorError) in
        try reading(text, vocabulary)
      }
    }
    if let recipe = plan.recipe, let samples = recipe.samples {
      guard request.data == "synthetic" else {
        throw Failure(
          usage: "--data: expected none for \(recipe.name), which draws its own, "
            + "found \(request.data)")
      }
      return try own(request, recipe, samples)
    }
    let ports = try plan.ports()
    return request.data == "synthetic"
      ? try synthetic(request, ports) : try files(request, ports)
  }

  private static func own(
    _ request: Request, _ recipe: Recipe, _ samples: @Sendable (Int, UInt64) -> any Dataset
  ) throws -> TrainingData {
    let (count, heldOut) = drawn(request, usually: recipe.sampleCount)
    let split = try HeldOut(count: count, request, "synthetic", heldOut: heldOut)
    return TrainingData(
      source: .own(samples(count, request.splitSeed)), training: split.training,
      heldOut: split.heldOut, metadata: metadata(request, split))
  }

  /// A text's windows in their order: nine tenths to train on, a twentieth held out, and the last twentieth
  /// for whoever wants to know in the end.
  private static func text(
    _ request: Request, _ recipe: Recipe,
    _ reading: @Sendable (String) throws(TensorError) -> any Dataset
  ) throws -> TrainingData {
    guard request.data != "synthetic" else {
      throw Failure(usage: "--data: expected a text file for \(recipe.name), found none")
    }
    let file = try TextInput(file: request.data)
    let samples: any Dataset
    do {
      samples = try reading(file.text)
    } catch {
      throw FormatError(request.data, expected: error.expected, found: error.found)
    }
    let heldOut = request.heldOut ?? samples.count / 20
    let first = samples.count * 9 / 10
    guard heldOut <= samples.count - first else {
      throw Failure(
        usage: "--holdout: expected at most \(samples.count - first) of the \(samples.count) "
          + "\(samples.unit) of \(request.data), found \(heldOut)")
    }
    let training = min(request.limit ?? first, first)
    return TrainingData(
      source: .own(samples), training: Array(0..<training),
      heldOut: Array(first..<first + heldOut),
      metadata: [
        "data": "text", "data_sha256 text": SHA256.hex(of: Array(file.text.utf8)),
        "data_training": "\(training)", "data_held_out": "\(heldOut)",
      ])
  }

  /// How many samples are drawn, and how many of them held out: no more than a limit leaves over.
  private static func drawn(
    _ request: Request, usually count: Int
  ) -> (count: Int, heldOut: Int) {
    let heldOut =
      request.heldOut ?? HeldOut.usual(of: request.limit.map { $0 + $0 / 5 } ?? count)
    return (
      min(Int(Int32.max), request.limit.map { $0 + heldOut } ?? max(count, heldOut + 10)), heldOut
    )
  }

  private static func metadata(_ request: Request, _ split: HeldOut) -> [String: String] {
    [
      "data": "synthetic, seed \(request.splitSeed)",
      "data_training": "\(split.training.count)", "data_held_out": "\(split.heldOut.count)",
    ]
  }

  private static func synthetic(_ request: Request, _ ports: Ports) throws -> TrainingData {
    guard ports.classes >= 10 else {
      throw Failure(
        .badData,
        "\(ports.model): expected 10 outputs, one for each digit, found \(ports.classes)")
    }
    let shape = try ports.drawnShape()
    let (count, heldOut) = drawn(request, usually: syntheticCount)
    let digits = SyntheticDigits(count: count, seed: request.splitSeed, imageShape: shape)
    let split = try HeldOut(count: count, request, "synthetic", heldOut: heldOut)
    return TrainingData(
      source: .images(digits, heldOut: digits), training: split.training, heldOut: split.heldOut,
      metadata: metadata(request, split))
  }

  private static func files(_ request: Request, _ ports: Ports) throws -> TrainingData {
    let folder = request.data
    let set = try LabelledIDX(folder: folder, prefix: "train")
    try ports.check(set)
    var metadata = ["data": "IDX"]
    for file in set.files { metadata["data_sha256 \(file.name)"] = file.sha256 }
    // A test set of its own is held out as it is, unless images of the training set are asked for.
    guard request.heldOut == nil, LabelledIDX.isThere(folder: folder, prefix: "t10k") else {
      let heldOut = request.heldOut ?? HeldOut.usual(of: set.count)
      let split = try HeldOut(count: set.count, request, folder, heldOut: heldOut)
      metadata["data_training"] = "\(split.training.count)"
      metadata["data_held_out"] = "\(split.heldOut.count), split seed \(request.splitSeed)"
      return TrainingData(
        source: .images(set, heldOut: set), training: split.training, heldOut: split.heldOut,
        metadata: metadata)
    }
    let test = try LabelledIDX(folder: folder, prefix: "t10k")
    try ports.check(test)
    for file in test.files { metadata["data_sha256 \(file.name)"] = file.sha256 }
    let split = try HeldOut(count: set.count, request, folder, heldOut: 0)
    metadata["data_training"] = "\(split.training.count)"
    metadata["data_held_out"] = "\(test.count), files of their own"
    return TrainingData(
      source: .images(set, heldOut: test), training: split.training,
      heldOut: Array(0..<test.count), metadata: metadata)
  }

  /// The mean and the deviation of pixels over the images trained on (10,000 of them at most), four
  /// digits each: what the text says is what is used, here and by whoever opens the model. Nil where a
  /// recipe's own samples go in as they are.
  func normalization() -> String? {
    guard case .images(let set, _) = source else { return nil }
    let (part, all) = (512, training.prefix(10_000))
    var (sum, squares, count) = (0.0, 0.0, 0.0)
    for start in stride(from: 0, to: all.count, by: part) {
      let images = set.images(all.dropFirst(start).prefix(part))
      images.withElements { pixels in
        for pixel in pixels {
          sum += Double(pixel)
          squares += Double(pixel) * Double(pixel)
        }
      }
      count += Double(images.count)
    }
    let mean = count > 0 ? sum / count : 0
    let deviation = count > 0 ? max(0, squares / count - mean * mean).squareRoot() : 1
    return "\(TrainingText.fourDigits(mean)),\(TrainingText.fourDigits(max(1e-4, deviation)))"
  }
}

extension TrainingData {
  /// The samples as a network takes them: images normalised, and as rows where it is dense.
  /// - Parameters:
  ///   - normalize: what is taken from pixels; nil for a recipe's own samples
  ///   - option: how `normalize` was said
  /// - Throws: `Failure` where samples that are no labelled images are to be changed as those are.
  func samples(
    normalize: String?, from option: String, for plan: TrainingPlan
  ) throws -> TrainingSamples {
    switch source {
    case .own(let set):
      let given = [(option, normalize != nil), ("--shift", plan.shift > 0)].first { $0.1 }
      if let given {
        throw Failure(
          usage: "\(given.0): expected labelled images, found \(plan.name), which draws its own")
      }
      return TrainingSamples(set, training: training, heldOutSet: set, heldOut: heldOut)
    case .images(let set, let heldOutSet):
      let normalization = try Normalization(
        normalize ?? "0,1", channels: set.imageShape[0], from: option)
      let isFlat = plan.graph.inputs[0].dims.count == 2
      func prepared(_ set: any LabelledImages) -> PreparedImages {
        PreparedImages(set, reconstructs: plan.recipe?.reconstructs ?? false) { images in
          let images = normalization.applied(to: images)
          guard isFlat else { return images }
          return try images.reshaped(to: [images.shape[0], images.count / max(1, images.shape[0])])
        }
      }
      return TrainingSamples(
        prepared(set), training: training, heldOutSet: prepared(heldOutSet), heldOut: heldOut)
    }
  }
}

extension TrainingPlan {
  /// The recipe the network is of: by its name, or for a model that goes on what its metadata say, where
  /// that learns something else than labels.
  var recipe: Recipe? {
    if let recipe = RecipeRegistry.recipe(name) { return recipe }
    let recipe = graph.metadata["recipe"].flatMap(RecipeRegistry.recipe)
    return recipe?.learnsLabels == false ? recipe : nil
  }
}

extension TrainingData.Ports {
  /// Whether images go in as they are, or as the rows of a dense network: `[N,784]` for 28×28.
  private func takes(_ image: Shape) -> Bool {
    input.accepts(Shape([1] + image.dims)) || input.accepts([1, image.count])
  }

  /// The shape digits are to be drawn in.
  func drawnShape() throws -> Shape {
    let dims = input.dims.map { $0 ?? 0 }
    if input.dims.count == 4, dims[1] > 0 || input.dims[1] == nil {
      let shape = Shape([
        input.dims[1] ?? 1, input.dims[2] ?? Digit.size, input.dims[3] ?? Digit.size,
      ])
      if takes(shape), (8...4096).contains(shape[1]), (8...4096).contains(shape[2]) { return shape }
    }
    if input.dims.count == 2, let count = input.dims[1] {
      let side = Int(Double(count).squareRoot().rounded())
      if side * side == count, (8...4096).contains(side), takes([1, side, side]) {
        return [1, side, side]
      }
    }
    throw Failure(
      .badData,
      "\(model): input \(input.name): expected [N,C,H,W] or rows of a square for synthetic digits, "
        + "found \(input.shapeText)")
  }

  func check(_ set: LabelledIDX) throws {
    guard takes(set.imageShape) else {
      throw FormatError(
        set.files[0].name, "images", expected: "\(input.shapeText), the input of \(model)",
        found: "\(set.imageShape)")
    }
    try set.checkLabels(below: classes, of: model)
  }
}

extension HeldOut {
  /// - Throws: `Failure` where nothing would be left to train on.
  fileprivate init(
    count: Int, _ request: TrainingData.Request, _ data: String, heldOut: Int
  ) throws {
    guard heldOut < count else {
      throw Failure(
        usage: "--holdout: expected fewer than the \(count) images of \(data), found \(heldOut)")
    }
    self.init(count: count, heldOut: heldOut, limit: request.limit, seed: request.splitSeed)
  }
}
