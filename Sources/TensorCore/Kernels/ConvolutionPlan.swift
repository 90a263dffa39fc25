internal import CKernels

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

  /// Writes the result and what the epilogue makes of it.
  func run(
    x: UnsafePointer<Float>?, weights: Tensor, kept: KeptWeights?, bias: UnsafePointer<Float>?,
    epilogue: Epilogue, out: UnsafeMutablePointer<Float>
  ) {
    let maps = outChannels * groups
    // Where no cell but padding is ever read, the sums are empty.
    guard let x, samples * groups * channels * height * width > 0 else {
      out.update(repeating: 0, count: samples * maps * cells)
      return finish(bias, epilogue, out)
    }
    weights.withElements { w in
      let w = w.baseAddress!
      var shape = depthwise
      if channels == 1, groups > 1, ck_depthwise_room(&shape) <= Scratch.mostOfAKernel {
        runDepthwise(x: x, weights: w, bias: bias, epilogue: epilogue, out: out)
      } else {
        // Packing counts where there are few cells to multiply with.
        let packed: [PackedMatrix]? = cells > 4096 ? nil : kept?.form(of: weights) { pack(w) }
        let lefts =
          packed?.map(\.left)
          ?? (0..<groups).map {
            ProductTasks.Left(w + $0 * outChannels * taps, rowStep: taps, termStep: 1)
          }
        runProducts(x: x, lefts: lefts, bias: bias, epilogue: epilogue, out: out)
      }
    }
  }

  private var cells: Int { outHeight * outWidth }

  private func pack(_ weights: UnsafePointer<Float>) -> [PackedMatrix] {
    (0..<groups).map {
      PackedMatrix(left: weights + $0 * outChannels * taps, rows: outChannels, terms: taps)
    }
  }

  /// One product for each sample and group; its columns are the cells of the result.
  private func runProducts(
    x: UnsafePointer<Float>, lefts: [ProductTasks.Left], bias: UnsafePointer<Float>?,
    epilogue: Epilogue, out: UnsafeMutablePointer<Float>
  ) {
    let tasks = ProductTasks(
      rows: outChannels, columns: cells, terms: taps, count: samples * groups)
    epilogue.withKernel(rowBias: bias, columns: cells) { kernel in
      nonisolated(unsafe) let (x, out, kernel) = (x, out, kernel)
      tasks.run(lefts: lefts) { image, job, run in
        let (group, rows) = (image % groups, outChannels)
        var own = kernel
        own.row_bias = kernel.row_bias.map { $0 + group * rows }
        own.row_scale = kernel.row_scale.map { $0 + group * rows }
        own.row_shift = kernel.row_shift.map { $0 + group * rows }
        own.residual = kernel.residual.map { $0 + image * rows * cells }
        var patches = patches(x + image * channels * height * width)
        (job.values, job.step) = (out + image * rows * cells, cells)
        withUnsafePointer(to: &own) { own in
          withUnsafePointer(to: &patches) { patches in
            job.epilogue = own
            job.right =
              isPointwise
              ? ck_right(matrix: patches.pointee.values, termStep: cells, columnStep: 1)
              : ck_right(
                kind: CK_PATCHES, values: nil, term_step: 0, column_step: 0, patches: patches)
            run(&job)
          }
        }
      }
    }
  }

  /// One group's channels of one sample as the kernels see them.
  func patches(_ x: UnsafePointer<Float>) -> ck_patches {
    ck_patches(
      values: x, channels: channels, depth: 1, height: height, width: width, kernel_depth: 1,
      kernel_height: window.kernel.h, kernel_width: window.kernel.w, stride_depth: 1,
      stride_height: window.stride.h, stride_width: window.stride.w, dilation_depth: 1,
      dilation_height: window.dilation.h, dilation_width: window.dilation.w, pad_front: 0,
      pad_top: window.padBefore.h, pad_left: window.padBefore.w, out_depth: 1,
      out_height: outHeight, out_width: outWidth)
  }

  /// The same where every channel is by itself.
  var depthwise: ck_depthwise {
    ck_depthwise(
      channels: groups, multiplier: outChannels, height: height, width: width,
      kernel_height: window.kernel.h, kernel_width: window.kernel.w, stride_height: window.stride.h,
      stride_width: window.stride.w, dilation_height: window.dilation.h,
      dilation_width: window.dilation.w, pad_top: window.padBefore.h,
      pad_left: window.padBefore.w, out_height: outHeight, out_width: outWidth)
  }

  private func runDepthwise(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    epilogue: Epilogue, out: UnsafeMutablePointer<Float>
  ) {
    let maps = samples * groups * outChannels
    let part = max(1, (1 << 15) / max(1, cells * taps))
    var shape = depthwise
    epilogue.withKernel(rowBias: bias, columns: cells) { kernel in
      nonisolated(unsafe) let (x, weights, out, kernel) = (x, weights, out, kernel)
      let room = ck_depthwise_room(&shape)
      Parallel.run(tasks: (maps + part - 1) / part, threads: worthwhileThreads) { [shape] task in
        var (kernel, shape) = (kernel, shape)
        Scratch.with(room) {
          ck_depthwise_forward(
            ck_chosen(), &shape, x, weights, &kernel, out, task * part,
            min(maps, (task + 1) * part), $0)
        }
      }
    }
  }

  /// The epilogue of sums that are there.
  private func finish(
    _ bias: UnsafePointer<Float>?, _ epilogue: Epilogue, _ out: UnsafeMutablePointer<Float>
  ) {
    let maps = outChannels * groups
    epilogue.withKernel(rowBias: bias, columns: cells) { kernel in
      var kernel = kernel
      ck_finish_rows(ck_chosen(), &kernel, out, cells, maps, out, 0, samples * maps)
    }
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
