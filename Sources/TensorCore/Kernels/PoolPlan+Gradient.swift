internal import CKernels

extension PoolPlan {
  /// Makes the gradient by the input map by map, from zeros; `body` gets a map of g, the map of the
  /// result and where both begin in their arrays.
  func overMapsBack(
    _ g: Tensor, _ body: @Sendable (Source, Destination, (input: Int, output: Int)) -> Void
  ) -> Tensor {
    let (area, outArea) = (rows.size * columns.size, output[2] * output[3])
    let maps = output[0] * output[1]
    return Tensor([output[0], output[1], rows.size, columns.size]) { out in
      guard let to = out.baseAddress, out.count > 0 else { return }
      g.withElements { g in
        nonisolated(unsafe) let (from, to) = (g.baseAddress ?? UnsafePointer(to), to)
        let perTask = max(1, elementwiseChunk / 8 / max(area, outArea))
        Parallel.run(tasks: (maps + perTask - 1) / perTask) { task in
          for map in task * perTask..<min(maps, (task + 1) * perTask) {
            (to + map * area).initialize(repeating: 0, count: area)
            body(from + map * outArea, to + map * area, (map * area, map * outArea))
          }
        }
      }
    }
  }

  /// Whether windows of 2×2 neither overlap nor reach beyond the input, as in most networks.
  var isPairs: Bool { rows.isPairs && columns.isPairs }

  /// `spreadToWinners` over all maps, where `isPairs`.
  func spreadToPairs(_ g: Tensor, x: Tensor, y: Tensor) -> Tensor {
    let (area, maps) = (rows.size * columns.size, output[0] * output[1])
    return Tensor(x.shape) { out in
      guard out.count > 0 else { return }
      g.withElements { g in
        x.withElements { x in
          y.withElements { y in
            nonisolated(unsafe) let (g, x, y, to) = (
              g.baseAddress ?? x.baseAddress, x.baseAddress, y.baseAddress ?? x.baseAddress,
              out.baseAddress
            )
            let part = max(1, elementwiseChunk / 8 / area)
            Parallel.run(tasks: (maps + part - 1) / part) { task in
              ck_max_pool_pairs_gradient(
                ck_chosen(), rows.size, columns.size, x, y, g, to, task * part,
                min(maps, (task + 1) * part))
            }
          }
        }
      }
    }
  }

  /// Gives the gradient of each window to the first cell that is what the window became. That is the
  /// largest, or a NaN where there is one.
  func spreadToWinners(_ g: Source, x: Source, y: Source, into out: Destination) {
    let across = (0..<columns.outputs).map { columns.taps(output: $0, inside: 0..<columns.size) }
    for i in 0..<rows.outputs {
      let down = rows.taps(output: i, inside: 0..<rows.size)
      for j in 0..<columns.outputs {
        let largest = y[i * columns.outputs + j]
        let left = j * columns.stride
        search: for k in down {
          let row = (i * rows.stride + rows.first(tap: k)) * columns.size
          for l in across[j] {
            let at = row + left + columns.first(tap: l)
            guard x[at] == largest || x[at].isNaN else { continue }
            out[at] += g[i * columns.outputs + j]
            break search
          }
        }
      }
    }
  }

  /// Gives each cell of a window an equal share of its gradient: first along a line, then the line to
  /// the rows of the window.
  func spread(_ g: Source, into out: Destination, rows counts: [Float], columns across: [Float]) {
    let width = columns.size
    let taps = columns.usefulTaps
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, width)) { line in
      let line = line.baseAddress!
      for i in 0..<rows.outputs {
        let down = rows.taps(output: i, inside: 0..<rows.size)
        guard !down.isEmpty else { continue }
        line.initialize(repeating: 0, count: width)
        let row = g + i * columns.outputs
        for tap in taps {
          let (left, step) = (columns.first(tap: tap), columns.stride)
          for j in columns.outputs(tap: tap) {
            line[left + j * step] += row[j] / max(1, counts[i] * across[j])
          }
        }
        for tap in down {
          let target = out + (i * rows.stride + rows.first(tap: tap)) * width
          for x in 0..<width { target[x] += line[x] }
        }
      }
    }
  }
}

extension PoolAxis {
  fileprivate var isPairs: Bool {
    kernel == 2 && stride == 2 && dilation == 1 && before == 0 && outputs == size / 2
  }
}
