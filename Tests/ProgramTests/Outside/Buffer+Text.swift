import TerminalUI

extension Buffer {
  /// What it says, without colours.
  var text: String { TextExport.text(self) }
}
