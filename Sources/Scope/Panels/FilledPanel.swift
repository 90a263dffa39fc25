import Insight
import Studies
import TensorCore
public import TerminalUI

/// The site with dropped cells filled by the mean of their kept neighbours, in the clean map's
/// colours: what a layer below can still guess.
public struct FilledPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let filled = state.observation.meters.recoverability.filled
    let scale = ValueScale(state.observation.cleanSite, over: state.sitePlane)
    state.drawSite("filled", scale, in: rect, of: &buffer) { scale.ink(filled[$0], state.theme) }
  }
}

/// What filling misses: the size of clean − filled on dropped cells, on a scale that ends where the
/// clean map's does. Dark where neighbours tell everything.
public struct ResidualPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let residual = state.observation.meters.recoverability.residual
    let clean = ValueScale(state.observation.cleanSite, over: state.sitePlane)
    let scale = ValueScale(low: 0, high: max(abs(clean.low), abs(clean.high)))
    state.drawSite("|residual|", scale, in: rect, of: &buffer) {
      scale.ink(abs(residual[$0]), state.theme)
    }
  }
}

extension State {
  /// A map of the site with a title and the legend of its values.
  fileprivate func drawSite(
    _ name: String, _ scale: ValueScale, in rect: Rect, of buffer: inout Buffer,
    ink: (Int) -> MapPicture.Ink
  ) {
    let (top, map) = rect.splitTop(1)
    let place = observation.actsHere ? "" : "at \(site.name) "
    let x = TextLine(title(name, of: .result) + [.init(place, .dim)])
      .draw(in: top, of: &buffer, glyphs: theme.glyphs)
    scale.drawLegend(from: x, in: top, of: &buffer, theme: theme)
    let samePlane = sitePlane.rows == plane.rows && sitePlane.columns == plane.columns
    MapPicture(sitePlane, cursor: samePlane ? cursor : nil, ink: ink).draw(
      in: map, of: &buffer, scale: ScreenLayout.scale(self, of: sitePlane, in: map), theme: theme)
  }
}

extension State.Pane {
  /// What draws it.
  var panel: any Panel {
    switch self {
    case .dropped: DroppedPanel()
    case .filled: FilledPanel()
    case .residual: ResidualPanel()
    case .probability: ProbabilityPanel()
    }
  }
}
