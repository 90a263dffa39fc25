import Masks
import NeuralNet
import TensorCore

extension State {
  /// Milliseconds between fields while resampling.
  static let tickMilliseconds = 120

  /// Does what the actions say, then observes what they lead to, once.
  public mutating func perform(_ actions: some Sequence<Action>) -> [Effect] {
    let effects = actions.flatMap { update($0) }
    settle()
    return effects
  }

  /// Does what an action says, leaving `observation` to `settle`. Pure: the same state and action
  /// give the same state and effects.
  mutating func update(_ action: Action) -> [Effect] {
    message = nil
    switch action {
    case .changeRate(let step): return setRate(hundredths: rateHundredths + Double(step))
    case .setRate(let hundredths): return setRate(hundredths: Double(hundredths))
    case .toggleSpatial: return change { $0.kind = $0.kind == "spatial" ? "element" : "spatial" }
    case .nextKind: return nextKind()
    case .resample: return change { $0.seed &+= 1 }
    case .toggleResampling: return toggleResampling()
    case .tick: return isResampling ? change { $0.seed &+= 1 } : []
    case .nextScaling: return change { $0.scaling = $0.scaling.next }
    case .toggleMode: return change { $0.mode = $0.mode == .train ? .eval : .train }
    case .moveCursor(let rows, let columns):
      cursor.row += rows
      cursor.column += columns
      clampCursor()
    case .placeCursor(let row, let column):
      cursor = Cursor(row: row, column: column)
      clampCursor()
    case .changeChannel(let step):
      channel = (channel + step % channels + channels) % channels
      clampCursor()
    case .changeLayer(let step): return changeLayer(by: step)
    case .openLayers: overlay = .layers(selected: layerIndex)
    case .moveSelection(let step):
      if case .layers(let selected) = overlay {
        overlay = .layers(selected: min(max(0, selected + step), experiment.layers.count - 1))
      }
    case .chooseSelection:
      guard case .layers(let selected) = overlay else { return [] }
      overlay = nil
      return changeLayer(by: selected - layerIndex)
    case .openInspector: overlay = .inspector(scroll: 0)
    case .scroll(let step):
      if case .inspector(let scroll) = overlay {
        overlay = .inspector(scroll: min(max(0, scroll + step), InspectorPanel.lastScroll(self)))
      }
    case .toggleHelp: overlay = overlay == .help ? nil : .help
    case .closeTop: overlay = nil
    case .resize(let width, let height): size = Size(width: width, height: height)
    case .unknownKey(let key): message = "\(key) does nothing here; ? shows the keys"
    case .quit: return [.quit]
    }
    return []
  }

  /// The rate in hundredths, where keys step.
  private var rateHundredths: Double { setting.rate.p * 100 }

  private mutating func setRate(hundredths: Double) -> [Effect] {
    let rounded = (hundredths * 1e6).rounded() / 1e6
    if setting.kind == "manual" { message = "the mask is your own; the rate only sets the scale" }
    return change { $0.rate = Rate(clamping: rounded / 100) }
  }

  private mutating func nextKind() -> [Effect] {
    let names = KindRegistry.names.filter { $0 != "manual" || setting.kinds.painted != nil }
    let index = names.firstIndex(of: setting.kind) ?? 0
    return change { $0.kind = names[(index + 1) % names.count] }
  }

  private mutating func toggleResampling() -> [Effect] {
    isResampling.toggle()
    return isResampling ? [.startTicking(milliseconds: State.tickMilliseconds)] : [.stopTicking]
  }

  private var layerIndex: Int {
    experiment.layers.firstIndex { $0.value == setting.layer } ?? 0
  }

  private mutating func changeLayer(by step: Int) -> [Effect] {
    let target = layerIndex + step
    guard experiment.layers.indices.contains(target) else {
      message = step > 0 ? "this is the last layer" : "this is the first layer"
      return []
    }
    guard step != 0 else { return [] }
    let before = layer.layout
    setting.layer = experiment.layers[target].value
    isStale = true
    let after = layer.layout
    channel = min(channel, channels - 1)
    // A layer of the same size keeps the cursor on its cell; any other has no such cell.
    if (before.h, before.w) == (after.h, after.w) { clampCursor() } else { centreCursor() }
    return []
  }

  private mutating func change(_ edit: (inout Setting) -> Void) -> [Effect] {
    edit(&setting)
    isStale = true
    return []
  }
}

extension Scaling {
  /// The order in which a key goes through them.
  var next: Scaling {
    switch self {
    case .inverted: .none
    case .none: .weight
    case .weight: .inverted
    }
  }
}
