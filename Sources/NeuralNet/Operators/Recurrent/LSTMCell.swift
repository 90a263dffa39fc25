import TensorCore

/// A step of an LSTM, Hochreiter & Schmidhuber 1997, with the gates i, o, f and the candidate c in ONNX's
/// order: i = f(x + h + Pᵢ·C′), f = f(x + h + P_f·C′) or 1 − i, c = g(x + h), C = f·C′ + i·c,
/// o = f(x + h + Pₒ·C), H = o·h(C).
struct LSTMCell: RecurrentCell {
  /// Whether the forget gate is what the input gate leaves.
  let isCoupled: Bool

  func run(_ layer: RecurrentLayer) -> RecurrentRun {
    var run = RecurrentRun(layer, bias: layer.bias, hasCells: true)
    let (n, h, width) = (layer.sizes.samples, layer.sizes.hidden, layer.sizes.gateWidth)
    let product = layer.recurrentProduct(0..<width)
    run.withMemory { memory in
      guard let own = memory.cells else { return }
      nonisolated(unsafe) let (memory, cells) = (memory, own)
      layer.forEachGroup { group in
        for step in 0..<layer.sizes.steps {
          let first = step * n
          product.add(
            memory.hidden + first * h, width: h, to: memory.gates + first * width, width: width,
            of: group)
          layer.forEachSample(of: group) { sample in
            let row = first + sample
            let next = memory.hidden + (row + n) * h
            guard step < layer.lengths[sample] else {
              next.update(from: memory.hidden + row * h, count: h)
              (cells + (row + n) * h).update(from: cells + row * h, count: h)
              (memory.gates + row * width).update(repeating: 0, count: width)
              return
            }
            self.step(
              layer, memory.gates + row * width, memory.open.map { $0 + row * width },
              before: cells + row * h, cell: cells + (row + n) * h,
              squashed: memory.extra + row * h, hidden: next)
          }
        }
      }
    }
    return run
  }

  private func step(
    _ layer: RecurrentLayer, _ i: UnsafeMutablePointer<Float>,
    _ open: UnsafeMutablePointer<Float>?, before: UnsafePointer<Float>,
    cell: UnsafeMutablePointer<Float>, squashed: UnsafeMutablePointer<Float>,
    hidden: UnsafeMutablePointer<Float>
  ) {
    let h = layer.sizes.hidden
    let (o, f, g) = (i + h, i + 2 * h, i + 3 * h)
    layer.peepholes?.withElements { p in
      for j in 0..<h {
        i[j] += p[j] * before[j]
        f[j] += p[2 * h + j] * before[j]
      }
    }
    layer.bound(i, open, h)
    layer.bound(f, open.map { $0 + 2 * h }, h)
    layer.bound(g, open.map { $0 + 3 * h }, h)
    let gate = layer.activations[0]
    gate.apply(i, h)
    if isCoupled { for j in 0..<h { f[j] = 1 - i[j] } } else { gate.apply(f, h) }
    layer.activations[1].apply(g, h)
    for j in 0..<h { cell[j] = f[j] * before[j] + i[j] * g[j] }
    layer.peepholes?.withElements { p in for j in 0..<h { o[j] += p[h + j] * cell[j] } }
    layer.bound(o, open.map { $0 + h }, h)
    gate.apply(o, h)
    squashed.update(from: cell, count: h)
    layer.activations[2].apply(squashed, h)
    for j in 0..<h { hidden[j] = o[j] * squashed[j] }
  }

  func runBack(_ layer: RecurrentLayer, _ run: RecurrentRun, _ flow: inout RecurrentFlow) {
    var run = run
    let (n, h, width) = (layer.sizes.samples, layer.sizes.hidden, layer.sizes.gateWidth)
    let product = layer.recurrentGradient(0..<width)
    flow.withMemory { flow in
      run.withMemory { memory in
        guard let own = memory.cells else { return }
        nonisolated(unsafe) let (memory, cells, flow) = (memory, own, flow)
        layer.forEachGroup { group in
          for step in (0..<layer.sizes.steps).reversed() {
            layer.forEachSample(of: group) { sample in
              let row = step * n + sample
              guard step < layer.lengths[sample] else { return }
              self.stepBack(
                layer, memory.gates + row * width, memory.open.map { $0 + row * width },
                before: cells + row * h, squashed: memory.extra + row * h,
                y: flow.y + row * h, hidden: flow.hidden + sample * h,
                cell: flow.cells + sample * h, to: flow.gates + row * width)
            }
            product.add(
              flow.gates + step * n * width, width: width, to: flow.hidden, width: h, of: group)
          }
        }
      }
    }
    guard layer.peepholes != nil, let cells = run.cells else { return }
    var sums = [Double](repeating: 0, count: 3 * h)
    for row in 0..<flow.gates.shape[0] {
      for j in 0..<h {
        let (before, after) = (Double(cells[row * h + j]), Double(cells[(row + n) * h + j]))
        sums[j] += Double(flow.gates[row * width + j]) * before
        sums[h + j] += Double(flow.gates[row * width + h + j]) * after
        sums[2 * h + j] += Double(flow.gates[row * width + 2 * h + j]) * before
      }
    }
    flow.peepholes = Tensor([3 * h], sums.map { Float($0) })
  }

  /// Takes the gradients by the states after a step to those before, without what comes through R,
  /// and leaves those by what goes into the gates in `d`.
  private func stepBack(
    _ layer: RecurrentLayer, _ gates: UnsafePointer<Float>, _ open: UnsafePointer<Float>?,
    before: UnsafePointer<Float>, squashed: UnsafePointer<Float>, y: UnsafePointer<Float>,
    hidden: UnsafeMutablePointer<Float>, cell: UnsafeMutablePointer<Float>,
    to d: UnsafeMutablePointer<Float>
  ) {
    let h = layer.sizes.hidden
    let (gate, candidate, output) = (
      layer.activations[0], layer.activations[1], layer.activations[2]
    )
    if layer.peepholes == nil, open == nil, !isCoupled,
      layer.activations == [.sigmoid, .tanh, .tanh]
    {
      return lstmGradient(
        units: h, gates: gates, before: before, squashed: squashed, y: y, hidden: hidden,
        cell: cell, to: d)
    }
    let p = layer.peepholes?.elements
    for j in 0..<h {
      let (i, o, f, g) = (gates[j], gates[h + j], gates[2 * h + j], gates[3 * h + j])
      let dh = hidden[j] + y[j]
      func isOpen(_ block: Int) -> Float { open?[block * h + j] ?? 1 }
      let dO = dh * squashed[j] * gate.slope(o) * isOpen(1)
      var dc = cell[j] + dh * o * output.slope(squashed[j])
      if let p { dc += dO * p[h + j] }
      let dG = dc * i * candidate.slope(g) * isOpen(3)
      let dI = dc * (isCoupled ? g - before[j] : g) * gate.slope(i) * isOpen(0)
      let dF = isCoupled ? 0 : dc * before[j] * gate.slope(f) * isOpen(2)
      (d[j], d[h + j], d[2 * h + j], d[3 * h + j]) = (dI, dO, dF, dG)
      cell[j] = dc * f
      if let p { cell[j] += dI * p[j] + dF * p[2 * h + j] }
      hidden[j] = 0
    }
  }
}
