public import NeuralNet
public import TensorCore

/// What is looked at: a network and one input to it, and where the two came from.
public struct Subject: Sendable {
  /// The network.
  public internal(set) var network: Network
  /// The input, in the shape the network wants.
  public let input: Tensor
  /// The input's name as the person knows it: `seven`, `photo.png`.
  public let inputName: String
  /// The model's name as the person knows it: `edges`, `lenet.onnx`.
  public let modelName: String
  /// The words of a command line that open it again.
  public let arguments: [String]
  /// How the input was made to fit, e.g. `made grey, resized 640×480 → 28×28`; nil where it was not.
  public let note: String?
  /// What the input's file says it is, such as the digit that an image shows; nil where it does not.
  public let label: String?

  /// A subject. The network has one input, of the input's shape.
  public init(
    network: Network, input: Tensor, inputName: String, modelName: String,
    arguments: [String] = [], note: String? = nil, label: String? = nil
  ) {
    self.network = network
    self.input = input
    self.inputName = inputName
    self.modelName = modelName
    self.arguments = arguments
    self.note = note
    self.label = label
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
