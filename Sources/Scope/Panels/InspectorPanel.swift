import NeuralNet
import Studies
import TensorCore
public import TerminalUI

/// The arithmetic of the cell under the cursor in full, over everything else: what feeds it, channel
/// by channel, then Σ, bias, activation and dropout, which stay in view while the channels scroll.
public struct InspectorPanel: Panel {
  let scroll: Int

  /// The panel with so many lines scrolled out of view; more than there are count as all.
  public init(scroll: Int) { self.scroll = scroll }

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let content = InspectorContent(state, in: rect)
    let rows = content.count + (content.ending.isEmpty ? 0 : 1 + content.ending.count)
    let frame = OverlayFrame(title: content.title, width: content.width, height: rows, in: rect)
    frame.draw(of: &buffer, state.theme)
    let inside = frame.inside
    func line(_ line: TextLine, _ row: Int) {
      line.draw(
        in: Rect(x: inside.x, y: inside.y + row, width: inside.width, height: 1), of: &buffer,
        glyphs: state.theme.glyphs)
    }
    let first = min(max(0, scroll), content.lastScroll)
    let shown = content.lines(in: first..<first + content.visible)
    for (row, text) in shown.enumerated() { line(text, row) }
    if content.ending.isEmpty {
      mark(content, first: first, row: inside.height, frame, state, &buffer)
    } else {
      let rule = inside.height - content.ending.count - 1
      for x in inside.x..<inside.right where inside.y + rule >= inside.y {
        buffer[x, inside.y + rule] = Cell(state.theme.glyphs.horizontal, .dim)
      }
      mark(content, first: first, row: rule, frame, state, &buffer)
      for (row, text) in content.ending.enumerated() { line(text, rule + 1 + row) }
    }
  }

  /// The furthest a state's panel can be scrolled.
  static func lastScroll(_ state: State) -> Int {
    InspectorContent(state, in: Rect(width: state.size.width, height: state.size.height - 1))
      .lastScroll
  }

  /// Says on the line below the body which part of it is seen, where that is not all.
  private func mark(
    _ content: InspectorContent, first: Int, row: Int, _ frame: OverlayFrame, _ state: State,
    _ buffer: inout Buffer
  ) {
    guard content.lastScroll > 0 else { return }
    let glyphs = state.theme.glyphs
    let last = min(content.count, first + content.visible)
    let above = first > 0 ? glyphs.moreAbove : " "
    let below = last < content.count ? glyphs.moreBelow : " "
    let text = " \(above)\(below) lines \(first + 1)-\(last) of \(content.count) "
    let width = text.unicodeScalars.count
    guard width <= frame.inside.width else { return }
    buffer.write(text, x: frame.inside.right - width, y: frame.inside.y + row, style: .title)
  }
}

/// What the panel shows of a state on a screen of a size.
private struct InspectorContent {
  var title = ""
  /// What scrolls: lines, below them the patches of a convolution, below them lines again.
  private var body: [TextLine] = []
  private var patches: PatchText?
  private var tail: [TextLine] = []
  /// What stays in view below it; empty where there is no room for that, and part of the body then.
  var ending: [TextLine] = []
  /// Columns of text.
  private(set) var width: Int
  /// Lines of the body that are seen at once.
  let visible: Int

  /// The widest the panel gets: beyond, the eye loses the line.
  private static let widest = 116
  /// The narrowest it gets on a screen with room: the mark of the lines must fit.
  private static let narrowest = 60
  /// Lines of the body that must be seen with the ending in view.
  private static let leastBody = 4

  var lastScroll: Int { max(0, count - visible) }

  /// How many lines scroll.
  var count: Int { body.count + (patches?.count ?? 0) + tail.count }

  /// Some of the lines that scroll.
  func lines(in range: Range<Int>) -> [TextLine] {
    let middle = patches?.count ?? 0
    func part(from start: Int, _ count: Int) -> Range<Int> {
      let low = min(max(0, range.lowerBound - start), count)
      return low..<min(max(low, range.upperBound - start), count)
    }
    return body[part(from: 0, body.count)]
      + (patches?.lines(in: part(from: body.count, middle)) ?? [])
      + tail[part(from: body.count + middle, tail.count)]
  }

  init(_ state: State, in rect: Rect) {
    width = max(0, min(rect.width - 4, InspectorContent.widest))
    let height = max(0, rect.height - 2)
    let offset = state.plane.offset(y: state.cursor.row, x: state.cursor.column)
    let layout = state.observation.layout
    guard let offset else {
      visible = height
      return
    }
    let (text, place) = (LayoutText(layout), layout.place(of: offset))
    let channel = text.channel(state.channel)
    title =
      "\(text.cell(offset)) of \(state.layer.name)"
      + (Plane.isVector(layout) || channel.isEmpty ? "" : " \(channel)")
    do {
      let arithmetic = try CellArithmetic(
        state.experiment.subject.network, state.experiment.clean, value: state.setting.layer,
        at: .init(channel: place.c, row: place.y, column: place.x), in: layout)
      let text = CellText(arithmetic, state, room: width)
      let fate = FateText(state, offset: offset).pieces()
      (body, patches) = (text.body, text.patchText)
      ending =
        TextLine.wrapped(text.ending, room: width) + TextLine.wrapped(fate, room: width)
    } catch {
      body = [TextLine([.init("\(error)", .text)])]
    }
    if height < ending.count + 1 + InspectorContent.leastBody {
      tail = [TextLine()] + ending
      ending = []
    }
    visible = height - (ending.isEmpty ? 0 : ending.count + 1)
    // Σ at the right edge stands near what it is the sum of.
    let widest = (body + tail + ending).reduce(patches?.width ?? 0) {
      max($0, $1.widthWithRight)
    }
    width = min(width, max(widest, title.unicodeScalars.count + 2, InspectorContent.narrowest))
  }
}
