import Studies
import TerminalUI

extension PageName {
  /// See `Page.segmentation`.
  public static let segmentation = PageName("segmentation")
}

extension Page {
  /// A picture, what is true of its places, what is found, and how much that varies over masks.
  public static let segmentation = Page(
    name: .segmentation, title: "Segmentation", shortTitle: "Seg",
    summary: "places found, and their variance over masks", letter: "U",
    bindings: { Bindings.segmentation }, panel: { _ in SegmentationPanel() }, accumulates: true)
}

extension Bindings {
  /// What works beside a segmentation.
  public static let segmentation: [Binding] =
    [
      .accumulating,
      Binding("U", "close", hint: "close", [("U", .togglePage(.segmentation))]),
    ]
    + of([
      "+ -", "> <", "0 … 9", "s", "m", "r", "i", "t", "D", "} {", "b B", "u Ctrl-R", "y Y", ":",
    ])
}
