import ArgumentParser
import Foundation
import Masks
import Scope
import Studies
import TerminalUI
import TensorCore
import Testing

@testable import Program

extension Meter {
  /// The largest cell that is left, over the largest there was: a meter that only this file knows.
  fileprivate static let peak = Meter(
    "peak", meaning: "the largest cell before", unit: .ratio, key: "peak_ratio",
    definition: "the largest cell after dropout over that before"
  ) { seen in
    guard let before = seen.clean.elements.max(), before > 0 else { return nil }
    return seen.dropped.elements.max().map { Double($0 / before) }
  }
}

/// A meter is one file and one line: here both are the test's own.
@Suite struct MeterFromOutsideTests {
  @Test func fileScreenAndDocumentsKnowIt() throws {
    let view = try ViewOptions.parse(["--rate", "0.001", "--scale", "inverted"]).open()
    let seen = try view.observe()
    let value = try #require(Meter.peak.value(seen))
    // Of a thousand cells one goes: the largest is most likely there, scaled by 1/(1 − p).
    #expect(abs(value - 1 / 0.999) < 1e-6)
    try Meter.$added.withValue([.peak]) {
      let report = MetersReport(observation: seen, axes: nil, rate: view.setting.rate, label: nil)
      let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report))
      #expect((object as? [String: Any])?["peak_ratio"] as? Double == value)

      var state = try view.state(size: ScreenSize(width: 200, height: 60))
      while state.focus != .meters { _ = state.perform([.changeFocus(by: 1)]) }
      _ = state.perform([.toggleEnlarged])
      let frame = state.frame().text
      #expect(frame.contains("peak") && frame.contains("×1.00") && frame.contains("cell before"))

      #expect(MadeText.meters.text.contains("| `peak_ratio` | peak |"))
    }
    #expect(!MadeText.meters.text.contains("peak_ratio"))
  }
}
