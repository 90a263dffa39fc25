public import Masks
import TensorCore

/// Settings as data. What comes from outside is checked as options are.
extension Rate: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(try decoder.singleValueContainer().decode(Double.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(p)
  }
}

extension Scaling: Codable {}
extension Mode: Codable {}

extension KindSettings: Codable {
  private enum Key: String, CodingKey { case settings, axes, shape, kept }

  /// - Throws: `TensorError` or `DecodingError` where a value makes no sense.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    self.init(painted: try KindSettings.painted(in: container))
    let texts = try container.decode([String: String].self, forKey: .settings)
    for (name, text) in texts.sorted(by: { $0.key < $1.key }) {
      guard let setting = KindRegistry.settings.first(where: { $0.setting.name == name })?.setting
      else {
        let names = KindRegistry.settings.map(\.setting.name).joined(separator: ", ")
        throw TensorError("settings", expected: names, found: name)
      }
      try set(setting, to: text)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(texts, forKey: .settings)
    guard let painted else { return }
    let axes = painted.layout.axes.map { $0.name.rawValue + ($0.isGuess ? "?" : "") }
    try container.encode(axes, forKey: .axes)
    try container.encode(painted.layout.shape.dims, forKey: .shape)
    let kept = painted.kept.elements.map { $0 ? "1" : "0" }.joined()
    try container.encode(kept, forKey: .kept)
  }

  /// The user's own mask: its axes, its sizes and a digit a cell; nil where there is none.
  private static func painted(in container: KeyedDecodingContainer<Key>) throws -> Mask? {
    guard let digits = try container.decodeIfPresent(String.self, forKey: .kept) else { return nil }
    let shape = try Shape(
      checking: try container.decode([Int].self, forKey: .shape), in: "mask")
    let words = try container.decode([String].self, forKey: .axes)
    let axes = words.compactMap { word in
      let isGuess = word.hasSuffix("?")
      return Axis.Name(rawValue: isGuess ? String(word.dropLast()) : word)
        .map { Axis($0, isGuess: isGuess) }
    }
    guard axes.count == words.count, axes.count == shape.rank, shape.count == digits.utf8.count,
      axes.count(where: { $0.name == .sample }) <= 1
    else {
      throw TensorError(
        "mask", expected: "a name for each axis and a digit for each cell",
        found: "\(words) and \(digits.utf8.count) digits for \(shape)")
    }
    let kept = digits.utf8.map { $0 == UInt8(ascii: "1") }
    return Mask(layout: Layout(shape, axes), kept: NDArray(shape, kept))
  }
}
