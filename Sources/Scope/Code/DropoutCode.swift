import Studies
import Masks
import TensorCore

/// A dropout as code of a library: what all of them need to know of it.
struct DropoutCode {
  let dropout: PlacedDropout
  /// The layout of its site.
  let layout: Layout
  /// What its site is called.
  let name: String

  init(_ dropout: PlacedDropout, layout: Layout, name: String) {
    (self.dropout, self.layout, self.name) = (dropout, layout, name)
  }

  /// The probability of dropping, as all these libraries take it.
  var rate: String { "\(dropout.rate.p)" }

  /// Letters of the axes, `N,C,H,W`.
  var axes: String { layout.axes.letters }

  /// The first line: what is dropped, and what p means.
  var heading: String {
    "\(dropout.kind) dropout at \(name) [\(axes)]; p is the probability of dropping"
  }

  /// Axes along which cells share a unit, whatever their sizes; nil for kinds that are not decided unit
  /// by unit.
  func sharedAxes() throws(CodeProblem) -> [Bool]? {
    do {
      let kind = try dropout.dropout.kind
      guard kind is any UnitwiseDropout else { return nil }
      let cells = Layout(Shape(layout.shape.dims.map { _ in 2 }), layout.axes)
      return try kind.units(of: cells).shape.dims.map { $0 == 1 }
    } catch {
      throw CodeProblem("\(error)")
    }
  }

  /// What is done to kept values beside ×1/(1−p); nothing where that is all.
  var isInverted: Bool { dropout.scaling == .inverted && dropout.kind != "max-pool" }

  /// Whether the scale is 1/(1−p) in no mode, and (1−p) at evaluation.
  var isWeighted: Bool { dropout.scaling == .weight && dropout.kind != "max-pool" }

  /// Whether a library's layer for whole maps shares what the kind shares: all axes behind sample and
  /// channel, one to three of them.
  func isWholeMaps(_ shared: [Bool]) -> Bool {
    (3...5).contains(shared.count) && !shared[0] && !shared[1] && shared[2...].allSatisfy { $0 }
  }

  /// Kinds that no library has, with what comes nearest.
  func refuse(_ nearest: [String: String]) throws(CodeProblem) {
    let everywhere = [
      "manual": "a mask of your own is no random layer; :save mask.npy writes it",
      "block": "dropping blocks by rule \(dropout.kinds.blockRule.rawValue) has no equivalent",
      "cutout": "one square of the same area in every sample has no equivalent",
    ]
    guard let why = everywhere[dropout.kind] ?? nearest[dropout.kind] else { return }
    let more = everywhere[dropout.kind] == nil ? nil : nearest[dropout.kind]
    throw CodeProblem(why + (more.map { "; \($0)" } ?? ""))
  }
}
