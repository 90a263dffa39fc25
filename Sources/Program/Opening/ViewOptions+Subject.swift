import Formats
import NeuralNet
import Studies
import TensorCore

extension ViewOptions {
  /// Reads the model and its inputs and makes the one fit the other.
  /// - Throws: `Failure` or `FormatError`, each one line.
  func subject() throws -> Subject {
    guard model != "none" else { return try activations() }
    var graph = try ModelFile.read(model, axes: axes, strict: strict)
    if let vocabulary { try graph.takeVocabulary(vocabulary) }
    let network = Network(graph)
    let files = try InputFiles(self, for: network)
    let name = ViewOptions.baseName(model)
    let metadata = ModelMetadata(graph: graph, modelName: name)
    let normalize: (text: String, origin: String)? =
      self.normalize.map { ($0, "--normalize") }
      ?? metadata.normalization
    if self.normalize != nil, !graph.inputs.contains(where: { $0.type.isFloat }) {
      throw Failure(usage: "--normalize: expected an input of floats, found \(graph.inputsText)")
    }
    var (values, notes): ([String: Value], [String]) = ([:], [])
    var (repeats, label): (Int, String?) = (1, nil)
    var colours: Tensor?
    var truth: [Bool]?
    var pictured: Graph.Input?
    for input in graph.inputs {
      guard let file = files.paths[input.name] else { continue }
      let isShown = input.name == files.shown
      if let text = files.texts[input.name] {
        values[input.name] = try text.tokens(for: input, of: graph, named: name)
        continue
      }
      let opened = try OpenedInput.read(
        file, index: index, tensor: tensor, mayBeOne: !isShown)
      var fitting = InputFitting(
        file: file, wanted: input, network: network, modelName: name,
        index: opened.index(index, isShown: isShown), normalize: normalize)
      fitting.fit = fit
      let fitted = try fitting.fit(opened)
      values[input.name] = fitted.value
      let own = [opened.note].compactMap { $0 } + fitted.notes
      if case .picture = opened.content, isShown { pictured = input }
      if !own.isEmpty {
        let of = graph.inputs.count > 1 ? "\(input.name): " : ""
        notes.append(of + own.joined(separator: ", "))
      }
      if isShown {
        (repeats, label, colours) = (fitted.repeats, opened.label, fitted.colours)
        truth = opened.truth
      }
    }
    var subject = Subject(
      network: network, inputs: values, shownInput: files.shown, repeats: repeats,
      inputName: graph.inputs.compactMap { input in
        files.texts[input.name]?.name ?? files.paths[input.name].map(ViewOptions.baseName)
      }.joined(separator: ", "),
      modelName: name, arguments: arguments(input: files.positional),
      note: notes.isEmpty ? nil : notes.joined(separator: "; "), label: label)
    (subject.colours, subject.truth) = (colours, truth)
    subject.classNames =
      try labels.map { path in
        try MissingFile.suggesting(path) { try LabelFile.read(path) }
      } ?? []
    subject.take(metadata, picture: normalize == nil ? pictured : nil)
    return subject
  }

  /// The input itself as activations: `[C,H,W]`, one map `[H,W]`, one of a batch `[N,C,H,W]`, or the
  /// features of a dense layer.
  private func activations() throws -> Subject {
    if let named = inputs.first {
      throw Failure(usage: "--input: expected a model, found none for \(named)")
    }
    if let text { throw Failure(usage: "--text: expected a model, found none for \(text)") }
    let input = input ?? ViewOptions.defaultInput
    var tensor: Tensor
    let opened = try OpenedInput.read(input, index: index, tensor: self.tensor)
    switch opened.content {
    case .picture(let picture): tensor = picture.tensor
    case .numbers(let numbers, _):
      guard let floats = numbers.floats else {
        throw FormatError(input, expected: "numbers", found: "\(numbers.type)")
      }
      tensor = floats
    }
    if let index, index > 0, tensor.shape.rank != 4, !opened.isItem {
      throw FormatError(
        input, "item \(index)", expected: "a batch [N,C,H,W]", found: "\(tensor.shape)")
    }
    switch tensor.shape.rank {
    case 1, 3: tensor = try tensor.reshaped(to: Shape([1] + tensor.shape.dims))
    case 2: tensor = try tensor.reshaped(to: Shape([1, 1] + tensor.shape.dims))
    case 4:
      let item = try Value.float32(tensor).item(opened.isItem ? 0 : index ?? 0, of: input)
      tensor = item.tensor ?? tensor
    default: break
    }
    guard (2...4).contains(tensor.shape.rank), tensor.count > 0 else {
      throw FormatError(input, expected: "activations of shape [C,H,W]", found: "\(tensor.shape)")
    }
    return try Subject(
      activations: tensor, inputName: ViewOptions.baseName(input),
      arguments: arguments(input: input),
      note: opened.note, label: opened.label)
  }

  /// The options that choose inputs and model, as they were given.
  /// - Parameter input: the positional one; nil where all inputs are given by name
  private func arguments(input: String?) -> [String] {
    [input].compactMap { $0 } + ["--model", model] + (index.map { ["--index", "\($0)"] } ?? [])
      + (tensor.map { ["--tensor", $0] } ?? [])
      + (data.map { ["--data", $0] } ?? []) + (follow.map { ["--follow", $0] } ?? [])
      + (sweep.map { ["--sweep", $0] } ?? [])
      + (text.map { ["--text", $0] } ?? []) + (vocabulary.map { ["--vocabulary", $0] } ?? [])
      + (fit == .stretch ? [] : ["--fit", fit.rawValue])
      + (labels.map { ["--labels", $0] } ?? []) + (truth.map { ["--truth", $0] } ?? [])
      + (normalize.map { ["--normalize", $0] } ?? [])
      + inputs.flatMap { ["--input", $0] }
  }

  static func baseName(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

/// Which file feeds which input of a network, and which input is shown.
private struct InputFiles {
  /// Files by the names of inputs, one for each.
  var paths: [String: String]
  /// The input that is shown.
  let shown: String
  /// The file that is not given by name; nil where there is none.
  let positional: String?
  /// The texts among them, by the names of inputs.
  private(set) var texts: [String: TextInput] = [:]

  /// The positional INPUT feeds the first input of images that is not given by name, where there is none
  /// the first of any kind; the default digit stands for it where it cannot be mistaken.
  /// - Throws: `Failure` where an input is left without a file, or a file without an input; `FormatError`
  ///   where a text file cannot be read.
  init(_ options: ViewOptions, for network: Network) throws {
    let (graph, model) = (network.graph, options.model)
    guard !graph.inputs.isEmpty else {
      throw FormatError(model, expected: "a network with an input", found: "none")
    }
    paths = try NamedFiles.read(options.inputs, for: graph, model: model)
    let images = graph.inputs.filter {
      ImageForm($0, axes: inputAxes(of: $0, in: network)) != nil
    }
    let named = paths
    let open = graph.inputs.filter { named[$0.name] == nil }
    let next =
      images.first { named[$0.name] == nil }
      ?? (graph.inputs.count == 1 || options.input != nil ? open.first : nil)
    let isPlain = graph.inputs.count == 1 || images.count == 1
    if let text = options.text {
      guard options.input == nil else {
        throw Failure(
          usage: "--text: expected no other input, found \(options.input ?? "") beside \(text)")
      }
      guard let reader = open.first(where: { TextInput.reads($0, of: graph) }) ?? open.first else {
        throw Failure(usage: "--text: expected an input that --input leaves, found none")
      }
      paths[reader.name] = text
      texts[reader.name] = try TextInput(file: text)
    }
    let usual =
      graph.metadata["example"] ?? (graph.vocabulary == nil ? ViewOptions.defaultInput : nil)
    let file = options.input ?? (isPlain && options.text == nil ? usual : nil)
    positional = next == nil || options.text != nil ? nil : file
    if let next, let file { paths[next.name] = file }
    if next == nil, let unused = options.input, open.isEmpty {
      throw Failure(
        usage: "expected an input of \(model) that --input leaves for \(unused), found none")
    }
    let given = paths
    let absent = graph.inputs.filter { given[$0.name] == nil }
    guard absent.isEmpty else {
      let wanted = absent.map { "--input \($0.name)=FILE" }.joined(separator: " ")
      throw Failure(
        .badData, "\(model): expected \(wanted), found none; inputs are \(graph.inputsText)")
    }
    shown =
      texts.keys.first ?? (positional == nil ? nil : next?.name) ?? images.first?.name
      ?? graph.inputs[0].name
    for input in graph.inputs where texts[input.name] == nil {
      texts[input.name] = paths[input.name].flatMap {
        TextInput(typed: $0, for: input, of: graph)
      }
    }
  }
}

extension OpenedInput {
  /// What is left for the index to choose: nothing where it chose an item of the file, nor, of an input
  /// that is not shown, where the file is one array.
  fileprivate func index(_ index: Int?, isShown: Bool) -> Int? {
    guard !isItem else { return nil }
    guard !isShown, case .numbers(let numbers, _) = content else { return isShown ? index : nil }
    return numbers.shape.rank > 1 && numbers.shape[0] > 1 ? index : nil
  }
}
