import Masks
import Studies
import TensorCore

extension DropoutCode {
  /// ONNX in its text form: a model from x to y that drops where `training` is true.
  /// - Throws: `CodeProblem` for what ONNX cannot express.
  func onnx() throws(CodeProblem) -> String {
    try refuse([
      "gaussian": "random numbers would act at evaluation too",
      "alpha": "its shift would act at evaluation too",
      "feature-alpha": "its shift would act at evaluation too",
      "max-pool": "it is not the identity at evaluation",
      "weight": "S on the network page saves it as a Dropout node on the layer's weights",
      "recurrent": "S on the network page saves it as a Dropout node on the layer's weights",
      "embedding": "S on the network page saves it as a Dropout node on the table's rows",
    ])
    guard let shared = try sharedAxes() else {
      throw CodeProblem("\(dropout.kind) dropout cannot be expressed in ONNX")
    }
    guard dropout.scaling == .inverted else {
      throw CodeProblem(
        "ONNX's Dropout scales by 1/(1-p), not by scale \(dropout.scaling.rawValue)")
    }
    guard dropout.rate.p < 1 else { throw CodeProblem("ONNX's ratio lies below 1") }
    let type = "float[\(layout.shape.dims.map(String.init).joined(separator: ", "))]"
    var lines = [
      "# \(heading)", "<ir_version: 8, opset_import: [\"\" : 17]>",
      "dropout (\(type) x, bool training) => (\(type) y)",
    ]
    guard shared.contains(true) else {
      lines += [
        "<float ratio = {\(rate)}>", "{", "  y = Dropout (x, ratio, training)", "}",
      ]
      return lines.joined(separator: "\n")
    }
    let sizes = zip(shared, layout.shape.dims).map { $0 ? "1" : "\($1)" }.joined(separator: ", ")
    lines += [
      "<float ratio = {\(rate)}, int64[\(shared.count)] sizes = {\(sizes)}>", "{",
      "  ones = ConstantOfShape <value = float[1] {1.0}> (sizes)",
      "  noise = Dropout (ones, ratio, training)", "  y = Mul (x, noise)", "}",
    ]
    return lines.joined(separator: "\n")
  }
}
