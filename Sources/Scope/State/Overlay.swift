extension State {
  /// Panels that cover others.
  public enum Overlay: Hashable, Sendable {
    /// The keys.
    case help
    /// The list of layers, with its marked row.
    case layers(selected: Int)
    /// The same field by the rules of other libraries.
    case rules
    /// The command line, with what is typed so far.
    case prompt(Prompt)
    /// The question whether a file may be written over.
    case overwriting(Saving, path: String)
    /// The power spectrum of the site.
    case spectrum
    /// The arithmetic of the cell under the cursor, with so many lines scrolled out of view.
    case inspector(scroll: Int)
    /// All channels, one of them marked.
    case grid(selected: Int)
    /// What colours and glyphs mean.
    case palette
    /// The graph as a list, one node marked.
    case network(selected: Int)
    /// What dropout changes from its site to the output, one layer marked.
    case ripple(selected: Int)
    /// The sites that were visited, one marked.
    case ladder(selected: Int)
    /// Masks that are added up.
    case ensemble
    /// Dropout before a pool beside dropout after it.
    case poolOrder
  }
}

extension State.Overlay {
  /// One of each.
  static let modes: [State.Overlay] = [
    .help, .layers(selected: 0), .rules, .spectrum, .inspector(scroll: 0), .grid(selected: 0),
    .palette, .network(selected: 0), .ripple(selected: 0), .ladder(selected: 0), .ensemble,
    .poolOrder, .overwriting(.graph, path: "lenet.onnx"),
  ]

  /// Whether it takes the place of all maps, between the header and the line of the rate.
  var isPage: Bool { name != nil }

  /// Whether it shows every layer with dropout.
  var wantsAll: Bool { if case .ripple = self { true } else { false } }

  /// The name of a page.
  public var name: String? {
    switch self {
    case .network: "network"
    case .ripple: "ripple"
    case .ladder: "ladder"
    case .ensemble: "ensemble"
    case .poolOrder: "before or after the pool"
    default: nil
    }
  }

  /// Whether its rows stand for nodes of the graph.
  var hasNodes: Bool {
    switch self {
    case .network, .ripple, .ladder: true
    default: false
    }
  }
}
