import Testing

@testable import TerminalUI

struct BufferTests {
  @Test func writesAndCutsText() {
    var buffer = Buffer(width: 5, height: 2)
    #expect(buffer.write("abc", x: 3, y: 0) == 5)
    #expect(buffer.write("xyz", x: 0, y: 1, limit: 2) == 2)
    #expect(buffer.text == "   ab\nxy")
  }

  @Test func textFromOutsideCannotMisalignTheScreen() {
    var buffer = Buffer(width: 14, height: 1)
    buffer.write("a\u{1B}b\u{301}漢é→", x: 0, y: 0)
    #expect(buffer.text == #"a\u{1B}b??é→"#)
  }

  @Test func writingOutsideDoesNothing() {
    var buffer = Buffer(width: 2, height: 1)
    buffer[5, 5] = Cell("x")
    buffer.write("abc", x: -1, y: 0)
    buffer.fill(Rect(x: -3, y: -3, width: 2, height: 2), with: Cell("y"))
    #expect(buffer.text == "bc")
    #expect(Buffer(width: -1, height: 3).cells.isEmpty)
  }

  @Test func diffFindsRuns() {
    let old = Buffer(width: 10, height: 2)
    var new = old
    new.write("ab", x: 1, y: 0)
    new.write("c", x: 5, y: 0)
    new.write("d", x: 9, y: 1)
    #expect(BufferDiff(from: old, to: old).isEmpty)
    let runs = BufferDiff(from: old, to: new).runs
    #expect(
      runs == [
        .init(y: 0, columns: 1..<3), .init(y: 0, columns: 5..<6), .init(y: 1, columns: 9..<10),
      ])
    let joined = BufferDiff(from: old, to: new, joining: 2)
    #expect(joined.runs == [.init(y: 0, columns: 1..<6), .init(y: 1, columns: 9..<10)])
    #expect(joined.cellCount == 6)
  }

  @Test func diffOfAnotherSizeIsEverything() {
    let new = Buffer(width: 2, height: 2)
    let all = BufferDiff(from: nil, to: new)
    #expect(all.runs == [.init(y: 0, columns: 0..<2), .init(y: 1, columns: 0..<2)])
    #expect(BufferDiff(from: Buffer(width: 3, height: 2), to: new) == all)
    #expect(BufferDiff(from: nil, to: Buffer(width: 0, height: 4)).isEmpty)
  }
}
