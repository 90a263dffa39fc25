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
    actions: [.networkFold, .networkGroups], panel: { NetworkPanel($0) },
    rows: Rows(
      count: { $0.networkOutline.lines.count }, value: { state, row in state.networkValue(row) },
      text: { state, row in state.networkText(row) },
      area: { NetworkPanel.parts(of: $0).list },
      seen: { $0.networkOutline.seen(opened: $0.networkOpened) },
      act: { state, row in
        state.foldNetwork(row, opens: !state.networkOpened.contains(row))
        return []
      }),
    open: { state in
      let site =
        state.setting.isPlaced ? state.experiment.site(of: state.setting) : state.setting.layer
      return state.showInNetwork(site)
    })
}

extension Bindings {
  /// What works in the list of the graph; the rest is done to the dropout on the marked row.
  public static let network: [Binding] =
    [
      moving, showing, filter,
      Binding(
        "→ ←", "open what a line holds, close it", hint: "open",
        [
          (.key(.right), .ofPage(.networkFold, by: 1)),
          (.key(.left), .ofPage(.networkFold, by: -1)),
        ]),
      Binding(
        "f", "fold nodes into groups, or list them all", hint: "fold",
        [("f", .ofPage(.networkGroups))]),
      Binding("d", "add dropout on this edge", hint: "add", [("d", .addDropout)]),
      Binding("D", "remove it", hint: "remove", [("D", .removeDropout)]),
      walking,
      Binding("S", "save the graph as ONNX", hint: "save", [("S", .openPrompt("save "))]),
      Binding("w", "close", hint: "close", [("w", .togglePage(.network))]),
    ] + of(["+ -", "> <", "0 … 9", "s", "m", "r", "i", "b B", "u Ctrl-R", "y Y", ":"])
}

extension PageAction {
  /// Opens the marked line, or closes it or the one that it is under.
  public static let networkFold = PageAction(
    "network-fold", "N", words: ["network-open": 1, "network-close": -1]
  ) { state, step in
    guard let line = state.markedRow, state.page?.name == .network else { return }
    state.foldNetwork(line, opens: step > 0)
  }
  /// Nodes in groups, or all of them in one list.
  public static let networkGroups = PageAction("network-groups") { state in
    let row = state.markedRow.flatMap { state.networkOutline.row(at: $0) }
    state[NetworkState.self].isGrouped = !state.isNetworkGrouped
    state[NetworkState.self].opened = []
    let value = row.map { state.experiment.nodes[$0].value }
    let line = value.map { state.showInNetwork($0) } ?? 0
    state.overlay?.mark?.row = line
  }
}

/// What the page keeps.
private struct NetworkState: PageState {
  /// Whether nodes stand in groups; nil leaves that to how many there are.
  var isGrouped: Bool?
  /// The lines that are open.
  var opened: Set<Int> = []
}

extension State {
  /// A list of more nodes begins in groups.
  private static let longestList = 150

  fileprivate var isNetworkGrouped: Bool {
    self[NetworkState.self].isGrouped ?? (experiment.nodes.count > State.longestList)
  }

  /// The lines of the network's list.
  var networkOutline: NetworkOutline { experiment.outline(isGrouped: isNetworkGrouped) }

  /// Those that are open.
  var networkOpened: Set<Int> { self[NetworkState.self].opened }

  fileprivate func networkValue(_ line: Int) -> String? {
    let outline = networkOutline
    guard outline.lines.indices.contains(line) else { return nil }
    return switch outline.lines[line].content {
    case .row(let row): experiment.nodes[row].value
    case .inner(_, let value): value
    case .group, .graph: nil
    }
  }

  /// What a line says where something narrows the list down: nodes alone, not their groups.
  fileprivate func networkText(_ line: Int) -> String {
    let line = networkOutline.lines[line]
    switch line.content {
    case .row(let row):
      let node = experiment.nodes[row]
      let dropout = placed(at: node.value)?.kind ?? (node.ownDropout == nil ? "" : "own")
      return "\(node.name) \(node.opType ?? "input") \(dropout)"
    case .inner(let opType, _): return "\(line.label) \(opType)"
    case .group, .graph: return ""
    }
  }

  /// Opens a line, or closes it or, where it is closed, the one that it is under.
  fileprivate mutating func foldNetwork(_ line: Int, opens: Bool) {
    let outline = networkOutline
    guard outline.lines.indices.contains(line) else { return }
    if opens {
      if outline.lines[line].opens { self[NetworkState.self].opened.insert(line) }
    } else if self[NetworkState.self].opened.remove(line) == nil,
      let parent = outline.lines[line].parent
    {
      self[NetworkState.self].opened.remove(parent)
      overlay?.mark?.row = parent
    }
  }

  /// Opens all that a value's row is under.
  /// - Returns: its line; the first where it has none
  fileprivate mutating func showInNetwork(_ value: String) -> Int {
    let outline = networkOutline
    guard let row = experiment.nodes.firstIndex(where: { $0.value == value }),
      let line = outline.line(ofRow: row)
    else { return 0 }
    self[NetworkState.self].opened.formUnion(outline.parents(of: line))
    return line
  }

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
