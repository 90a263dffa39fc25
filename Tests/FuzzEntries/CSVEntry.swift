import Formats
import TensorCore

extension FuzzEntry {
  /// Rows of numbers are written and read again to the same numbers; as items each can be had.
  static let csv = FuzzEntry("csv", readers: ["CSV"], longest: 2048, share: 60) { bytes in
    for index in [nil, 0, 1] { _ = try? InputFile(bytes, named: "x.csv", index: index) }
    guard let numbers = try? CSV.tensor(from: bytes, named: "x.csv") else { return }
    let written = CSV.bytes(numbers)
    guard let again = try? CSV.tensor(from: written, named: "y.csv") else {
      return expect(false, "what was written cannot be read")
    }
    expect(
      again.count == numbers.count
        && (0..<again.count).allSatisfy {
          again[$0] == numbers[$0] || (again[$0].isNaN && numbers[$0].isNaN)
        }, "\(numbers.shape) changed")
  }
}
