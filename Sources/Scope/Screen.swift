public import TerminalUI

extension State {
  /// The whole screen: every panel drawn anew into an empty buffer. Only the terminal compares.
  public func frame() -> Buffer {
    var buffer = Buffer(width: size.width, height: size.height, filledWith: Cell(" ", .text))
    guard let layout = ScreenLayout(self) else {
      drawTooSmall(in: &buffer)
      return buffer
    }
    HeaderPanel().draw(self, in: layout.header, of: &buffer)
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
    let screen = Rect(width: size.width, height: size.height - 1)
    overlay?.panel(width: size.width)?.draw(self, in: screen, of: &buffer)
    if overlay?.isPage == true {
      let line = PanelPage.lines(of: screen).rate
      buffer.fill(line, with: Cell(" ", .text))
      RatePanel().draw(self, in: line, of: &buffer)
    }
    if case .prompt(let prompt) = overlay {
      PromptPanel(prompt).draw(self, in: layout.hints, of: &buffer)
    } else if case .overwriting(_, let path) = overlay {
      QuestionPanel(path: path).draw(self, in: layout.hints, of: &buffer)
    } else {
      HintsPanel().draw(self, in: layout.hints, of: &buffer)
    }
    return buffer
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
  /// What draws it over the maps; nil for questions. The command line stands in the line of keys, but
  /// for the words it can be completed with.
  fileprivate func panel(width: Int) -> (any Panel)? {
    switch self {
    case .help: HelpPanel()
    case .layers(let selected): LayersPanel(selected: selected)
    case .rules: RulesPanel()
    case .spectrum: SpectrumPanel()
    case .inspector(let scroll): InspectorPanel(scroll: scroll)
    case .grid(let selected): GridPanel(selected: selected)
    case .palette: PalettePanel()
    case .network(let selected): NetworkPanel(selected: selected)
    case .ripple(let selected): RipplePanel(selected: selected)
    case .ladder(let selected): LadderPanel(selected: selected)
    case .ensemble: EnsemblePanel()
    case .poolOrder: PoolOrderPanel()
    case .prompt(let prompt): CompletionPanel(prompt, width: width)
    case .overwriting: nil
    }
  }
}
