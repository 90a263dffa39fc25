import Insight
import Masks
import NeuralNet
import Studies
import TerminalUI

/// Every usual site of a network with what a view's dropout does there.
struct PlacementReport {
  private let rows: [PlacementRow]

  /// Measures site after site over so many masks, or the one of `--at`; a site where the kind cannot act
  /// is told on standard error.
  /// - Throws: `Failure` where the number of masks makes no sense, the view has what a table cannot
  ///   have, or the kind can act nowhere.
  init(_ view: OpenedView, masks: Int) throws {
    guard (0...Job.mostMasks).contains(masks) else {
      throw Failure(usage: "--masks: expected 0 to \(Job.mostMasks), found \(masks)")
    }
    let (experiment, setting) = (view.experiment, view.setting)
    try PlacementReport.check(setting)
    var rows: [PlacementRow] = []
    let layers = experiment.layers
    let sites = setting.pinnedSite.map { [$0] } ?? experiment.sites.map(\.value)
    for site in sites {
      let job = Job(.placement(setting.dropout(at: site), seed: setting.seed), masks: masks)
      var work = Work(job, on: experiment)
      work.run { event in
        switch event {
        case .progress: break
        case .done(let work):
          if let row = (work as? Work)?.sum as? PlacementRow { rows.append(row) }
        case .failed(let work):
          let name = layers.first { $0.value == site }?.name ?? site
          Terminal.writeError("dropscope: left out \(name): \(work.problem ?? "")\n")
        }
      }
    }
    guard !rows.isEmpty else {
      throw Failure(usage: "--stage placement: \(setting.kind) dropout can act at no usual site")
    }
    self.rows = rows
  }

  /// - Throws: `Failure` for what would be measured in vain: the table compares training with
  ///   evaluation, for one dropout at a time, by our own rule.
  private static func check(_ setting: Setting) throws {
    let wrong =
      setting.mode == .eval
      ? "expected --mode train, found eval"
      : setting.rule.map { "expected no --rule, found \($0)" }
        ?? (setting.others.isEmpty ? nil : "expected one dropout, found --add-dropout")
        ?? (setting.isPlaced ? nil : "expected --at NODE, found \(Setting.nowhere)")
    if let wrong { throw Failure(usage: "--stage placement: \(wrong)") }
  }

  /// The rows as a file.
  func bytes(as kind: OutputKind) throws -> [UInt8] {
    kind == .json
      ? try JSONFile.bytes(rows.map(Line.init)) : PlacementReport.csv(rows)
  }

  /// Rows as a CSV file. CSV has no escapes of its own: names have those of `VisibleText`.
  static func csv(_ rows: [PlacementRow]) -> [UInt8] {
    let records = PlacementColumns.csv(rows).split(
      separator: "\r\n", omittingEmptySubsequences: false)
    return Array(records.map { VisibleText.line(String($0)) }.joined(separator: "\r\n").utf8)
  }

  /// A row in JSON: the columns of the CSV by name, null where a site has no such number.
  private struct Line: Encodable {
    let row: PlacementRow
    init(_ row: PlacementRow) { self.row = row }

    struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(_ name: String) { stringValue = name }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
      var line = encoder.container(keyedBy: Key.self)
      try line.encode(row.site.name, forKey: Key("site"))
      try line.encode(row.site.places.map(\.rawValue), forKey: Key("places"))
      try line.encode(row.dropout.kind.name, forKey: Key("kind"))
      try line.encode(row.dropout.rate.p, forKey: Key("rate"))
      try line.encode(row.dropout.scaling.rawValue, forKey: Key("scale"))
      try line.encode(row.count, forKey: Key("masks"))
      for column in PlacementColumns.columns {
        try line.encode(column.value(row), forKey: Key(column.name))
      }
      let interval = row.flips.flatMap { $0.total > 0 ? $0.interval : nil }
      try line.encode(interval?.lowerBound, forKey: Key("flips_low"))
      try line.encode(interval?.upperBound, forKey: Key("flips_high"))
    }
  }
}
