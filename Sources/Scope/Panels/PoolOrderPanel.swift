public import TerminalUI
public struct PoolOrderPanel: Panel {
  public init() {}
  public func draw(_ state: State, in rect: Rect, of buffer: inout Buffer) {}
}
