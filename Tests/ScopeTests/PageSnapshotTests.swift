import NeuralNet
import Scope
import TerminalUI
import Testing

/// The pages of placement with something on them, at the sizes people have.
@Suite struct PageSnapshotTests {
  private static let screens: [(String, [Action])] = [
    ("maps", []),
    (
      "network",
      [
        .togglePage(.network), .moveSelection(by: 3), .addDropout, .toggleSpatial,
        .changeRate(hundredths: -25), .nextScaling,
      ]
    ),
    (
      "ripple",
      [.togglePage(.effect), .moveSelection(by: 1), .ofPage(.countVotes), .reachWork(200)]
    ),
    (
      "ladder",
      [.togglePage(.placement), .ofPage(.visitAll)] + Array(repeating: .reachWork(200), count: 5)
        + [.ofPage(.sortTable, by: 2), .ofPage(.reverseTable), .moveSelection(by: 2)]
    ),
    ("ensemble", [.togglePage(.samples), .ofPage(.toggleSampling), .reachWork(1024)]),
    ("pool-order", [.togglePage(.pooling)]),
    ("pool-order-spatial", [.toggleSpatial, .togglePage(.pooling)]),
    ("network-help", [.togglePage(.network), .toggleHelp]),
  ]

  @Test(
    arguments: PageSnapshotTests.screens,
    [(40, 12), (80, 24), (100, 30), (120, 40), (200, 60)])
  func pages(page: (name: String, actions: [Action]), size: (Int, Int)) throws {
    var state = try PlacingTests.state(width: size.0, height: size.1)
    // Without colour a map is made of glyphs, which text can show.
    state.theme = Theme(hasColor: false)
    for action in page.actions { _ = state.perform([action]) }
    expectSnapshot(state.frame().text, "page-\(page.name)-\(size.0)x\(size.1)")
  }

  /// On a terminal of 8 colours, where two cells of a map share one of the screen.
  @Test(arguments: PageSnapshotTests.screens)
  func pagesOfEightColours(page: (name: String, actions: [Action])) throws {
    var state = try PlacingTests.state(width: 80, height: 24)
    state.theme = Theme(depth: .ansi8)
    for action in page.actions { _ = state.perform([action]) }
    expectSnapshot(state.frame().text, "page-\(page.name)-8-colours")
  }
}
