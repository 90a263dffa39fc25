import ArgumentParser
import Masks
import TensorCore

/// An option for each setting that a kind declares. They are made from the declarations, where other
/// groups have a property each.
package struct KindOptions: ParsableArguments, CustomReflectable {
  /// What was given, by the setting's name.
  private var texts: [String: String] = [:]

  package init() {}

  package init(from decoder: any Decoder) throws {
    let options = try decoder.container(keyedBy: Key.self)
    for (_, setting) in KindRegistry.settings {
      let option = try options.decode(Option<String?>.self, forKey: Key(setting.name))
      texts[setting.name] = option.wrappedValue
    }
  }

  /// What the parser looks for: the options by name.
  package var customMirror: Mirror {
    let options = KindRegistry.settings.map { kind, setting in
      let help = ArgumentHelp(
        "\(setting.summary), for kind \(kind) (default: \(setting.usualText)).",
        valueName: setting.values.isEmpty
          ? setting.argument : setting.values.joined(separator: "|"))
      return (
        label: setting.name,
        value: Option<String?>(name: .customLong(setting.name), help: help) as Any
      )
    }
    return Mirror(self, children: options.map { ($0.label as String?, $0.value) })
  }

  private struct Key: CodingKey {
    let stringValue: String
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    var intValue: Int? { nil }
    init?(intValue: Int) { nil }
  }
}

extension KindOptions {
  /// The kind that the first of those given belongs to; nil where none is.
  var kind: String? { KindRegistry.settings.first { texts[$0.setting.name] != nil }?.kind }

  /// What kinds are set to.
  /// - Throws: `TensorError` where one makes no sense.
  var settings: KindSettings {
    get throws(TensorError) {
      var settings = KindSettings()
      for (_, setting) in KindRegistry.settings {
        if let text = texts[setting.name] { try settings.set(setting, to: text) }
      }
      return settings
    }
  }
}
