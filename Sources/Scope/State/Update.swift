import Masks
import NeuralNet
import Studies
import TensorCore

extension State {
  /// Milliseconds between fields while resampling.
  public static let tickMilliseconds = 33

  /// Does what the actions say, then observes what they lead to, once.
  public mutating func perform(_ actions: some Sequence<Action>) -> [Effect] {
    perform(actions, isSeen: true)
  }

  /// Does what the actions say; where nobody will see the state, it may be observed later.
  mutating func perform(_ actions: some Sequence<Action>, isSeen: Bool) -> [Effect] {
    let before = moment
    let actions = Array(actions)
    let place = session.map { ($0.lesson.name, $0.step) }
    if !actions.allSatisfy({ $0.isAutomatic || $0.goesThroughLesson }) {
      let untouched = self
      session?.touch(untouched)
    }
    var effects = carryOut(actions)
    settle(isSeen: isSeen)
    effects += carryOutHeld()
    effects += workEffects()
    if isSeen { renewTrainedMaps() }
    // Fields that come by themselves are no changes of a person's, and undoing is none to undo.
    let isOwn =
      actions.contains { !$0.isAutomatic } && !actions.contains { $0 == .undo || $0 == .redo }
    // Nor is what a lesson does.
    let isSamePlace = place?.0 == session?.lesson.name && place?.1 == session?.step
    if isOwn, isSamePlace, !moment.chooses(same: before) { history.record(before) }
    return effects
  }

  /// Does what an action says, leaving `observation` to `settle`. Pure: the same state and action
  /// give the same state and effects.
  mutating func update(_ action: Action) -> [Effect] {
    // News of a work says nothing and asks for nothing.
    if !action.isAutomatic { message = nil }
    takeMarkedInHand(for: action)
    switch action {
    case .changeRate(let step): return setRate(hundredths: rateHundredths + Double(step))
    case .setRate(let hundredths): return setRate(hundredths: Double(hundredths))
    case .toggleSpatial: return change { $0.kind = $0.kind == "spatial" ? "element" : "spatial" }
    case .nextKind: return nextKind()
    case .nextBlockRule: return nextBlockRule()
    case .resample: return change { $0.seed &+= 1 }
    case .toggleResampling: return toggleResampling()
    case .tick: return isResampling ? change { $0.seed &+= 1 } : []
    case .nextScaling: return change { $0.scaling = $0.scaling.next }
    case .toggleMode: return change { $0.mode = $0.mode == .train ? .eval : .train }
    case .moveCursor(let rows, let columns):
      if case .grid(let selected) = overlay {
        return moveInGrid(from: selected, rows: rows, columns: columns)
      }
      cursor.row += rows
      cursor.column += columns
      clampCursor()
    case .placeCursor(let row, let column):
      cursor = Cursor(row: row, column: column)
      clampCursor()
    case .changeChannel(let step):
      if channels > 1 { channel = layer.layout.map(channel, channels: step) }
      clampCursor()
    case .changeSlice(let step):
      guard channels > 1, layer.layout.slices > 1 else {
        message = "\(layer.name) has no slices; n goes through its channels"
        return []
      }
      channel = layer.layout.map(channel, slices: step)
      clampCursor()
    case .nameAxes(let text): nameAxes(text)
    case .nextAxes: nextAxes()
    case .changeLayer(let step): return changeLayer(by: step)
    case .openLayers: cover(with: .layers(selected: ListMark(layerIndex)))
    case .moveSelection(let step): moveMark(by: step)
    case .selectRow(let row): return selectRow(row)
    case .chooseSelection:
      if case .grid(let selected) = overlay { return chooseFromGrid(selected) }
      if overlay?.isPage == true { return chooseMarked() }
      guard case .layers = overlay, let marked = markedRow else { return [] }
      uncover()
      return changeLayer(by: marked - layerIndex)
    case .showSelection: return showMarked()
    case .openFilter: openFilter()
    case .toggleRules: toggle(.rules)
    case .openPrompt(let text): cover(with: .prompt(Prompt(text)))
    case .type(let text): type(text)
    case .erase: erase()
    case .edit(let change): edit(change)
    case .submit: return submit()
    case .paint: return paint(cursor, keeps: !isKept(cursor))
    case .paintCell(let row, let column, let keeps):
      cursor = Cursor(row: row, column: column)
      clampCursor()
      return paint(cursor, keeps: keeps)
    case .undo: undo()
    case .redo: redo()
    case .copyCommand:
      message = commandLine
      return [.copy(commandLine)]
    case .showCommand: return showCode(.command)
    case .nextCode: return nextCode()
    case .saved(let what): saved(what)
    case .repaint: return [.repaint]
    case .inform(let text): message = text
    case .openInspector: cover(with: .inspector(scroll: 0))
    case .scroll(let step): scroll(by: step)
    case .toggleHelp:
      if case .help = overlay { uncover() } else { cover(with: .help(scroll: 0)) }
    case .toggleSpectrum: toggle(.spectrum)
    case .nextPane:
      guard comparison == nil else {
        message = "the third map is the difference while two settings are compared"
        return []
      }
      pane = pane.next
    case .toggleComparison: toggleComparison()
    case .toggleGrid: toggleGrid()
    case .toggleEnlarged: toggleEnlarged()
    case .changeFocus(let step): changeFocus(by: step)
    case .togglePalette: toggle(.palette)
    case .nextRamp: nextRamp()
    case .togglePage(let name): Page.named(name.text).map { toggle($0) }
    case .openPage(let name): open(name.flatMap { Page.named($0.text) })
    case .changePage(let step): openPage(by: step)
    case .openFinder: cover(with: .finder(Finder()))
    case .toggleModelDropout: return toggleModelDropout()
    case .addDropout: return markedValue.map { addDropout(at: $0) } ?? []
    case .removeDropout: return markedValue.map { removeDropout(at: $0) } ?? []
    case .walkDropout(let step): return walkDropout(by: step)
    case .reachWork(let count):
      reachWork(count)
      takeSweep()
    case .askToOverwrite(let what, let path): cover(with: .overwriting(what, path: path))
    case .answer(let isYes): return answer(isYes)
    case .lesson(let action): return update(action)
    case .ofPage(let action, let number): action.run(&self, number)
    case .closeTop: return closeTop()
    case .toggleMouse: return setMouse(!isMouseOn)
    case .resize(let width, let height): size = ScreenSize(width: width, height: height)
    case .unknownKey(let key): message = "\(key) does nothing here; ? shows the keys"
    case .quit: return quit()
    case .terminate: return [.quit]
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

  /// The next kind that can act on the shown layer; a mask of one's own begins as the mask seen.
  private mutating func nextKind() -> [Effect] {
    let names = KindRegistry.names
    let index = names.firstIndex(of: setting.kind) ?? 0
    for step in 1...names.count {
      var next = setting
      next.kind = names[(index + step) % names.count]
      guard (try? experiment.observe(next)) != nil else { continue }
      return next.kind == "manual" ? startPainting() : change { $0.kind = next.kind }
    }
    return []
  }

  /// Another rule for blocks; `exact` solves for the γ that realises the rate.
  private mutating func nextBlockRule() -> [Effect] {
    let rules = BlockRule.allCases
    let index = rules.firstIndex(of: setting.kinds.blockRule) ?? 0
    let next = setting.kind == "block" ? rules[(index + 1) % rules.count] : .exact
    message = "blocks by rule \(next.rawValue)"
    return change { ($0.kind, $0.kinds.blockRule) = ("block", next) }
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
    if step != 0 { show(experiment.layers[target]) }
    return []
  }

  /// Shows another layer.
  mutating func show(_ next: Experiment.Layer) {
    let before = layer.layout
    setting.layer = next.value
    comparison?.other.layer = next.value
    isStale = true
    let after = layer.layout
    channel = min(channel, channels - 1)
    // A layer of the same size keeps the cursor on its cell; any other has no such cell.
    if (before.h, before.w) == (after.h, after.w) { clampCursor() } else { centreCursor() }
  }

  /// Scrolls what is longer than the screen so many lines on.
  mutating func scroll(by step: Int) {
    switch overlay {
    case .inspector(let scroll):
      overlay = .inspector(scroll: min(max(0, scroll + step), InspectorPanel.lastScroll(self)))
    case .help(let mark):
      let line = min(max(0, mark.row + step), HelpPanel.lastScroll(self))
      overlay?.mark?.row = line
    default: break
    }
  }

  /// Changes the setting; `settle` observes it, or takes it back.
  mutating func change(_ edit: (inout Setting) -> Void) -> [Effect] {
    edit(&setting)
    isStale = true
    return []
  }
}

extension State.Pane {
  /// The order in which a key goes through them.
  var next: State.Pane {
    switch self {
    case .dropped: .filled
    case .filled: .residual
    case .residual: .probability
    case .probability: .dropped
    }
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
