import Formats

extension FuzzEntry {
  /// Names of classes: each is one line, and written again they are read as they were.
  static let labels = FuzzEntry("labels", readers: ["LabelFile"], longest: 512, share: 4) { bytes in
    guard let names = try? LabelFile.names(from: bytes, named: "labels.txt") else { return }
    expect(!names.isEmpty, "no name")
    expect(names.allSatisfy { !$0.contains(where: \.isNewline) }, "more than a line")
    // A name in front keeps numbers that were left out from being taken for the classes' own again.
    let written = Array((["x"] + names + ["x"]).joined(separator: "\n").utf8)
    let again = try? LabelFile.names(from: written, named: "again.txt")
    expect(again.map { Array($0.dropFirst().dropLast()) } == names, "\(names)")
  }
}
