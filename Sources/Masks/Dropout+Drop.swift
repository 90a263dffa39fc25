public import TensorCore

extension Dropout {
  /// Draws a mask and applies it, in training: the same bits as `mask` followed by `apply`, but for
  /// a `UnitwiseDropout` over elements or over maps in one pass over the activation, without a
  /// field in between.
  /// - Parameters:
  ///   - x: an activation of shape `[N,C,H,W]`, `[N,C,L]` or `[N,F]`
  ///   - stream: where the numbers come from; sample i of the batch uses its sample + i
  ///   - threads: how many may share the work; the result does not depend on it
  /// - Throws: `TensorError` where the kind cannot act on such a shape, or on no activation at all.
  public func drop(
    _ x: Tensor, stream: RandomStream, threads: Int = Parallel.processors
  ) throws(TensorError) -> (output: Tensor, mask: Mask) {
    guard kind.target != .weights else {
      throw TensorError(kind.name, expected: kind.target.need, found: "an activation \(x.shape)")
    }
    let layout = try NCHW(x.shape)
    let units = try kind.units(of: layout)
    if isIdentity || x.count == 0 { return (x, Mask(layout: layout)) }
    guard let kind = kind as? any UnitwiseDropout,
      units == layout || units == NCHW(n: layout.n, c: layout.c, h: 1, w: 1)
    else {
      let mask = try mask(layout: layout, stream: stream)
      return (apply(x, mask: mask), mask)
    }
    let pass = OnePass(
      layout: layout, step: rate.step, transfer: kind.transfer(rate: rate, scaling: scaling),
      stream: stream)
    var kept = NDArray<Bool>([0], [])
    let output = Tensor(x.shape) { out in
      x.withElements { x in
        kept = NDArray(layout.shape) { kept in
          // Threads cost more than they bring where there is less than a millisecond of work.
          let cells = Cells(x: x.baseAddress!, out: out.baseAddress!, kept: kept.baseAddress!)
          let threads = layout.count < 1 << 18 ? 1 : threads
          if units == layout {
            pass.elements(cells, threads: threads)
          } else {
            pass.maps(cells, threads: threads)
          }
        }
      }
    }
    return (output, Mask(layout: layout, kept: kept))
  }
}

/// Where one pass reads and writes: an activation, what becomes of it, and its mask.
private struct Cells: @unchecked Sendable {
  let x: UnsafePointer<Float>
  let out: UnsafeMutablePointer<Float>
  let kept: UnsafeMutablePointer<Bool>
}

/// Drawing, deciding and applying, a piece of the activation at a time.
private struct OnePass {
  let layout: NCHW
  let step: Int32
  let transfer: Transfer
  let stream: RandomStream

  /// Words drawn at a time: so few that the processor goes on fetching the activation while it
  /// draws, and enough to draw in bulk.
  static let block = 256
  /// Elements one task works on; a multiple of `block`.
  static let run = 1 << 16

  /// A unit for each element.
  func elements(_ cells: Cells, threads: Int) {
    let each = layout.c * layout.area
    let runs = (each + OnePass.run - 1) / OnePass.run
    Parallel.run(tasks: layout.n * runs, threads: threads) { task in
      let (n, run) = task.quotientAndRemainder(dividingBy: runs)
      let own = stream.ofSample(n)
      let end = min(each, (run + 1) * OnePass.run)
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: OnePass.block) { words in
        for start in stride(from: run * OnePass.run, to: end, by: OnePass.block) {
          let count = min(OnePass.block, end - start)
          own.fillWords(UnsafeMutableBufferPointer(rebasing: words[..<count]), from: start)
          let offset = n * each + start
          let kept = cells.kept + offset
          for i in 0..<count { kept[i] = Rate.keeps(words[i], step: step) }
          transfer.write(cells.out + offset, x: cells.x + offset, count: count) {
            Rate.keeps(words[$0], step: step)
          }
        }
      }
    }
  }

  /// A unit for each map.
  func maps(_ cells: Cells, threads: Int) {
    Parallel.run(tasks: layout.n * layout.c, threads: threads) { map in
      let (n, c) = map.quotientAndRemainder(dividingBy: layout.c)
      let keeps = Rate.keeps(stream.ofSample(n).word(at: c), step: step)
      let offset = map * layout.area
      (cells.kept + offset).initialize(repeating: keeps, count: layout.area)
      if keeps {
        transfer.write(cells.out + offset, x: cells.x + offset, count: layout.area) { _ in true }
      } else {
        (cells.out + offset).initialize(repeating: transfer.dropped, count: layout.area)
      }
    }
  }
}
