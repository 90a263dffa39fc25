import Formats
import NeuralNet

extension FuzzEntry {
  /// What is read of an NPY file is written, and read again to the same bytes.
  static let npy = FuzzEntry("npy", readers: ["NPY", "NamedFiles"], longest: 1024, share: 160) {
    bytes in
    _ = try? NPY.tensor(from: bytes, named: "x.npy")
    guard let value = try? NPY.value(from: bytes, named: "x.npy") else { return }
    let written = NPY.bytes(value)
    guard let again = try? NPY.value(from: written, named: "y.npy") else {
      return expect(false, "what was written cannot be read")
    }
    expect(again.shape == value.shape && NPY.bytes(again) == written, "\(value.shape) changed")
  }
}
