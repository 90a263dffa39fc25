import Studies
import TensorCore

/// What a layer's axes are called on the screen, and where in them a cell lies.
struct LayoutText {
  private let layout: Layout
  /// The axes but for the samples, in their order.
  private let own: [Int]

  init(_ layout: Layout) {
    self.layout = layout
    own = layout.axes.indices.filter { $0 != layout.sampleAxis }
  }

  /// `[2,26,26]`: the sizes of one sample, in the layer's own order.
  var shape: String { "[" + own.map { "\(layout.shape[$0])" }.joined(separator: ",") + "]" }

  /// What the map's rows and columns are where they are not an image's, `time × feature`, or
  /// the letters of all axes where they stand in another order than most networks have them, `H,W,C`;
  /// guesses have a `?`. Nil where there is nothing to say.
  func note(times: String) -> String? {
    if layout.mapAxes != nil, let row = layout.rowAxis, let column = layout.columnAxis {
      return "\(word(row)) \(times) \(word(column))"
    }
    return isUsual ? nil : letters
  }

  /// The same as letters, `T×F`.
  func shortNote(times: String) -> String? {
    if layout.mapAxes != nil, let row = layout.rowAxis, let column = layout.columnAxis {
      return "\(layout.axes[row])\(times)\(layout.axes[column])"
    }
    return isUsual ? nil : letters
  }

  /// The letters of all axes beside the samples: `H,W,C`.
  var letters: String { own.map { layout.axes[$0].description }.joined(separator: ",") }

  /// Whether the axes are known and in the order of most image networks: channels, then maps. One axis
  /// of channels or features has no order.
  var isUsual: Bool {
    let axes = own.map { layout.axes[$0] }
    return LayoutText.usual.contains(axes.map(\.name)) && !axes.contains(where: \.isGuess)
  }

  private static let usual: [[Axis.Name]] = [
    [.channel], [.feature], [.channel, .column], [.channel, .row, .column],
    [.channel, .depth, .row, .column],
  ]

  /// `time`, or `time?` for a guess.
  private func word(_ axis: Int) -> String {
    let axis = layout.axes[axis]
    return axis.name == .unknown ? "?" : axis.name.rawValue + (axis.isGuess ? "?" : "")
  }

  /// What a map is called: `channel`, `head`, `map` where nobody knows.
  private var channelWord: String {
    let name = layout.channelAxis.map { layout.axes[$0].name } ?? .unknown
    return name == .unknown ? "map" : name.rawValue
  }

  /// The heading of all maps together: `channels`, `heads`, `units` of a vector.
  var channelsTitle: String {
    if Plane.isVector(layout) { return "units" }
    return layout.c == 1 && layout.channelAxis == nil ? "map" : channelWord + "s"
  }

  /// Which map it is, `channel 2 of 8`, and which slice of it, `depth 5/8`.
  func channel(_ channel: Int, isShort: Bool) -> String {
    let place = layout.channelPlace(channel)
    var parts: [String] = []
    if let axis = layout.channelAxis {
      let (index, count) = (place.channel, layout.shape[axis])
      let short = channelWord == "channel" ? "ch" : channelWord
      parts.append(isShort ? "\(short) \(index)/\(count)" : "\(channelWord) \(index) of \(count)")
    }
    for (axis, index) in place.slices {
      parts.append("\(layout.axes[axis].name.rawValue) \(index)/\(layout.shape[axis])")
    }
    return parts.joined(separator: isShort ? " " : "  ")
  }

  /// The same without how many there are, `channel 2 depth 5`; empty for the one map of a layer.
  func channel(_ channel: Int) -> String {
    let place = layout.channelPlace(channel)
    let own = layout.channelAxis.map { _ in ["\(channelWord) \(place.channel)"] } ?? []
    return (own + place.slices.map { "\(layout.axes[$0.axis].name.rawValue) \($0.index)" })
      .joined(separator: " ")
  }

  /// The label of a map's thumbnail: its number, or the letters and numbers of all it depends on,
  /// `c2 d5`.
  func label(_ channel: Int) -> String {
    let place = layout.channelPlace(channel)
    guard !place.slices.isEmpty, let axis = layout.channelAxis else { return "\(channel)" }
    return ([(axis, place.channel)] + place.slices).map { axis, index in
      layout.axes[axis].name.letter.lowercased() + "\(index)"
    }.joined(separator: " ")
  }

  /// Where the element at a row-major offset lies in its map: `cell (12,7)`, `unit 3`,
  /// `time 4, feature 7`.
  func cell(_ offset: Int) -> String {
    let place = layout.place(of: offset)
    if Plane.isVector(layout) { return "unit \(place.c)" }
    guard let axes = layout.mapAxes else { return "cell (\(place.y),\(place.x))" }
    if axes.rows == .unknown || axes.columns == .unknown { return "cell (\(place.y),\(place.x))" }
    return "\(axes.rows.rawValue) \(place.y), \(axes.columns.rawValue) \(place.x)"
  }
}

extension Layout {
  /// The axis that `n` goes along, of those that number the maps: the channels where there are such; the
  /// others number slices.
  var channelAxis: Int? {
    let order: [Axis.Name] = [.channel, .head, .feature]
    for name in order {
      if let axis = channelAxes.first(where: { axes[$0].name == name }) { return axis }
    }
    return channelAxes.first
  }

  /// The axes of the slices that a channel has, such as depth; empty for most layers.
  var sliceAxes: [Int] { channelAxes.filter { $0 != channelAxis } }

  /// How many slices a channel has: 1 for most layers.
  var slices: Int { sliceAxes.reduce(1) { $0 * shape[$1] } }

  /// Where a map stands: the index along the channel axis, and along each axis of slices.
  func channelPlace(_ c: Int) -> (channel: Int, slices: [(axis: Int, index: Int)]) {
    var (rest, indices) = (c, [Int: Int]())
    for axis in channelAxes.reversed() {
      indices[axis] = rest % max(1, shape[axis])
      rest /= max(1, shape[axis])
    }
    return (
      channelAxis.flatMap { indices[$0] } ?? 0, sliceAxes.map { ($0, indices[$0] ?? 0) }
    )
  }

  /// The map so many channels and slices on; both wrap around.
  func map(_ c: Int, channels: Int = 0, slices: Int = 0) -> Int {
    let place = channelPlace(c)
    func wrapped(_ index: Int, _ count: Int) -> Int {
      count > 0 ? (index % count + count) % count : 0
    }
    var indices: [Int: Int] = [:]
    if let channelAxis {
      let count = shape[channelAxis]
      indices[channelAxis] = wrapped(place.channel + channels % max(1, count), count)
    }
    let slice = place.slices.reduce(0) { $0 * shape[$1.axis] + $1.index }
    let count = self.slices
    var rest = wrapped(slice + slices % max(1, count), count)
    for axis in sliceAxes.reversed() {
      indices[axis] = rest % max(1, shape[axis])
      rest /= max(1, shape[axis])
    }
    return channelAxes.reduce(0) { $0 * shape[$1] + (indices[$1] ?? 0) }
  }
}
