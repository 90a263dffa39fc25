import Studies
public import TerminalUI

extension State {
  /// The whole screen: every panel drawn anew into an empty buffer. Only the terminal compares.
  public func frame() -> Buffer {
    var buffer = Buffer(width: size.width, height: size.height, filledWith: Cell(" ", .text))
    guard let layout = ScreenLayout(self) else {
      drawTooSmall(in: &buffer)
      return buffer
    }
    if let tabs = layout.tabs { TabsPanel().draw(self, in: tabs, of: &buffer) }
    HeaderPanel().draw(self, in: layout.header, of: &buffer)
    let screen = layout.overlays(height: size.height)
    if let open = openPage {
      // A page has all the room: nothing beneath it is drawn.
      open.page.panel(open.mark).draw(self, in: screen, of: &buffer)
      RatePanel().draw(self, in: PanelPage.lines(of: screen).rate, of: &buffer)
    } else {
      drawMaps(layout, in: &buffer)
    }
    overlay?.panel(width: size.width)?.draw(self, in: screen, of: &buffer)
    drawLastLine(in: layout.hints, of: &buffer)
    if let rect = layout.narration {
      LessonPanel().draw(self, in: rect, of: &buffer)
      if overlay == nil || overlay?.isPage == true || isLessonOnTop { mark(layout, in: &buffer) }
    }
    return buffer
  }

  private func drawMaps(_ layout: ScreenLayout, in buffer: inout Buffer) {
    if let input = layout.input { InputPanel().draw(self, in: input, of: &buffer) }
    for (panel, rect) in zip(mapPanels, layout.maps) where !rect.isEmpty {
      panel.draw(self, in: rect, of: &buffer)
    }
    if let channels = layout.channels {
      ChannelsPanel(showsInput: layout.input == nil).draw(self, in: channels, of: &buffer)
    }
    RatePanel().draw(self, in: layout.rate, of: &buffer)
    if let meters = layout.meters { MetersPanel().draw(self, in: meters, of: &buffer) }
    if let cell = layout.cell { CellPanel().draw(self, in: cell, of: &buffer) }
  }

  /// The command line, a question, or the keys.
  private func drawLastLine(in line: Rect, of buffer: inout Buffer) {
    if case .prompt(let prompt) = overlay {
      PromptPanel(prompt).draw(self, in: line, of: &buffer)
    } else if case .overwriting(_, let path) = overlay {
      QuestionPanel(path: path).draw(self, in: line, of: &buffer)
    } else if case .leaving = overlay {
      QuestionPanel(path: nil).draw(self, in: line, of: &buffer)
    } else {
      HintsPanel().draw(self, in: line, of: &buffer)
    }
  }

  /// What the maps are, from the left.
  private var mapPanels: [any Panel] {
    comparison == nil
      ? [CleanPanel(), MaskPanel(), pane.panel]
      : [SidePanel(.a), SidePanel(.b), DifferencePanel()]
  }

  private func drawTooSmall(in buffer: inout Buffer) {
    let least = ScreenLayout.smallest
    let line = "needs \(least.width)x\(least.height), has \(size.width)x\(size.height); q quits"
    buffer.write(line, x: 0, y: 0, style: .text)
  }
}

extension State.Overlay {
  /// What draws it over the rest; nil for pages, which stand below, and for questions. The command line
  /// stands in the line of keys, but for the words it can be completed with.
  fileprivate func panel(width: Int) -> (any Panel)? {
    switch self {
    case .help(let mark): HelpPanel(mark)
    case .layers(let mark): LayersPanel(mark)
    case .rules: RulesPanel()
    case .spectrum: SpectrumPanel()
    case .inspector(let scroll): InspectorPanel(scroll: scroll)
    case .grid(let selected): GridPanel(selected: selected)
    case .palette: PalettePanel()
    case .page: nil
    case .finder(let finder): FinderPanel(finder)
    case .prompt(let prompt): CompletionPanel(prompt, width: width)
    case .overwriting, .leaving: nil
    case .code(let form): CodePanel(form)
    }
  }
}
