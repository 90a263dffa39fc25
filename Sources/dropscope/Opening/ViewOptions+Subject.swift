import Formats
import NeuralNet
import Scope
import TensorCore

extension ViewOptions {
  /// Reads the model and the input and makes the one fit the other.
  /// - Throws: `Failure` or `FormatError`, each one line.
  func subject() throws -> Subject {
    guard model != "none" else { return try activations() }
    let graph = try ModelFile.read(model, axes: axes)
    guard graph.inputs.count == 1 else {
      let names = graph.inputs.map { "\($0.name) \($0.shapeText)" }.joined(separator: ", ")
      throw FormatError(model, expected: "a network with one input", found: names)
    }
    let name = ViewOptions.baseName(model)
    let fitting = InputFitting(file: input, wanted: graph.inputs[0], modelName: name, index: index)
    var fitted: InputFitting.Fitted
    switch try OpenedInput.read(input, index: index) {
    case .picture(let picture): fitted = try fitting.fit(picture)
    case .numbers(let numbers): fitted = try fitting.fit(numbers: numbers)
    }
    if let text = normalize ?? graph.metadata["normalize"] {
      let shape = fitted.tensor.shape
      let normalization = try Normalization(
        text, channels: shape.rank == 4 ? shape[1] : 1,
        from: normalize == nil ? "\(name): metadata normalize" : "--normalize")
      if fitted.isImage { fitted.tensor = normalization.applied(to: fitted.tensor) }
    }
    return Subject(
      network: Network(graph), input: fitted.tensor, inputName: ViewOptions.baseName(input),
      modelName: name, arguments: arguments, note: fitted.note)
  }

  /// The input itself as activations: `[C,H,W]`, one map `[H,W]`, one of a batch `[N,C,H,W]`, or the
  /// features of a dense layer.
  private func activations() throws -> Subject {
    var tensor: Tensor
    switch try OpenedInput.read(input, index: index) {
    case .picture(let picture): tensor = picture.tensor
    case .numbers(let numbers): tensor = numbers
    }
    if let index, index > 0, tensor.shape.rank != 4 {
      throw FormatError(
        input, "item \(index)", expected: "a batch [N,C,H,W]", found: "\(tensor.shape)")
    }
    switch tensor.shape.rank {
    case 1, 3: tensor = tensor.withBatch
    case 2: tensor = tensor.withBatch.withBatch
    case 4: tensor = try tensor.item(index ?? 0, of: input)
    default: break
    }
    guard (2...4).contains(tensor.shape.rank), tensor.count > 0 else {
      throw FormatError(input, expected: "activations of shape [C,H,W]", found: "\(tensor.shape)")
    }
    return try Subject(
      activations: tensor, inputName: ViewOptions.baseName(input), arguments: arguments)
  }

  /// The options that choose input and model, as they were given.
  private var arguments: [String] {
    [input, "--model", model] + (index.map { ["--index", "\($0)"] } ?? [])
      + (normalize.map { ["--normalize", $0] } ?? []) + axes.flatMap { ["--axes", $0] }
  }

  private static func baseName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
