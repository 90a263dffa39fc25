import ArgumentParser
import Program
import Scope

extension FuzzEntry {
  /// Recordings: what is read is written to a script that reads the same, and is played on a screen.
  static let script = FuzzEntry("script", readers: ["Script"], longest: 2048, share: 4) { bytes in
    guard let script = try? Script(parsing: bytes) else { return }
    let text =
      script.header.text
      + script.steps.compactMap { step in
        step.action.scriptText.map { "\(ScriptTime.text(step.milliseconds)) \($0)\n" }
      }.joined()
    let again = try? Script(parsing: Array(text.utf8))
    expect(again?.header == script.header, "the header changed")
    expect(again?.steps == script.steps, "the steps changed")
    _ = try? ViewOptions.parse(script.header.arguments)

    var screen = ScreenUnderTest(0)
    screen.state.theme = script.header.theme
    screen.state.keymap = script.header.keymap
    for moment in script.moments(until: 40) {
      guard !moment.actions.contains(where: \.isDear) else { continue }
      if screen.state.play(moment) { break }
      screen.expectSound()
    }
  }
}

extension Action {
  /// Whether it asks for more than a moment's work, or a screen larger than any.
  fileprivate var isDear: Bool {
    switch self {
    case .reachWork(let count): count > 16
    case .lesson(.wait(.work(let masks))): masks.map { $0 > 16 } ?? true
    case .resize(let width, let height): width > 200 || height > 60
    default: false
    }
  }
}
