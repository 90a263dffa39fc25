import Studies
import TensorCore
import TerminalUI

/// The input as it looks: an image of three channels in its colours, never one of them; all else by the
/// ramp.
struct InputPicture {
  private let colours: (tensor: Tensor, layout: Layout, low: Float, high: Float)?
  private let input: Tensor
  /// The plane of cells: of an image of three channels that of any of them.
  let plane: Plane
  /// The range of the values, where the ramp shows them.
  let scale: ValueScale?
  private let theme: Theme

  init(_ state: State) {
    let subject = state.experiment.subject
    let layout = state.experiment.inputLayout
    (input, theme) = (subject.input, state.theme)
    plane = Plane(layout, channel: 0)
    let isImage =
      layout.c == 3 && !Plane.isVector(layout) && layout.slices <= 1 && subject.input.count > 0
    if isImage, let own = subject.colours, own.shape.dims == [3, layout.h, layout.w],
      let planar = try? Layout.channelsFirst(Shape([1, 3, layout.h, layout.w]))
    {
      colours = (own, planar, 0, 1)
    } else if isImage {
      // Numbers have one range for all three.
      let range = ValueScale(subject.input)
      colours = (subject.input, layout, range.low, range.high)
    } else {
      colours = nil
    }
    scale = colours == nil ? ValueScale(subject.input, over: plane) : nil
  }

  /// A picture of so many rows and columns, each the mean of the cells it covers, or the cells themselves.
  func picture(rows: Int, columns: Int) -> MapPicture? {
    guard let colours else { return nil }
    func covered(_ index: Int, of size: Int, by cells: Int) -> Range<Int> {
      let start = index * cells / size
      return start..<max(start + 1, (index + 1) * cells / size)
    }
    return MapPicture(rows: rows, columns: columns) { y, x in
      let ys = covered(y, of: rows, by: plane.rows)
      let xs = covered(x, of: columns, by: plane.columns)
      let parts = (0..<3).map { channel -> Double in
        var sum = 0.0
        for row in ys {
          for column in xs {
            let offset = colours.layout.offset(n: 0, c: channel, y: row, x: column)
            sum += Double(colours.tensor[offset])
          }
        }
        let mean = sum / Double(max(1, ys.count * xs.count))
        let share = (mean - Double(colours.low)) / max(1e-12, Double(colours.high - colours.low))
        return share.isFinite ? min(1, max(0, share)) : 0
      }
      func byte(_ part: Double) -> UInt8 { UInt8((part * 255).rounded()) }
      let luma = Float(0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2])
      return MapPicture.Ink(
        .rgb(byte(parts[0]), byte(parts[1]), byte(parts[2])), Ramp.glyph(at: luma))
    }
  }

  /// A thumbnail so many rows of text high and twice as many columns wide.
  func drawThumbnail(rows: Int, in rect: Rect, of buffer: inout Buffer) {
    if let picture = picture(rows: theme.usesHalfBlocks ? 2 * rows : rows, columns: 2 * rows) {
      picture.draw(in: rect, of: &buffer, scale: 1, theme: theme)
    } else {
      Thumbnail(input, plane, rows: rows, theme: theme).draw(in: rect, of: &buffer)
    }
  }

  /// Every cell of it, at a scale.
  func draw(in rect: Rect, of buffer: inout Buffer, scale cells: Int) {
    let whole =
      picture(rows: plane.rows, columns: plane.columns)
      ?? MapPicture(plane) { scale?.ink(input[$0], theme) ?? .init(Palette.zero, " ") }
    whole.draw(in: rect, of: &buffer, scale: cells, theme: theme)
  }
}
