import Masks
import Studies
import TerminalUI

/// What pages say of trainings under way.
enum TrainingWords {
  /// What is trained on what; before that is known, why not.
  static func subject(_ work: RaceWork) -> [TextLine.Span] {
    guard let opened = work.opened else {
      return [.init(work.problem == nil ? "reading the images" : "not begun", .dim)]
    }
    return [
      .init(opened.model, .text),
      .init(
        "  \(NumberText.grouped(opened.images)) \(opened.data), seed \(work.job.seeds[0])", .dim),
    ]
  }

  /// The epoch, the pace, and the time left.
  static func progress(_ work: RaceWork, isRunning: Bool) -> [TextLine.Span] {
    guard let opened = work.opened else { return [] }
    if work.isDone { return [.init("\(opened.epochs) epochs ", .dim)] }
    let epoch = work.job.variants.indices.map { work.epoch(of: $0) }.min() ?? 1
    var spans: [TextLine.Span] = [.init("epoch \(epoch)/\(opened.epochs) ", .text)]
    guard isRunning else { return spans + [.init("paused ", .title)] }
    if let pace = work.pace, pace > 0 {
      let images = Double(opened.images) / Double(max(1, opened.batches))
      let left = Double(work.goal - work.count) * images / pace
      spans.append(.init("\(NumberText.grouped(Int(pace)))/s ", .dim))
      spans.append(.init("\(time(left)) left ", .dim))
    }
    return spans
  }

  /// `0:41`
  static func time(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds.rounded(.up)), 359_999))
    let text = String(whole % 60)
    return "\(whole / 60):\(text.count < 2 ? "0" : "")\(text)"
  }

  /// What acts in a variant.
  static func dropouts(_ changes: TrainingChanges, before: Rate?) -> String {
    var words = changes.sites.map { site in
      let rate = before ?? site.rate
      return "\(site.site) \(site.kind ?? "element")"
        + (rate.map { " \(NumberText.probability($0.p))" } ?? "")
    }
    if changes.ownDropout { words.append("the model's own") }
    return words.isEmpty ? "no dropout" : words.joined(separator: ", ")
  }

  /// What the rate was changed to, the last of them.
  static func segments(_ segments: [TrainingSegment], _ glyphs: Glyphs) -> [TextLine.Span] {
    segments.byEpoch.suffix(3).map {
      .init(
        " \(glyphs.isUnicode ? "→" : "->") \(NumberText.probability($0.rate.p)) from \($0.epoch)",
        .title)
    }
  }

  /// `96.2%`
  static func percent(_ share: Double) -> String { NumberText.fixed(share * 100, 1) + "%" }

  /// The gap in points: `+1.9`.
  static func gap(_ clean: Double, _ heldOut: Double, _ glyphs: Glyphs) -> String {
    (clean < heldOut ? glyphs.minus : "+") + NumberText.fixed(abs(clean - heldOut) * 100, 1)
  }
}
