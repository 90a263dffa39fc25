public import TensorCore

extension Dropout {
  /// Draws a mask and applies it, in training: the same bits as `mask` followed by `apply`, but for
  /// a `UnitwiseDropout` whose units are elements, or runs of them such as maps, in one pass over the
  /// activation, without a field in between.
  /// - Parameters:
  ///   - x: an activation with the elements of `layout`
  ///   - layout: what its axes are
  ///   - stream: where the numbers come from; sample i of the batch uses its sample + i
  ///   - threads: how many may share the work; the result does not depend on it
  /// - Returns: what is left, in the shape of `x`, and the mask, in that of `layout`.
  /// - Throws: `TensorError` where the kind cannot act on such a layout, or on no activation at all.
  public func drop(
    _ x: Tensor, layout: Layout, stream: RandomStream, threads: Int = Parallel.processors
  ) throws(TensorError) -> (output: Tensor, mask: Mask) {
    precondition(x.count == layout.count, "\(x.shape) as \(layout)")
    guard !kind.target.isParameter else {
      throw TensorError(kind.name, expected: kind.target.need, found: "an activation \(x.shape)")
    }
    let units = try kind.units(of: layout)
    if isIdentity || x.count == 0 { return (x, Mask(layout: layout)) }
    guard let kind = kind as? any UnitwiseDropout, let run = OnePass.run(units, layout) else {
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
          if run == 1 {
            pass.elements(cells, threads: threads)
          } else {
            pass.runs(of: run, cells, threads: threads)
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
  let layout: Layout
  let step: Int32
  let transfer: Transfer
  let stream: RandomStream

  /// Words drawn at a time: so few that the processor goes on fetching the activation while it
  /// draws, and enough to draw in bulk.
  static let block = 256
  /// Elements one task works on; a multiple of `block`.
  static let part = 1 << 16

  /// How many neighbouring elements share a unit where one pass will do: 1 where none share; nil
  /// where samples or units do not lie together, or runs are so short that drawing in bulk is faster.
  static func run(_ units: Layout, _ layout: Layout) -> Int? {
    guard layout.isSampleMajor, units.n == layout.n else { return nil }
    // Axes of size 1 are neither shared nor not; of the others the shared ones must be the last.
    let isShared = zip(units.shape.dims, layout.shape.dims).filter { $1 != 1 }.map { $0 != $1 }
    guard isShared.drop(while: { !$0 }).allSatisfy({ $0 }) else { return nil }
    let run = layout.count / max(1, units.count)
    return run == 1 || run >= 16 ? run : nil
  }

  /// A unit for each element.
  func elements(_ cells: Cells, threads: Int) {
    let each = layout.sampleCount
    let parts = (each + OnePass.part - 1) / OnePass.part
    Parallel.run(tasks: layout.n * parts, threads: threads) { task in
      let (n, part) = task.quotientAndRemainder(dividingBy: parts)
      let own = stream.ofSample(n)
      let end = min(each, (part + 1) * OnePass.part)
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: OnePass.block) { words in
        for start in stride(from: part * OnePass.part, to: end, by: OnePass.block) {
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

  /// A unit for each run of elements, such as a map.
  func runs(of length: Int, _ cells: Cells, threads: Int) {
    let units = layout.sampleCount / length
    Parallel.run(tasks: layout.n * units, threads: threads) { run in
      let (n, unit) = run.quotientAndRemainder(dividingBy: units)
      let keeps = Rate.keeps(stream.ofSample(n).word(at: unit), step: step)
      let offset = run * length
      (cells.kept + offset).initialize(repeating: keeps, count: length)
      if keeps {
        transfer.write(cells.out + offset, x: cells.x + offset, count: length) { _ in true }
      } else {
        (cells.out + offset).initialize(repeating: transfer.dropped, count: length)
      }
    }
  }
}
