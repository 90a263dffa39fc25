import Studies
import TensorCore
import TerminalUI

/// Filters as one picture: beside each other with a line between, blue below 0 and orange above it.
struct FilterSheet {
  let width, height: Int
  /// Red, green and blue of each pixel, row by row.
  let rgb: [UInt8]

  /// The most filters that are drawn.
  private static let most = 256
  /// Pixels of a picture's side that are aimed at.
  private static let side = 512

  /// The picture; nil of no filters.
  init?(_ filters: Filters) {
    let shape = filters.maps.shape
    let (count, rows, columns) = (min(FilterSheet.most, shape[0]), shape[1], shape[2])
    guard count > 0, rows > 0, columns > 0 else { return nil }
    let across = Int(Double(count).squareRoot().rounded(.up))
    let down = (count + across - 1) / across
    let scale = max(1, FilterSheet.side / (across * columns))
    let (cellWidth, cellHeight) = (columns * scale + 1, rows * scale + 1)
    (width, height) = (across * cellWidth - 1, down * cellHeight - 1)
    let largest = filters.maps.elements.reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    var rgb = [UInt8](repeating: 0, count: width * height * 3)
    for y in 0..<height {
      for x in 0..<width {
        let filter = y / cellHeight * across + x / cellWidth
        let (row, column) = (y % cellHeight / scale, x % cellWidth / scale)
        guard filter < count, row < rows, column < columns else { continue }
        let value = filters.maps[(filter * rows + row) * columns + column]
        guard
          case .rgb(let red, let green, let blue) = DivergingRamp.color(
            at: largest > 0 ? value / largest : 0)
        else { continue }
        let place = 3 * (y * width + x)
        (rgb[place], rgb[place + 1], rgb[place + 2]) = (red, green, blue)
      }
    }
    self.rgb = rgb
  }
}
