import TensorCore

/// What flows back through one direction.
public struct RecurrentFlow: Sendable {
  private let layer: RecurrentLayer
  private let run: RecurrentRun
  /// The gradient by Y, `[S·N,H]`.
  let y: Tensor
  /// The gradients by the states after the step that is gone through, `[N,H]`; in the end by the first.
  var hidden, cells: Tensor
  /// By what goes into the gates, `[S·N,G·H]`.
  var gates: Tensor
  /// By what the recurrent product gives, where that is another.
  var recurrent: Tensor?
  /// By the peepholes, `[3·H]`.
  var peepholes: Tensor
  /// What the last gate's block of R is multiplied with, `[S·N,H]`, where it is not the hidden states.
  var lastFactor: Tensor?

  init(_ layer: RecurrentLayer, _ run: RecurrentRun, gradients: [Tensor?], direction: Int) {
    (self.layer, self.run) = (layer, run)
    y = layer.steps(of: gradients.first ?? nil, direction: direction)
    hidden = layer.state(of: gradients.count > 1 ? gradients[1] : nil, direction: direction)
    cells = layer.state(of: gradients.count > 2 ? gradients[2] : nil, direction: direction)
    gates = Tensor(run.gates.shape, repeating: 0)
    peepholes = Tensor([3 * layer.sizes.hidden], repeating: 0)
  }

  /// Where the numbers lie in memory.
  struct Memory {
    let y: UnsafePointer<Float>
    let hidden, cells, gates: UnsafeMutablePointer<Float>
    let recurrent: UnsafeMutablePointer<Float>?
  }

  /// Calls `body` with them; not for layers without any numbers.
  mutating func withMemory(_ body: (Memory) -> Void) {
    guard gates.count > 0 else { return }
    let y = y
    y.withElements { y in
      hidden.withMutableElements { hidden in
        cells.withMutableElements { cells in
          gates.withMutableElements { gates in
            guard let y = y.baseAddress, let hidden = hidden.baseAddress,
              let cells = cells.baseAddress, let gates = gates.baseAddress
            else { return }
            func call(_ recurrent: UnsafeMutablePointer<Float>?) {
              body(
                Memory(y: y, hidden: hidden, cells: cells, gates: gates, recurrent: recurrent))
            }
            guard recurrent != nil else { return call(nil) }
            recurrent?.withMutableElements { call($0.baseAddress) }
          }
        }
      }
    }
  }

  /// Adds the gradients by all inputs that are wanted, which are there, to those of all directions.
  func add(to all: inout [Tensor?], direction: Int) {
    let s = layer.sizes
    let before: Shape = [s.steps * s.samples, s.hidden]
    let recurrent = recurrent ?? gates
    func add(_ index: Int, _ part: () -> Tensor, from start: Int = 0) {
      guard index < all.count, var own = all[index] else { return }
      let part = part()
      let offset = direction * (own.count / max(1, s.directions)) + start
      own.add(part, through: StridedView(part.shape, offset: offset, strides: part.shape.strides))
      all[index] = own
    }
    if var own = all[0] {
      layer.addInput(
        MatrixProduct.of(gates, transposed: false, layer.w, transposed: false), to: &own)
      all[0] = own
    }
    add(1) { MatrixProduct.of(gates, transposed: true, layer.x, transposed: false) }
    add(2) {
      let states = run.hidden.gathered(StridedView(before, strides: before.strides))
      guard let lastFactor else {
        return MatrixProduct.of(recurrent, transposed: true, states, transposed: false)
      }
      let (first, width) = (s.gateWidth - s.hidden, s.gateWidth)
      func block(_ from: Int, _ columns: Int) -> Tensor {
        recurrent.gathered(
          StridedView([before[0], columns], offset: from, strides: [width, 1]))
      }
      let parts = [
        MatrixProduct.of(block(0, first), transposed: true, states, transposed: false),
        MatrixProduct.of(block(first, s.hidden), transposed: true, lastFactor, transposed: false),
      ]
      return (try? Tensor.concatenated(parts, axis: 0, in: "R")) ?? parts[0]
    }
    if all.count > 3, all[3] != nil {
      let sums = RecurrentFlow.columnSums(gates)
      add(3) { sums }
      add(3, { self.recurrent.map(RecurrentFlow.columnSums) ?? sums }, from: s.gateWidth)
    }
    for (index, state) in [(5, hidden), (6, cells)] {
      guard index < all.count, var own = all[index] else { continue }
      layer.addState(state, to: &own, direction: direction)
      all[index] = own
    }
    add(7) { peepholes }
  }

  private static func columnSums(_ x: Tensor) -> Tensor {
    let sums = try? Reduction.sum(x, over: [0], keepingDims: false)
    return sums ?? Tensor([x.shape[1]], repeating: 0)
  }
}
