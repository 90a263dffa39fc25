import TensorCore

/// A step of a GRU, Cho et al. 2014 (arXiv:1406.1078), with the gates z, r and the candidate h in ONNX's
/// order: z = f(x + h), r = f(x + h), H = (1 − z)·g + z·H′ with g = g(x + (r·H′)·Rᵀ), or with the reset
/// after the product g(x + r·(H′·Rᵀ + b)).
struct GRUCell: RecurrentCell {
  /// Whether the reset gate acts on what the recurrent product gives (`linear_before_reset`).
  let resetsAfter: Bool

  func run(_ layer: RecurrentLayer) -> RecurrentRun {
    let (n, h, width) = (layer.sizes.samples, layer.sizes.hidden, layer.sizes.gateWidth)
    var bias = layer.bias
    if resetsAfter { for j in 2 * h..<3 * h { bias[j] = layer.inputBias[j] } }
    var run = RecurrentRun(layer, bias: bias, hasCells: false)
    let gates = layer.recurrentProduct(0..<2 * h)
    let candidate = layer.recurrentProduct(2 * h..<3 * h)
    run.withMemory { memory in
      nonisolated(unsafe) let memory = memory
      layer.forEachGroup { group in
        for step in 0..<layer.sizes.steps {
          let first = step * n
          let (z, extra) = (memory.gates + first * width, memory.extra + first * h)
          let before = memory.hidden + first * h
          gates.add(before, width: h, to: z, width: width, of: group)
          if resetsAfter {
            for row in group.samples {
              for j in 0..<h { extra[row * h + j] = layer.recurrentBias[2 * h + j] }
            }
            candidate.add(before, width: h, to: extra, width: h, of: group)
          }
          layer.forEachSample(of: group) { sample in
            let row = first + sample
            let z = memory.gates + row * width
            layer.bound(z, memory.open.map { $0 + row * width }, 2 * h)
            layer.activations[0].apply(z, 2 * h)
            let (own, before) = (memory.extra + row * h, memory.hidden + row * h)
            for j in 0..<h {
              if resetsAfter {
                z[2 * h + j] += z[h + j] * own[j]
              } else {
                own[j] = z[h + j] * before[j]
              }
            }
          }
          if !resetsAfter {
            candidate.add(extra, width: h, to: z + 2 * h, width: width, of: group)
          }
          layer.forEachSample(of: group) { sample in
            let row = first + sample
            let (z, g) = (memory.gates + row * width, memory.gates + row * width + 2 * h)
            let (before, next) = (memory.hidden + row * h, memory.hidden + (row + n) * h)
            guard step < layer.lengths[sample] else {
              next.update(from: before, count: h)
              return
            }
            layer.bound(g, memory.open.map { $0 + row * width + 2 * h }, h)
            layer.activations[1].apply(g, h)
            for j in 0..<h { next[j] = (1 - z[j]) * g[j] + z[j] * before[j] }
          }
        }
      }
    }
    return run
  }

  func runBack(_ layer: RecurrentLayer, _ run: RecurrentRun, _ flow: inout RecurrentFlow) {
    var run = run
    let (n, h, width) = (layer.sizes.samples, layer.sizes.hidden, layer.sizes.gateWidth)
    flow.recurrent = resetsAfter ? Tensor(run.gates.shape, repeating: 0) : nil
    if !resetsAfter { flow.lastFactor = run.extra }
    let gates = layer.recurrentGradient(0..<(resetsAfter ? width : 2 * h))
    let candidate = resetsAfter ? nil : layer.recurrentGradient(2 * h..<width)
    var resets = Tensor([n, h], repeating: 0)
    flow.withMemory { flow in
      run.withMemory { memory in
        resets.withMutableElements { own in
          guard let own = own.baseAddress else { return }
          nonisolated(unsafe) let (memory, flow, resets) = (memory, flow, own)
          layer.forEachGroup { group in
            for step in (0..<layer.sizes.steps).reversed() {
              layer.forEachSample(of: group) { sample in
                guard step < layer.lengths[sample] else { return }
                candidateBack(layer, memory, flow, sample, row: step * n + sample)
              }
              let first = step * n * width
              if let candidate {
                (resets + group.samples.lowerBound * h)
                  .update(repeating: 0, count: group.samples.count * h)
                candidate.add(
                  flow.gates + first + 2 * h, width: width, to: resets, width: h, of: group)
                resetBack(layer, memory, flow, resets, step, group)
              }
              gates.add(
                (flow.recurrent ?? flow.gates) + first, width: width, to: flow.hidden, width: h,
                of: group)
            }
          }
        }
      }
    }
  }

  /// The gradients by the reset gate, where it acts before the product.
  private func resetBack(
    _ layer: RecurrentLayer, _ memory: RecurrentRun.Memory, _ flow: RecurrentFlow.Memory,
    _ resets: UnsafePointer<Float>, _ step: Int, _ group: RecurrentLayer.Group
  ) {
    let (n, h, width) = (layer.sizes.samples, layer.sizes.hidden, layer.sizes.gateWidth)
    for sample in group.samples where step < layer.lengths[sample] {
      let row = step * n + sample
      let (r, d) = (memory.gates + row * width + h, flow.gates + row * width + h)
      for j in 0..<h {
        let open = memory.open?[row * width + h + j] ?? 1
        let reset = resets[sample * h + j]
        d[j] = reset * memory.hidden[row * h + j] * layer.activations[0].slope(r[j]) * open
        flow.hidden[sample * h + j] += reset * r[j]
      }
    }
  }

  /// The gradients by the update gate and the candidate, and where the reset comes after the product
  /// those by the reset gate and the product too.
  private func candidateBack(
    _ layer: RecurrentLayer, _ memory: RecurrentRun.Memory, _ flow: RecurrentFlow.Memory,
    _ sample: Int, row: Int
  ) {
    let (h, width) = (layer.sizes.hidden, layer.sizes.gateWidth)
    let (gates, d) = (memory.gates + row * width, flow.gates + row * width)
    let (gate, candidate) = (layer.activations[0], layer.activations[1])
    for j in 0..<h {
      func isOpen(_ block: Int) -> Float { memory.open?[row * width + block * h + j] ?? 1 }
      let (z, r, g) = (gates[j], gates[h + j], gates[2 * h + j])
      let dh = flow.hidden[sample * h + j] + flow.y[row * h + j]
      let dZ = dh * (memory.hidden[row * h + j] - g) * gate.slope(z) * isOpen(0)
      let dG = dh * (1 - z) * candidate.slope(g) * isOpen(2)
      (d[j], d[2 * h + j]) = (dZ, dG)
      flow.hidden[sample * h + j] = dh * z
      guard let recurrent = flow.recurrent.map({ $0 + row * width }) else { continue }
      d[h + j] = dG * memory.extra[row * h + j] * gate.slope(r) * isOpen(1)
      (recurrent[j], recurrent[h + j], recurrent[2 * h + j]) = (dZ, d[h + j], dG * r)
    }
  }
}
