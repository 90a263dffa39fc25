import Formats

/// Everything that decides which weights come out, as text by the option's name: so that a state can
/// keep it, and a person be told what differs.
struct TrainSettings: Equatable {
  /// The values, by name; what is missing has its default.
  private(set) var values: [String: String]

  /// What may be different when training goes on.
  private static let changeable: Set<String> = ["epochs"]
  private static let prefix = "option "

  init(_ values: [String: String] = [:]) { self.values = values }

  /// The value of an option that was given or is the default by now.
  subscript(_ name: String) -> String? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// The settings with defaults for what is missing.
  func filled(with defaults: [String: String]) -> TrainSettings {
    TrainSettings(values.merging(defaults) { given, _ in given })
  }

  /// The settings that training goes on with: those it began with, and nothing given that differs.
  /// - Throws: `Failure` that names the first option that does.
  func resuming(_ saved: TrainSettings, state: String) throws -> TrainSettings {
    for (name, value) in values.sorted(by: { $0.key < $1.key })
    where !TrainSettings.changeable.contains(name) && saved[name] != value {
      throw Failure(
        usage: "--resume: \(state): expected \(name) \(saved[name] ?? "by default"), "
          + "as training began, found \(value)")
    }
    return TrainSettings(saved.values.merging(values) { _, given in given })
  }

  /// As texts of a state.
  var texts: [String: String] {
    Dictionary(uniqueKeysWithValues: values.map { (TrainSettings.prefix + $0.key, $0.value) })
  }

  /// From the texts of a state.
  init(texts: [String: String]) {
    values = [:]
    for (key, value) in texts where key.hasPrefix(TrainSettings.prefix) {
      values[String(key.dropFirst(TrainSettings.prefix.count))] = value
    }
  }
}
