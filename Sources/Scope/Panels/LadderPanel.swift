public import TerminalUI
public struct LadderPanel: Panel {
  let selected: Int
  public init(selected: Int) { self.selected = selected }
  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {}
}
