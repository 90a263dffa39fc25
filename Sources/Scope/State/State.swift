import Masks
public import NeuralNet
public import Studies
import TensorCore
import TerminalUI

/// All that the screen shows, as a value.
public struct State: Sendable {
  /// The network, its input and its clean run.
  public internal(set) var experiment: Experiment
  /// What the person chose.
  public internal(set) var setting: Setting
  /// What that leads to; behind `setting` between an update and `settle`.
  public internal(set) var observation: Observation
  /// The setting that was observed.
  var observed: Setting
  /// What the user called axes when it was.
  var observedAxes: [String: [Axis]]
  /// The setting it is compared with; nil while nothing is compared.
  public internal(set) var comparison: Comparison?
  /// What undo goes back to.
  var history = History()
  /// Whether `setting` has yet to be observed.
  var isStale = false
  /// Settings that can be observed, of a script that nobody sees.
  var sound: [Setting] = []
  /// The channel shown, of the shown layer.
  public internal(set) var channel = 0
  /// The cell cursor, in rows and columns of the shown plane.
  public internal(set) var cursor = Cursor(row: 0, column: 0)
  /// What lies on top of the maps.
  public internal(set) var overlay: Overlay?
  /// What it lies on, the lowest first.
  var below: [Overlay] = []
  /// What the third map shows.
  public internal(set) var pane = Pane.dropped
  /// The panel that can be enlarged.
  public internal(set) var focus = Focus.clean
  /// Whether it takes the room of all maps.
  public internal(set) var isEnlarged = false
  /// One line that answers the last key, shown in place of the hints until the next one.
  public var message: String?
  /// Whether new fields are drawn by themselves.
  public internal(set) var isResampling = false
  /// What pages keep of their own.
  var pages = PageStates()
  /// Reads what trainings of the network shown need; nil where nothing is known to learn from.
  public var openRace: RaceOpener?
  /// How many masks votes and rows of the table are counted over.
  public internal(set) var masks = 200
  /// The work that is done elsewhere, by its number.
  var runningWork: Int?
  /// The number of the last work that was begun.
  var lastWork = 0
  /// Whether the mouse reports to the program; the terminal's own selection is off meanwhile.
  public var isMouseOn = false
  /// The lines done at the command line.
  var promptHistory = PromptHistory()
  /// Whether the last line names keys where there is nothing else to say; without a keyboard nobody
  /// could press them.
  public var showsHints = true
  /// The size of the screen in cells.
  public internal(set) var size: ScreenSize
  /// How far the painted mask is kept in a file.
  var paintedMask = PaintedMaskFile.saved
  /// Colours and glyphs.
  public var theme: Theme
  /// The keys a person chose.
  public var keymap = Keymap()

  /// A cell of a plane.
  public struct Cursor: Hashable, Sendable {
    /// Rows from the top.
    public var row: Int
    /// Columns from the left.
    public var column: Int
    /// A cell of a plane.
    public init(row: Int, column: Int) { (self.row, self.column) = (row, column) }
  }

  /// What the third map can show.
  public enum Pane: CaseIterable, Hashable, Sendable {
    /// The layer after dropout.
    case dropped
    /// The site with dropped cells filled by their neighbours.
    case filled
    /// What that filling misses.
    case residual
    /// How likely each cell is to be dropped.
    case probability
  }

  /// The first state of a view.
  /// - Throws: `GraphError` where the setting cannot be observed.
  public init(
    _ experiment: Experiment, setting: Setting, channel: Int = 0, size: ScreenSize,
    theme: Theme = Theme()
  ) throws(GraphError) {
    self.experiment = experiment
    self.setting = setting
    self.size = size
    self.theme = theme
    observation = try experiment.observe(setting)
    observed = setting
    observedAxes = experiment.axisNames
    message = State.greeting(experiment)
    guard (0..<max(1, channels)).contains(channel) else {
      throw GraphError(
        "channel: expected 0 to \(channels - 1) in \(setting.layer), found \(channel)")
    }
    self.channel = channel
    centreCursor()
  }

  /// The shown layer.
  public var layer: Experiment.Layer {
    experiment.layers.first { $0.value == setting.layer } ?? experiment.layers[0]
  }

  /// The layer dropout acts on.
  public var site: Experiment.Layer {
    let site = experiment.site(of: setting)
    return experiment.layers.first { $0.value == site } ?? layer
  }

  /// How many channels can be gone through: 1 for a dense layer, whose features are all shown.
  public var channels: Int { Plane.isVector(layer.layout) ? 1 : layer.layout.c }

  /// The picture of the shown layer.
  public var plane: Plane { Plane(layer.layout, channel: channel) }

  /// The picture of the site: its channel of the same number, or its last.
  public var sitePlane: Plane {
    let layout = observation.siteLayout
    return Plane(layout, channel: min(channel, layout.c - 1))
  }

  /// Observes the setting if an update changed it. Keys held down change it many times between two
  /// frames; only the last is computed. A setting that cannot be observed is taken back, and the
  /// message says why.
  public mutating func settle() { settle(isSeen: true) }

  /// The same; where nobody sees the state before the next moment of a script changes its setting again,
  /// a setting that was observed before, under whatever seed, waits.
  mutating func settle(isSeen: Bool) {
    guard isStale else { return }
    if !isSeen, canWait { return }
    isStale = false
    do {
      let seen = try experiment.observe(setting, wantsAll: page?.wantsAll == true)
      let isRenamed = experiment.axisNames != observedAxes
      if isRenamed || !setting.drops(like: observed)
        || experiment.site(of: setting) != experiment.site(of: observed)
      {
        renewWorks()
      }
      if var other = comparison, isRenamed || other.other != other.observed {
        other.observation = try experiment.observe(other.other)
        other.observed = other.other
        comparison = other
      }
      (observation, observed, observedAxes) = (seen, setting, experiment.axisNames)
      if !isSeen { remember(setting) }
      compare()
    } catch {
      setting = observed
      if let observed = comparison?.observed { comparison?.other = observed }
      if experiment.axisNames != observedAxes { experiment = experiment.naming(observedAxes) }
      clampCursor()
      message = error.description
    }
  }

  /// What is worth saying before the first key.
  private static func greeting(_ experiment: Experiment) -> String? {
    if let problem = experiment.problem { return "shown as far as it goes: \(problem)" }
    let notes = [experiment.subject.note.map { "input \($0)" }, experiment.classNamesNote]
    return notes.contains { $0 != nil } ? notes.compactMap(\.self).joined(separator: "; ") : nil
  }

  /// Puts the cursor on the strongest cell of the plane: where there is something to read.
  mutating func centreCursor() {
    let plane = plane
    guard let clean = experiment.clean.tensor(setting.layer) else { return }
    let offsets = plane.offsets
    let index = offsets.indices.max { abs(clean[offsets[$0]]) < abs(clean[offsets[$1]]) } ?? 0
    cursor = Cursor(row: index / max(1, plane.columns), column: index % max(1, plane.columns))
  }

  /// Keeps the cursor inside the plane.
  mutating func clampCursor() {
    channel = min(channel, channels - 1)
    let plane = plane
    cursor.row = min(max(0, cursor.row), plane.rows - 1)
    cursor.column = min(max(0, cursor.column), plane.columns - 1)
    while cursor.column > 0, plane.offset(y: cursor.row, x: cursor.column) == nil {
      cursor.column -= 1
    }
  }
}
