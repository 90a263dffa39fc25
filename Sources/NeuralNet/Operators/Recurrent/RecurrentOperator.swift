public import Masks
public import TensorCore

/// A recurrent layer: X `[T,N,I]`, W `[D,G·H,I]`, R `[D,G·H,H]`, B `[D,2·G·H]` (input biases, then
/// recurrent ones), the lengths of the sequences `[N]`, initial states `[D,N,H]`; Y `[T,D,N,H]` and the
/// last states `[D,N,H]`. With `layout` 1 samples stand first in all of them: X `[N,T,I]`, Y `[N,T,D,H]`,
/// states `[N,D,H]`. Behind the end of a sequence Y is 0, and its last state is the one it ended with.
public protocol RecurrentOperator: TrainableOperator {
  /// The attributes.
  var rule: RecurrentRule { get }
  /// Blocks of rows in W and R.
  static var gates: Int { get }
  /// Whether there is a cell state beside the hidden one.
  static var hasCell: Bool { get }
  /// How many outputs somebody gave a name.
  var wanted: Int { get }
  /// The arithmetic of a step in one direction.
  func cell(_ layer: RecurrentLayer) -> any RecurrentCell
}

extension RecurrentOperator {
  public static var role: OperatorRole { .dense }
  static var states: Int { hasCell ? 2 : 1 }
  public var parameters: [Target: Int] { [.weights: 1, .recurrentWeights: 2] }

  public var parameterInputs: [(input: Int, unitAxis: Int?)] {
    [(1, 1), (2, 1), (3, nil)] + (Self.hasCell ? [(7, nil)] : [])
  }

  func sizes(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> RecurrentRule.Sizes {
    try rule.sizes(inputs, gates: Self.gates, states: Self.states)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let sizes = try sizes(inputs)
    if case .int64(let lengths)? = inputs.optional(4)?.constant {
      _ = try RecurrentLayer.lengths(lengths, sizes, in: Self.opType)
    }
    let (y, state) = try rule.shapes(sizes, in: Self.opType)
    let all = [ValueInfo(y)] + (0..<Self.states).map { _ in ValueInfo(state) }
    return Array(all.prefix(max(1, wanted)))
  }

  /// Times and samples stay; directions and features are the layer's own.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let isBatchFirst = rule.isBatchFirst
    let (time, sample) = isBatchFirst ? (1, 0) : (0, 1)
    let names: [Axis.Name?] = isBatchFirst ? [.sample, nil, .feature] : [nil, .sample, .feature]
    let expected: [Axis.Name?] = isBatchFirst ? [nil, .time, nil] : [.time, nil, nil]
    let samples = AxisRule.Origin.axes([.init(0, sample)])
    let times = AxisRule.Origin.axes([.init(0, time)])
    let (direction, feature) = (AxisRule.Origin.named(.direction), AxisRule.Origin.named(.feature))
    let y =
      isBatchFirst
      ? [samples, times, direction, feature] : [times, direction, samples, feature]
    let state = isBatchFirst ? [samples, direction, feature] : [direction, samples, feature]
    return AxisRule(
      reads: [0: names], expects: [0: expected],
      outputs: outputs.indices.map { $0 == 0 ? y : state })
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let infos = try outputs(for: inputs.described)
    let layers = try layers(inputs)
    let (yShape, stateShape) = try rule.shapes(try sizes(inputs.described), in: Self.opType)
    var y = Tensor(yShape, repeating: 0)
    var states = (0..<Self.states).map { _ in Tensor(stateShape, repeating: 0) }
    var kept: [Value] = []
    for (index, layer) in layers.enumerated() {
      let run = cell(layer).run(layer)
      // What no node reads is there for the backward pass.
      if context.mode == .train { kept += run.kept.map { .float32($0) } }
      layer.place(run.hidden, into: &y, direction: index)
      layer.placeState(run.hidden, into: &states[0], direction: index)
      if let cells = run.cells { layer.placeState(cells, into: &states[1], direction: index) }
    }
    return ([y] + states).prefix(infos.count).map { .float32($0) } + kept
  }

  private func layers(_ inputs: Inputs<Value>) throws(TensorError) -> [RecurrentLayer] {
    let sizes = try sizes(inputs.described)
    var all: [RecurrentLayer] = []
    for index in rule.directions.indices {
      all.append(try RecurrentLayer(inputs, rule, sizes, direction: index))
    }
    return all
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    var all = pass.none
    guard all.indices.contains(where: pass.wants) else { return all }
    for index in all.indices where pass.wants(index) {
      all[index] = Tensor(try pass.inputs.tensor(index).shape, repeating: 0)
    }
    for (index, layer) in try layers(pass.inputs).enumerated() {
      let cell = cell(layer)
      let run = kept(pass.outputs, direction: index) ?? cell.run(layer)
      var flow = RecurrentFlow(layer, run, gradients: pass.gradients, direction: index)
      cell.runBack(layer, run, &flow)
      flow.add(to: &all, direction: index)
    }
    return all
  }

  /// The run of a direction that forward left; nil where it left none.
  private func kept(_ outputs: [Value], direction: Int) -> RecurrentRun? {
    let each = RecurrentRun.kept(hasCells: Self.hasCell)
    let first = outputs.count - (rule.directions.count - direction) * each
    guard first >= max(1, min(wanted, 1 + Self.states)) else { return nil }
    return RecurrentRun(
      outputs[first..<first + each].compactMap(\.tensor), hasCells: Self.hasCell)
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let s = try? sizes(inputs) else { return 0 }
    return [s.samples, s.directions, s.gateWidth, s.inputs.saturatingAdding(s.hidden)]
      .reduce(s.steps) { $0.saturatingMultiplied(by: $1) }
  }

  /// The gates of one direction and its states at each step, and X in the order of its steps.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let s = try? sizes(inputs) else { return 0 }
    let each = s.gateWidth.saturatingAdding(s.inputs).saturatingAdding(4 * s.hidden)
    return (s.steps + 1).saturatingMultiplied(by: s.samples).saturatingMultiplied(by: each)
      .saturatingMultiplied(by: MemoryLayout<Float>.stride)
  }
}
