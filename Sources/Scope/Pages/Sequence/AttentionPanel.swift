import Masks
import NeuralNet
import Studies
import TensorCore
import TerminalUI

/// What is looked at for each letter written: words read along the top, those written at the side, without
/// dropout and with it.
struct AttentionPanel {
  private let clean: AttentionMatrix
  private let after: AttentionMatrix
  private let read: [String]
  private let written: (clean: [String], after: [String])
  /// For each row the columns that tell what it writes, where that is known.
  private let told: [Set<Int>?]?

  /// Nil where the network has no attention.
  init?(_ state: State) {
    let (subject, observation) = (state.experiment.subject, state.observation)
    let network = subject.network
    let base = state.experiment.clean
    guard
      let clean = AttentionMatrix(
        network, { base.tensor($0) }, masks: [:], head: state.channel)
    else { return nil }
    self.clean = clean
    after =
      AttentionMatrix(
        network, { observation.run.tensor($0) ?? base.tensor($0) },
        masks: observation.run.masks, head: state.channel) ?? clean
    let words = subject.words ?? []
    read = words.count == clean.rows[0].count ? words : clean.rows[0].indices.map { "\($0)" }
    let sources = read
    func letters(_ output: Tensor?) -> [String] {
      let text = subject.text(of: output).map { $0.map { String($0) } } ?? sources
      return text.count == clean.rows.count ? text : clean.rows.indices.map { "\($0)" }
    }
    let text = subject.text(of: observation.cleanOutput)
    written = (letters(observation.cleanOutput), letters(observation.output))
    told = text.flatMap { DatePairs.alignment(of: words.joined(), to: $0) }
  }

  /// Lines that show all of it.
  var rows: Int { clean.rows.count + 2 }

  func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    guard rect.height > 2 else { return }
    let halves = rect.columns(2, gap: 2)
    for (index, (matrix, own)) in zip([clean, after], halves).enumerated() {
      let (line, rest) = own.splitTop(1)
      var title: [TextLine.Span] = [
        .init(index == 0 ? "attention" : "with dropout", .title), .init("  ", .dim),
      ]
      if let told {
        let (right, all) = matrix.right(told)
        title += [.init("alignment right ", .dim), .init("\(right) of \(all)", .text)]
      } else {
        let mean = matrix.rows.reduce(0) { $0 + ($1.max() ?? 0) } / Float(matrix.rows.count)
        title += [
          .init("largest share, mean ", .dim), .init(ShareText.probability(Double(mean)), .text),
        ]
      }
      TextLine(title).draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
      draw(matrix, index == 0 ? written.clean : written.after, in: rest, of: &buffer, state.theme)
    }
  }

  private func draw(
    _ matrix: AttentionMatrix, _ letters: [String], in rect: Rect, of buffer: inout Buffer,
    _ theme: Theme
  ) {
    let label = min(rect.width / 3, letters.map(\.count).max() ?? 1)
    let columns = rect.splitLeft(label + 1).rest
    let each = max(1, min(2, columns.width / max(1, read.count)))
    let shown = min(read.count, columns.width / each)
    let (heading, cells) = columns.splitTop(1)
    let words = read.prefix(shown).map { word in
      let letter = SequencePicture.shown(String(word.prefix(1)), theme.glyphs)
      return letter + String(repeating: " ", count: each - 1)
    }
    TextLine([.init(words.joined(), .text)]).draw(in: heading, of: &buffer, glyphs: theme.glyphs)
    let lines = min(matrix.rows.count, cells.height)
    let side = Rect(x: rect.x, y: cells.y, width: label, height: lines)
    for (letter, line) in zip(letters, side.rows) {
      TextLine([.init(SequencePicture.shown(letter, theme.glyphs), .text)])
        .draw(in: line, of: &buffer, glyphs: theme.glyphs)
    }
    let scale = ValueScale(low: 0, high: 1)
    let halves = theme.usesHalfBlocks ? 2 : 1
    MapPicture(rows: lines * halves, columns: shown * each) { y, x in
      let (row, column) = (y / halves, x / each)
      guard matrix.kept[row][column] else {
        return Fate.killed.inkAfterDropout(theme)
      }
      // Less than a hundredth is nothing to see.
      let share = matrix.rows[row][column]
      return share < 0.01 ? Fate.zero.ink(theme) : scale.ink(min(1, share), theme)
    }.draw(
      in: Rect(x: cells.x, y: cells.y, width: shown * each, height: lines), of: &buffer, scale: 1,
      theme: theme)
  }
}
