import Program

extension FuzzEntry {
  /// The file of settings, right or wrong in any of its lines.
  static let config = FuzzEntry("config", readers: ["Config"], longest: 1024, share: 4) { bytes in
    let config = Config(parsing: String(decoding: bytes, as: UTF8.self))
    expect(config.summary?.contains("\n") != true, "more than a line")
  }
}
