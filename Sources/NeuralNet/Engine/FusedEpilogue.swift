import Masks
import TensorCore

/// A convolution or a product with the nodes behind it in one pass, with the bits that they have one by
/// one. Where it finds that they cannot be one (by the shapes, the types or the mode of a run) they run
/// one by one.
struct FusedEpilogue: Computation {
  /// One of the nodes behind.
  struct Stage: Sendable {
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
    let kind: EpilogueStage
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
