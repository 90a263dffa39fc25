import Glibc
import Masks
public import TensorCore

/// Triangles that sum frequencies into bands of the mel scale: `[dft_length/2+1, bands]` for so many bands
/// (input 0), a transform's length (1), a sample rate (2) and the lowest and highest frequency (3, 4).
/// mel = 2595·log₁₀(1 + f/700): O'Shaughnessy 1987, as ONNX's reference has it.
public struct MelWeightMatrix: AxisFreeOperator {
  public static let opType = "MelWeightMatrix"
  public static let schema = OperatorSchema(
    since: 17, attributes: [.int("output_datatype", since: 17)],
    inputs: [
      .init([.int32, .int64]), .init([.int32, .int64]), .init([.int32, .int64]),
      .init([.floats, .bfloat16]), .init([.floats, .bfloat16]),
    ])
  public static let typedOutputs = 0
  private let type: ElementType

  public init(_ node: NodeReader) throws(TensorError) {
    type = try node.elementType("output_datatype") ?? .float32
  }

  private func sizes(
    _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> (bands: Int, length: Int, rate: Int) {
    var numbers: [Int] = []
    for index in 0..<3 {
      let given = try inputs.integers(index)
      guard given.count == 1, given[0] > 0 else {
        throw TensorError(
          "MelWeightMatrix", expected: "one number of 1 or more for input \(index)",
          found: "\(given)")
      }
      numbers.append(given[0])
    }
    for index in 3..<5 where try inputs.tensor(index).count != 1 {
      throw TensorError(
        "MelWeightMatrix", expected: "one frequency for input \(index)",
        found: "\(try inputs.tensor(index))")
    }
    return (numbers[0], numbers[1], numbers[2])
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let (bands, length, _) = try sizes(inputs)
    guard type.isFloat else {
      throw TensorError("MelWeightMatrix", expected: "a type of floats", found: "\(type)")
    }
    return [
      ValueInfo(try Shape(computed: [length / 2 + 1, bands], in: "MelWeightMatrix"), type: type)
    ]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let (bands, length, rate) = try sizes(inputs.described)
    let shape = try outputs(for: inputs.described)[0].shape
    func mel(_ index: Int) throws(TensorError) -> Double {
      2595 * log10(1 + Double(try inputs.tensor(index)[0]) / 700)
    }
    let (low, high) = (try mel(3), try mel(4))
    let step = (high - low) / Double(bands + 2)
    let edges = (0..<bands + 2).map { band in
      let frequency = 700 * (pow(10, (low + step * Double(band)) / 2595) - 1)
      let bin = (Double(length + 1) * frequency / Double(rate)).rounded(.down)
      return bin.isFinite ? Int(min(max(bin, -1), Double(shape[0]))) : 0
    }
    var weights = Tensor(shape, repeating: 0)
    func put(_ bin: Int, _ band: Int, _ weight: Double) {
      guard (0..<shape[0]).contains(bin) else { return }
      weights[bin * bands + band] = Float(weight)
    }
    for band in 0..<bands {
      let (left, centre, right) = (edges[band], edges[band + 1], edges[band + 2])
      if left == centre { put(centre, band, 1) }
      for bin in left..<max(left, centre + 1) where centre > left {
        put(bin, band, Double(bin - left) / Double(centre - left))
      }
      for bin in centre..<max(centre, right) {
        put(bin, band, Double(right - bin) / Double(right - centre))
      }
    }
    return [try Value(.float32(weights), as: type)]
  }

  /// Frequencies choose bins.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
