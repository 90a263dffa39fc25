import Insight
import Masks
import Studies
import TensorCore
import TerminalUI

extension State {
  /// The view in sentences, a line each, for terminals that can show nothing else.
  public func summary() -> [String] {
    let realised = observation.realised
    let waste = observation.waste
    func percent(_ share: Double) -> String {
      share.isFinite ? NumberText.percent(share) : MeterText.unknown
    }
    let text = LayoutText(observation.layout)
    let axes = text.note(times: theme.glyphs.times).map { " (\($0))" } ?? ""
    let shape = text.shape + axes
    let subject = experiment.subject
    let scale =
      observation.rule.map { "by the rule of \($0)" } ?? "scale \(setting.scaling.rawValue)"
    var lines = [
      "\(subject.inputName) through \(subject.modelName), layer \(layer.name) \(shape).",
      "\(setting.kind) dropout at \(site.name): p = \(NumberText.probability(setting.rate.p)), "
        + "keep = \(NumberText.probability(setting.rate.keep)), \(scale), "
        + "mode \(setting.mode.rawValue), seed \(setting.seed).",
      "Dropped \(realised.dropped) of \(realised.of) cells = \(NumberText.fixed(realised.rate, 3)); "
        + "\(waste.droppedZero) of them were zero already.",
      "L1 removed \(percent(waste.massRemoved)), squared L2 removed \(percent(waste.energyRemoved)).",
    ]
    if waste.notFinite > 0 {
      lines.append("NaN or Inf in \(waste.notFinite) cells, so that no sum over them is a number.")
    }
    if let recoverable = observation.meters.recoverability.value {
      lines.append(
        "Predictable from kept neighbours (R²): \(NumberText.fixed(recoverable, 2))."
      )
    }
    if let note = subject.note { lines.append("Input: \(note).") }
    return lines
  }
}
