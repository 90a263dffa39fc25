import Scope

extension ModelReport {
  /// The report as aligned columns.
  var text: String {
    var lines = ["\(model)  opset \(opset)"]
    func port(_ word: String, _ port: Port) -> String {
      let axes = port.axes.map { " \(ModelReport.list($0))" } ?? ""
      return "\(word) \(port.name) \(ModelReport.shape(port.shape))\(axes)"
    }
    lines += inputs.map { port("input  ", $0) } + outputs.map { port("output ", $0) }
    lines.append("")
    let rows =
      [["node", "operator", "shape", "axes", "parameters", "multiply-adds"]]
      + nodes.map {
        [
          $0.name, $0.supported ? $0.op : "\($0.op) (not supported)",
          ModelReport.shape($0.shape), $0.axes.map(ModelReport.list) ?? "", "\($0.parameters)",
          "\($0.multiply_adds)",
        ]
      }
    lines += ModelReport.aligned(rows, rightFrom: 4)
    lines.append("")
    lines.append("parameters \(parameters)  multiply-adds \(multiply_adds)")
    lines += dropout.map { site in
      "dropout \(site.node) ratio \(site.ratio.map { "\($0)" } ?? "given by an input")"
    }
    if !sites.isEmpty {
      lines.append("")
      lines += ModelReport.aligned(siteRows, rightFrom: 2)
      lines.append("")
    }
    lines += metadata.sorted { $0.key < $1.key }.map { "metadata \($0.key) = \($0.value)" }
    lines += axis_conflicts.map { "axes: \($0)" }
    lines += problems.map { "problem: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The table of sites: what another draw there computes again, and what of the whole it saves.
  private var siteRows: [[String]] {
    [["dropout site", "place", "computed again", "saved"]]
      + sites.map { site in
        [
          site.node, site.places.joined(separator: ", "), "\(site.recomputed_multiply_adds)",
          NumberText.percent(site.saved_share),
        ]
      }
  }

  private static func shape(_ dims: [Int?]?) -> String {
    guard let dims else { return "?" }
    return list(dims.map { $0.map(String.init) ?? "?" })
  }

  private static func list(_ words: [String]) -> String {
    "[" + words.joined(separator: ",") + "]"
  }

  /// Rows of text in columns two blanks apart, those from `rightFrom` on aligned at the right.
  private static func aligned(_ rows: [[String]], rightFrom: Int) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return column >= rightFrom ? padding + row[column] : row[column] + padding
      }
      return cells.joined(separator: "  ")
    }
  }
}
