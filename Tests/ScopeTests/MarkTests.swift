import Masks
import Studies
import TensorCore
import TerminalUI
import Testing

@testable import Scope

/// What remains of the maps where all colour is taken away: glyphs and attributes. Dropped cells and
/// those that are no numbers must still be told from all others, on every kind of terminal.
@Suite struct MarkTests {
  /// What a cell of a map is.
  private enum Sort: Hashable { case live, zero, killed, wasted, notFinite, cursor }

  /// What is left of a cell of the screen without colours.
  private struct Look: Hashable {
    let glyph: Unicode.Scalar
    let attributes: Style.Attributes

    init(_ cell: Cell, _ depth: ColorDepth) {
      (glyph, attributes) = (cell.glyph, depth.reduce(cell.style).attributes)
    }
  }

  /// 20×20 cells of every sort in every neighbourhood: values, zeros, NaN and both infinities.
  private func state(_ depth: ColorDepth, _ glyphs: Glyphs, width: Int = 80, height: Int = 24)
    throws
    -> State
  {
    let stream = RandomStream(seed: 5)
    let cells = (0..<400).map { index -> Float in
      let word = Int(stream.word(at: index) >> 3)
      return switch word % 8 {
      case 0: Float.nan
      case 1: word % 16 < 8 ? Float.infinity : -.infinity
      case 2, 3, 4: 0
      default: Float(word % 1000 + 1) / 1000
      }
    }
    let experiment = try Experiment(
      Subject(activations: Tensor([1, 1, 20, 20], cells), inputName: "cells.npy"))
    return try State(
      experiment, setting: Setting(layer: experiment.firstLayer.value),
      size: ScreenSize(width: width, height: height),
      theme: Theme(glyphs: glyphs, hasColor: depth >= .palette256))
  }

  private func sort(_ offset: Int, inMask: Bool, _ state: State) -> Sort {
    let index = state.cursor.row * 20 + state.cursor.column
    if offset == index { return .cursor }
    switch state.observation.fate(at: offset) {
    case .killed: return .killed
    case .wasted: return .wasted
    case .zero: return .zero
    case .live:
      return inMask || state.observation.clean[offset].isFinite ? .live : .notFinite
    }
  }

  private static let maps = [(1, "mask"), (2, "dropped")]

  @Test(arguments: [ColorDepth.none, .ansi8, .ansi16], [Glyphs.unicode, .ascii])
  func glyphsAloneTellEverySortApart(_ depth: ColorDepth, _ glyphs: Glyphs) throws {
    let state = try state(depth, glyphs, height: 60)
    let frame = state.frame()
    let layout = try #require(ScreenLayout(state))
    for (index, name) in Self.maps {
      var looks: [Sort: Set<Look>] = [:]
      for offset in 0..<400 {
        let (y, x) = (offset / 20, offset % 20)
        let cell = frame[layout.maps[index].x + x, layout.maps[index].y + 1 + y]
        looks[sort(offset, inMask: index == 1, state), default: []].insert(Look(cell, depth))
      }
      looks[.cursor] = nil
      #expect(looks.count == (index == 1 ? 4 : 5))
      for (sort, mine) in looks {
        for (other, theirs) in looks where other != sort {
          #expect(mine.isDisjoint(with: theirs), "\(name): \(sort) and \(other)")
        }
      }
    }
  }

  @Test(arguments: [ColorDepth.palette256, .truecolor], [(80, 24), (200, 60)])
  func halfBlocksTellDroppedCellsApartWithoutColour(_ depth: ColorDepth, _ size: (Int, Int)) throws
  {
    let state = try state(depth, .unicode, width: size.0, height: size.1)
    let frame = state.frame()
    let layout = try #require(ScreenLayout(state))
    for (index, name) in Self.maps {
      let map = layout.maps[index].splitTop(1).rest
      let scale = ScreenLayout.scale(state, in: map)
      var pairs: [Look: Set<[Sort]>] = [:]
      for y in stride(from: 0, to: 20 * scale, by: 2) {
        for x in 0..<20 * scale {
          // The cursor's corners stand on what is there.
          let isCursor = [y, y + 1].contains {
            $0 / scale == state.cursor.row && x / scale == state.cursor.column
          }
          if isCursor { continue }
          let pair = [y, y + 1].map { row -> Sort in
            let sort = sort(row / scale * 20 + x / scale, inMask: index == 1, state)
            // Values, zeros and the cursor are told apart by brightness.
            return sort == .zero || sort == .cursor ? .live : sort
          }
          pairs[Look(frame[map.x + x, map.y + y / 2], depth), default: []].insert(pair)
        }
      }
      for (look, pair) in pairs { #expect(pair.count == 1, "\(name): \(look.glyph) is \(pair)") }
      let shown = Set(pairs.values.joined().joined())
      #expect(
        shown == (index == 1 ? [.live, .killed, .wasted] : [.live, .killed, .wasted, .notFinite]))
      #expect(pairs.count >= (index == 1 ? 9 : scale == 1 ? 16 : 4))
    }
  }

  @Test func aMarkHidesNoValueBesideIt() throws {
    let state = try state(.truecolor, .unicode)
    let frame = state.frame()
    let map = try #require(ScreenLayout(state)).maps[2].splitTop(1).rest
    let scale = ValueScale(state.observation.clean, over: state.plane)
      .through(state.observation.transfer)
    var checked = 0
    for offset in 0..<400 where sort(offset, inMask: false, state) == .live {
      let cell = frame[map.x + offset % 20, map.y + offset / 40]
      let color = scale.ink(state.observation.dropped[offset], state.theme).color
      #expect(cell.style.foreground == color || cell.style.background == color)
      checked += 1
    }
    #expect(checked > 40)
  }

  /// The range may be beyond any float; its ends and its middle are still where they belong.
  @Test func aRangeBeyondFloatsIsARange() {
    let largest = Float.greatestFiniteMagnitude
    let scale = ValueScale(low: -largest, high: largest)
    for scale in [scale, scale.through(Transfer(scale: 2))] {
      let inks = [-largest, 0, largest].map { scale.ink($0, Theme()) }
      #expect(inks.map(\.glyph) == [Ramp.glyph(at: 0), Ramp.glyph(at: 0.5), Ramp.glyph(at: 1)])
      #expect(inks.allSatisfy { $0.mark == nil })
      #expect(scale.ink(.infinity, Theme()).mark == .notFinite)
    }
  }
}
