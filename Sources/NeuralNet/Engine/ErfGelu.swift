import TensorCore

/// GELU as exporters write it, x·(erf(x/√2) + 1)·½ in five nodes (Div, Erf, Add, Mul, Mul), in one pass with
/// the bits that they have one by one. Where the constants are others, or of other types, they run so.
struct ErfGelu: Computation, EpilogueActivation {
  /// Div, Erf, Add, Mul by x and Mul by a half.
  private let nodes: [any Operator]
  /// Whether what the chain made stands second in the last three.
  private let turned: [Bool]

  /// Reads x, and what it is divided by, what is added and what the product is taken by at last.
  func forward(_ inputs: Inputs<Value>, _ context: RunContext) throws(TensorError) -> [Value] {
    guard case .float32(let x)? = inputs.optional(0), let activation = activation(inputs) else {
      return try oneByOne(inputs, context)
    }
    return [.float32(Epilogue(activation: activation)(x))]
  }

  func activation(_ inputs: Inputs<Value>) -> Activation? {
    var numbers: [Float] = []
    for index in 1...3 {
      guard case .float32(let number)? = inputs.optional(index), number.count == 1,
        number.shape.rank <= 1
      else { return nil }
      numbers.append(number[0])
    }
    guard numbers[1] == 1, numbers[2] == 0.5 else { return nil }
    return .erfGelu(divisor: numbers[0])
  }

  func forward(
    _ inputs: Inputs<Value>, _ context: RunContext, typedOutputs: Int
  ) throws(TensorError) -> [Value] {
    // Other types round between the nodes.
    inputs.areTyped ? try oneByOne(inputs, context) : try forward(inputs, context)
  }

  private func oneByOne(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    func run(_ index: Int, _ a: Value, _ b: Value? = nil) throws(TensorError) -> Value {
      var both = b.map { [a, $0] } ?? [a]
      if index >= 2, turned[index - 2] { both.reverse() }
      let operation = nodes[index]
      return try operation.forward(
        Inputs(type(of: operation).opType, both), context,
        typedOutputs: type(of: operation).typedOutputs)[0]
    }
    let x = try inputs.required(0)
    var y = try run(1, run(0, x, inputs.required(1)))
    y = try run(2, y, inputs.required(2))
    y = try run(3, y, x)
    return [try run(4, y, inputs.required(3))]
  }

  /// Plans for training keep what lies between.
  func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    preconditionFailure("a chain of nodes in a plan for training")
  }
}

extension ErfGelu {
  /// The five steps of which a step is the last, where nobody else reads what lies between.
  static func fusion(
    of step: Plan.Step, in steps: [Plan.Step], makers: [Int?], readers: [Int]
  ) -> (fusion: Fusion, x: Int)? {
    /// The step that makes a slot which one step reads, where it is such an operator.
    func maker<T: Operator>(_ slot: Int?, _: T.Type) -> (index: Int, operation: T)? {
      guard let slot, readers[slot] == 1, let index = makers[slot],
        let operation = steps[index].computation as? T, steps[index].outputs == [slot]
      else { return nil }
      return (index, operation)
    }
    guard let half = step.computation as? Mul, step.inputs.count == 2 else { return nil }
    for halfTurned in [false, true] {
      guard let product = maker(step.inputs[halfTurned ? 1 : 0], Mul.self) else { continue }
      for productTurned in [false, true] {
        let factors = steps[product.index].inputs
        guard factors.count == 2, let x = factors[productTurned ? 0 : 1],
          let sum = maker(factors[productTurned ? 1 : 0], Add.self)
        else { continue }
        for sumTurned in [false, true] {
          let terms = steps[sum.index].inputs
          guard terms.count == 2, let erf = maker(terms[sumTurned ? 1 : 0], Erf.self),
            let quotient = maker(steps[erf.index].inputs.first ?? nil, Div.self),
            steps[quotient.index].inputs.first == x, readers[x] == 2,
            let divisor = steps[quotient.index].inputs.last
          else { continue }
          let (one, factor) = (terms[sumTurned ? 0 : 1], step.inputs[halfTurned ? 0 : 1])
          let chain = ErfGelu(
            nodes: [
              quotient.operation, erf.operation, sum.operation, product.operation, half,
            ], turned: [sumTurned, productTurned, halfTurned])
          return (
            Fusion(
              maker: quotient.index, between: [erf.index, sum.index, product.index],
              computation: chain, inputs: [x, divisor, one, factor]), x
          )
        }
      }
    }
    return nil
  }
}
