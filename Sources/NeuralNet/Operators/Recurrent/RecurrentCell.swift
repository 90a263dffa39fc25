import TensorCore

/// The arithmetic of one direction, step by step: what LSTM, GRU and RNN differ in.
public protocol RecurrentCell: Sendable {
  /// All steps from the first states on.
  func run(_ layer: RecurrentLayer) -> RecurrentRun
  /// The gradients by what went into the gates, from the last step to the first.
  func runBack(_ layer: RecurrentLayer, _ run: RecurrentRun, _ flow: inout RecurrentFlow)
}

/// What a direction made at each of its steps. S steps, N samples, G gates, H units.
public struct RecurrentRun: Sendable {
  /// The gates `[S·N,G·H]`.
  var gates: Tensor
  /// 1 where a gate's sum lay within the bounds of `clip`, `[S·N,G·H]`; empty without bounds.
  var open: Tensor
  /// The hidden states `[(S+1)·N,H]`, the first one before all steps.
  var hidden: Tensor
  /// The cell states, likewise.
  var cells: Tensor?
  /// What else the gradient needs, `[S·N,H]`.
  var extra: Tensor

  /// Room for the steps of a layer whose gates begin as X·Wᵀ + `bias`.
  init(_ layer: RecurrentLayer, bias: Tensor, hasCells: Bool) {
    let s = layer.sizes
    let (rows, width) = (s.steps * s.samples, s.gateWidth)
    gates = Tensor([rows, width]) { out in
      guard let to = out.baseAddress else { return }
      bias.withElements { bias in
        guard let bias = bias.baseAddress else { return }
        for row in 0..<rows { (to + row * width).initialize(from: bias, count: width) }
      }
      layer.x.withElements { x in
        layer.w.withElements { w in
          // Without inputs there is nothing to read.
          MatrixProduct.parallelSgemm(
            m: rows, n: width, k: s.inputs, a: x.baseAddress ?? UnsafePointer(to), lda: s.inputs,
            b: w.baseAddress ?? UnsafePointer(to), ldb: s.inputs, transposeB: true, beta: 1, c: to,
            ldc: width)
        }
      }
    }
    open = Tensor(layer.clip.isFinite ? [rows, width] : [0], repeating: 1)
    extra = Tensor([rows, s.hidden], repeating: 0)
    hidden = RecurrentRun.states(after: layer.hidden, s)
    cells = hasCells ? RecurrentRun.states(after: layer.cells, s) : nil
  }

  /// What `kept` gave back.
  init?(_ kept: [Tensor], hasCells: Bool) {
    guard kept.count == RecurrentRun.kept(hasCells: hasCells) else { return nil }
    (gates, open, hidden, extra) = (kept[0], kept[1], kept[2], kept[3])
    cells = hasCells ? kept[4] : nil
  }

  /// All of it, for the backward pass.
  var kept: [Tensor] { [gates, open, hidden, extra] + (cells.map { [$0] } ?? []) }

  /// How many arrays that is.
  static func kept(hasCells: Bool) -> Int { hasCells ? 5 : 4 }

  private static func states(after first: Tensor, _ s: RecurrentRule.Sizes) -> Tensor {
    var states = Tensor([(s.steps + 1) * s.samples, s.hidden], repeating: 0)
    states.withMutableElements { states in
      first.withElements { first in for i in first.indices { states[i] = first[i] } }
    }
    return states
  }

  /// Where the numbers of a run lie in memory.
  struct Memory {
    let gates, hidden, extra: UnsafeMutablePointer<Float>
    let cells, open: UnsafeMutablePointer<Float>?
  }

  /// Calls `body` with them; not for layers without any numbers.
  mutating func withMemory(_ body: (Memory) -> Void) {
    guard gates.count > 0 else { return }
    gates.withMutableElements { gates in
      hidden.withMutableElements { hidden in
        extra.withMutableElements { extra in
          open.withMutableElements { open in
            guard let gates = gates.baseAddress, let hidden = hidden.baseAddress,
              let extra = extra.baseAddress
            else { return }
            func call(_ cells: UnsafeMutablePointer<Float>?) {
              body(
                Memory(
                  gates: gates, hidden: hidden, extra: extra, cells: cells,
                  open: open.isEmpty ? nil : open.baseAddress))
            }
            guard cells != nil else { return call(nil) }
            cells?.withMutableElements { call($0.baseAddress) }
          }
        }
      }
    }
  }
}

extension RecurrentLayer {
  /// The biases of both products together.
  var bias: Tensor {
    var sum = inputBias
    sum.changeChunks(reading: recurrentBias) { sum, b in for i in sum.indices { sum[i] += b[i] } }
    return sum
  }

  /// Holds what goes into activations to the bounds, and notes where it lay within.
  func bound(_ z: UnsafeMutablePointer<Float>, _ open: UnsafeMutablePointer<Float>?, _ count: Int) {
    guard let open else { return }
    for i in 0..<count {
      open[i] = abs(z[i]) > clip ? 0 : 1
      z[i] = min(max(z[i], -clip), clip)
    }
  }

  /// Samples that go through the steps together, by a thread of their own or, where there is one group, by
  /// all of them.
  struct Group: Sendable {
    let samples: Range<Int>
    let isAlone: Bool
  }

  /// Samples of a thread below which its products are too narrow, and recurrent weights, in bytes, above
  /// which two threads that read all of them at each step get into each other's way.
  private static let (fewest, most) = (8, 4 << 20)

  /// Calls `body` for groups of samples, which do not depend on each other: where there are enough of them
  /// each thread goes through all steps of its own without waiting for others.
  func forEachGroup(_ body: @Sendable (Group) -> Void) {
    let (n, threads) = (sizes.samples, Parallel.threads)
    let isSmall = r.count * MemoryLayout<Float>.stride <= RecurrentLayer.most
    guard threads > 1, isSmall, n >= RecurrentLayer.fewest * threads else {
      return body(Group(samples: 0..<n, isAlone: false))
    }
    Parallel.run(tasks: threads) { task in
      body(Group(samples: n * task / threads..<n * (task + 1) / threads, isAlone: true))
    }
  }

  /// Calls `body` for each sample of a group, on several threads where that pays.
  func forEachSample(of group: Group, _ body: @Sendable (Int) -> Void) {
    guard !group.isAlone, sizes.samples * sizes.gateWidth >= 1 << 14 else {
      for sample in group.samples { body(sample) }
      return
    }
    let first = group.samples.lowerBound
    Parallel.run(tasks: group.samples.count) { body(first + $0) }
  }

  /// states·Rᵀ of each step, by some rows of R.
  func recurrentProduct(_ rows: Range<Int>) -> RepeatedProduct {
    RepeatedProduct(r, rows: rows, transposed: true, times: sizes.steps)
  }

  /// gradients·R of each step, by some rows of R.
  func recurrentGradient(_ rows: Range<Int>) -> RepeatedProduct {
    RepeatedProduct(r, rows: rows, transposed: false, times: sizes.steps)
  }
}

extension RepeatedProduct {
  /// Adds the product of a step's numbers to others for a group of samples, both in rows of their own widths
  /// that begin with the first sample's.
  func add(
    _ numbers: UnsafePointer<Float>, width: Int, to sums: UnsafeMutablePointer<Float>,
    width sumsWidth: Int, of group: RecurrentLayer.Group
  ) {
    let first = group.samples.lowerBound
    add(
      numbers + first * width, rows: group.samples.count, step: width, to: sums + first * sumsWidth,
      step: sumsWidth, isAlone: group.isAlone)
  }
}
