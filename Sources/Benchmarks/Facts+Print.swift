import Masks
import Scope

extension Facts {
  /// Prints the definitions and, for each source, a table over rates and one over kinds.
  static func printAll() throws {
    print(definitions)
    for facts in try all() {
      print("\n\(facts.source): \(facts.maps.count * facts.masks) masks a row")
      print("kind         p   wasted  mass  recoverable  autocorr  variance  max-pool  average")
      for rate in rates { try facts.printRow("element", rate) }
      // Whatever the registry holds beside it, at p = .5.
      for kind in KindRegistry.names where kind != "element" && kind != "manual" {
        do {
          try facts.printRow(kind, 0.5)
        } catch {
          print("\(kind): \(error)")
        }
      }
      let changed = try facts.changed(from: 0.3, to: 0.35)
      print(
        "from .30 to .35: \(percent(changed.coupled)) of cells change coupled, "
          + "\(percent(changed.resampled)) resampled")
      let spread = try facts.spread(rate: 0.5)
      print(
        "realised rate at .5: deviation \(NumberText.fixed(spread.measured, 4)) over 1000 masks, "
          + "predicted \(NumberText.fixed(spread.predicted, 4))")
    }
  }

  private func printRow(_ kind: String, _ rate: Double) throws {
    let row = try row(kind: kind, rate: rate)
    let cells: [(String, Int)] = [
      (NumberText.probability(rate), 5), (Facts.percent(row.wasted), 8),
      (Facts.percent(row.mass), 6), (NumberText.fixed(row.recoverable, 2), 13),
      (NumberText.fixed(row.autocorrelation, 2), 10), (NumberText.fixed(row.variance, 2), 10),
      (NumberText.fixed(row.maxPool, 2), 10), (NumberText.fixed(row.averagePool, 2), 9),
    ]
    let name = kind + String(repeating: " ", count: max(1, 10 - kind.count))
    print(
      name
        + cells.map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }.joined())
  }

  private static func percent(_ share: Double) -> String { NumberText.fixed(100 * share, 1) + "%" }
}
