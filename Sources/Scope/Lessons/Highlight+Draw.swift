import TerminalUI

extension State {
  /// Marks on the screen what the script speaks of.
  func mark(_ layout: ScreenLayout, in buffer: inout Buffer) {
    let above = layout.narration?.bottom ?? 0
    for highlight in narration?.highlights ?? [] {
      switch highlight {
      case .panel(let panel):
        if let rect = layout.rect(of: panel), !rect.isEmpty, isThere(panel) {
          buffer.mark(titleOf: rect)
        }
      case .words(let words):
        buffer.mark(words, below: above)
      }
    }
  }

  /// Whether a panel is seen: a page leaves nothing of the maps.
  private func isThere(_ panel: Highlight.Place) -> Bool {
    switch panel {
    case .tabs, .header, .keys, .rate: true
    default: page == nil
    }
  }
}

extension ScreenLayout {
  /// Where a panel stands; nil where it does not.
  func rect(of panel: Highlight.Place) -> Rect? {
    switch panel {
    case .clean: maps.first
    case .mask: maps.dropFirst().first
    case .result: maps.dropFirst(2).first
    case .channels: channels
    case .input: input
    case .rate: rate
    case .meters: meters
    case .cell: cell
    case .header: header
    case .tabs: tabs
    case .keys: hints
    }
  }
}

extension Buffer {
  /// Marks the first row of a panel: its first word strongly, the rest by what lies behind it.
  fileprivate mutating func mark(titleOf rect: Rect) {
    let (columns, y) = (rect.x..<max(rect.x, min(rect.right, width)), rect.y)
    for x in columns where self[x, y].style.background == Palette.background {
      self[x, y].style.background = Palette.marked
    }
    guard let first = columns.first(where: { self[$0, y].glyph != " " }) else { return }
    let end = columns.first { $0 > first && self[$0, y].glyph == " " } ?? columns.upperBound
    for x in first..<end { self[x, y].style = .marked }
  }

  /// Marks words wherever they stand below a row.
  fileprivate mutating func mark(_ words: String, below top: Int) {
    let wanted = Array(words.unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= width else { return }
    for y in max(0, top)..<max(0, top, height) {
      for x in 0...(width - wanted.count)
      where wanted.indices.allSatisfy({ self[x + $0, y].glyph == wanted[$0] }) {
        for column in x..<x + wanted.count { self[column, y].style = .marked }
      }
    }
  }
}

extension Style {
  /// What a script speaks of; seen without colours too.
  fileprivate static let marked = Style(Palette.onAccent, on: Palette.accent, [.bold, .underline])
}
