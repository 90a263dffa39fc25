import Masks
import TensorCore

/// How ONNX's own operators say a dropout so that it is the identity at evaluation, bit for bit, and
/// acts in training as it does here.
///
/// A Dropout node drops element by element and scales what is kept by 1/(1−p): kinds that decide unit
/// by unit with that scale can be said, with noise of ones in the units' shape where cells share a
/// unit, and on a node's weights where one mask serves the batch. A dropped infinity × noise is NaN,
/// where `Dropout.apply` gives 0.
///
/// The others cannot. Gaussian noise and the place of a cutout need random operators that act at
/// evaluation too, a max-pool's is not the identity there, a mask for each sample would need as many
/// weights, and a painted mask is one picture's. Alpha dropout and blocks would have to tell training
/// from evaluation by looking whether the noise is 1, and their rate would stand in several constants
/// that no reader knows to belong together.
enum DropoutForm {
  /// A Dropout node on the value.
  case elements
  /// A Dropout node on ones whose sizes are 1 along the axes that are true here, times the value.
  case shared([Bool])
  /// A Dropout node on the weights of the node that makes the value, which is this input of it.
  case weights(input: Int)

  /// The form of a dropout at a site, of which `info` is known; nil where it changes nothing.
  /// - Throws: `GraphError` that names the kind, the site and what can be saved.
  init?(
    _ dropout: Dropout, at site: String, holding info: ValueInfo?, in network: Network
  ) throws(GraphError) {
    let (kind, rate) = (dropout.kind, dropout.rate)
    if kind.followsRate, rate.p == 0 { return nil }
    func refused(_ why: String) -> GraphError {
      let name = network.graph.producer(of: site)?.name ?? site
      return GraphError("\(kind.name) dropout at \(name) cannot be saved: \(why)")
    }
    guard DropoutForm.isKnown(kind) else {
      let names = KindRegistry.all().filter(DropoutForm.isKnown).map { $0.settingsWord }
      throw refused("expected one of \(names.joined(separator: ", ")), found \(kind.settingsWord)")
    }
    guard dropout.scaling == .inverted else {
      throw refused("expected scale inverted, as ONNX's Dropout has it, found \(dropout.scaling)")
    }
    // ONNX's ratio lies in [0, 1): onnxruntime refuses a model with 1.
    guard Float(rate.p) < 1 else { throw refused("expected a rate below 1, found \(rate.p)") }
    if kind.target == .weights {
      guard
        let maker = network.graph.nodes.firstIndex(where: { $0.outputs.first == site }),
        let weights = network.weights(of: maker)
      else { throw refused("its node has no constant weights") }
      self = .weights(input: weights.input)
      return
    }
    if let info, info.type != .float32 {
      throw GraphError("\(site) holds no float32 to put dropout on")
    }
    guard let rank = info?.shape.rank else {
      // Elements are dropped each by itself, whatever the shape.
      guard kind is ElementDropout else { throw refused("the shape of \(site) is not known") }
      self = .elements
      return
    }
    let axes: [Bool]
    do {
      axes = try DropoutForm.sharedAxes(kind, rank: rank)
    } catch {
      throw GraphError("dropout at \(site): \(error)")
    }
    guard axes.contains(true) else {
      self = .elements
      return
    }
    // Where and ConstantOfShape are of operator set 9.
    guard network.graph.opset >= 9 else {
      throw refused("expected opset 9 or later, found \(network.graph.opset)")
    }
    self = .shared(axes)
  }

  /// Whether a kind decides unit by unit over axes or weights, and scales what is kept by 1/(1−p).
  private static func isKnown(_ kind: any DropoutKind) -> Bool {
    guard let kind = kind as? any UnitwiseDropout, kind.target != .pool,
      kind.transfer(rate: Rate(clamping: 0.5), scaling: .inverted) == Transfer(scale: 2)
    else { return false }
    return (kind as? WeightDropout)?.mode != .perSample
  }

  /// The axes of an activation of a rank along which cells share a unit.
  private static func sharedAxes(
    _ kind: any DropoutKind, rank: Int
  ) throws(TensorError) -> [Bool] {
    let layout = try Layout.channelsFirst(Shape([Int](repeating: 2, count: rank)))
    return try kind.units(of: layout).shape.dims.map { $0 == 1 }
  }
}

extension DropoutKind {
  /// The kind's name, with what decides whether it can be saved.
  fileprivate var settingsWord: String {
    (self as? WeightDropout).map { "\(name) \($0.mode.rawValue)" } ?? name
  }
}
