import Insight
import NeuralNet
import Studies
import TerminalUI

/// What an ensemble says beyond its means: the error of the mean map, entropies, when it settled, and
/// what stayed in evaluation.
struct EnsembleFacts {
  private let lines: [[TextLine.Span]]

  init(_ state: State, _ ensemble: Ensemble?) {
    let glyphs = state.theme.glyphs
    func number(_ value: Double?) -> String {
      value.map { NumberText.fixed($0, 3).withoutLeadingZero } ?? glyphs.minus
    }
    let root = glyphs.isUnicode ? "1/√T" : "1/sqrt T"
    var first: [TextLine.Span] = [
      .init(" |mean\(glyphs.minus)clean|/|clean| ", .dim),
      .init(number(ensemble?.meanError), .text), .init(" falls as \(root)", .dim),
    ]
    if let scaled = EnsembleFacts.scaledError(ensemble) {
      first.append(.init(": \(glyphs.times)\(glyphs.isUnicode ? "√T" : "sqrt T") = ", .dim))
      first.append(.init(NumberText.fixed(scaled, 2), .text))
    }
    var second: [TextLine.Span] = []
    if let classes = ensemble?.classes {
      second = [
        .init(" entropy ", .dim), .init(number(classes.predictiveEntropy), .text),
        .init("  mutual information ", .dim), .init(number(classes.mutualInformation), .text),
        .init(" nats  ", .dim),
      ]
      second.append(
        ensemble?.settledAt.map {
          .init("converged to \(glyphs.plusMinus).01 after T = \(NumberText.grouped($0))", .text)
        } ?? .init("not converged to \(glyphs.plusMinus).01", .dim))
    }
    lines = [first, second, [.init(" " + EnsembleFacts.norms(state), .dim)]]
      .filter { !$0.isEmpty }
  }

  /// Rows it takes.
  var rows: Int { lines.count }

  func draw(in rect: Rect, of buffer: inout Buffer, _ theme: Theme) {
    for (spans, line) in zip(lines, rect.rows) {
      TextLine(spans).draw(in: line, of: &buffer, glyphs: theme.glyphs)
    }
  }

  /// error·√T: what stays the same while the error falls as 1/√T.
  private static func scaledError(_ ensemble: Ensemble?) -> Double? {
    ensemble.flatMap { own in own.meanError.map { $0 * Double(own.count).squareRoot() } }
  }

  private static func norms(_ state: State) -> String {
    let network = state.experiment.subject.network
    let norms = network.graph.nodes.indices.count {
      network.graph.nodes[$0].opType == "BatchNormalization"
    }
    return "only dropout is in training; "
      + (norms == 0
        ? "no batch normalisation here"
        : "batch normalisation stays in evaluation (\(norms) node\(norms == 1 ? "" : "s"))")
  }
}
