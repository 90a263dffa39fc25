public import TerminalUI

/// A part of the screen: draws a state into a rectangle of a buffer, and nothing outside of it.
public protocol Panel: Sendable {
  /// Draws `state`; the rectangle may be of any size, 0×0 included.
  func draw(_ state: State, in rect: Rect, of buffer: inout Buffer)
}
