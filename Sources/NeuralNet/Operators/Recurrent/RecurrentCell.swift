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
        for row in 0..<rows { for i in 0..<width { to[row * width + i] = bias[i] } }
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

  /// Calls `body` for each sample, on several threads where that pays.
  func forEachSample(_ body: @Sendable (Int) -> Void) {
    guard sizes.samples * sizes.gateWidth >= 1 << 14 else {
      for sample in 0..<sizes.samples { body(sample) }
      return
    }
    Parallel.run(tasks: sizes.samples) { body($0) }
  }

  /// `to` += states·Rᵀ for a step: `rows` rows of R from `first` on, `to` and states in rows of their
  /// own widths.
  func addRecurrent(
    _ states: UnsafePointer<Float>, first: Int, rows: Int, to: UnsafeMutablePointer<Float>,
    width: Int
  ) {
    let h = sizes.hidden
    r.withElements { r in
      guard let r = r.baseAddress else { return }
      MatrixProduct.parallelSgemm(
        m: sizes.samples, n: rows, k: h, a: states, lda: h, b: r + first * h, ldb: h,
        transposeB: true, beta: 1, c: to, ldc: width)
    }
  }

  /// `to` += gradients·R for a step: by `rows` rows of R from `first` on.
  func addRecurrentBack(
    _ gradients: UnsafePointer<Float>, first: Int, rows: Int, to: UnsafeMutablePointer<Float>
  ) {
    let h = sizes.hidden
    r.withElements { r in
      guard let r = r.baseAddress else { return }
      MatrixProduct.parallelSgemm(
        m: sizes.samples, n: h, k: rows, a: gradients, lda: sizes.gateWidth, b: r + first * h,
        ldb: h, beta: 1, c: to, ldc: h)
    }
  }
}
