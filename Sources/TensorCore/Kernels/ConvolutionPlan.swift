/// The convolution of one batch cut into tasks: a sample, a group and a tile of output cells each. The
/// cut depends on the shapes alone, never on the number of threads.
struct ConvolutionPlan {
  let window: Window
  let groups: Int
  let (channels, height, width): (Int, Int, Int)
  let (samples, outChannels, outHeight, outWidth): (Int, Int, Int, Int)
  let rowsPerTile: Int
  let columnsPerTile: Int

  /// Elements of one im2col tile: 64 kB, close to a core's first-level cache, but at least 256 cells
  /// where many taps make that few, up to 1 MB, half of its second-level cache. Only a single cell
  /// with more taps than that goes beyond it.
  static func tileElements(taps: Int) -> Int { min(1 << 18, max(1 << 14, 256 * taps)) }

  init(_ window: Window, groups: Int, input: Shape, output: Shape) {
    self.window = window
    self.groups = groups
    (channels, height, width) = (input[1] / groups, input[2], input[3])
    (samples, outChannels) = (output[0], output[1] / groups)
    (outHeight, outWidth) = (output[2], output[3])
    let taps = max(1, channels * window.kernel.h * window.kernel.w)
    let cells = ConvolutionPlan.tileElements(taps: taps) / taps
    columnsPerTile = max(1, min(outWidth, cells))
    rowsPerTile = max(1, min(outHeight, cells / columnsPerTile))
  }

  var taps: Int { channels * window.kernel.h * window.kernel.w }
  var tilesDown: Int { (outHeight + rowsPerTile - 1) / rowsPerTile }
  var tilesAcross: Int { (outWidth + columnsPerTile - 1) / columnsPerTile }

  /// A rectangle of output cells; several rows only where it is as wide as the output.
  struct Tile {
    let (row, column, rows, columns): (Int, Int, Int, Int)
    var cells: Int { rows * columns }
  }

  func tile(_ index: Int) -> Tile {
    let (down, across) = index.quotientAndRemainder(dividingBy: tilesAcross)
    let (row, column) = (down * rowsPerTile, across * columnsPerTile)
    return Tile(
      row: row, column: column, rows: min(rowsPerTile, outHeight - row),
      columns: min(columnsPerTile, outWidth - column))
  }

  /// A 1×1 kernel that visits every cell reads the input as the matrix it already is.
  var isPointwise: Bool {
    window.kernel == .init(1, 1) && window.stride == .init(1, 1)
      && window.padBefore == .init(0, 0) && window.padAfter == .init(0, 0)
  }

  /// Below a million multiply-adds a second thread costs more than it brings.
  var worthwhileThreads: Int {
    let cost = Double(samples * groups * outChannels) * Double(taps) * Double(outHeight * outWidth)
    return cost < 0x1p20 ? 1 : Parallel.threads
  }

  func run(
    x: UnsafeBufferPointer<Float>, weights: UnsafeBufferPointer<Float>,
    bias: UnsafeBufferPointer<Float>?, activation: Convolution.Activation = .none,
    out: UnsafeMutableBufferPointer<Float>
  ) {
    guard out.count > 0 else { return }
    guard x.count > 0 else {
      // No cell but padding is ever read: the result is the bias alone.
      for i in out.indices {
        let y = bias?[i / (outHeight * outWidth) % (outChannels * groups)] ?? 0
        out[i] = activation == .relu && y < 0 ? 0 : y
      }
      return
    }
    nonisolated(unsafe) let (x, weights) = (x.baseAddress!, weights.baseAddress!)
    nonisolated(unsafe) let (bias, out) = (bias?.baseAddress, out.baseAddress!)
    let tiles = tilesDown * tilesAcross
    Parallel.run(tasks: samples * groups * tiles, threads: worthwhileThreads) { task in
      let (image, index) = task.quotientAndRemainder(dividingBy: tiles)
      let tile = tile(index)
      let firstCell = tile.row * outWidth + tile.column
      let group = image % groups
      let source = x + image * channels * height * width
      let ldc = outHeight * outWidth
      let target = out + image * outChannels * ldc + firstCell
      if let bias {
        for m in 0..<outChannels {
          (target + m * ldc).update(repeating: bias[group * outChannels + m], count: tile.cells)
        }
      }
      let w = weights + group * outChannels * taps
      let beta: Float = bias == nil ? 0 : 1
      if isPointwise {
        MatrixProduct.sgemm(
          m: outChannels, n: tile.cells, k: taps, a: w, lda: taps,
          b: source + firstCell, ldb: ldc, beta: beta, c: target, ldc: ldc)
      } else {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: taps * tile.cells) { patches in
          gather(source, tile, into: patches.baseAddress!)
          MatrixProduct.sgemm(
            m: outChannels, n: tile.cells, k: taps, a: w, lda: taps,
            b: patches.baseAddress!, ldb: tile.cells, beta: beta, c: target, ldc: ldc)
        }
      }
      if activation == .relu {
        for m in 0..<outChannels { ConvolutionPlan.rectify(target + m * ldc, count: tile.cells) }
      }
    }
  }

  private static func rectify(_ y: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count { y[i] = y[i] < 0 ? 0 : y[i] }
  }

  /// im2col: row (c,k,l) of the patch matrix holds the cell that tap meets at each output cell.
  func gather(
    _ x: UnsafePointer<Float>, _ tile: Tile, into patches: UnsafeMutablePointer<Float>
  ) {
    overLines(tile, channels: channels) { line, row, left in
      if let row {
        copyLine(x + row, left: left, into: patches + line, count: tile.columns)
      } else {
        (patches + line).update(repeating: 0, count: tile.columns)
      }
    }
  }

  /// The lines of a patch matrix, one for each tap and row of a tile: where a line begins, where the
  /// input's row that it meets begins (nil in the padding), and the column it begins at.
  @inline(__always)
  func overLines(
    _ tile: Tile, channels: Int, _ body: (_ line: Int, _ row: Int?, _ left: Int) -> Void
  ) {
    var line = 0
    for c in 0..<channels {
      for k in 0..<window.kernel.h {
        for l in 0..<window.kernel.w {
          let left =
            tile.column * window.stride.w + l * window.dilation.w - window.padBefore.w
          for i in tile.row..<tile.row + tile.rows {
            let y = i * window.stride.h + k * window.dilation.h - window.padBefore.h
            body(line, (0..<height).contains(y) ? (c * height + y) * width : nil, left)
            line += tile.columns
          }
        }
      }
    }
  }

  /// Copies the cells left, left + stride, … of one input row, with 0 outside of it.
  private func copyLine(
    _ source: UnsafePointer<Float>, left: Int, into line: UnsafeMutablePointer<Float>, count: Int
  ) {
    let step = window.stride.w
    let inside = cellsInside(left: left, count: count)
    let (first, last) = (inside.lowerBound, inside.upperBound)
    line.update(repeating: 0, count: first)
    if step == 1 {
      (line + first).update(from: source + left + first, count: last - first)
    } else {
      for j in inside { line[j] = source[left + j * step] }
    }
    (line + last).update(repeating: 0, count: count - last)
  }

  /// Which of the cells left, left + stride, … lie inside an input row.
  func cellsInside(left: Int, count: Int) -> Range<Int> {
    let step = window.stride.w
    let first = min(count, left >= 0 ? 0 : (-left + step - 1) / step)
    return first..<max(first, min(count, left >= width ? 0 : (width - 1 - left) / step + 1))
  }
}
