import Insight
import Masks
import NeuralNet
import Studies
import TensorCore
public import TerminalUI

/// A sequence as words × features, clean, its mask and what is left; below it what the network writes
/// without and with dropout, and what it looks at for each letter it writes.
public struct SequencePanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let page = PanelPage(.sequence, in: rect)
    let glyphs = state.theme.glyphs
    guard let map = SequenceMap(state.layer.layout) else {
      let shape = LayoutText(state.layer.layout).shape
      page.draw(
        [.init(state.layer.name, .text), .init(" \(shape) has no times or tokens", .dim)],
        of: &buffer, state.theme)
      return SequencePanel.howTo.draw(in: page.inside, of: &buffer, glyphs)
    }
    page.draw(title(state, map), of: &buffer, state.theme)
    let attention = AttentionPanel(state)
    let written = written(state)
    let (told, rest) = page.inside.splitTop(min(page.inside.height, written.count))
    for (spans, line) in zip(written, told.rows) {
      TextLine(spans).draw(in: line, of: &buffer, glyphs: glyphs)
    }
    let below = min(attention?.rows ?? 0, rest.height * 3 / 5)
    let (maps, lower) = rest.splitTop(rest.height - below)
    drawMaps(state, map, in: maps, of: &buffer)
    attention?.draw(state, in: lower, of: &buffer)
  }

  /// What makes one, where none is shown.
  private static let howTo = HowTo(
    "the words of a text along time, which of them dropout takes, and what attention looks at",
    [
      ("dropscope train bahdanau --epochs 1 -o dates.onnx", "half a minute: it reads dates"),
      ("dropscope \"3rd of may 2017\" --model dates.onnx", "your date, its letters here"),
      (":axes N,T,F", "names the axes of what is shown"),
    ])

  private func title(_ state: State, _ map: SequenceMap) -> [TextLine.Span] {
    let word =
      state.experiment.subject.vocabulary.map { $0.isOfLetters ? "letter" : "word" } ?? "step"
    return [
      .init(state.layer.name, .text),
      .init("  \(map.times) \(word)\(map.times == 1 ? "" : "s")", .dim),
      .init(" \(state.theme.glyphs.times) \(map.features) features", .dim),
      .init("  \(state.observation.kind)", .text),
    ]
  }

  /// What the network says without and with dropout, and over many masks.
  private func written(_ state: State) -> [[TextLine.Span]] {
    let (subject, network) = (state.experiment.subject, state.experiment.subject.network)
    let observation = state.observation
    let ensemble = state.ensemble?.sum as? Ensemble
    if let clean = subject.text(of: observation.cleanOutput) {
      let after = subject.text(of: observation.output) ?? clean
      let changed = zip(clean, after).count { $0 != $1 }
      let letters = zip(after, clean).map { letter, own in
        TextLine.Span(
          String(letter), letter == own ? .text : Style(Palette.killed, on: Palette.background))
      }
      let over = ensemble?.text.flatMap { SequencePanel.over($0, clean, subject, state) } ?? []
      return [
        [.init("writes ", .dim), .init(clean, .text), .init("   with dropout ", .dim)] + letters
          + [
            .init(
              changed == 0 ? "   the same" : "   \(changed) of \(clean.count) letters differ", .dim)
          ]
      ] + over
    }
    guard let clean = network.classification(state.experiment.clean) else { return [] }
    let after = network.classification(observation.run) ?? clean
    func text(_ classes: Classification) -> String {
      let name = subject.className(classes.label).map { " \($0)" } ?? ""
      return
        "\(classes.label)\(name) \(ShareText.probability(classes.probabilities[classes.label]))"
    }
    var over: [TextLine.Span] = []
    if let sums = ensemble?.classes, sums.count > 1 {
      let margin = NumberText.fixed(1.96 * sums.standardErrors[clean.label], 3)
      over = [
        .init("   mean of \(NumberText.grouped(sums.count)) masks ", .dim),
        .init(ShareText.probability(sums.meanProbabilities[clean.label]), .text),
        .init(" \(state.theme.glyphs.plusMinus) \(margin.withoutLeadingZero)", .dim),
      ]
    }
    return [
      [
        .init("class ", .dim), .init(text(clean), .text), .init("   with dropout ", .dim),
        .init(text(after), .text),
      ] + over
    ]
  }

  /// What is written over many masks: how often all of it is the same, the place that changes most and,
  /// of a network that goes on with a text, what is likeliest to stand behind it.
  private static func over(
    _ sums: TextSums, _ clean: String, _ subject: Subject, _ state: State
  ) -> [[TextLine.Span]] {
    guard sums.count > 0 else { return [] }
    var spans: [TextLine.Span] = [
      .init("over \(NumberText.grouped(sums.count)) masks ", .dim),
      .init(ShareText.probability(Double(sums.same) / Double(sums.count)), .text),
      .init(" write the same", .dim),
    ]
    let letters = clean.map { String($0) }
    if let least = sums.sameAt.indices.min(by: { sums.sameAt[$0] < sums.sameAt[$1] }),
      sums.sameAt[least] < sums.count, letters.count == sums.sameAt.count
    {
      spans += [
        .init("   least sure: ", .dim),
        .init("\(SequencePicture.shown(letters[least], state.theme.glyphs))", .text),
        .init(" at \(least + 1), kept by ", .dim),
        .init(ShareText.probability(Double(sums.sameAt[least]) / Double(sums.count)), .text),
      ]
    }
    guard let next = subject.next(sums, state.theme.glyphs) else { return [spans] }
    return [spans, next]
  }

  private func drawMaps(
    _ state: State, _ map: SequenceMap, in rect: Rect, of buffer: inout Buffer
  ) {
    let observation = state.observation
    let (clean, after) = (observation.clean, observation.dropped)
    let scale = ValueScale(clean)
    let result = scale.through(observation.actsHere ? observation.transfer : Transfer(scale: 1))
    // What is dropped inside a node, such as rows of a table, is seen by what became of the values.
    func fate(_ offset: Int) -> Fate {
      if observation.actsHere { return observation.fate(at: offset) }
      if clean[offset] == 0 { return .zero }
      return after[offset] == 0 ? .killed : .live
    }
    let panes: [(String, String, (Int) -> MapPicture.Ink)] = [
      ("clean", scale.text(state.theme.glyphs), { scale.ink(clean[$0], state.theme) }),
      ("mask", "", { fate($0).ink(state.theme) }),
      (
        "after dropout", "",
        {
          fate($0).inkAfterDropout(state.theme) ?? result.ink(after[$0], state.theme)
        }
      ),
    ]
    for ((word, note, ink), own) in zip(panes, rect.columns(3)) {
      let (line, pane) = own.splitTop(1)
      TextLine([.init(word, .title), .init(" " + note, .dim)])
        .draw(in: line, of: &buffer, glyphs: state.theme.glyphs)
      SequencePicture(map, words: state.experiment.subject.words ?? [], ink: ink)
        .draw(in: pane, of: &buffer, state.theme)
    }
  }
}

/// Words × features: of letters each column is one, under its letter; of longer words each line is one,
/// beside its word.
struct SequencePicture {
  private let map: SequenceMap
  private let words: [String]
  private let ink: (Int) -> MapPicture.Ink

  init(_ map: SequenceMap, words: [String], ink: @escaping (Int) -> MapPicture.Ink) {
    (self.map, self.ink) = (map, ink)
    // Words of the input stand beside values of as many times alone.
    self.words = words.count == map.times ? words : []
  }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    if words.contains(where: { $0.count > 1 }) {
      drawLines(in: rect, of: &buffer, theme)
    } else {
      drawColumns(in: rect, of: &buffer, theme)
    }
  }

  private func drawColumns(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    let each = max(1, min(2, rect.width / max(1, map.times)))
    let times = min(map.times, rect.width / each)
    let (heading, cells) = rect.splitTop(words.isEmpty ? 0 : 1)
    let letters = words.prefix(times).map {
      SequencePicture.shown($0, theme.glyphs) + String(repeating: " ", count: each - 1)
    }
    TextLine([.init(letters.joined(), .text)])
      .draw(in: heading, of: &buffer, glyphs: theme.glyphs)
    let room = cells.height * (theme.usesHalfBlocks ? 2 : 1)
    let high = max(1, min(each, room / max(1, map.features)))
    MapPicture(rows: min(map.features * high, room), columns: times * each) { y, x in
      ink(map.offset(time: x / each, feature: y / high))
    }.draw(
      in: Rect(x: cells.x, y: cells.y, width: times * each, height: cells.height), of: &buffer,
      scale: 1, theme: theme)
  }

  private func drawLines(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    let label = min(rect.width / 3, words.map(\.count).max() ?? 0)
    let lines = min(map.times, rect.height)
    for (word, line) in zip(words, rect.splitLeft(label).left.rows) {
      TextLine([.init(word, .text)]).draw(in: line, of: &buffer, glyphs: theme.glyphs)
    }
    let cells = Rect(
      x: rect.x + label + 1, y: rect.y, width: rect.width - label - 1, height: lines)
    let each = theme.usesHalfBlocks ? 2 : 1
    MapPicture(rows: lines * each, columns: min(map.features, cells.width)) { y, x in
      ink(map.offset(time: y / each, feature: x))
    }.draw(in: cells, of: &buffer, scale: 1, theme: theme)
  }

  /// A letter as it can be seen: a blank as a dot, a line break as its mark.
  static func shown(_ word: String, _ glyphs: Glyphs) -> String {
    switch word {
    case " ": glyphs.isUnicode ? "·" : "_"
    case "": " "
    case "\n": glyphs.isUnicode ? "¶" : "$"
    default: word
    }
  }
}

extension Subject {
  /// What may stand behind the text, where a token is written for each that is read: the likeliest three
  /// without dropout, and their means over masks.
  fileprivate func next(_ sums: TextSums, _ glyphs: Glyphs) -> [TextLine.Span]? {
    guard sums.clean.tokens.count == words?.count else { return nil }
    let (once, mean) = (sums.clean.last.probabilities, sums.last.meanProbabilities)
    let likeliest = once.indices.sorted { once[$0] > once[$1] }.prefix(3)
    return [.init("next ", .dim)]
      + likeliest.flatMap { token -> [TextLine.Span] in
        [
          .init(
            " \(SequencePicture.shown(vocabulary?.word(token) ?? "\(token)", glyphs)) ", .title),
          .init(ShareText.probability(once[token]), .text),
          .init(" mean \(ShareText.probability(mean[token])) ", .dim),
        ]
      }
  }
}
