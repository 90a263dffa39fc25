internal import CKernels

extension ConvolutionPlan {
  /// Writes the gradient by the input tile by tile: a product with the transposed weights gives what
  /// every tap of a tile's cells adds, col2im adds it where the tap had read. A task owns some channels
  /// of one sample, for the windows of neighbouring tiles overlap.
  func scatteredInputGradient(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    // Few samples leave threads idle; fewer than 16 channels make thin matrices.
    let block = samples * groups >= 8 ? channels : min(channels, 16)
    let blocks = (channels + block - 1) / block
    packed(weights, block, blocks) { lefts in
      nonisolated(unsafe) let (dy, dx, lefts) = (dy, dx, lefts)
      Parallel.run(tasks: samples * groups * blocks, threads: worthwhileThreads) { task in
        let (image, part) = task.quotientAndRemainder(dividingBy: blocks)
        let own = min(block, channels - part * block)
        let target = dx + (image * channels + part * block) * height * width
        target.update(repeating: 0, count: own * height * width)
        scatter(
          dy + image * outChannels * cells, lefts[image % groups * blocks + part], channels: own,
          into: target)
      }
    }
  }

  /// The weights of each block of channels, transposed and in the order of the kernels: for each group
  /// one after another.
  private func packed(
    _ weights: UnsafePointer<Float>, _ block: Int, _ blocks: Int,
    _ body: ([ProductTasks.Left]) -> Void
  ) {
    let (set, kernel) = (ck_chosen(), window.kernel.h * window.kernel.w)
    let size = (ck_left_count(set, block * kernel, outChannels) + 15) / 16 * 16
    Scratch.returned(groups * blocks * size) { room in
      nonisolated(unsafe) let (weights, room) = (weights, room)
      Parallel.run(tasks: groups * blocks, threads: worthwhileThreads) { task in
        let (group, part) = task.quotientAndRemainder(dividingBy: blocks)
        let rows = min(block, channels - part * block) * kernel
        let from = weights + group * outChannels * taps + part * block * kernel
        var left = ProductTasks.Left(from, rowStep: 1, termStep: taps).operand
        ck_pack_left(
          set, &left, rows, outChannels, room + task * size, 0, ck_left_panels(set, rows))
      }
      body((0..<groups * blocks).map { ProductTasks.Left(packed: room + $0 * size) })
    }
  }

  /// A rectangle of output cells; several rows only where it is as wide as the output.
  private struct Tile {
    let (row, column, rows, columns): (Int, Int, Int, Int)
    var cells: Int { rows * columns }
  }

  /// The patch matrix of a tile holds 64 kB, close to a core's first-level cache, but at least 256
  /// cells where many taps make that few, up to 1 MB, half of its second-level cache. Only a single
  /// cell with more taps than that goes beyond it.
  private var tile: Tile {
    let cells = min(1 << 18, max(1 << 14, 256 * taps)) / taps
    let columns = max(1, min(outWidth, cells))
    return Tile(row: 0, column: 0, rows: max(1, min(outHeight, cells / columns)), columns: columns)
  }

  private func scatter(
    _ dy: UnsafePointer<Float>, _ left: ProductTasks.Left, channels: Int,
    into dx: UnsafeMutablePointer<Float>
  ) {
    let (set, largest) = (ck_chosen(), tile)
    let rows = channels * window.kernel.h * window.kernel.w
    var job = ck_product_job(
      rows: rows, columns: largest.cells, terms: outChannels, to: nil, step: 0)
    job.left = left.operand
    job.right = ck_right(matrix: dy, termStep: cells, columnStep: 1)
    let room = (ck_product_room(set, &job) + 15) / 16 * 16
    Scratch.with(room + rows * largest.cells) { scratch in
      let patches = scratch + room
      job.values = patches
      for row in stride(from: 0, to: outHeight, by: largest.rows) {
        for column in stride(from: 0, to: outWidth, by: largest.columns) {
          let tile = Tile(
            row: row, column: column, rows: min(largest.rows, outHeight - row),
            columns: min(largest.columns, outWidth - column))
          (job.columns, job.step) = (tile.cells, tile.cells)
          job.right.values = dy + row * outWidth + column
          ck_product_all(set, &job, scratch)
          scatter(patches, tile, channels: channels, into: dx)
        }
      }
    }
  }

  /// col2im: adds each number of a patch matrix to the cell that its tap had read.
  private func scatter(
    _ patches: UnsafePointer<Float>, _ tile: Tile, channels: Int,
    into dx: UnsafeMutablePointer<Float>
  ) {
    var line = patches
    for c in 0..<channels {
      for k in 0..<window.kernel.h {
        for l in 0..<window.kernel.w {
          let left = tile.column * window.stride.w + l * window.dilation.w - window.padBefore.w
          for i in tile.row..<tile.row + tile.rows {
            let y = i * window.stride.h + k * window.dilation.h - window.padBefore.h
            if (0..<height).contains(y) {
              add(line, to: dx + (c * height + y) * width, left: left, count: tile.columns)
            }
            line += tile.columns
          }
        }
      }
    }
  }

  /// Adds a line to the cells left, left + stride, … of one input row; those outside of it are lost.
  private func add(
    _ line: UnsafePointer<Float>, to row: UnsafeMutablePointer<Float>, left: Int, count: Int
  ) {
    let step = window.stride.w
    let first = min(count, left >= 0 ? 0 : (-left + step - 1) / step)
    let last = min(count, left >= width ? 0 : (width - 1 - left) / step + 1)
    guard first < last else { return }
    if step == 1 {
      for j in first..<last { row[left + j] += line[j] }
    } else {
      for j in first..<last { row[left + j * step] += line[j] }
    }
  }
}
