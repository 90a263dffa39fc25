import TensorCore

/// A step of a plain recurrent layer, Elman 1990: H = f(x·Wᵀ + H′·Rᵀ + b).
struct RNNCell: RecurrentCell {
  func run(_ layer: RecurrentLayer) -> RecurrentRun {
    var run = RecurrentRun(layer, bias: layer.bias, hasCells: false)
    let (n, h) = (layer.sizes.samples, layer.sizes.hidden)
    let product = layer.recurrentProduct(0..<h)
    run.withMemory { memory in
      nonisolated(unsafe) let memory = memory
      layer.forEachGroup { group in
        for step in 0..<layer.sizes.steps {
          let first = step * n
          product.add(
            memory.hidden + first * h, width: h, to: memory.gates + first * h, width: h, of: group)
          layer.forEachSample(of: group) { sample in
            let row = first + sample
            let (z, next) = (memory.gates + row * h, memory.hidden + (row + n) * h)
            layer.bound(z, memory.open.map { $0 + row * h }, h)
            layer.activations[0].apply(z, h)
            let isOver = step >= layer.lengths[sample]
            next.update(from: isOver ? memory.hidden + row * h : z, count: h)
          }
        }
      }
    }
    return run
  }

  func runBack(_ layer: RecurrentLayer, _ run: RecurrentRun, _ flow: inout RecurrentFlow) {
    var run = run
    let (n, h) = (layer.sizes.samples, layer.sizes.hidden)
    let product = layer.recurrentGradient(0..<h)
    flow.withMemory { flow in
      run.withMemory { memory in
        nonisolated(unsafe) let (memory, flow) = (memory, flow)
        layer.forEachGroup { group in
          for step in (0..<layer.sizes.steps).reversed() {
            layer.forEachSample(of: group) { sample in
              guard step < layer.lengths[sample] else { return }
              let row = step * n + sample
              for j in 0..<h {
                let dh = flow.hidden[sample * h + j] + flow.y[row * h + j]
                let open = memory.open?[row * h + j] ?? 1
                flow.gates[row * h + j] =
                  dh * layer.activations[0].slope(memory.gates[row * h + j]) * open
                flow.hidden[sample * h + j] = 0
              }
            }
            product.add(flow.gates + step * n * h, width: h, to: flow.hidden, width: h, of: group)
          }
        }
      }
    }
  }
}
