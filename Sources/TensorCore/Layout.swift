/// The shape of a value with the names of its axes, and how it is looked at: as maps of rows and
/// columns, one for each channel of each sample.
///
/// Whatever the order of the axes, `offset(n:c:y:x:)` finds an element. Rows and columns of a map are
/// the axes called so; of a sequence `[N,T,F]` they are time and feature (`mapAxes` says which); a value
/// with one axis beside the samples has a map of 1×1 for each of its places. Axes that are neither, such
/// as depth, number the channels together with the channel axis, the last of them fastest.
public struct Layout: Hashable, Sendable, CustomStringConvertible {
  /// The sizes.
  public var shape: Shape { places.shape }
  /// The names, one for each size.
  public var axes: [Axis] { places.axes }

  /// Samples: 1 where no axis is called so.
  public var n: Int { places.n }
  /// Maps of a sample.
  public var c: Int { places.c }
  /// Rows of a map.
  public var h: Int { places.h }
  /// Columns of a map.
  public var w: Int { places.w }
  /// The axis of samples; nil where there is none.
  public var sampleAxis: Int? { places.sampleAxis }
  /// The axes that number the maps of a sample.
  public var channelAxes: [Int] { places.channelAxes }
  /// The axis of a map's rows; nil where a map has one.
  public var rowAxis: Int? { places.rowAxis }
  /// The axis of a map's columns; nil where a map has one.
  public var columnAxis: Int? { places.columnAxis }

  /// What follows from sizes and names. Worked out once and shared by all copies: layouts are part of
  /// much that is copied for every frame.
  private let places: Places

  private final class Places: Sendable {
    let shape: Shape
    let axes: [Axis]
    let n, c, h, w: Int
    let sampleAxis, rowAxis, columnAxis: Int?
    let channelAxes: [Int]
    let strides: (n: Int, c: Int, y: Int, x: Int)
    /// Distances of the axes that number the maps; empty where one distance does.
    let channelSteps: [(size: Int, stride: Int)]

    init(_ shape: Shape, _ axes: [Axis]) {
      (self.shape, self.axes) = (shape, axes)
      let places = Layout.places(axes.map(\.name))
      let distances = shape.strides
      func size(_ axis: Int?) -> Int { axis.map { shape[$0] } ?? 1 }
      func distance(_ axis: Int?) -> Int { axis.map { distances[$0] } ?? 0 }
      (sampleAxis, channelAxes) = (places.sample, places.channels)
      (rowAxis, columnAxis) = (places.row, places.column)
      (n, h, w) = (size(places.sample), size(places.row), size(places.column))
      c = places.channels.reduce(1) { $0 * shape[$1] }
      // Neighbouring axes in their order are as good as one.
      let isOne = zip(places.channels, places.channels.dropFirst()).allSatisfy {
        distances[$0] == distances[$1] * shape[$1]
      }
      strides = (
        distance(places.sample), isOne ? distance(places.channels.last) : 0,
        distance(places.row), distance(places.column)
      )
      channelSteps = isOne ? [] : places.channels.map { (shape[$0], distances[$0]) }
    }
  }

  /// A shape with a name for each axis.
  public init(_ shape: Shape, _ axes: [Axis]) {
    precondition(shape.rank == axes.count, "\(axes.text) for \(shape)")
    places = Places(shape, axes)
  }

  /// The layout of most image libraries and of arrays that come without a network: `[N,C,H,W]`,
  /// `[N,C,W]` for one row of cells, `[N,C]` for channels of 1×1, `[N,C,D,H,W]` for volumes.
  /// - Throws: `TensorError` for any other rank.
  public static func channelsFirst(_ shape: Shape) throws(TensorError) -> Layout {
    let names: [Axis.Name]
    switch shape.rank {
    case 2: names = [.sample, .channel]
    case 3: names = [.sample, .channel, .column]
    case 4: names = [.sample, .channel, .row, .column]
    case 5: names = [.sample, .channel, .depth, .row, .column]
    default:
      throw TensorError(
        "layer", expected: "an activation of shape [N,C,H,W], [N,C,L] or [N,F]", found: "\(shape)")
    }
    return Layout(shape, names.map { Axis($0) })
  }

  /// Samples of channels of maps, in this order.
  public init(n: Int, c: Int, h: Int, w: Int) {
    precondition(n >= 0 && c >= 0 && h >= 0 && w >= 0, "negative size")
    self.init([n, c, h, w], [Axis(.sample), Axis(.channel), Axis(.row), Axis(.column)])
  }

  /// The number of elements.
  public var count: Int { shape.count }
  /// The number of elements of one map: rows × columns.
  public var area: Int { h * w }
  /// The number of elements of one sample.
  public var sampleCount: Int { c * h * w }
  /// `[1,2,26,26]`
  public var description: String { shape.description }

  /// The row-major offset of one element.
  public func offset(n: Int, c: Int, y: Int, x: Int) -> Int {
    let strides = places.strides
    return n * strides.n + channelOffset(c) + y * strides.y + x * strides.x
  }

  /// The distance in elements between neighbours in a row, and between neighbours in a column.
  public var steps: (x: Int, y: Int) { (places.strides.x, places.strides.y) }

  private func channelOffset(_ c: Int) -> Int {
    guard !places.channelSteps.isEmpty else { return c * places.strides.c }
    var (rest, offset) = (c, 0)
    for (size, stride) in places.channelSteps.reversed() {
      offset += rest % size * stride
      rest /= size
    }
    return offset
  }

  /// Whether elements lie in memory as samples of channels of rows of columns: map after map without
  /// gaps, so that maps can be worked on as runs of `area` elements.
  public var isPlanar: Bool {
    let strides = places.strides
    guard w <= 1 || strides.x == 1, h <= 1 || strides.y == w else { return false }
    guard c <= 1 || (places.channelSteps.isEmpty && strides.c == area) else { return false }
    return n <= 1 || strides.n == sampleCount
  }

  /// The index of the first axis of a name; nil where there is none.
  public func index(of name: Axis.Name) -> Int? { axes.firstIndex { $0.name == name } }

  /// The layout with sizes of 1 along some axes: what shares a unit along them. Sizes of 0 stay.
  public func sharing(_ shared: some Collection<Int>) -> Layout {
    Layout(
      Shape(shape.dims.enumerated().map { shared.contains($0) ? min(1, $1) : $1 }), axes)
  }

  /// What the rows and columns of a map are where they are not an image's: time and feature, say.
  /// Nil for images, rows of cells and single cells.
  public var mapAxes: (rows: Axis.Name, columns: Axis.Name)? {
    guard let rowAxis, let columnAxis else { return nil }
    let names = (axes[rowAxis].name, axes[columnAxis].name)
    return names == (.row, .column) ? nil : names
  }

  /// Which axis is what. O(rank).
  private static func places(
    _ names: [Axis.Name]
  ) -> (sample: Int?, channels: [Int], row: Int?, column: Int?) {
    let sample = names.firstIndex(of: .sample)
    var rest = names.indices.filter { $0 != sample }
    func take(_ axis: Int?) -> Int? {
      guard let axis, let place = rest.firstIndex(of: axis) else { return nil }
      return rest.remove(at: place)
    }
    guard rest.count > 1 else { return (sample, rest, nil, nil) }
    func first(_ wanted: Axis.Name...) -> Int? { rest.first { wanted.contains(names[$0]) } }
    if let column = take(first(.column)) {
      let row = take(first(.row))
      return (sample, rest, row, column)
    }
    if let row = take(first(.row)) { return (sample, rest, row, nil) }
    // A channel at each time is a row of cells, as a channel at each column is.
    if rest.count == 2, first(.channel) != nil, let column = take(first(.time, .token)) {
      return (sample, rest, nil, column)
    }
    let column = take(rest.last)
    let row = take(first(.time, .token) ?? rest.last)
    return (sample, rest, row, column)
  }

  public static func == (a: Layout, b: Layout) -> Bool {
    a.places === b.places || (a.shape == b.shape && a.axes == b.axes)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(shape)
    hasher.combine(axes)
  }
}
