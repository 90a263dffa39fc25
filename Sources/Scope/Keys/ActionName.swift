extension Action {
  /// What the action is called in a file of keys: lower case, words joined by hyphens. Nil for what
  /// no single key stands for.
  public var name: String? {
    switch self {
    case .changeRate(hundredths: 5): "rate-up"
    case .changeRate(hundredths: -5): "rate-down"
    case .changeRate(hundredths: 1): "rate-up-fine"
    case .changeRate(hundredths: -1): "rate-down-fine"
    case .setRate(let hundredths): "rate-\(hundredths / 10)"
    case .toggleSpatial: "spatial"
    case .nextKind: "kind"
    case .resample: "resample"
    case .toggleResampling: "play"
    case .nextScaling: "scale"
    case .toggleMode: "mode"
    case .moveCursor(rows: -1, columns: 0): "up"
    case .moveCursor(rows: 1, columns: 0): "down"
    case .moveCursor(rows: 0, columns: -1): "left"
    case .moveCursor(rows: 0, columns: 1): "right"
    case .changeChannel(by: 1): "channel-next"
    case .changeChannel(by: -1): "channel-previous"
    case .changeLayer(by: 1): "layer-next"
    case .changeLayer(by: -1): "layer-previous"
    case .openLayers: "layers"
    case .toggleRules: "rules"
    case .openPrompt("block "): "block-size"
    case .openPrompt(""): "command"
    case .paint: "paint"
    case .moveSelection(by: -1): "list-up"
    case .moveSelection(by: 1): "list-down"
    case .moveSelection(by: -10): "list-page-up"
    case .moveSelection(by: 10): "list-page-down"
    case .chooseSelection: "list-choose"
    case .toggleHelp: "help"
    case .closeTop: "close"
    case .quit: "quit"
    default: nil
    }
  }
}
