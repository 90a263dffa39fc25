import Masks
import TensorCore
import TerminalUI
import Testing

@testable import Scope

/// What a person who lives in terminals expects of the screen.
@Suite struct ScreenRequirementTests {
  @Test func eightyColumnsShowThreeWholeMaps() throws {
    let state = try Fixture.state()
    let layout = try #require(ScreenLayout(state))
    #expect(layout.maps.count == 3)
    let frame = state.frame()
    for (map, name) in zip(layout.maps, ["clean", "mask", "after dropout"]) {
      #expect(frame.row(map.y).dropFirst(map.x).hasPrefix(name))
      let room = map.splitTop(1).rest
      #expect(room.width >= 26 && room.height >= 13)
      let glyphs = (room.y..<room.y + 13).flatMap { y in
        (room.x..<room.x + 26).map { frame[$0, y].glyph }
      }
      #expect(!glyphs.contains { "◂▸▴▾".unicodeScalars.contains($0) }, "nothing is cut off")
    }
  }

  @Test func aMapThatIsCutSaysWhereItGoesOn() throws {
    var state = try Fixture.state(theme: Theme(glyphs: .ascii, hasColor: false))
    _ = state.perform([.placeCursor(row: 0, column: 0)])
    func marks() -> [String] {
      let frame = state.frame()
      return ScreenLayout(state)!.maps.map { map in
        let room = map.splitTop(1).rest
        // Marks stand in the middle of an edge.
        let (middle, bottom) = (room.x + 13, min(room.bottom, room.y + 26) - 1)
        return String(Character(frame[middle, room.y].glyph))
          + String(Character(frame[middle, bottom].glyph))
      }
    }
    #expect(marks().allSatisfy { $0.last == "v" && $0.first != "^" }, "\(marks())")
    _ = state.perform([.placeCursor(row: 13, column: 0)])
    #expect(marks() == ["^v", "^v", "^v"])
    _ = state.perform([.placeCursor(row: 25, column: 0)])
    #expect(marks().allSatisfy { $0.first == "^" && $0.last != "v" }, "\(marks())")
  }

  @Test func aResizeKeepsTheCursorOnItsCell() throws {
    for theme in [Theme(), Theme(glyphs: .ascii, hasColor: false)] {
      var state = try Fixture.state(theme: theme)
      _ = state.perform([.placeCursor(row: 17, column: 21)])
      for (width, height) in [(1, 1), (500, 200), (24, 8), (0, 0), (40, 12), (200, 60), (80, 24)] {
        _ = state.perform([.resize(width: width, height: height)])
        let frame = state.frame()
        #expect(state.cursor == State.Cursor(row: 17, column: 21))
        guard let map = ScreenLayout(state)?.maps[0].splitTop(1).rest, !map.isEmpty else {
          continue
        }
        // It is seen wherever maps are, and the mouse finds the same cell there.
        let places = (map.y..<map.bottom).flatMap { y in (map.x..<map.right).map { ($0, y) } }
        let place = places.first { x, y in
          let style = frame[x, y].style
          return style.foreground == Palette.cursor || style.background == Palette.cursor
        }
        let (x, y) = try #require(place, "\(width)x\(height)")
        let found = try #require(state.cell(atX: x, y: y))
        #expect(found.column == 21 && abs(found.row - 17) <= 1, "\(width)x\(height): \(found)")
      }
    }
  }

  @Test func aScreenTooSmallSaysWhatItNeeds() throws {
    for (width, height) in [(40, 7), (23, 8), (23, 40), (60, 1)] {
      let text = try Fixture.state(width: width, height: height).frame().text
      let line = "needs 24x8, has \(width)x\(height); q quits"
      #expect(text.hasPrefix(line.prefix(min(width, 22))))
      if width >= line.count { #expect(text.hasPrefix(line)) }
    }
  }

  @Test func panelsGiveWayInOrder() throws {
    var shown: Set<String> = []
    for height in 8...60 {
      let state = try Fixture.state(width: 80, height: height)
      let layout = try #require(ScreenLayout(state))
      var now: Set<String> = []
      if layout.cell != nil { now.insert("cell") }
      if layout.meters != nil { now.insert("meters") }
      if layout.channels != nil { now.insert("channels") }
      #expect(now.isSuperset(of: shown), "what a smaller screen has, a larger one has")
      if now.contains("meters") { #expect(now.contains("cell")) }
      if now.contains("channels") { #expect(now.contains("meters")) }
      shown = now
    }
    #expect(shown == ["cell", "meters", "channels"])
  }

  @Test func sameKeysSameFrame() throws {
    // Nothing on the screen comes from a clock, a generator or the order of threads.
    func frame() throws -> Buffer {
      var state = try Fixture.state()
      for key in "rm+sn}t:".unicodeScalars {
        if let action = state.action(for: .character(key)) { _ = state.perform([action]) }
      }
      return state.frame()
    }
    #expect(try frame() == frame())
  }
}
