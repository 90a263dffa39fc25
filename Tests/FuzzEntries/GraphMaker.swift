import NeuralNet
import TensorCore

/// A graph from choices, sound by construction: a node stays only where its operator takes its
/// attributes and its shape rule what it reads.
struct GraphMaker {
  /// A value that nodes may read.
  struct Live {
    var name: String
    var info: ValueInfo
    var shape: Shape { info.shape }
    var rank: Int { info.shape.rank }
  }

  private(set) var opset: Int
  private var nodes: [Node] = []
  private var constants: [String: Value] = [:]
  private(set) var live: [Live]
  private let input: Graph.Input
  private static let operators = OperatorRegistry.standard

  /// The most elements of a value and nodes of a graph.
  private static let (mostElements, mostNodes) = (2048, 10)

  /// A graph that has an input and no node yet.
  init(_ choices: inout ByteChoices) {
    opset = choices.of([17, 13, 18, 11, 9, 21, 7])
    let ranks = [4, 2, 3, 4, 2, 5, 1, 4, 0]
    let dims = (0..<choices.of(ranks)).map { axis in
      choices.of(axis == 0 ? [1, 2, 3, 1, 0] : [4, 3, 1, 5, 2, 6, 7, 8, 1, 0, 4])
    }
    let types: [ElementType] = [
      .float32, .float32, .float32, .float32, .float32, .float16, .float64,
    ]
    input = Graph.Input("x", type: choices.of(types), dims: dims)
    live = [Live(name: "x", info: ValueInfo(Shape(dims), type: input.type))]
  }

  /// Adds nodes and makes the graph.
  /// - Throws: `GraphError` never.
  mutating func graph(_ choices: inout ByteChoices) throws(GraphError) -> Graph {
    let count = 1 + choices.below(GraphMaker.mostNodes)
    for _ in 0..<count {
      let type = GraphMaker.operators.all[choices.below(GraphMaker.operators.all.count)]
      add(type.opType, &choices)
    }
    if choices.flag() { addClassifier(&choices) }
    if nodes.isEmpty { add("Identity", &choices) }
    var outputs = [live[live.count - 1].name]
    if choices.below(4) == 0 { outputs.append(live[choices.below(live.count)].name) }
    return try Graph(
      name: "made", inputs: [input], outputs: outputs, constants: constants, nodes: nodes,
      opsets: ["": opset])
  }

  /// A dense layer at the end, so that there is something to train.
  private mutating func addClassifier(_ choices: inout ByteChoices) {
    add("Flatten", &choices)
    guard let last = live.last, last.rank == 2, last.info.type == .float32 else { return }
    let weights = constant([last.shape[1], 3], &choices)
    keep(Node("MatMul", inputs: [last.name, weights.name], outputs: [free()]), [last, weights])
  }

  /// Adds a node of an operator, where one can be made of what there is.
  private mutating func add(_ opType: String, _ choices: inout ByteChoices) {
    // What was made last is read more often than the rest.
    let x = choices.flag() ? live[live.count - 1] : live[choices.below(live.count)]
    let (inputs, attributes, outputs) = parts(of: opType, reading: x, &choices)
    let names = (0..<outputs).map { _ in free() }
    keep(
      Node(
        opType, inputs: inputs.map { $0?.name ?? "" }, outputs: names, attributes: attributes),
      inputs)
  }

  private var made = 0
  private mutating func free() -> String {
    made += 1
    return "v\(made)"
  }

  /// Takes a node into the graph if it is sound.
  private mutating func keep(_ node: Node, _ inputs: [Live?]) {
    guard let operation = try? GraphMaker.operators.make(node, opset: opset) else { return }
    let infos = Inputs(node.opType, inputs.map { $0?.info.asComputed })
    guard let outputs = try? operation.outputs(for: infos), outputs.count >= node.outputs.count,
      outputs.allSatisfy({ $0.shape.count <= GraphMaker.mostElements && $0.shape.rank <= 8 }),
      operation.multiplyAdds(inputs: infos, outputs: outputs) < 1 << 18
    else { return }
    nodes.append(node)
    for (name, info) in zip(node.outputs, outputs) { live.append(Live(name: name, info: info)) }
  }

  /// A constant of floats.
  mutating func constant(_ dims: [Int], _ choices: inout ByteChoices) -> Live {
    let shape = Shape(dims.map { max(0, $0) })
    guard shape.count <= 4096 else { return constant([1], &choices) }
    let (first, step) = (choices.float(), Float(choices.below(16)) / 16)
    return constant(
      .float32(Tensor(shape, (0..<shape.count).map { first + Float($0 % 7) * step })))
  }

  /// A constant of whole numbers, `[n]`.
  mutating func constant(ints: [Int]) -> Live {
    constant(.int64(NDArray([ints.count], ints.map { Int64($0) })))
  }

  mutating func constant(_ value: Value) -> Live {
    let name = "c\(constants.count)"
    constants[name] = value
    return Live(name: name, info: ValueInfo(constant: value))
  }

  /// A value that was made before, to be read beside `x`.
  func other(_ choices: inout ByteChoices) -> Live { live[choices.below(live.count)] }
}

extension ValueInfo {
  /// What an operator is told: the type it computes in.
  fileprivate var asComputed: ValueInfo {
    guard let type = type.computed, type != self.type, constant == nil else { return self }
    return ValueInfo(shape, type: type)
  }
}
