import Masks
import Scope
import TOMLKit
import TerminalUI

/// A setting of `config.toml`: the one table that reading and `--print-config` are made from.
struct ConfigSetting: Sendable {
  let name: String
  /// What it does, for the comment above it.
  let help: String
  /// The built-in value, as TOML.
  let standard: String
  /// What a value must be, for messages.
  let expected: String
  /// Takes a value; false where it is none for this setting.
  let take: @Sendable (any TOMLValueConvertible, inout Config) -> Bool

  static let all: [ConfigSetting] = [
    ConfigSetting(
      name: "rate", help: "The probability of dropping.", standard: "0.5",
      expected: "a number from 0 to 1"
    ) { value, config in
      guard let number = value.double ?? value.int.map(Double.init), (0...1).contains(number)
      else { return false }
      config.rate = number
      return true
    },
    choice("kind", "The kind of dropout.", standard: "element", kinds) { $1.kind = $0 },
    ConfigSetting(
      name: "seed", help: "Where the random numbers start.", standard: "7",
      expected: "a whole number from 0"
    ) { value, config in
      guard let number = value.int, let seed = UInt64(exactly: number) else { return false }
      config.seed = seed
      return true
    },
    choice(
      "scale", "What makes up for the units that are gone.", standard: "inverted",
      words(Scaling.self)
    ) {
      $1.scale = Scaling(rawValue: $0)
    },
    choice("color", "How many colours.", standard: "auto", words(ColorChoice.self)) {
      $1.color = ColorChoice(rawValue: $0)
    },
    choice("ramp", "The colours of values.", standard: "viridis", words(Ramp.self)) {
      $1.ramp = Ramp(rawValue: $0)
    },
    flag("ascii", "Use nothing but ASCII.", standard: false) { $1.ascii = $0 },
    flag("mouse", "Take the mouse from the terminal.", standard: true) { $1.mouse = $0 },
    ConfigSetting(
      name: "memory-limit", help: "The most memory that is used; auto: half of the machine's.",
      standard: "\"auto\"", expected: "auto, or \(MemorySize.expected)"
    ) { value, config in
      if value.string == "auto" { return true }
      let size =
        value.string.flatMap { MemorySize(argument: $0) }
        ?? value.int.flatMap { MemorySize($0) }
      config.memoryLimit = size
      return size != nil
    },
    ConfigSetting(
      name: "work-limit", help: "The most multiply-adds of one pass through a network.",
      standard: "1e13", expected: WorkSize.expected
    ) { value, config in
      let size =
        value.string.flatMap { WorkSize(argument: $0) }
        ?? value.int.flatMap { WorkSize($0) }
        ?? value.double.flatMap { WorkSize(argument: "\($0)") }
      config.workLimit = size
      return size != nil
    },
  ]

  /// A mask of one's own comes with `--mask`, not by default.
  private static var kinds: [String] { KindRegistry.names.filter { $0 != "manual" } }

  private static func words<Choice: CaseIterable & RawRepresentable<String>>(
    _: Choice.Type
  ) -> [String] { Choice.allCases.map(\.rawValue) }

  private static func choice(
    _ name: String, _ help: String, standard: String, _ words: [String],
    _ set: @escaping @Sendable (String, inout Config) -> Void
  ) -> ConfigSetting {
    let list = words.joined(separator: ", ")
    return ConfigSetting(
      name: name, help: "\(help) One of \(list).", standard: "\"\(standard)\"", expected: list
    ) { value, config in
      // 16 and 256 may stand without quotes.
      guard let word = value.string ?? value.int.map({ "\($0)" }), words.contains(word)
      else { return false }
      set(word, &config)
      return true
    }
  }

  private static func flag(
    _ name: String, _ help: String, standard: Bool,
    _ set: @escaping @Sendable (Bool, inout Config) -> Void
  ) -> ConfigSetting {
    ConfigSetting(
      name: name, help: help, standard: "\(standard)", expected: "true or false"
    ) { value, config in
      guard let flag = value.bool else { return false }
      set(flag, &config)
      return true
    }
  }
}
