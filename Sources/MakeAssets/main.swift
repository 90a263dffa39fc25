import Formats
import NeuralNet
import TensorCore

// Writes the files of assets/ that are made by this package itself:
//
//     swift run MakeAssets assets
//
// The digits are drawn by NeuralNet's Digit, the models written as ONNX. The font comes from
// assets/make_font.py, the picture of the screen from `dropscope render`.
guard CommandLine.arguments.count == 2 else { fatalError("usage: MakeAssets FOLDER") }
let folder = CommandLine.arguments[1]
for (digit, name) in Digit.names.enumerated() {
  let pixels = Digit.draw(digit).elements.map { UInt8(($0 * 255).rounded()) }
  let png = try PNG.bytes(grey: pixels, width: Digit.size, height: Digit.size)
  try FileBytes.write(png, to: "\(folder)/digits/\(name).png")
}
try FileBytes.write(ONNXWriter.bytes(try EdgesModel.graph()), to: "\(folder)/edges.onnx")
