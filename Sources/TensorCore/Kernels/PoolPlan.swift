internal import CKernels

/// One axis of a pooling: which input cells the taps of each output cell meet.
struct PoolAxis: Sendable {
  let (size, outputs): (Int, Int)
  let (kernel, stride, dilation): (Int, Int, Int)
  let (before, after): (Int, Int)

  /// The input cell that `tap` of output 0 meets; below 0 inside the padding.
  func first(tap: Int) -> Int { tap * dilation - before }

  /// The taps of one output that meet cells inside `cells`. Kernels far larger than the input (with
  /// pads to match) are legal, so no loop may run over all taps.
  func taps(output: Int, inside cells: Range<Int>) -> Range<Int> {
    let start = output * stride - before
    func count(below cell: Int) -> Int {
      cell <= start ? 0 : min(kernel, (cell - start + dilation - 1) / dilation)
    }
    return count(below: cells.lowerBound)..<count(below: cells.upperBound)
  }

  /// The taps that meet a cell inside the input for some output.
  var usefulTaps: Range<Int> {
    let all = (0..<outputs).map { taps(output: $0, inside: 0..<size) }.filter { !$0.isEmpty }
    guard let low = all.map(\.lowerBound).min(), let high = all.map(\.upperBound).max() else {
      return 0..<0
    }
    return low..<high
  }

  /// The outputs whose `tap` lies inside the input.
  func outputs(tap: Int) -> Range<Int> {
    let left = first(tap: tap)
    let low = min(outputs, left >= 0 ? 0 : (-left + stride - 1) / stride)
    let high = min(outputs, left >= size ? 0 : (size - 1 - left) / stride + 1)
    return low..<max(low, high)
  }

  /// How many taps of each output lie inside the input, or inside the padded input.
  func cellCounts(countingPads: Bool) -> [Float] {
    let cells = countingPads ? -before..<size + after : 0..<size
    return (0..<outputs).map { Float(taps(output: $0, inside: cells).count) }
  }
}

/// A pooling of one batch: maps are independent, so each is a task.
struct PoolPlan: Sendable {
  let (rows, columns): (PoolAxis, PoolAxis)
  let output: Shape
  private let columnTaps: Range<Int>

  init(_ window: Window, input: Shape, output: Shape) {
    rows = PoolAxis(
      size: input[2], outputs: output[2], kernel: window.kernel.h, stride: window.stride.h,
      dilation: window.dilation.h, before: window.padBefore.h, after: window.padAfter.h)
    columns = PoolAxis(
      size: input[3], outputs: output[3], kernel: window.kernel.w, stride: window.stride.w,
      dilation: window.dilation.w, before: window.padBefore.w, after: window.padAfter.w)
    self.output = output
    columnTaps = columns.usefulTaps
  }

  typealias Source = UnsafePointer<Float>
  typealias Destination = UnsafeMutablePointer<Float>

  /// The plan as the kernels see it.
  private var kernel: ck_pool {
    ck_pool(
      height: rows.size, width: columns.size, kernel_height: rows.kernel,
      kernel_width: columns.kernel, stride_height: rows.stride, stride_width: columns.stride,
      dilation_height: rows.dilation, dilation_width: columns.dilation, pad_top: rows.before,
      pad_left: columns.before, out_height: rows.outputs, out_width: columns.outputs)
  }

  /// The largest cell of each window, or −∞.
  func largest(_ x: Tensor) -> Tensor {
    overMaps(x, empty: -.infinity, Reduction.larger) { shape, x, out, maps, room in
      ck_max_pool(ck_chosen(), &shape, x, out, maps.lowerBound, maps.upperBound, room)
    }
  }

  /// The sum of each window's cells.
  func sums(_ x: Tensor) -> Tensor {
    overMaps(x, empty: 0, +) { shape, x, out, maps, room in
      ck_sum_pool(ck_chosen(), &shape, x, nil, nil, out, maps.lowerBound, maps.upperBound, room)
    }
  }

  /// The mean of each window, over as many cells as are counted for its row and column.
  func means(_ x: Tensor, rows: [Float], columns: [Float]) -> Tensor {
    guard isTame else {
      var y = sums(x)
      for i in 0..<y.count {
        let (row, column) = (i / columns.count % rows.count, i % columns.count)
        y[i] /= max(1, rows[row] * columns[column])
      }
      return y
    }
    return overMaps(x, empty: 0, +) { shape, x, out, maps, room in
      ck_sum_pool(
        ck_chosen(), &shape, x, rows, columns, out, maps.lowerBound, maps.upperBound, room)
    }
  }

  private var isTame: Bool {
    var kernel = kernel
    return ck_pool_room(&kernel) <= Scratch.mostOfAKernel
  }

  /// Makes the result, some maps at a time; `body` gets the kernels' plan, x, the result, which maps, and
  /// room. Where pads and kernel are far larger than the input, window by window by `combine` instead.
  private func overMaps(
    _ x: Tensor, empty: Float, _ combine: @Sendable (Float, Float) -> Float,
    _ body: @Sendable (inout ck_pool, Source, Destination, Range<Int>, Destination) -> Void
  ) -> Tensor {
    let (area, outArea) = (rows.size * columns.size, output[2] * output[3])
    guard isTame else { return windowwise(x, empty: empty, combine) }
    var kernel = kernel
    let room = ck_pool_room(&kernel)
    return Tensor(output) { out in
      guard let to = out.baseAddress, out.count > 0 else { return }
      x.withElements { x in
        // An input without cells (but with pads) still needs an address to count from.
        nonisolated(unsafe) let (from, to) = (x.baseAddress ?? UnsafePointer(to), to)
        let maps = output[0] * output[1]
        let perTask = max(1, elementwiseChunk / 8 / max(area, outArea))
        Parallel.run(tasks: (maps + perTask - 1) / perTask) { [kernel] task in
          var kernel = kernel
          Scratch.with(room) {
            body(&kernel, from, to, task * perTask..<min(maps, (task + 1) * perTask), $0)
          }
        }
      }
    }
  }

  private func windowwise(
    _ x: Tensor, empty: Float, _ combine: (Float, Float) -> Float
  ) -> Tensor {
    Tensor(output) { out in
      x.withElements { x in
        var cell = 0
        for map in 0..<output[0] * output[1] {
          let start = map * rows.size * columns.size
          for i in 0..<rows.outputs {
            for j in 0..<columns.outputs {
              var result = empty
              for k in rows.taps(output: i, inside: 0..<rows.size) {
                let y = i * rows.stride + rows.first(tap: k)
                for l in columns.taps(output: j, inside: 0..<columns.size) {
                  let at = y * columns.size + j * columns.stride + columns.first(tap: l)
                  result = combine(result, x[start + at])
                }
              }
              out[cell] = result
              cell += 1
            }
          }
        }
      }
    }
  }

  func winners<Element>(
    _ x: NDArray<Element>, _ wins: (Element, Element) -> Bool
  ) -> NDArray<Int64> {
    let area = rows.size * columns.size
    return NDArray(output) { out in
      x.withElements { x in
        var cell = 0
        for map in 0..<output[0] * output[1] {
          for i in 0..<rows.outputs {
            for j in 0..<columns.outputs {
              out[cell] = Int64(winner(x, from: map * area, i, j, wins) ?? -1)
              cell += 1
            }
          }
        }
      }
    }
  }

  /// The offset of the cell that wins the window of output (i, j).
  private func winner<Element>(
    _ x: UnsafeBufferPointer<Element>, from start: Int, _ i: Int, _ j: Int,
    _ wins: (Element, Element) -> Bool
  ) -> Int? {
    var best: Int?
    for k in rows.taps(output: i, inside: 0..<rows.size) {
      let y = i * rows.stride + rows.first(tap: k)
      for l in columns.taps(output: j, inside: 0..<columns.size) {
        let at = start + y * columns.size + j * columns.stride + columns.first(tap: l)
        if let old = best, !wins(x[at], x[old]) { continue }
        best = at
      }
    }
    return best
  }
}
