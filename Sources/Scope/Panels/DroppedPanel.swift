import Masks
import Studies
import TensorCore
public import TerminalUI

/// The shown layer after dropout. Its range is the clean one × the scale, so that a kept cell keeps
/// its colour; dropped cells are marked as in the mask.
public struct DroppedPanel: Panel {
  /// The panel.
  public init() {}

  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {
    let (title, map) = rect.splitTop(1)
    let observation = state.observation
    let (scale, picture) = state.resultMap(observation)
    let factor = Double(observation.transfer.scale)
    let number = NumberText.fixed(factor, factor == factor.rounded() ? 0 : 2)
    let times = factor.isFinite ? "\(state.theme.glyphs.times)\(number) " : ""
    let word = observation.rule ?? "after dropout"
    let x = TextLine(state.title(word, of: .result) + [.init(times, .text)])
      .draw(in: title, of: &buffer, glyphs: state.theme.glyphs)
    scale.drawLegend(from: x, in: title, of: &buffer, theme: state.theme, width: 14)
    picture.draw(
      in: map, of: &buffer, scale: ScreenLayout.scale(state, in: map), theme: state.theme)
  }
}

extension State {
  /// The shown layer after dropout as an observation has it, and the range of its colours.
  func resultMap(_ observation: Observation) -> (scale: ValueScale, picture: MapPicture) {
    let clean = ValueScale(observation.clean, over: plane)
    let scale =
      observation.actsHere && observation.mask.noise == nil
      ? clean.through(observation.transfer)
      : ValueScale(observation.dropped, over: plane)
    let picture = MapPicture(plane, cursor: cursor) { offset in
      if observation.actsHere, let ink = observation.fate(at: offset).inkAfterDropout(theme) {
        return ink
      }
      return scale.ink(observation.dropped[offset], theme)
    }
    return (scale, picture)
  }
}
