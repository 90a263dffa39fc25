import Masks
import TensorCore

/// An operator whose result can be worked on while it is at hand.
protocol EpilogueFusing: Operator {
  /// What `forward` makes, and what the epilogue makes of it.
  func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, _ epilogue: Epilogue
  ) throws(TensorError) -> [Value]
  /// What may stand behind it.
  static var stages: Set<FusedEpilogue.Stage.Kind> { get }
}

/// An operator, or several that are one function, that can be the last step of an epilogue.
protocol EpilogueActivation: Computation {
  /// The step; nil where these inputs (the first is not looked at) make another one.
  func activation(_ inputs: Inputs<Value>) throws(TensorError) -> Activation?
}

extension Epilogue {
  /// What it makes of the only output of an operator that cannot do it itself.
  func following(_ made: [Value]) throws(TensorError) -> [Value] {
    if isPlain, activation == .none { return made }
    guard case .float32(let x)? = made.first, columnBias == nil else {
      throw TensorError("epilogue", expected: "a float32", found: "another")
    }
    return [.float32(self(x))]
  }
}

/// A convolution or a product with the nodes behind it in one pass, with the bits that they have one by
/// one. Where it finds that they cannot be one (by the shapes, the types or the mode of a run) they run
/// one by one.
struct FusedEpilogue: Computation {
  /// One of the nodes behind.
  struct Stage: Sendable {
    enum Kind: Int, Sendable {
      case columnBias, normalization, residual, activation
    }
    /// What a node reads.
    enum Source: Equatable, Sendable {
      case nothing
      /// What the node before made.
      case running
      /// One of the inputs of all.
      case input(Int)
      /// The sigmoid of what the node before made.
      case gate
    }
    let kind: Kind
    let operation: any Computation
    let opType: String
    let sources: [Source]

    /// The inputs beside those that are made on the way.
    func inputs(_ all: Inputs<Value>, running: Value? = nil, gate: Value? = nil) -> Inputs<Value> {
      Inputs(
        opType,
        sources.map {
          switch $0 {
          case .nothing: nil
          case .running: running
          case .gate: gate
          case .input(let index): all.optional(index)
          }
        })
    }
  }

  /// The epilogue where it is an activation of no other inputs, as behind most convolutions.
  private var fixed: Epilogue?
  private let head: any EpilogueFusing
  private let headInputs: Int
  private var stages: [Stage] = []
  private var gate: Sigmoid?

  /// Nil where the computation cannot take others in.
  init?(_ computation: any Computation, inputs: Int) {
    if let fused = computation as? FusedEpilogue {
      self = fused
    } else if let head = computation as? any EpilogueFusing {
      (self.head, headInputs) = (head, inputs)
    } else {
      return nil
    }
  }

  /// The same with a node behind it; nil where an epilogue has no place for it there.
  func adding(_ stage: Stage, gate: Sigmoid? = nil) -> FusedEpilogue? {
    guard (stages.last?.kind.rawValue ?? -1) < stage.kind.rawValue,
      type(of: head).stages.contains(stage.kind)
    else { return nil }
    var all = self
    all.stages.append(stage)
    all.gate = gate
    all.fixed = nil
    if all.stages.count == 1, stage.sources == [.running],
      let activation = stage.operation as? any EpilogueActivation,
      let step = try? activation.activation(Inputs(stage.opType, [nil]))
    {
      all.fixed = Epilogue(activation: step)
    }
    return all
  }

  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    if let fixed { return try head.forward(own(inputs), context, fixed) }
    guard let epilogue = try epilogue(inputs, context) else {
      return try oneByOne(inputs, context)
    }
    return try head.forward(own(inputs), context, epilogue)
  }

  func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, typedOutputs: Int
  ) throws(TensorError) -> [Value] {
    // Other types round between the nodes.
    inputs.areTyped ? try oneByOne(inputs, context) : try forward(inputs, context)
  }

  private func own(_ inputs: Inputs<Value>) -> Inputs<Value> {
    Inputs(inputs.opType, (0..<headInputs).map { inputs.optional($0) })
  }

  /// What the stages are together; nil where they are more than an epilogue.
  private func epilogue(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> Epilogue? {
    let result = try head.outputs(for: own(inputs).described)[0].shape
    var epilogue = Epilogue()
    for stage in stages {
      let own = stage.inputs(inputs)
      let other = (0..<own.count).lazy.compactMap { own.optional($0) }.first?.tensor
      switch stage.kind {
      case .columnBias:
        guard let other, other.shape.count == result.dims.last,
          other.shape.dims.last == other.shape.count, other.shape.rank <= result.rank
        else { return nil }
        epilogue.columnBias = other
      case .normalization:
        guard result.rank >= 2, let normalization = stage.operation as? BatchNormalization,
          let affine = try normalization.affine(own, context), affine.scale.count == result[1]
        else { return nil }
        (epilogue.scale, epilogue.shift) = affine
      case .residual:
        guard let other, other.shape == result else { return nil }
        epilogue.residual = other
      case .activation:
        if gate != nil {
          epilogue.activation = .silu
        } else {
          guard let activation = stage.operation as? any EpilogueActivation,
            let step = try activation.activation(own)
          else { return nil }
          epilogue.activation = step
        }
      }
    }
    return epilogue
  }

  /// The nodes as they stand in the graph.
  private func oneByOne(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    var running = try head.forward(
      own(inputs), context, typedOutputs: type(of: head).typedOutputs)[0]
    for stage in stages {
      let gated = try gate?.forward(
        Inputs(Sigmoid.opType, [running]), context, typedOutputs: Sigmoid.typedOutputs)[0]
      running = try stage.operation.forward(
        stage.inputs(inputs, running: running, gate: gated), context,
        typedOutputs: (stage.operation as? any Operator).map { type(of: $0).typedOutputs } ?? .max
      )[0]
    }
    return [running]
  }

  func price(_ inputs: Inputs<Value>) -> Price { head.price(own(inputs)) }

  /// Plans for training keep what lies between.
  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    preconditionFailure("an epilogue in a plan for training")
  }
}

extension PlanBuilder {
  /// Steps that belong together.
  struct Fusion {
    /// The step whose result the other works on.
    let maker: Int
    /// Steps between, which go too.
    var between: [Int] = []
    let computation: any Computation
    let inputs: [Int?]
  }

  /// What becomes of a step that can be done at the end of one before it, where nobody else reads what
  /// lies between.
  /// - Parameters:
  ///   - makers: the step that makes each slot
  ///   - readers: how many read each slot, whoever asked for it among them
  static func fusion(
    of step: Plan.Step, in steps: [Plan.Step], makers: [Int?], readers: [Int]
  ) -> Fusion? {
    guard step.placement == nil, step.site == nil,
      step.outputs.dropFirst().allSatisfy({ $0 == nil })
    else { return nil }
    func fused(
      _ slot: Int, _ kind: FusedEpilogue.Stage.Kind, gate: (step: Int, slot: Int)? = nil
    ) -> Fusion? {
      guard let maker = makers[slot], readers[slot] == (gate == nil ? 1 : 2),
        steps[maker].placement == nil, steps[maker].site == nil,
        steps[maker].outputs.first == slot,
        steps[maker].outputs.dropFirst().allSatisfy({ $0 == nil }),
        let head = FusedEpilogue(steps[maker].computation, inputs: steps[maker].inputs.count)
      else { return nil }
      var inputs = steps[maker].inputs
      var isRunning = false
      let sources = step.inputs.map { read -> FusedEpilogue.Stage.Source in
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
        kind: kind, operation: step.computation, opType: step.opType, sources: sources)
      let sigmoid = gate.flatMap { steps[$0.step].computation as? Sigmoid }
      return head.adding(stage, gate: sigmoid).map {
        Fusion(maker: maker, between: gate.map { [$0.step] } ?? [], computation: $0, inputs: inputs)
      }
    }
    let read = step.inputs.compactMap { $0 }
    switch step.computation {
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
}
