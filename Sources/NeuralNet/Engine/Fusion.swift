/// Steps of a plan that are done in one pass.
struct Fusion {
  /// The step whose result the other works on.
  let maker: Int
  /// Steps between, which go too.
  var between: [Int] = []
  let computation: any Computation
  let inputs: [Int?]
}

extension Fusion {
  /// Puts steps into ones before them that can do both at once, where nobody else reads what lies
  /// between: neither a step nor who asked for the value. They move to the later place, where all that
  /// they read is there.
  /// - Parameters:
  ///   - slots: how many slots the steps fill and read
  ///   - wanted: the slots that somebody asked for
  static func fuse(_ steps: inout [Plan.Step], slots: Int, wanted: [Int], isForTraining: Bool) {
    var readers = [Int](repeating: 0, count: slots)
    for step in steps {
      for case let slot? in step.inputs { readers[slot] += 1 }
    }
    for slot in wanted { readers[slot] += 1 }
    var makers = [Int?](repeating: nil, count: slots)
    var fused = [Bool](repeating: false, count: steps.count)
    for index in steps.indices {
      for case let slot? in steps[index].outputs { makers[slot] = index }
      if !isForTraining, steps[index].computation is Mul,
        let (fusion, x) = ErfGelu.fusion(
          of: steps[index], in: steps, makers: makers, readers: readers)
      {
        fusion.join(&steps, at: index, &fused)
        steps[index].opType = "Gelu"
        readers[x] -= 1
      }
      let fusion =
        isForTraining
        ? relu(at: index, in: steps, makers: makers, readers: readers)
        : epilogue(at: index, in: steps, makers: makers, readers: readers)
      fusion?.join(&steps, at: index, &fused)
    }
    var kept = 0
    for index in steps.indices where !fused[index] {
      if kept < index { steps.swapAt(kept, index) }
      kept += 1
    }
    steps.removeLast(steps.count - kept)
  }

  /// Puts what several steps do together in the place of the last of them.
  private func join(_ steps: inout [Plan.Step], at index: Int, _ fused: inout [Bool]) {
    var both = steps[maker]
    both.computation = computation
    both.inputs = inputs
    (both.outputs, both.names) = (steps[index].outputs, steps[index].names)
    steps[index] = both
    for part in [maker] + between { fused[part] = true }
  }

  /// A ReLU behind what can do it too, and be passed backward.
  private static func relu(
    at index: Int, in steps: [Plan.Step], makers: [Int?], readers: [Int]
  ) -> Fusion? {
    guard steps[index].computation is Relu, let slot = steps[index].inputs.first ?? nil,
      readers[slot] == 1,
      let maker = makers[slot], let both = FusedRelu(steps[maker].computation)
    else { return nil }
    return Fusion(maker: maker, computation: both, inputs: steps[maker].inputs)
  }

  /// What becomes of a step that can be done at the end of one before it, where nobody else reads what
  /// lies between.
  /// - Parameters:
  ///   - makers: the step that makes each slot
  ///   - readers: how many read each slot, whoever asked for it among them
  private static func epilogue(
    at index: Int, in steps: [Plan.Step], makers: [Int?], readers: [Int]
  ) -> Fusion? {
    guard isPlain(index, in: steps) else { return nil }
    func fused(
      _ slot: Int, _ kind: EpilogueStage, gate: (step: Int, slot: Int)? = nil
    ) -> Fusion? {
      guard let maker = makers[slot], readers[slot] == (gate == nil ? 1 : 2),
        isPlain(maker, in: steps), steps[maker].outputs.first == slot,
        let head = FusedEpilogue(steps[maker].computation, inputs: steps[maker].inputs.count)
      else { return nil }
      var inputs = steps[maker].inputs
      var isRunning = false
      let sources = steps[index].inputs.map { read -> FusedEpilogue.Stage.Source in
        guard let read else { return .nothing }
        if read == gate?.slot { return .gate }
        if read == slot, !isRunning {
          isRunning = true
          return .running
        }
        inputs.append(read)
        return .input(inputs.count - 1)
      }
      let stage = FusedEpilogue.Stage(
        kind: kind, operation: steps[index].computation, opType: steps[index].opType,
        sources: sources)
      let sigmoid = gate.flatMap { steps[$0.step].computation as? Sigmoid }
      return head.adding(stage, gate: sigmoid).map {
        Fusion(maker: maker, between: gate.map { [$0.step] } ?? [], computation: $0, inputs: inputs)
      }
    }
    let read = steps[index].inputs.compactMap { $0 }
    switch steps[index].computation {
    case is BatchNormalization: return read.first.flatMap { fused($0, .normalization) }
    case is Add:
      guard read.count == 2, read[0] != read[1] else { return nil }
      // The later of the two can wait for the other.
      let order = read.sorted { (makers[$0] ?? -1) > (makers[$1] ?? -1) }
      return fused(order[0], makers[order[1]] == nil ? .columnBias : .residual)
        ?? fused(order[0], .residual)
    case is Mul:
      guard read.count == 2 else { return nil }
      for (x, gate) in [(read[0], read[1]), (read[1], read[0])] {
        guard let sigmoid = makers[gate], steps[sigmoid].computation is Sigmoid,
          steps[sigmoid].inputs.first == x, readers[gate] == 1
        else { continue }
        return fused(x, .activation, gate: (sigmoid, gate))
      }
      return nil
    case is any EpilogueActivation: return read.first.flatMap { fused($0, .activation) }
    default: return nil
    }
  }

  /// Whether a step makes one value and drops nothing of it.
  private static func isPlain(_ index: Int, in steps: [Plan.Step]) -> Bool {
    steps[index].placement == nil && steps[index].site == nil
      && steps[index].outputs.dropFirst().allSatisfy { $0 == nil }
  }
}
