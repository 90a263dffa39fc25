import NeuralNet
import Studies
import TerminalUI

extension PageName {
  /// See `Page.network`.
  public static let network = PageName("network")
}

extension Page {
  /// The graph as a list, where dropout is added to edges and removed.
  public static let network = Page(
    name: .network, formerName: "network", title: "Network", shortTitle: "Net",
    summary: "the network: dropout on any edge", letter: "w", bindings: { Bindings.network },
    panel: { NetworkPanel($0) },
    rows: Rows(
      count: { $0.experiment.nodes.count },
      value: { state, row in
        let nodes = state.experiment.nodes
        return nodes.indices.contains(row) ? nodes[row].value : nil
      },
      text: { state, row in
        let node = state.experiment.nodes[row]
        let dropout = state.placed(at: node.value)?.kind ?? (node.ownDropout == nil ? "" : "own")
        return "\(node.name) \(node.opType ?? "input") \(dropout)"
      },
      area: { NetworkPanel.parts(of: $0).list }),
    open: { state in
      let site =
        state.setting.isPlaced ? state.experiment.site(of: state.setting) : state.setting.layer
      return state.experiment.nodes.firstIndex { $0.value == site } ?? 0
    })
}

extension Bindings {
  /// What works in the list of the graph; the rest is done to the dropout on the marked row.
  public static let network: [Binding] =
    [
      moving, showing, filter,
      Binding("d", "add dropout on this edge", hint: "add", [("d", .addDropout)]),
      Binding("D", "remove it", hint: "remove", [("D", .removeDropout)]),
      walking,
      Binding("S", "save the graph as ONNX", hint: "save", [("S", .openPrompt("save "))]),
      Binding("w", "close", hint: "close", [("w", .togglePage(.network))]),
    ] + of(["+ -", "> <", "0 … 9", "s", "m", "r", "i", "b B", "u Ctrl-R", "y Y", ":"])
}

extension State {
  /// A key that changes a dropout changes the one on the marked row of the graph.
  mutating func takeMarkedInHand(for action: Action) {
    guard page == .network, action.changesDropout, let value = markedValue else { return }
    takeInHand(at: value)
  }
}

extension Action {
  /// Whether it changes what a dropout is.
  var changesDropout: Bool {
    switch self {
    case .changeRate, .setRate, .toggleSpatial, .nextKind, .nextBlockRule, .nextScaling: true
    default: false
    }
  }
}
