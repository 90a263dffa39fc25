import Formats
import NeuralNet
import TensorCore

/// Makes what a person opens into what one input of a network takes, or says why it cannot be.
struct InputFitting {
  let file: String
  let wanted: Graph.Input
  let axes: [Axis]
  let network: Network
  let modelName: String
  let index: Int?
  /// What images are normalised by: the text and where it is from; nil for none.
  var normalize: (text: String, origin: String)?
  /// How an image of other proportions is made to fit.
  var fit = PictureFit.stretch

  init(
    file: String, wanted: Graph.Input, network: Network, modelName: String, index: Int?,
    normalize: (text: String, origin: String)? = nil
  ) {
    (self.file, self.wanted, self.network, self.modelName) = (file, wanted, network, modelName)
    (self.index, self.normalize) = (index, normalize)
    axes = inputAxes(of: wanted, in: network)
  }

  /// What an input is given, and how it was changed to fit.
  struct Fitted {
    var value: Value
    var notes: [String] = []
    /// How often the one sample is there, to fill a fixed batch.
    var repeats = 1
    /// The colours of an image of three channels, `[3,H,W]` of 0…1; nil for all else.
    var colours: Tensor?
  }

  /// Fits what was opened. - Throws: as the two below.
  func fit(_ opened: OpenedInput) throws -> Fitted {
    switch opened.content {
    case .picture(let picture): try fit(picture)
    case .numbers(let numbers, let isTyped): try fit(numbers: numbers, isTyped: isTyped)
    }
  }

  /// Fits a picture: made grey or coloured, resized, its axes in the input's order, once for each sample
  /// of a fixed batch; normalised where the input is of floats.
  /// - Throws: `FormatError` where the input does not take one image, `Failure` where the normalisation
  ///   makes no sense.
  func fit(_ picture: Picture) throws -> Fitted {
    guard let form = ImageForm(wanted, axes: axes) else {
      // Axes of what is too large to compute with are not worked out; that is the reason to tell.
      if (try? Shape(computed: wanted.dims.map { $0 ?? 1 }, in: wanted.name)) == nil {
        throw FormatError(
          modelName, "input \(wanted.name)",
          expected: "at most \(Shape.computedLimit) elements", found: wanted.shapeText)
      }
      throw FormatError(
        modelName, "input \(wanted.name)",
        expected: "an image of 1 or 3 channels, such as [1,3,H,W] or [1,H,W,3]",
        found: "\(wanted.type) \(wanted.shapeText)")
    }
    let fitted: Picture
    do {
      let (height, width) = (form.rows ?? picture.height, form.columns ?? picture.width)
      try Picture.checkSize(height: height, width: width)
      try reserve(pixels: height * width, form)
      fitted = try picture.fitted(
        channels: form.channels ?? channels(for: picture, form), height: height, width: width,
        fit: fit)
    } catch {
      throw FormatError(modelName, "input \(wanted.name)", error)
    }
    var image = fitted.tensor
    let colours = fitted.channels == 3 ? image : nil
    if let (text, origin) = normalize {
      let normalization = try Normalization(text, channels: fitted.channels, from: origin)
      if wanted.type.isFloat { image = normalization.applied(to: image) }
    }
    return Fitted(
      value: try form.value(form.placed(image)), notes: fitted.notes + form.notes,
      repeats: form.samples, colours: colours)
  }

  /// Asks for the memory of a fitted picture of three channels: as floats, normalised, and as the input
  /// has it, once for each sample.
  private func reserve(pixels: Int, _ form: ImageForm) throws(TensorError) {
    let one = 4 * (form.channels ?? 3) * pixels
    let (all, overflow) = form.samples.multipliedReportingOverflow(by: one)
    let (bytes, isMore) = all.addingReportingOverflow(2 * one)
    try MemoryBudget.reserve(
      overflow || isMore ? Int.max : bytes, in: "image", for: wanted.shapeText)
  }

  /// The channels of a picture for an input that leaves them open: the picture's own, unless the
  /// operators' shape rules take the other number only.
  private func channels(for picture: Picture, _ form: ImageForm) -> Int {
    func errors(_ channels: Int) -> Int {
      let shape = form.shape(
        channels: channels, rows: form.rows ?? picture.height,
        columns: form.columns ?? picture.width)
      // Inputs beside this one that are open too do not matter: they are missing both times.
      return network.signature(inputs: [wanted.name: shape]).errors.count
    }
    let (own, other) = (picture.channels, picture.channels == 1 ? 3 : 1)
    return errors(other) < errors(own) ? other : own
  }
}
