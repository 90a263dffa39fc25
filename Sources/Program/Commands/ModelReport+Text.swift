import Scope
import TerminalUI

extension ModelReport {
  /// The report as aligned columns, a line each.
  package var lines: [String] {
    var lines = ["\(model)  opset \(opset)"]
    lines += inputs.map { "input   \(ModelReport.port($0))" }
    lines += outputs.map { "output  \(ModelReport.port($0))" }
    lines.append("")
    let rows =
      [["node", "operator", "shape", "axes", "parameters", "multiply-adds"]]
      + nodes.map {
        [
          $0.name, $0.supported ? $0.op : "\($0.op) (not supported)",
          ModelReport.shape($0.shape), $0.axes?.text ?? "", "\($0.parameters)",
          ModelReport.count($0.multiply_adds),
        ]
      }
    lines += AlignedText.lines(rows, rightFrom: 4)
    lines.append("")
    lines.append("parameters \(parameters)  multiply-adds \(ModelReport.count(multiply_adds))")
    if hasOpenSizes, multiply_adds == nil || nodes.contains(where: { $0.shape == nil }) {
      let sizes = inputs.filter { $0.shape?.sizes.contains { $0.number == nil } ?? true }
        .map { "--size \($0.name)=\(ModelReport.example($0.shape))" }
      lines.append("sizes are open: give them as \(sizes.joined(separator: " "))")
    }
    lines += dropout.map { site in
      "dropout \(site.node) ratio \(site.ratio.map { "\($0)" } ?? "given by an input")"
        + (site.written == "random" ? " in random operators" : "")
        + (site.shared_axes.map {
          " shared along axes \($0.map(String.init).joined(separator: ", "))"
        }
          ?? "")
    }
    if !sites.isEmpty {
      lines.append("")
      lines += AlignedText.lines(siteRows, rightFrom: 2)
      lines.append("")
    }
    lines += metadata.sorted { $0.key < $1.key }.map { "metadata \($0.key) = \($0.value)" }
    lines += warnings.map { "warning: \($0)" }
    lines += problems.map { "problem: \($0)" }
    return lines
  }

  /// The table of sites: what another draw there computes again, and what of the whole it saves.
  private var siteRows: [[String]] {
    [["dropout site", "place", "computed again", "saved"]]
      + sites.map { site in
        [
          site.node, site.places.joined(separator: ", "),
          ModelReport.count(site.recomputed_multiply_adds),
          site.saved_share.map { NumberText.percent($0) } ?? "?",
        ]
      }
  }

  private static func port(_ port: Port) -> String {
    [port.name, port.type, shape(port.shape), port.axes?.text].compactMap { $0 }.joined(
      separator: " ")
  }

  private static func shape(_ shape: Sizes?) -> String {
    guard let shape else { return "?" }
    return "[" + shape.sizes.map(\.text).joined(separator: ",") + "]"
  }

  private static func count(_ number: Int?) -> String { number.map { "\($0)" } ?? "?" }

  /// Sizes that would do: 1 for the first, 224 for others that are open.
  private static func example(_ shape: Sizes?) -> String {
    guard let shape else { return "1,3,224,224" }
    return shape.sizes.enumerated().map { "\($1.number ?? ($0 == 0 ? 1 : 224))" }
      .joined(separator: ",")
  }
}
