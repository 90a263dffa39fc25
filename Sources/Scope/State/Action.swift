/// Everything a person can do, as a value: keys, the mouse and scripts all speak in these.
public enum Action: Hashable, Sendable {
  /// Moves the rate by so many hundredths.
  case changeRate(hundredths: Int)
  /// Sets the rate to so many hundredths.
  case setRate(hundredths: Int)
  /// Element-wise ↔ spatial.
  case toggleSpatial
  /// The next kind of the registry.
  case nextKind
  /// Draws a new field.
  case resample
  /// Starts or stops drawing new fields by itself.
  case toggleResampling
  /// Time for another field, while resampling.
  case tick
  /// Inverted → none → weight.
  case nextScaling
  /// Training ↔ evaluation.
  case toggleMode
  /// Moves the cell cursor.
  case moveCursor(rows: Int, columns: Int)
  /// Puts the cell cursor on a cell.
  case placeCursor(row: Int, column: Int)
  /// Goes so many channels on; wraps around.
  case changeChannel(by: Int)
  /// Goes so many layers on; stops at the ends.
  case changeLayer(by: Int)
  /// Opens the list of layers.
  case openLayers
  /// Moves the mark of the open list.
  case moveSelection(by: Int)
  /// Takes what is marked in the open list.
  case chooseSelection
  /// Opens the arithmetic of the cell under the cursor.
  case openInspector
  /// Scrolls the open panel by so many lines.
  case scroll(by: Int)
  /// Opens or closes the help.
  case toggleHelp
  /// Closes what lies on top; does nothing where nothing does.
  case closeTop
  /// The screen has another size.
  case resize(width: Int, height: Int)
  /// A key that is bound to nothing.
  case unknownKey(String)
  /// Ends the program.
  case quit
}

/// What the program must do for the state, beyond showing it.
public enum Effect: Hashable, Sendable {
  /// Send `Action.tick` every so many milliseconds.
  case startTicking(milliseconds: Int)
  /// Send no more.
  case stopTicking
  /// End the program.
  case quit
}
