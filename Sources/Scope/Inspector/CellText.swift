import NeuralNet
import Studies
import TensorCore
import TerminalUI

/// A cell's arithmetic as lines: what brings numbers together, which may be long, and the few lines
/// that end it: Σ, the bias, what follows, the dropout.
struct CellText {
  /// What was brought together, or what leads to `patchText`.
  private(set) var body: [TextLine] = []
  /// The patches of a convolution, below `body`.
  private(set) var patchText: PatchText?
  /// What became of it: pieces that belong together, for `wrapped` to lay in lines.
  private(set) var ending: [[TextLine.Span]] = []

  private let arithmetic: CellArithmetic
  private let state: State
  private let room: Int
  private var theme: Theme { state.theme }
  private var glyphs: Glyphs { state.theme.glyphs }

  /// The arithmetic for lines of `room` columns.
  init(_ arithmetic: CellArithmetic, _ state: State, room: Int) {
    (self.arithmetic, self.state, self.room) = (arithmetic, state, room)
    switch arithmetic.source {
    case .patches(let sum): patches(sum)
    case .products(let sum): products(sum)
    case .window(let window): pool(window)
    case .operands(let operands, let total): meet(operands, total)
    case .given(let value): given(value)
    }
    for step in arithmetic.steps { follow(step) }
    if !arithmetic.agrees {
      ending.append([
        .init("the run has \(number(Double(arithmetic.found)))", warning)
      ])
    }
  }

  private var warning: Style { Style(Palette.warning, on: Palette.background) }

  private func number(_ value: Double) -> String { NumberText.value(Float(value)) }

  /// What a person calls a value: its layer's name.
  private func name(_ value: String) -> String {
    state.experiment.layers.first { $0.value == value }?.name ?? value
  }

  private mutating func open(_ facts: [String]) {
    body.append(
      TextLine([
        .init(arithmetic.origin, .bold), .init(" \(arithmetic.opType)", .text),
        .init(facts.map { "  \($0)" }.joined(), .dim),
      ]))
  }

  private mutating func patches(_ sum: PatchSum) {
    open(facts(sum))
    body.append(TextLine())
    patchText = PatchText(sum, input: name(sum.input), room: room, theme: theme)
    let count = sum.channels.count
    add("\(theme.sigma)\(count > 1 ? " of \(count) channels" : "")", sum.sum)
    if let bias = sum.bias {
      add("+ bias", bias)
      add("=", sum.total)
    }
  }

  private func facts(_ sum: PatchSum) -> [String] {
    let window = sum.window
    func pair(_ pair: Window.Pair) -> String {
      pair.h == pair.w ? "\(pair.h)" : "\(pair.h)\(glyphs.times)\(pair.w)"
    }
    var facts = ["\(window.kernel.h)\(glyphs.times)\(window.kernel.w)"]
    if window.stride != Window.Pair(1, 1) { facts.append("stride \(pair(window.stride))") }
    if window.dilation != Window.Pair(1, 1) { facts.append("dilation \(pair(window.dilation))") }
    if sum.groups > 1 { facts.append("\(sum.groups) groups") }
    let hasPadding = sum.channels.contains { $0.taps.contains { $0.value == nil } }
    if hasPadding { facts.append("\(NumberGrid.padding(glyphs)) is padding, 0") }
    return facts
  }

  private mutating func products(_ sum: ProductSum) {
    open([
      "\(name(sum.left)) \(glyphs.times) \(name(sum.right)): \(sum.count) products, largest first"
    ])
    body.append(TextLine())
    body += ProductTable(
      sum.terms.map {
        .init(
          label: "\($0.index)", left: Double($0.left), right: Double($0.right), product: $0.product)
      }, room: room, theme: theme
    ).lines()
    if sum.count > sum.terms.count {
      body.append(
        TextLine([
          .init("\(sum.count - sum.terms.count) more  \(theme.sigma) ", .dim),
          .init(number(sum.rest), .text),
        ]))
    }
    add("\(theme.sigma) of \(sum.count) products", sum.sum)
    if sum.factor != 1 { add(glyphs.times, sum.factor) }
    if let bias = sum.bias { add("+ bias", bias) }
    if sum.factor != 1 || sum.bias != nil { add("=", sum.total) }
  }

  private mutating func pool(_ window: PoolWindow) {
    let size = "\(window.rows)\(glyphs.times)\(window.columns)"
    open(["\(size) of \(name(window.input)) channel \(window.channel)"])
    body.append(TextLine())
    let values = window.cells.compactMap { $0 }
    let scale = ValueScale(Tensor([values.count], values))
    var numbers = window.cells.map { cell -> NumberGrid.Number in
      cell.map { (Double($0), .activation($0, scale, theme)) } ?? (nil, .dim)
    }
    if case .largest = window.rule,
      let best = numbers.firstIndex(where: { $0.value == window.total })
    {
      numbers[best].style = .badge(Palette.accent)
    }
    let grid = NumberGrid(
      numbers, columns: window.columns, in: DigitColumn(values.lazy.map(Double.init)))
    for row in grid.rows.indices {
      body.append(TextLine(grid.spans(row: row, room: room, glyphs)))
    }
    switch window.rule {
    case .largest: add("largest of \(window.inside) cells", window.total)
    case .mean(let count): add("\(theme.sigma) / \(count) =", window.total)
    }
  }

  private mutating func meet(_ operands: [CellSource.Operand], _ total: Double) {
    open([])
    body.append(TextLine())
    let column = DigitColumn(operands.lazy.map(\.value))
    for operand in operands {
      body.append(
        TextLine([
          .init(column.text(operand.value), .signed(operand.value)),
          .init("  \(name(operand.name))", .dim),
        ]))
    }
    add(arithmetic.opType, total)
  }

  private mutating func given(_ value: Double) {
    if arithmetic.opType == "Input" {
      body.append(TextLine([.init("\(arithmetic.origin) is the network's input", .text)]))
    } else {
      open(["its cells have no arithmetic of their own to show"])
    }
    add(name(arithmetic.origin), value)
  }

  private mutating func follow(_ step: CellArithmetic.Step) {
    let operand = step.operand.map { " \(number($0))" } ?? ""
    ending.append([
      .init("\(glyphs.arrow) ", .dim), .init(step.opType + operand, .title),
      .init(" \(number(step.value))", .bold),
    ])
  }

  private mutating func add(_ word: String, _ value: Double) {
    ending.append([.init("\(word) ", .dim), .init(number(value), .bold)])
  }
}

extension TextLine {
  /// Columns the line takes with what stands at its right edge.
  var widthWithRight: Int {
    let right = right.reduce(0) { $0 + $1.width }
    return width + (right > 0 ? 3 + right : 0)
  }

  /// Pieces laid in lines of `room` columns, two blanks between them.
  static func wrapped(_ pieces: [[Span]], room: Int) -> [TextLine] {
    var lines: [TextLine] = []
    for piece in pieces {
      let width = piece.reduce(0) { $0 + $1.width }
      if let last = lines.last, last.width + 2 + width <= room {
        lines[lines.count - 1].spans += [.init("  ")] + piece
      } else {
        lines.append(TextLine(piece))
      }
    }
    return lines
  }
}
