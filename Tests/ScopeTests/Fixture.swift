import Masks
import NeuralNet
import Scope
import Studies
import TerminalUI
import TestNetworks

/// A small network of the spreadsheet's shape on a drawn figure: what the screen tests look at.
enum Fixture {
  static func experiment() throws -> Experiment {
    try Experiment(
      Subject(
        network: Network(try SmallNetwork.edges()), input: SmallNetwork.seven(), inputName: "seven",
        modelName: "edges"))
  }

  static func state(
    width: Int = 80, height: Int = 24, theme: Theme = Theme(), kind: String = "element"
  ) throws -> State {
    let experiment = try experiment()
    let setting = Setting(layer: experiment.firstLayer.value, kind: kind)
    return try State(
      experiment, setting: setting, size: ScreenSize(width: width, height: height), theme: theme)
  }

  /// What can lie on top of the maps, each with what opens it.
  static let overlays: [(name: String, action: Action)] = [
    ("help", .toggleHelp), ("layers", .openLayers), ("rules", .toggleRules),
    ("spectrum", .toggleSpectrum), ("inspector", .openInspector), ("prompt", .openPrompt("kind b")),
    ("grid", .toggleGrid), ("palette", .togglePalette),
    ("network", .togglePage(.network)), ("ripple", .togglePage(.effect)),
    ("ladder", .togglePage(.placement)),
    ("ensemble", .togglePage(.samples)), ("pool-order", .togglePage(.pooling)),
    ("train", .togglePage(.train)), ("race", .togglePage(.race)), ("sweep", .togglePage(.sweep)),
    ("sequence", .togglePage(.sequence)),
    ("learn", .togglePage(.learn)),
  ]
}
