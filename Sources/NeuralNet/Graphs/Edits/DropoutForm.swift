public import Masks
import TensorCore

/// How ONNX's own operators say a dropout so that it is the identity at evaluation, bit for bit, and
/// acts in training as it does here.
///
/// A Dropout node drops element by element and scales what is kept by 1/(1−p): kinds that decide unit
/// by unit with that scale can be said, with noise of ones in the units' shape where cells share a
/// unit, and on a node's parameters where one mask serves the batch. A dropped infinity × noise is NaN,
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
  /// A Dropout node on ones of an element type whose sizes are 1 along the axes that are true here,
  /// times the value.
  case shared([Bool], ElementType)
  /// A Dropout node on the parameters of the node that makes the value, which are this input of it.
  case parameters(input: Int)
  /// A Dropout node on ones of a type, one for each row, times the table that the node which makes the
  /// value takes its rows from.
  case rows(input: Int, count: Int, ElementType)

  /// The form of a dropout at a site; nil where it changes nothing.
  /// - Parameters:
  ///   - info: what is known of the value; nil where an operator above it is not known
  ///   - layout: names the axes of a value of its shape
  ///   - parameters: which input of the node that makes it holds what is dropped, and that
  /// - Throws: `GraphError` that names the kind, the site and what can be saved.
  init?(
    _ dropout: Dropout, at site: String, named name: String, holding info: ValueInfo?,
    layout: (Shape) -> Layout, parameters: (input: Int, tensor: Tensor)?, opset: Int
  ) throws(GraphError) {
    let (kind, rate) = (dropout.kind, dropout.rate)
    if kind.followsRate, rate.p == 0 { return nil }
    func refused(_ why: String) -> GraphError {
      GraphError("\(kind.name) dropout at \(name) cannot be saved: \(why)")
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
    if kind.target.isParameter {
      guard let parameters else { throw refused("its node has no constant weights") }
      self =
        kind.target == .embedding
        ? .rows(input: parameters.input, count: parameters.tensor.shape[0], info?.type ?? .float32)
        : .parameters(input: parameters.input)
      return
    }
    if let info {
      guard info.type.isFloat else { throw GraphError("\(site) holds no floats to put dropout on") }
      guard info.type != .bfloat16 || opset >= 13 else {
        throw refused("expected opset 13 or later for bfloat16, found \(opset)")
      }
    }
    // Elements are dropped each by itself, whatever the shape.
    if kind is ElementDropout {
      self = .elements
      return
    }
    guard let info else { throw refused("the shape of \(site) is not known") }
    let axes: [Bool]
    do {
      axes = try sharedAxes(kind, layout(info.shape))
    } catch {
      throw GraphError("dropout at \(site): \(error)")
    }
    guard axes.contains(true) else {
      self = .elements
      return
    }
    // Where and ConstantOfShape are of operator set 9, and know bfloat16 since 20.
    let least = info.type == .bfloat16 ? 20 : 9
    guard opset >= least else {
      throw refused("expected opset \(least) or later, found \(opset)")
    }
    self = .shared(axes, info.type)
  }

  /// Whether a kind decides unit by unit over axes or weights, and scales what is kept by 1/(1−p).
  static func isKnown(_ kind: any DropoutKind) -> Bool {
    guard let kind = kind as? any UnitwiseDropout, kind.target != .pool,
      kind.transfer(rate: Rate(clamping: 0.5), scaling: .inverted) == Transfer(scale: 2)
    else { return false }
    return !((kind as? any ParameterDropout)?.isPerSample ?? false)
  }
}

extension GraphEdit {
  /// Whether a dropout can be expressed in ONNX, where the value it acts on allows it.
  public static func canSay(_ dropout: Dropout) -> Bool {
    DropoutForm.isKnown(dropout.kind) && dropout.scaling == .inverted && Float(dropout.rate.p) < 1
  }
}

extension DropoutKind {
  /// The kind's name, with what decides whether it can be saved.
  fileprivate var settingsWord: String {
    (self as? WeightDropout).map { "\(name) \($0.mode.rawValue)" } ?? name
  }
}

extension Node {
  /// Whether the file's operator alone says that a value it makes holds no floats, though nobody here can
  /// run it.
  func makesNoFloats(at value: String) -> Bool {
    switch domain {
    case "", "ai.onnx": Node.withoutFloats.contains(opType)
    // Classifiers make labels first; maps come in sequences.
    case "ai.onnx.ml":
      opType == "ZipMap" || opType.hasSuffix("Classifier") && outputs.first == value
    default: false
    }
  }

  /// Operators of ONNX that make truths, whole numbers, texts or sequences.
  private static let withoutFloats: Set<String> = [
    "And", "ArgMax", "ArgMin", "Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less",
    "LessOrEqual", "NonZero", "Not", "Optional", "Or", "SequenceConstruct", "SequenceEmpty",
    "SequenceErase", "SequenceInsert", "SequenceMap", "SequenceLength", "Shape", "Size",
    "SplitToSequence", "StringConcat", "StringNormalizer", "StringSplit", "Xor",
  ]
}

/// The axes of a value along which the cells of a kind share a unit, in the value's order. Sizes do not
/// matter.
/// - Throws: `TensorError` where the kind cannot act on such a layout.
private func sharedAxes(_ kind: any DropoutKind, _ layout: Layout) throws(TensorError) -> [Bool] {
  let cells = Layout(Shape(layout.shape.dims.map { _ in 2 }), layout.axes)
  return try kind.units(of: cells).shape.dims.map { $0 == 1 }
}
