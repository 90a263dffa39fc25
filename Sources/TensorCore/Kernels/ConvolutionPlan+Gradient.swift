extension ConvolutionPlan {
  /// Writes the gradient by the input. A task owns some channels of one sample, for the windows of
  /// neighbouring tiles overlap.
  func inputGradient(
    dy: UnsafeBufferPointer<Float>, weights: UnsafeBufferPointer<Float>,
    dx: UnsafeMutableBufferPointer<Float>
  ) {
    guard dx.count > 0 else { return }
    guard dy.count > 0 else {
      dx.update(repeating: 0)
      return
    }
    nonisolated(unsafe) let (dy, weights, dx) = (
      dy.baseAddress!, weights.baseAddress!, dx.baseAddress!
    )
    let (maps, cells) = (groups * channels, outHeight * outWidth)
    // Few samples leave threads idle; fewer than 16 channels make thin matrices.
    let block = samples * groups >= 8 ? channels : min(channels, 16)
    let blocks = (channels + block - 1) / block
    Parallel.run(tasks: samples * groups * blocks, threads: worthwhileThreads) { task in
      let (image, part) = task.quotientAndRemainder(dividingBy: blocks)
      let (first, group) = (part * block, image % groups)
      let own = min(block, channels - first)
      let area = height * width
      let target = dx + (image / groups * maps + group * channels + first) * area
      target.update(repeating: 0, count: own * area)
      let w = weights + group * outChannels * taps + first * window.kernel.h * window.kernel.w
      let rows = own * window.kernel.h * window.kernel.w
      for index in 0..<tilesDown * tilesAcross {
        let tile = tile(index)
        let source = dy + image * outChannels * cells + tile.row * outWidth + tile.column
        if isPointwise {
          MatrixProduct.sgemm(
            m: rows, n: tile.cells, k: outChannels, a: w, lda: taps, transposeA: true,
            b: source, ldb: cells, c: target + tile.row * outWidth + tile.column, ldc: cells)
          continue
        }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * tile.cells) { patches in
          MatrixProduct.sgemm(
            m: rows, n: tile.cells, k: outChannels, a: w, lda: taps, transposeA: true,
            b: source, ldb: cells, c: patches.baseAddress!, ldc: tile.cells)
          scatter(patches.baseAddress!, tile, channels: own, into: target)
        }
      }
    }
  }

  /// Writes the gradient by the weights: for each group a sum over samples and tiles, cut into parts.
  func weightGradient(
    dy: UnsafeBufferPointer<Float>, x: UnsafeBufferPointer<Float>,
    dw: UnsafeMutableBufferPointer<Float>
  ) {
    guard dy.count > 0, x.count > 0 else {
      dw.update(repeating: 0)
      return
    }
    let count = dw.count
    let (cells, size) = (outHeight * outWidth, outChannels * taps)
    let tiles = tilesDown * tilesAcross
    let units = samples * tiles
    let parts = max(1, min(units, ConvolutionPlan.mostParts(of: count)))
    // The first part's sums are the result's own place.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: (parts - 1) * count) { sums in
      nonisolated(unsafe) let (dy, x, out, sums) = (
        dy.baseAddress!, x.baseAddress!, dw.baseAddress!, sums.baseAddress!
      )
      Parallel.run(tasks: parts * groups, threads: worthwhileThreads) { task in
        let (part, group) = task.quotientAndRemainder(dividingBy: groups)
        let target = (part == 0 ? out : sums + (part - 1) * count) + group * size
        let own = units * part / parts..<units * (part + 1) / parts
        for unit in own {
          let (sample, index) = unit.quotientAndRemainder(dividingBy: tiles)
          let (tile, image) = (tile(index), sample * groups + group)
          let firstCell = tile.row * outWidth + tile.column
          let source = x + image * channels * height * width
          let gradient = dy + image * outChannels * cells + firstCell
          let beta: Float = unit == own.lowerBound ? 0 : 1
          if isPointwise {
            MatrixProduct.sgemm(
              m: outChannels, n: taps, k: tile.cells, a: gradient, lda: cells,
              b: source + firstCell, ldb: cells, transposeB: true, beta: beta, c: target,
              ldc: taps)
            continue
          }
          withUnsafeTemporaryAllocation(of: Float.self, capacity: taps * tile.cells) { patches in
            gather(source, tile, into: patches.baseAddress!)
            MatrixProduct.sgemm(
              m: outChannels, n: taps, k: tile.cells, a: gradient, lda: cells,
              b: patches.baseAddress!, ldb: tile.cells, transposeB: true, beta: beta, c: target,
              ldc: taps)
          }
        }
      }
      ConvolutionPlan.add(sums, parts: parts - 1, to: out, count: count)
    }
  }

  /// Into how many parts a sum of gradients by `count` weights is cut: enough for many processors,
  /// and no more than 64 MB of parts, or the weights themselves twice.
  static func mostParts(of count: Int) -> Int { max(2, min(16, (1 << 24) / count)) }

  /// Adds parts that lie one after another to the first, in their order.
  static func add(
    _ parts: UnsafePointer<Float>, parts count: Int, to sum: UnsafeMutablePointer<Float>,
    count size: Int
  ) {
    let chunk = 1 << 14
    nonisolated(unsafe) let (parts, sum) = (parts, sum)
    let threads = count * size < elementwiseChunk ? 1 : Parallel.threads
    Parallel.run(tasks: (size + chunk - 1) / chunk, threads: threads) { task in
      let own = task * chunk..<min(size, (task + 1) * chunk)
      for part in 0..<count {
        let from = parts + part * size
        for i in own { sum[i] += from[i] }
      }
    }
  }

  /// col2im: adds each number of a patch matrix to the cell that `gather` would have read it from.
  private func scatter(
    _ patches: UnsafePointer<Float>, _ tile: Tile, channels: Int,
    into dx: UnsafeMutablePointer<Float>
  ) {
    overLines(tile, channels: channels) { line, row, left in
      guard let row else { return }
      addLine(patches + line, to: dx + row, left: left, count: tile.columns)
    }
  }

  /// Adds a line to the cells left, left + stride, … of one input row; those outside of it are lost.
  private func addLine(
    _ line: UnsafePointer<Float>, to row: UnsafeMutablePointer<Float>, left: Int, count: Int
  ) {
    let inside = cellsInside(left: left, count: count)
    if window.stride.w == 1 {
      for j in inside { row[left + j] += line[j] }
    } else {
      for j in inside { row[left + j * window.stride.w] += line[j] }
    }
  }
}
