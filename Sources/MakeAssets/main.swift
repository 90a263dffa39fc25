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

let count = UInt8(Digit.names.count)
let size = UInt8(Digit.size)
// IDX: unsigned bytes, three dimensions, their sizes as big-endian words.
var digits: [UInt8] = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, size, 0, 0, 0, size]
for digit in Digit.names.indices {
  digits += Digit.draw(digit).elements.map { UInt8(($0 * 255).rounded()) }
}
try FileBytes.write(digits, to: "\(folder)/digits.idx")

let edges = try EdgesModel.graph()
try FileBytes.write(
  ONNXWriter.bytes(edges, named: "edges"), to: "\(folder)/edges.onnx")
