/// What a library without a rule here does at the ends, as its own source or issue tracker has it.
public struct RecordedEdge: Sendable {
  /// The library.
  public let library: String
  /// The rate.
  public let p: Double
  /// How it ends.
  public let verdict: RuleVerdict
  /// The same in words, with the source.
  public let what: String

  /// All there are.
  public static let all = [
    RecordedEdge(library: "swift-apis", p: 1, verdict: .nan, what: "0/0"),
    RecordedEdge(library: "burn", p: 1, verdict: .nan, what: "0/0, in older versions"),
    RecordedEdge(library: "mlx-swift", p: 1, verdict: .trap, what: "the program stops"),
    RecordedEdge(library: "candle", p: 1, verdict: .error, what: "refused"),
    RecordedEdge(
      library: "Keras 2", p: 1, verdict: .silentlyWrong, what: "drops nothing (keras#9141)"),
    RecordedEdge(
      library: "Keras 2", p: 1.5, verdict: .silentlyWrong, what: "drops nothing (keras#10629)"),
    RecordedEdge(
      library: "Flax", p: 1.5, verdict: .silentlyWrong, what: "accepted, and -0.5 too"),
  ]
}
