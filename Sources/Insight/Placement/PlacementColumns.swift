import Masks
import NeuralNet

/// What is measured on a row of the placement table, a column each: the one list that sorting, the
/// screen and files read.
public enum PlacementColumns {
  /// A number of a row.
  public struct Column: Sendable {
    /// The name in files.
    public let name: String
    /// The name on the screen, in at most two words.
    public let heading: String
    /// What it says.
    public let meaning: String
    /// Whether it is a share of what was counted, 0…1; else it is a ratio.
    public let isShare: Bool
    /// The number; nil where a site has none, as a site without a pool behind it.
    public let value: @Sendable (PlacementRow) -> Double?
  }

  /// All columns, in the order in which they are shown.
  public static let columns: [Column] = [
    Column(
      name: "next_mean", heading: "mean", meaning: "mean at the next layer, training / evaluation",
      isShare: false
    ) { $0.next?.meanRatio },
    Column(
      name: "next_variance", heading: "var",
      meaning: "variance at the next layer, training / evaluation", isShare: false
    ) { $0.next?.varianceRatio },
    Column(
      name: "output_mean", heading: "out mean",
      meaning: "mean of the logits, training / evaluation", isShare: false
    ) { $0.output?.meanRatio },
    Column(
      name: "output_variance", heading: "out var",
      meaning: "variance of the logits, training / evaluation", isShare: false
    ) { $0.output?.varianceRatio },
    Column(
      name: "dead_maps", heading: "dead", meaning: "maps that are all zero", isShare: true
    ) {
      $0.deadMaps.total > 0 ? $0.deadMaps.value : nil
    },
    Column(
      name: "pooled_lowered", heading: "lowered", meaning: "pooled cells with a smaller winner",
      isShare: true
    ) { $0.pool.flatMap { $0.lowered.total > 0 ? $0.lowered.value : nil } },
    Column(
      name: "pooled_zeroed", heading: "zeroed", meaning: "pooled cells with none", isShare: true
    ) {
      $0.pool.flatMap { $0.zeroed.total > 0 ? $0.zeroed.value : nil }
    },
    Column(
      name: "flips", heading: "changed", meaning: "masks under which the class is another",
      isShare: true
    ) {
      $0.flips.flatMap { $0.total > 0 ? $0.value : nil }
    },
  ]

  /// The rows as comma-separated values (RFC 4180) under a line of names; an empty field is a number
  /// that a site does not have. Flips have their 95 % interval (Wilson) behind them.
  public static func csv(_ rows: [PlacementRow]) -> String {
    let head =
      ["site", "places", "kind", "rate", "scale", "masks"] + columns.map(\.name)
      + ["flips_low", "flips_high"]
    let lines = rows.map { row in
      let interval = row.flips.flatMap { $0.total > 0 ? $0.interval : nil }
      let numbers =
        columns.map { $0.value(row) } + [interval?.lowerBound, interval?.upperBound]
      return [
        row.site.name, row.site.places.map(\.rawValue).joined(separator: "; "),
        row.dropout.kind.name, "\(row.dropout.rate.p)", row.dropout.scaling.rawValue,
        "\(row.count)",
      ].map(quoted) + numbers.map { $0.map { "\($0)" } ?? "" }
    }
    return ([head] + lines).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\r\n".contains($0) }) else { return field }
    return "\""
      + field.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
