import Masks
import NeuralNet
import Studies
import TensorCore
import TerminalUI
import Testing

@testable import Scope

/// Layers of every layout on the screen: which cell is where, what the lines say, what keys do.
@Suite struct AxisScreenTests {
  private static let layers: [(name: String, make: @Sendable () throws -> State)] = [
    ("last", { try AxisFixture.state(AxisFixture.channelsLast(), layer: "last") }),
    ("sequence", { try AxisFixture.state(AxisFixture.sequence(), layer: "relu") }),
    ("time-first", { try AxisFixture.state(AxisFixture.timeFirst(), layer: "relu") }),
    ("signal", { try AxisFixture.state(AxisFixture.signal(), layer: "relu") }),
    ("volume", { try AxisFixture.state(AxisFixture.volume(), layer: "relu") }),
    ("attention", { try AxisFixture.state(AxisFixture.attention(), layer: "weights") }),
  ]

  @Test(arguments: layers.map(\.name))
  func everyCellOfEveryMapIsSeenOnce(_ name: String) throws {
    let state = try #require(Self.layers.first { $0.name == name }).make()
    let layout = state.layer.layout
    var seen: [Int: Int] = [:]
    for channel in 0..<layout.c {
      let plane = Plane(layout, channel: channel)
      for y in 0..<plane.rows {
        for x in 0..<plane.columns {
          let offset = try #require(plane.offset(y: y, x: x))
          seen[offset, default: 0] += 1
          #expect(layout.place(of: offset) == (channel, y, x))
          #expect(plane.offsets[y * plane.columns + x] == offset)
        }
      }
    }
    #expect(seen.count == layout.count && seen.values.allSatisfy { $0 == 1 })
  }

  /// What the cell's line says is the value in the run at the place the axes name.
  @Test(arguments: layers.map(\.name))
  func theLineOfTheCellReadsTheRun(_ name: String) throws {
    var state = try #require(Self.layers.first { $0.name == name }).make()
    _ = state.perform([.placeCursor(row: 0, column: 3)])
    let layout = state.layer.layout
    for channel in 0..<layout.c {
      state.channel = channel
      let offset = layout.offset(n: 0, c: channel, y: 0, x: 3)
      let value = try #require(state.experiment.clean.tensor(state.setting.layer))[offset]
      let line = state.frame().row(22)
      #expect(line.contains(" \(NumberText.value(value)) "), "\(line)")
      #expect(line.contains(LayoutText(layout).cell(offset)))
    }
  }

  @Test func channelsLastAreMaps() throws {
    let experiment = try AxisFixture.channelsLast()
    var (first, last) = (
      try AxisFixture.state(experiment, layer: "relu", kind: "spatial", channel: 2),
      try AxisFixture.state(experiment, layer: "last", kind: "spatial", channel: 2, width: 100)
    )
    #expect(last.channels == 4 && (last.plane.rows, last.plane.columns) == (6, 7))
    #expect(last.frame().row(1).contains("[6,7,4]  H,W,C  channel 2 of 4"))
    #expect(first.frame().row(1).contains("[4,6,7]  channel 2 of 4"))
    // The same values are at the same places of the same maps.
    for (one, other) in zip(first.plane.offsets, last.plane.offsets) {
      #expect(first.observation.clean[one] == last.observation.clean[other])
    }
    #expect(first.cursor == last.cursor)
    // Whole channels go, never rows.
    let mask = last.observation.mask
    for cell in 0..<42 {
      for c in 0..<4 { #expect(mask.kept[4 * cell + c] == mask.kept[c]) }
    }
    // Those that go are struck out.
    for p in [30, 50, 70] {
      _ = last.perform([.setRate(hundredths: p)])
      for c in 0..<4 {
        #expect(last.isDropped(channel: c) == !last.observation.mask.kept[c])
      }
    }
    _ = first.perform([.toggleGrid])
    _ = last.perform([.setRate(hundredths: 50), .toggleGrid])
    #expect(
      last.frame().text.contains("dropped") == last.observation.mask.kept.elements.contains(false))
  }

  @Test func oneOwnCellIsPaintedWhereItIsSeen() throws {
    var state = try AxisFixture.state(
      AxisFixture.channelsLast(), layer: "last", channel: 3, height: 30)
    _ = state.perform([.setRate(hundredths: 0)])
    _ = state.perform([.openPrompt("kind manual"), .submit])
    _ = state.perform([.placeCursor(row: 2, column: 5), .paint])
    let dropped = state.observation.mask.kept.elements.indices.filter {
      !state.observation.mask.kept[$0]
    }
    #expect(dropped == [(2 * 7 + 5) * 4 + 3])
    // A click paints the cell below the mouse.
    let pane = try #require(ScreenLayout(state)).maps[1]
    let map = pane.splitTop(1).rest
    let scale = ScreenLayout.scale(state, in: map)
    let action = state.mouseAction(.press, x: map.x + 4 * scale, y: map.y + 3 * scale / 2)
    guard case .paintCell(let row, let column, false)? = action else {
      Issue.record("\(String(describing: action))")
      return
    }
    _ = state.perform([try #require(action)])
    #expect(!state.observation.mask.isKept(c: 3, y: row, x: column))
    #expect(state.observation.mask.dropped == 2 && column == 4)
    #expect(state.observation.mask.dropped(c: 3) == 2)
  }

  @Test func sequencesAreOneMapOfTimeAndFeature() throws {
    let named = try AxisFixture.state(AxisFixture.sequence(), layer: "relu")
    #expect(named.channels == 1 && (named.plane.rows, named.plane.columns) == (12, 16))
    #expect(named.frame().row(1).contains("[12,16]  time × feature"))
    let guessed = try AxisFixture.state(AxisFixture.sequence(named: false), layer: "x")
    #expect(guessed.frame().row(1).contains("time? × feature "))
    let first = try AxisFixture.state(AxisFixture.timeFirst(), layer: "relu")
    #expect((first.plane.rows, first.plane.columns) == (12, 10))
    #expect(first.frame().row(1).contains("[12,10]  time × feature"))
    #expect(first.frame().row(22).contains("time ") && first.frame().row(22).contains(", feature "))
    #expect(first.summary().contains { $0.contains("[12,10] (time × feature)") })
  }

  @Test func whatCannotActOnASequenceSaysSoAndIsSkipped() throws {
    var state = try AxisFixture.state(AxisFixture.sequence(), layer: "relu")
    _ = state.perform([.openPrompt("block 3"), .submit])
    #expect(state.setting.kind == "element")
    let message = try #require(state.message)
    #expect(message.contains("expected axes of rows and columns"))
    #expect(!message.contains("\n"))
    var kinds: [String] = []
    repeat {
      _ = state.perform([.nextKind])
      kinds.append(state.setting.kind)
    } while state.setting.kind != "element" && kinds.count < 30
    #expect(!kinds.contains("block") && kinds.contains("spatial"))
    // A whole map of a sequence is a feature at all times.
    _ = state.perform([.openPrompt("kind spatial"), .submit])
    let mask = state.observation.mask
    for t in 0..<12 {
      for f in 0..<16 { #expect(mask.kept[16 * t + f] == mask.kept[f]) }
    }
    #expect((1..<192).contains(mask.dropped))
  }

  @Test func volumesAreSlicesThatKeysGoThrough() throws {
    var state = try AxisFixture.state(AxisFixture.volume(), layer: "relu", width: 120, height: 40)
    #expect(state.channels == 15)
    func press(_ key: InputEvent) throws -> Int {
      _ = state.perform([try #require(state.action(for: key))])
      return state.channel
    }
    #expect(try press("n") == 5)
    #expect(try press(")") == 6)
    #expect(try press("n") == 11)
    #expect(state.frame().row(1).contains("channel 2 of 3  depth 1/5"))
    #expect(state.plane.offset(y: 3, x: 4) == ((2 * 5 + 1) * 6 + 3) * 7 + 4)
    #expect(try press("(") == 10)
    #expect(try press("(") == 14)
    #expect(try press("n") == 4)
    #expect(try press("N") == 14)
    #expect(state.frame().text.contains("c2 d4"))
    // Channels of a volume are dropped with all their slices.
    _ = state.perform([.openPrompt("kind spatial"), .submit])
    for c in 0..<3 {
      #expect(Set((0..<5).map { state.isDropped(channel: 5 * c + $0) }).count == 1)
    }
    var flat = try AxisFixture.state(AxisFixture.signal(), layer: "relu")
    _ = flat.perform([.changeSlice(by: 1)])
    #expect(flat.channel == 0 && flat.message?.contains("no slices") == true)
  }

  @Test func headsOfAttentionAreMapsOfTokens() throws {
    let state = try AxisFixture.state(
      AxisFixture.attention(), layer: "weights", channel: 1, width: 100)
    let narrow = try AxisFixture.state(AxisFixture.attention(), layer: "weights", channel: 1)
    #expect(narrow.frame().row(1).contains("token × token  head 1"))
    #expect(state.channels == 2 && (state.plane.rows, state.plane.columns) == (6, 6))
    #expect(state.frame().row(1).contains("token × token  head 1 of 2"))
    #expect(state.frame().text.contains("heads"))
    #expect(state.plane.offset(y: 2, x: 5) == 36 + 2 * 6 + 5)
  }

  /// Nothing traps at any size, whatever lies on top.
  @Test(arguments: layers.map(\.name), [(24, 8), (40, 12), (80, 24), (160, 50)])
  func everyPanelIsDrawn(_ name: String, size: (Int, Int)) throws {
    var state = try #require(Self.layers.first { $0.name == name }).make()
    for kind in ["element", "spatial"] {
      _ = state.perform([.resize(width: size.0, height: size.1)])
      _ = state.perform([.openPrompt("kind \(kind)"), .submit])
      for overlay in Fixture.overlays {
        _ = state.perform([overlay.action])
        #expect(state.frame().width == size.0)
        for step in [1, 2] {
          _ = state.perform([.changeChannel(by: step), .changeSlice(by: step)])
        }
        _ = state.perform([.closeTop])
      }
      for _ in State.Pane.allCases {
        _ = state.perform([.nextPane])
        #expect(state.frame().height == size.1)
      }
      _ = state.perform([.toggleComparison, .changeRate(hundredths: 10)])
      #expect(state.frame().height == size.1)
      _ = state.perform([.toggleComparison])
    }
  }

  @Test func screensOfOtherLayouts() throws {
    for (name, size) in [("sequence", (80, 24)), ("volume", (120, 40))] {
      var state = try #require(Self.layers.first { $0.name == name }).make()
      _ = state.perform([.resize(width: size.0, height: size.1), .changeSlice(by: 2)])
      _ = state.perform([.openPrompt("kind spatial"), .submit])
      expectSnapshot(state.frame().text, "axes-\(name)-\(size.0)x\(size.1)")
    }
  }
}
