public import NeuralNet
public import TensorCore

/// What is looked at: a network and what it is given, and where the two came from.
public struct Subject: Sendable {
  /// The network.
  public internal(set) var network: Network
  /// What the network is given, by the names of its inputs, in the types and shapes it wants.
  public let inputs: [String: Value]
  /// The name of the input that is shown: the picture.
  public let shownInput: String
  /// The shown input's numbers as floats, in the shape the network wants.
  public let input: Tensor
  /// How often the one sample is there, to fill the network's fixed batch.
  public let repeats: Int
  /// The input's name as the person knows it: `seven`, `photo.png`; several one after another.
  public let inputName: String
  /// The model's name as the person knows it: `edges`, `lenet.onnx`.
  public internal(set) var modelName: String
  /// The words of a command line that open it again.
  public let arguments: [String]
  /// How the input was made to fit, e.g. `made grey, resized 640×480 → 28×28`; nil where it was not.
  public var note: String?
  /// The colours of an input that is an image of three channels, `[3,H,W]` of 0…1, before they were
  /// normalised; nil for all else.
  public var colours: Tensor?
  /// What is true of each place that a network for segmentation tells of, row by row; nil where nobody
  /// said.
  public var truth: [Bool]?
  /// Names of the network's classes, that of class 0 first; empty where nobody named them.
  public var classNames: [String] = []
  /// What the tokens stand for that the network reads, where it says so.
  public let vocabulary: Vocabulary?
  private let outputVocabulary: Vocabulary?
  /// The words of the shown input, where it holds tokens whose words are known.
  public let words: [String]?
  /// What the input's file says it is, such as the digit that an image shows; nil where it does not.
  public let label: String?

  /// The same input in another network that takes it, such as one that has learnt more.
  public func moved(to network: Network, named modelName: String) -> Subject {
    var subject = self
    (subject.network, subject.modelName) = (network, modelName)
    return subject
  }

  /// What the network writes of the first sample, where its output is `[N,T,K]` of tokens whose words are
  /// known.
  public func text(of output: Tensor?) -> String? {
    guard let outputVocabulary, let output, output.shape.rank == 3 else { return nil }
    return outputVocabulary.text(of: Array(output.largestInRows().prefix(output.shape[1])))
  }

  /// The shown input's layout.
  var inputLayout: Layout { network.layout(of: shownInput, shape: input.shape) }

  /// A subject. There is a value for each of the network's inputs, as the input wants it; the one that is
  /// shown holds numbers.
  public init(
    network: Network, inputs: [String: Value], shownInput: String, repeats: Int = 1,
    inputName: String, modelName: String, arguments: [String] = [], note: String? = nil,
    label: String? = nil
  ) {
    guard let input = inputs[shownInput]?.floats else {
      preconditionFailure("no numbers for input \(shownInput)")
    }
    self.network = network
    (self.inputs, self.shownInput, self.input) = (inputs, shownInput, input)
    self.repeats = repeats
    self.inputName = inputName
    self.modelName = modelName
    self.arguments = arguments
    self.note = note
    self.label = label
    (vocabulary, outputVocabulary) = (network.graph.vocabulary, network.graph.outputVocabulary)
    let isText = inputs[shownInput]?.type.computed == .int64 && input.shape.rank <= 2
    words = vocabulary.flatMap { vocabulary in
      isText
        ? input.elements.prefix(input.shape.dims.last ?? 0).map { vocabulary.word(Int($0)) } : nil
    }
  }

  /// A subject whose network has one input, of the input's shape.
  public init(
    network: Network, input: Tensor, inputName: String, modelName: String,
    arguments: [String] = [], note: String? = nil, label: String? = nil
  ) {
    let name = network.graph.inputs.first?.name ?? "input"
    self.init(
      network: network, inputs: [name: .float32(input)], shownInput: name, inputName: inputName,
      modelName: modelName, arguments: arguments, note: note, label: label)
  }

  /// Activations a person brought, shown as they are: a network that does nothing.
  /// - Throws: `GraphError` never in practice; the graph is one input.
  public init(
    activations: Tensor, inputName: String, arguments: [String] = [], note: String? = nil,
    label: String? = nil
  ) throws(GraphError) {
    let name = "activations"
    // Files of activations are laid out as most networks lay them out.
    let axes = (try? Layout.channelsFirst(activations.shape))?.axes.map { String($0.name.letter) }
    let input = Graph.Input(name, dims: activations.shape.dims, dimNames: axes)
    let graph = try Graph(name: "none", inputs: [input], outputs: [name], nodes: [])
    self.init(
      network: Network(graph), input: activations, inputName: inputName, modelName: "none",
      arguments: arguments, note: note, label: label)
  }
}
