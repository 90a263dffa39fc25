import NeuralNet
import Scope
import Studies
import TerminalUI

/// A view whose files are read and whose options are checked: what every command goes on from.
struct OpenedView {
  let experiment: Experiment
  let setting: Setting
  let channel: Int
  /// What the sweep page shows; nil for nothing.
  let sweep: SweepView?
  /// The log that the train page follows; nil for none.
  let followedLog: FollowedLog?
  /// Reads what trainings of the network need.
  let openRace: RaceOpener
  /// What the user should know of how the options were taken.
  var warnings: [String] = []

  /// Prints the warnings on standard error.
  func warn() {
    for warning in warnings { Terminal.writeError("dropscope: warning: \(warning)\n") }
  }

  /// The view on a screen of a size.
  func state(size: ScreenSize, theme: Theme = Theme()) throws -> State {
    do {
      var state = try State(
        experiment, setting: setting, channel: channel, size: size, theme: theme)
      state.readLessons = { Lesson.all }
      (state.openRace, state.followedLog, state.sweep) = (openRace, followedLog, sweep)
      return state
    } catch {
      throw Failure(asked: error)
    }
  }

  /// The view where there is no keyboard; on a page, with all that it shows worked out.
  func headless(
    of page: Page? = nil, size: ScreenSize, theme: Theme = Theme()
  ) throws -> State {
    var state = try state(size: size, theme: theme)
    state.showsHints = false
    if let page { state.showWhole(page) }
    return state
  }

  /// What the view's setting leads to.
  func observe() throws -> Observation {
    do {
      return try experiment.observe(setting)
    } catch {
      throw Failure(asked: error)
    }
  }

  /// The view as plain text: high enough for whole maps, since text does not scroll.
  func textFrame(of page: Page? = nil, theme: Theme = .text) throws -> Buffer {
    let layer = experiment.layers.first { $0.value == setting.layer } ?? experiment.layers[0]
    let plane = Plane(layer.layout, channel: channel)
    let rows = max(24, min(plane.rows, 100) + 12)
    let columns = max(80, min(plane.columns, 100) * 3 + 2)
    return try headless(
      of: page, size: ScreenSize(width: columns, height: rows), theme: theme
    ).frame()
  }
}
