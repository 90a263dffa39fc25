import Program

extension FuzzEntry {
  /// Which lessons are done: whatever the file holds, those that are named are written and read again.
  static let progress = FuzzEntry(
    "progress", readers: ["LessonProgress"], longest: 256, share: 2
  ) { bytes in
    let names = LessonProgress.names(from: bytes)
    expect(LessonProgress.names(from: LessonProgress.bytes(names)) == names, "\(names)")
  }
}
