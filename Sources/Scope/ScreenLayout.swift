public import TerminalUI

/// Where each panel stands on a screen of a size: the one place that decides it.
///
/// Header, maps, rate and keys are always there. Where room is short the other parts give way, the
/// first of these orders as rows get fewer, the second as columns do:
/// - `lowering`: the list of meters becomes a line; the channels go, the input beside the maps, the
///   tabs, the line of meters, the line of the cell
/// - `narrowing`: the list of meters becomes a line; the input moves into the channels' row, where it
///   also goes to make room for larger maps
///
/// Below `smallest` one line says what is needed. An enlarged panel has the room of maps, channels
/// and input together.
public struct ScreenLayout: Equatable, Sendable {
  /// The pages, and mode and seed.
  public var tabs: Rect?
  /// What a script says.
  public var narration: Rect?
  /// Input, model, layer, and which dropouts act.
  public var header = Rect(width: 0, height: 0)
  /// The whole input beside the maps, on wide screens.
  public var input: Rect?
  /// Clean, mask and dropped, each with its title row; those that are not seen are empty.
  public var maps: [Rect] = []
  /// Thumbnails of all channels and, at the right, of the input.
  public var channels: Rect?
  /// Kind, rate, realised.
  public var rate = Rect(width: 0, height: 0)
  /// What was removed: a line, or a list where there is room.
  public var meters: Rect?
  /// The cell under the cursor.
  public var cell: Rect?
  /// Keys, or a message; no row where there are neither.
  public var hints = Rect(width: 0, height: 0)

  /// What panels over the maps stand in, on a screen of so many rows: all but tabs and keys.
  func overlays(height: Int) -> Rect {
    Rect(x: 0, y: header.y, width: header.width, height: height - 1 - header.y)
  }

  /// A part that gives way where room is short.
  public enum Part: CaseIterable, Hashable, Sendable {
    /// The meters as a list, each with what it means.
    case meterList
    /// The thumbnails of all channels.
    case channels
    /// The whole input beside the maps.
    case input
    /// The tabs.
    case tabs
    /// The meters, in whatever form.
    case meters
    /// The line of the cell under the cursor.
    case cell

    /// The order in which parts go as rows get fewer.
    public static let lowering: [Part] = [.meterList, .channels, .input, .tabs, .meters, .cell]
    /// The order in which parts go as columns get fewer.
    public static let narrowing: [Part] = [.meterList, .input]
  }

  /// The parts that are there.
  public var parts: Set<Part> {
    let all: [(Part, Bool)] = [
      (.meterList, (meters?.height ?? 0) > 1), (.channels, channels != nil),
      (.input, input != nil), (.tabs, tabs != nil), (.meters, meters != nil), (.cell, cell != nil),
    ]
    return Set(all.filter(\.1).map(\.0))
  }

  /// Whether a panel is on the screen.
  func shows(_ panel: State.Focus) -> Bool {
    switch panel {
    case .clean, .mask, .result: true
    case .channels: channels != nil
    case .input: input != nil
    case .meters: meters != nil
    }
  }

  /// The smallest screen that shows maps.
  public static let smallest = ScreenSize(width: 24, height: 8)
  /// Rows the channels need: one of labels, three of thumbnails.
  static let leastChannelRows = 4
  /// Rows of a screen that has tabs.
  static let leastWithTabs = 14
  /// Columns and rows of a 28×28 input beside the maps, and the space after it.
  static let (inputWidth, inputRows) = (30, 14)
  /// Columns and rows the meters need as a list, and the columns the channels keep beside it.
  static let (listWidth, listRows, besideList) = (52, 11, 58)
  /// The gap between panes.
  static let gap = 1

  /// The layout of a state's screen; nil where it is smaller than `smallest`.
  public init?(_ state: State) {
    let size = state.size
    guard size.width >= ScreenLayout.smallest.width, size.height >= ScreenLayout.smallest.height
    else {
      return nil
    }
    let lists = [ListPlace.besideMaps, .besideChannels].lazy.map { ScreenLayout(state, list: $0) }
    self = lists.first { $0.meters != nil } ?? ScreenLayout(state, list: nil)
  }

  /// Where the list of meters may stand.
  private enum ListPlace {
    case besideMaps, besideChannels
  }

  /// With the meters as a list, if it finds room there; or as a line, where the screen is high enough.
  private init(_ state: State, list: ListPlace?) {
    let size = state.size
    let hasList = list != nil
    var rest = Rect(width: size.width, height: size.height)
    if size.height >= ScreenLayout.leastWithTabs { (tabs, rest) = cut(rest, 1) }
    if let rows = LessonPanel.rows(state) { (narration, rest) = cut(rest, rows) }
    // What a script says takes rows as if the screen had fewer.
    let height = size.height - (narration?.height ?? 0)
    (header, rest) = rest.splitTop(narration == nil || height >= 8 ? 1 : 0)
    var (showsMeters, showsCell) = (height >= 11 && !hasList, height >= 10)
    if narration != nil, !hasList { giveWay(&showsMeters, &showsCell, state, room: rest.height) }
    let showsHints = state.showsHints || state.message != nil
    let bottomRows = 1 + (showsHints ? 1 : 0) + (showsMeters ? 1 : 0) + (showsCell ? 1 : 0)
    var bottom: Rect
    (rest, bottom) = rest.splitTop(rest.height - bottomRows)
    (rate, bottom) = bottom.splitTop(1)
    if showsMeters { (meters, bottom) = cut(bottom, 1) }
    if showsCell { (cell, bottom) = cut(bottom, 1) }
    hints = bottom

    if state.isEnlarged {
      if hasList == (state.focus == .meters) { enlarge(state.focus, in: rest) }
      return
    }
    let wanted = ScreenLayout.mapSize(state, scale: 1).height + 1
    let hasInput = size.width >= 3 * 26 + 2 * ScreenLayout.gap + ScreenLayout.inputWidth
    let needed = max(hasList ? wanted : min(wanted, 14), hasInput ? ScreenLayout.inputRows + 1 : 0)
    let kept = list == .besideChannels ? ScreenLayout.listRows : ScreenLayout.leastChannelRows
    if rest.height - needed >= kept {
      let rows = ScreenLayout.mapRows(state, width: size.width, room: rest.height - kept)
      (rest, channels) = cut(rest, rows)
    }
    placeMaps(in: rest, state)
    if let list { place(list) }
  }

  /// Beside what a script says maps come before the lines under them, unless it speaks of those.
  private func giveWay(
    _ showsMeters: inout Bool, _ showsCell: inout Bool, _ state: State, room: Int
  ) {
    let needed = ScreenLayout.mapSize(state, scale: 1).height + 1
    let spoken = state.narration?.highlights ?? []
    func isShort() -> Bool { room - 2 - (showsMeters ? 1 : 0) - (showsCell ? 1 : 0) < needed }
    if isShort(), !spoken.contains(.panel(.cell)) { showsCell = false }
    if isShort(), !spoken.contains(.panel(.meters)) { showsMeters = false }
  }

  /// Gives one panel all the room.
  private mutating func enlarge(_ panel: State.Focus, in area: Rect) {
    maps = State.Focus.maps.map { $0 == panel ? area : Rect(width: 0, height: 0) }
    switch panel {
    case .clean, .mask, .result: break
    case .channels: channels = area
    case .input: input = area
    case .meters: meters = area
    }
  }

  /// The list of meters at the right of the maps or of the channels, if there is room.
  private mutating func place(_ list: ListPlace) {
    guard let strip = channels, let last = maps.last else { return }
    switch list {
    case .besideMaps:
      let room = strip.right - last.right - 2
      guard room >= ScreenLayout.listWidth, last.height >= ScreenLayout.listRows else { return }
      meters = Rect(x: last.right + 2, y: last.y, width: room, height: last.height)
    case .besideChannels:
      guard strip.width >= ScreenLayout.listWidth + ScreenLayout.besideList else { return }
      let parts = strip.splitLeft(strip.width - ScreenLayout.listWidth)
      (channels, meters) = (parts.left, parts.rest)
    }
  }

  private mutating func placeMaps(in area: Rect, _ state: State) {
    let pane = ScreenLayout.mapSize(
      state, scale: ScreenLayout.scale(state, in: ScreenLayout.pane(area)))
    let hasRoom =
      area.width >= 3 * max(pane.width, 26) + 2 * ScreenLayout.gap + ScreenLayout.inputWidth
    var area = area
    if hasRoom, area.height > ScreenLayout.inputRows {
      let left = area.splitLeft(ScreenLayout.inputWidth)
      input = left.left
      area = left.rest
    }
    // Panes stand close together where maps are narrower than a third of the screen.
    let third = (area.width - 2 * ScreenLayout.gap) / 3
    let width = min(third, max(pane.width, 26) + (hasRoom ? 2 : 0))
    for _ in 0..<3 {
      let cut = area.splitLeft(width)
      maps.append(cut.left)
      area = cut.rest.splitLeft(ScreenLayout.gap).rest
    }
  }

  /// Rows the maps take, title included, of those there are room for: as large as their width
  /// allows, the rest is the channels'.
  private static func mapRows(_ state: State, width: Int, room: Int) -> Int {
    let pane = Rect(width: (width - 2 * gap) / 3, height: room - 1)
    let map = mapSize(state, scale: scale(state, in: pane))
    let hasInput = width >= 3 * max(map.width, 26) + 2 * gap + inputWidth
    return min(room, max(map.height, hasInput ? inputRows : 4) + 1)
  }

  private static func pane(_ area: Rect) -> Rect {
    Rect(width: (area.width - 2 * gap) / 3, height: area.height - 1)
  }
}

/// Cuts rows from the top, for assignments in one line.
private func cut(_ rect: Rect, _ rows: Int) -> (Rect, Rect) {
  let parts = rect.splitTop(rows)
  return (parts.top, parts.rest)
}
