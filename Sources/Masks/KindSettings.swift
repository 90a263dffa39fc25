public import TensorCore

/// What kinds may need beside the rate: the values of settings that they declare, and a mask of one's
/// own. Each kind takes what concerns it.
public struct KindSettings: Equatable, Sendable {
  /// The user's own mask, for `manual`.
  public var painted: Mask?
  /// What is not as usual, by the setting's name, as it is written.
  public private(set) var texts: [String: String] = [:]

  /// Settings at their defaults.
  public init(painted: Mask? = nil) { self.painted = painted }

  /// The value of a setting.
  public subscript<Choice>(_ setting: KindSetting<Choice>) -> Choice {
    get { setting.value(of: texts[setting.name]) }
    set {
      let text = setting.text(of: newValue)
      texts[setting.name] = text == setting.usualText ? nil : text
    }
  }

  /// The value of a setting as it is written: what `set` reads.
  public func text(of setting: any DeclaredSetting) -> String {
    texts[setting.name] ?? setting.usualText
  }

  /// Reads a value.
  /// - Throws: `TensorError` where it makes no sense.
  public mutating func set(
    _ setting: any DeclaredSetting, to text: String
  ) throws(TensorError) {
    let text = try setting.canonical(text)
    texts[setting.name] = text == setting.usualText ? nil : text
  }
}
