import Studies
public import TerminalUI

/// One panel by itself: what a document or another program wants of a view.
extension State {
  /// A panel alone, in a buffer that is as large as it and at most as large as `room`. A map is as large
  /// as fits; one that fits at no size is a window around the cursor.
  public func frame(of panel: Focus, within room: ScreenSize) -> Buffer {
    let (width, height) = (max(0, room.width), max(0, room.height))
    let (drawn, needed) = lone(panel, in: Rect(width: width, height: height))
    let blank = Cell(" ", .text)
    var whole = Buffer(width: width, height: min(height, needed.height), filledWith: blank)
    drawn.draw(self, in: whole.area, of: &whole)
    // A title or a line of words may be wider than what is under it.
    let last = (0..<whole.width).last { x in (0..<whole.height).contains { whole[x, $0] != blank } }
    let columns = min(width, max(needed.width, last.map { $0 + 1 } ?? 0))
    var frame = Buffer(width: columns, height: whole.height, filledWith: blank)
    for y in 0..<frame.height {
      for x in 0..<frame.width { frame[x, y] = whole[x, y] }
    }
    return frame
  }

  /// The room in which a panel is seen whole: at least `usual`.
  public func room(for panel: Focus, atLeast usual: ScreenSize) -> ScreenSize {
    guard let plane = plane(of: panel) else { return usual }
    let map = ScreenLayout.mapSize(self, of: plane, scale: 1)
    return ScreenSize(width: max(usual.width, map.width), height: max(usual.height, map.height + 1))
  }

  /// The plane that a panel shows; nil where it shows something else than one map.
  private func plane(of panel: Focus) -> Plane? {
    switch panel {
    case .clean, .result: plane
    case .mask: sitePlane
    case .input: Plane(experiment.inputLayout, channel: 0)
    case .channels, .meters: nil
    }
  }

  /// A panel as it stands alone, and the size that it needs in a room.
  private func lone(_ panel: Focus, in room: Rect) -> (panel: any Panel, needed: ScreenSize) {
    switch panel {
    case .clean: (CleanPanel(), mapSize(of: panel, in: room))
    case .mask: (MaskPanel(), mapSize(of: panel, in: room))
    case .result: (pane.panel, mapSize(of: panel, in: room))
    case .input: (InputPanel(), mapSize(of: panel, in: room))
    case .channels: (ChannelsPanel(showsInput: false), ChannelsPanel.size(self, in: room))
    case .meters:
      // A line of title, then a line a meter; on one line they would be another panel.
      (MetersPanel(), ScreenSize(width: 0, height: 1 + MeterText.all(self).count))
    }
  }

  /// A title and, under it, a map as large as a room allows.
  private func mapSize(of panel: Focus, in room: Rect) -> ScreenSize {
    guard let plane = plane(of: panel) else { return ScreenSize(width: 0, height: 0) }
    let pane = room.splitTop(1).rest
    let map = ScreenLayout.mapSize(
      self, of: plane, scale: ScreenLayout.scale(self, of: plane, in: pane))
    return ScreenSize(width: map.width, height: map.height + 1)
  }
}
