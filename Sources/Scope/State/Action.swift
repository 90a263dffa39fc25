import Studies

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
  /// Blocks by the next rule: exact → paper → timm.
  case nextBlockRule
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
  /// Goes so many slices of the channel on, along its depth; wraps around.
  case changeSlice(by: Int)
  /// Names axes, of the layer shown or of a node: `N,T,F`, `NODE=N,T,F`, `own` for the network's names.
  case nameAxes(String)
  /// Names the axes of the layer shown by its next reading, where the network does not know them.
  case nextAxes
  /// Goes so many layers on; stops at the ends.
  case changeLayer(by: Int)
  /// Opens the list of layers.
  case openLayers
  /// Moves the mark of the open list.
  case moveSelection(by: Int)
  /// Marks a row of the open list, and takes it where it is marked already.
  case selectRow(Int)
  /// Takes what is marked in the open list; a layer's dropout, where it has no place of its own, goes
  /// along with it.
  case chooseSelection
  /// Shows the layer that is marked in the open list and leaves dropout where it is.
  case showSelection
  /// Narrows the open list down by what is typed from now on.
  case openFilter
  /// Opens or closes what other libraries make of the same field.
  case toggleRules
  /// Opens the command line with some text in it.
  case openPrompt(String)
  /// Adds text to the command line.
  case type(String)
  /// Takes the character before the command line's cursor away.
  case erase
  /// Moves in the command line, completes it or takes another from its history.
  case edit(PromptEdit)
  /// Does what the command line says.
  case submit
  /// Drops the cell under the cursor, or keeps it again, in a mask of one's own.
  case paint
  /// Paints over a cell: drops it, or keeps it again.
  case paintCell(row: Int, column: Int, keeps: Bool)
  /// Takes the last change back.
  case undo
  /// Does again what was taken back.
  case redo
  /// Copies the command that opens this very view, and says it in the line of keys.
  case copyCommand
  /// Shows it whole and copies it.
  case showCommand
  /// Shows and copies the setting as code: PyTorch, then Keras, ONNX, the command.
  case nextCode
  /// Says something in the line of keys.
  case inform(String)
  /// Opens the arithmetic of the cell under the cursor.
  case openInspector
  /// Scrolls the open panel by so many lines.
  case scroll(by: Int)
  /// Opens or closes the help.
  case toggleHelp
  /// Opens or closes the power spectrum.
  case toggleSpectrum
  /// Dropped → filled → residual in the third map.
  case nextPane
  /// Compares the setting with another one, or keeps the side in focus.
  case toggleComparison
  /// Opens or closes the grid of all channels.
  case toggleGrid
  /// Gives the panel in focus the room of all maps, or takes it back.
  case toggleEnlarged
  /// Goes so many panels on; while comparing, to the other side.
  case changeFocus(by: Int)
  /// Opens or closes what colours and glyphs mean.
  case togglePalette
  /// Viridis → magma → grey → sheet.
  case nextRamp
  /// Opens a page on what is seen, or closes it.
  case togglePage(PageName)
  /// Opens a page in place of what is seen; the maps where it is nil.
  case openPage(PageName?)
  /// Goes so many tabs on; wraps around.
  case changePage(by: Int)
  /// Opens everything there is to do.
  case openFinder
  /// Lets the model's own dropouts act, or rest.
  case toggleModelDropout
  /// Puts dropout on the marked edge.
  case addDropout
  /// Takes it away.
  case removeDropout
  /// Walks the selected dropout so many sensible sites on; wraps around.
  case walkDropout(by: Int)
  /// Something was written.
  case saved(Saving)
  /// Sends the whole screen anew.
  case repaint
  /// The due work has come to so many masks.
  case reachWork(Int)
  /// Takes the mouse from the terminal, or gives it back.
  case toggleMouse
  /// Asks whether a file that is there already may be written over.
  case askToOverwrite(Saving, path: String)
  /// Answers what is asked.
  case answer(Bool)
  /// Says something to who looks, or goes through a lesson.
  case lesson(LessonAction)
  /// Does what a page alone does, with a number where it takes one.
  case ofPage(PageAction, by: Int = 0)
  /// Closes what lies on top; does nothing where nothing does.
  case closeTop
  /// The screen has another size.
  case resize(width: Int, height: Int)
  /// A key that is bound to nothing.
  case unknownKey(String)
  /// Ends the program at once.
  case terminate
  /// Ends the program; asks first where a painted mask would be lost.
  case quit
}

/// What the program must do for the state, beyond showing it.
public enum Effect: Hashable, Sendable {
  /// Send `Action.tick` every so many milliseconds.
  case startTicking(milliseconds: Int)
  /// Send no more.
  case stopTicking
  /// Put text on the clipboard.
  case copy(String)
  /// Write something to a file, then say so or why not; where the file is there already and `overwrites`
  /// is false, ask first.
  case save(Saving, path: String, overwrites: Bool)
  /// Go on with `State.dueWork` in the background, and with nothing else.
  case startWork
  /// Do no more work in the background.
  case stopWork
  /// Send the whole screen anew, whatever the terminal shows.
  case repaint
  /// Write down which lessons are done.
  case keepProgress
  /// Take the mouse's reports, or leave the mouse to the terminal.
  case setMouse(Bool)
  /// End the program.
  case quit
}

/// What a session can write.
public enum Saving: String, CaseIterable, Hashable, Sendable {
  /// The mask shown.
  case mask
  /// The graph with its dropouts.
  case graph
  /// What was measured at the sites visited.
  case table
  /// What a race came to.
  case race
  /// What a sweep came to.
  case sweep
}

extension Action {
  /// Whether keys mean after it what they meant before, whatever is open, so that several may be done
  /// together. What is not listed ends such a batch, which costs a frame at most.
  public var keepsKeys: Bool {
    switch self {
    case .changeRate, .setRate, .resample, .tick, .nextScaling, .toggleMode, .moveCursor,
      .placeCursor, .changeChannel, .changeSlice, .moveSelection, .scroll, .type, .reachWork,
      .paintCell, .inform, .nextRamp, .saved, .repaint, .unknownKey:
      true
    default: false
    }
  }

  /// Whether it comes of itself, not of the user.
  public var isAutomatic: Bool {
    switch self {
    case .tick, .reachWork, .saved: true
    default: false
    }
  }
}

extension Action {
  /// Whether it goes through a lesson, and changes nothing that is looked at.
  var goesThroughLesson: Bool {
    switch self {
    case .lesson(.begin), .lesson(.turn), .lesson(.answer), .resize, .inform, .nextRamp: true
    default: false
    }
  }
}
