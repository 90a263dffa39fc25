import NeuralNet
import TensorCore
import TerminalUI

/// A convolution's cell as lines: for each channel that feeds it patch × kernel = products, and Σ.
struct PatchText {
  private let window: Window
  /// The channels shown as blocks.
  private let listed: [PatchSum.Channel]
  /// What comes after them.
  private let closing: [TextLine]
  /// Lines of a block: a title, the grids, a blank.
  private let blockHeight: Int
  private let input: String
  private let room: Int
  private let theme: Theme
  private let scale: ValueScale
  private let columns: (patch: DigitColumn, kernel: DigitColumn, products: DigitColumn)
  private let total: DigitColumn
  private let arrangement: Arrangement

  /// How the three grids stand, the widest first.
  private enum Arrangement: CaseIterable {
    case threeAbreast, productsBelow, oneByOne

    /// How many grids stand one above another.
    var storeys: Int { self == .threeAbreast ? 1 : self == .productsBelow ? 2 : 3 }
  }

  /// The lines for `room` columns; `input` is what a person calls the value that is convolved.
  init(_ sum: PatchSum, input: String, room: Int, theme: Theme) {
    (window, self.input, self.room, self.theme) = (sum.window, input, room, theme)
    let taps = sum.channels.flatMap(\.taps)
    let values = taps.compactMap(\.value)
    scale = ValueScale(Tensor([values.count], values))
    total = DigitColumn(sum.channels.map(\.sum))
    func columns(_ most: Int) -> (patch: DigitColumn, kernel: DigitColumn, products: DigitColumn) {
      (
        DigitColumn(values.lazy.map(Double.init), most: most),
        DigitColumn(taps.lazy.map { Double($0.weight) }, most: most),
        DigitColumn(taps.lazy.map(\.product), most: most)
      )
    }
    let across = sum.window.kernel.w
    let choices = Arrangement.allCases.flatMap { arrangement in
      [5, 2].map { (arrangement: arrangement, columns: columns($0)) }
    }
    let best = choices.first { choice in
      let widths = [choice.columns.patch, choice.columns.kernel, choice.columns.products]
        .map { NumberGrid.width(across, $0) }
      switch choice.arrangement {
      case .threeAbreast: return widths.reduce(6, +) <= room
      case .productsBelow: return max(widths[0] + 3 + widths[1], 3 + widths[2]) <= room
      case .oneByOne: return widths.allSatisfy { 3 + $0 <= room }
      }
    }
    (arrangement, self.columns) = (best?.arrangement ?? .oneByOne, best?.columns ?? columns(2))
    blockHeight = 2 + window.kernel.h * arrangement.storeys
    let withTaps = sum.channels.filter { !$0.taps.isEmpty }
    let isPointwise = window.kernel == Window.Pair(1, 1)
    listed = isPointwise ? [] : withTaps
    closing =
      (isPointwise ? PatchText.table(withTaps, room: room, theme: theme) : [])
      + PatchText.unlisted(sum.channels.filter(\.taps.isEmpty), theme)
  }

  /// How many lines there are.
  var count: Int {
    // The blank after the last block parts it from what closes the list.
    max(0, listed.count * blockHeight - (closing.isEmpty ? 1 : 0)) + closing.count
  }

  /// Some of the lines: there may be thousands, and only those in sight are made.
  func lines(in range: Range<Int>) -> [TextLine] {
    let range = range.clamped(to: 0..<count)
    let blocks = listed.count * blockHeight
    var lines: [TextLine] = []
    var next = range.lowerBound
    while next < min(range.upperBound, blocks) {
      let (index, row) = next.quotientAndRemainder(dividingBy: blockHeight)
      let rows = block(listed[index])[row...].prefix(range.upperBound - next)
      lines += rows
      next += rows.count
    }
    let rest = max(0, next - blocks)..<max(0, range.upperBound - blocks)
    return lines + closing[rest.clamped(to: 0..<closing.count)]
  }

  /// Columns the widest line takes: all channels take the same.
  var width: Int {
    (listed.prefix(1).flatMap(block) + closing).reduce(0) { max($0, $1.widthWithRight) }
  }

  /// A kernel of one cell makes one product a channel.
  private static func table(
    _ channels: [PatchSum.Channel], room: Int, theme: Theme
  ) -> [TextLine] {
    let rows = channels.map { channel in
      let tap = channel.taps[0]
      return ProductTable.Row(
        label: "channel \(channel.index)", left: Double(tap.value ?? 0),
        right: Double(tap.weight), product: tap.product)
    }
    return ProductTable(rows, room: room, theme: theme).lines()
  }

  private static func unlisted(_ channels: [PatchSum.Channel], _ theme: Theme) -> [TextLine] {
    guard let first = channels.first, let last = channels.last else { return [] }
    let value = NumberText.value(Float(channels.reduce(0) { $0 + $1.sum }))
    let name =
      first.index == last.index
      ? "channel \(first.index)" : "channels \(first.index)\(theme.glyphs.ellipsis)\(last.index)"
    return [TextLine([.init("\(name) too, \(theme.sigma) ", .dim), .init(value, .text)])]
  }

  private func block(_ channel: PatchSum.Channel) -> [TextLine] {
    let grids = grids(channel)
    let rows = window.kernel.h
    let sigma: [TextLine.Span] = [
      .init("\(theme.sigma) ", .dim), .init(total.text(channel.sum), .bold),
    ]
    func line(_ row: Int, _ parts: [(sign: String, grid: NumberGrid)]) -> TextLine {
      let isMiddle = row == rows / 2
      var line = TextLine()
      for (index, part) in parts.enumerated() {
        if index > 0 || !part.sign.isEmpty {
          line.spans.append(.init(isMiddle ? " \(part.sign) " : "   ", .text))
        }
        line.spans += part.grid.spans(row: row, room: room - line.width, theme.glyphs)
      }
      return line
    }
    let times = theme.glyphs.times
    let parts: [[(sign: String, grid: NumberGrid)]] =
      switch arrangement {
      case .threeAbreast: [[("", grids[0]), (times, grids[1]), ("=", grids[2])]]
      case .productsBelow: [[("", grids[0]), (times, grids[1])], [("=", grids[2])]]
      case .oneByOne: [[(" ", grids[0])], [(times, grids[1])], [("=", grids[2])]]
      }
    var lines = parts.flatMap { parts in (0..<rows).map { line($0, parts) } }
    // Σ ends the equation where there is room behind it, and stands in the title where not.
    let last = lines.count - rows + rows / 2
    let width = sigma.reduce(0) { $0 + $1.width }
    let hasRoom = lines[last].width + 2 + width <= room
    if hasRoom { lines[last].right = sigma }
    return [TextLine(title(channel), right: hasRoom ? [] : sigma)] + lines + [TextLine()]
  }

  private func title(_ channel: PatchSum.Channel) -> [TextLine.Span] {
    guard let first = channel.taps.first, let last = channel.taps.last else { return [] }
    let to = theme.glyphs.ellipsis
    let cells = "(\(first.row),\(first.column))\(to)(\(last.row),\(last.column))"
    return [.init("\(input) channel \(channel.index)", .title), .init("  \(cells)", .dim)]
  }

  private func grids(_ channel: PatchSum.Channel) -> [NumberGrid] {
    let across = window.kernel.w
    let patch = channel.taps.map { tap -> NumberGrid.Number in
      guard let value = tap.value else { return (nil, .dim) }
      return (Double(value), .activation(value, scale, theme))
    }
    let kernel = channel.taps.map { tap -> NumberGrid.Number in
      (Double(tap.weight), .signed(Double(tap.weight)))
    }
    let products = channel.taps.map { tap -> NumberGrid.Number in
      (tap.product, .signed(tap.product))
    }
    return [
      NumberGrid(patch, columns: across, in: columns.patch),
      NumberGrid(kernel, columns: across, in: columns.kernel),
      NumberGrid(products, columns: across, in: columns.products),
    ]
  }
}

extension Theme {
  /// The sign of a sum.
  var sigma: String { glyphs.isUnicode ? "Σ" : "sum" }
}

extension Style {
  /// Text that matters most.
  static let bold = Style(Palette.text, on: Palette.background, .bold)
}
