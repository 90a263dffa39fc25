import TensorCore

/// A step of a plain recurrent layer, Elman 1990: H = f(x·Wᵀ + H′·Rᵀ + b).
struct RNNCell: RecurrentCell {
  func run(_ layer: RecurrentLayer) -> RecurrentRun {
    var run = RecurrentRun(layer, bias: layer.bias, hasCells: false)
    let (n, h) = (layer.sizes.samples, layer.sizes.hidden)
    run.withMemory { memory in
      for step in 0..<layer.sizes.steps {
        let first = step * n
        nonisolated(unsafe) let memory = memory
        layer.addRecurrent(
          memory.hidden + first * h, first: 0, rows: h, to: memory.gates + first * h, width: h)
        layer.forEachSample { sample in
          let row = first + sample
          let (z, next) = (memory.gates + row * h, memory.hidden + (row + n) * h)
          layer.bound(z, memory.open.map { $0 + row * h }, h)
          layer.activations[0].apply(z, h)
          let isOver = step >= layer.lengths[sample]
          next.update(from: isOver ? memory.hidden + row * h : z, count: h)
        }
      }
    }
    return run
  }

  func runBack(_ layer: RecurrentLayer, _ run: RecurrentRun, _ flow: inout RecurrentFlow) {
    var run = run
    let (n, h) = (layer.sizes.samples, layer.sizes.hidden)
    flow.withMemory { flow in
      run.withMemory { memory in
        for step in (0..<layer.sizes.steps).reversed() {
          for sample in 0..<n where step < layer.lengths[sample] {
            let row = step * n + sample
            for j in 0..<h {
              let dh = flow.hidden[sample * h + j] + flow.y[row * h + j]
              let open = memory.open?[row * h + j] ?? 1
              flow.gates[row * h + j] =
                dh * layer.activations[0].slope(memory.gates[row * h + j]) * open
              flow.hidden[sample * h + j] = 0
            }
          }
          layer.addRecurrentBack(flow.gates + step * n * h, first: 0, rows: h, to: flow.hidden)
        }
      }
    }
  }
}
