import TensorCore

/// The attributes of LSTM, GRU and RNN.
public struct RecurrentRule: Sendable {
  /// One way through the steps.
  struct Direction: Sendable {
    var isReverse: Bool
    var activations: [RecurrentActivation]
  }

  let directions: [Direction]
  /// Bounds of what goes into an activation; infinite where there are none.
  let clip: Float
  /// Whether samples stand before steps, as `layout` 1 says.
  let isBatchFirst: Bool
  private let hiddenSize: Int?

  /// Reads them; `defaults` are the activations of one direction.
  /// - Throws: `TensorError` where they make no sense.
  init(_ node: NodeReader, defaults: [String]) throws(TensorError) {
    let name = node.node.opType
    let word = try node.string("direction", default: "forward")
    let ways: [String: [Bool]] = [
      "forward": [false], "reverse": [true], "bidirectional": [false, true],
    ]
    guard let reverses = ways[word] else {
      throw TensorError(
        "\(name) direction", expected: "forward, reverse or bidirectional", found: word)
    }
    var names = [String]()
    switch node.node.attributes["activations"] {
    case .strings(let given)?: names = given
    case nil, .ints([])?, .floats([])?: break
    case let other?:
      throw TensorError("\(name) activations", expected: "strings", found: "\(other)")
    }
    if names.isEmpty { names = reverses.flatMap { _ in defaults } }
    guard names.count == defaults.count * reverses.count else {
      throw TensorError(
        "\(name) activations", expected: "\(defaults.count * reverses.count) names",
        found: "\(names.count)")
    }
    var alpha = ArraySlice(try node.floats("activation_alpha") ?? [])
    var beta = ArraySlice(try node.floats("activation_beta") ?? [])
    var all: [RecurrentActivation] = []
    for own in names {
      all.append(try RecurrentActivation(own, alpha: &alpha, beta: &beta, in: name))
    }
    directions = reverses.enumerated().map { index, isReverse in
      let first = index * defaults.count
      return Direction(
        isReverse: isReverse, activations: Array(all[first..<first + defaults.count]))
    }
    let clip = try node.float("clip", default: 0)
    guard clip >= 0 else {
      throw TensorError("\(name) clip", expected: "0 or more", found: "\(clip)")
    }
    self.clip = clip == 0 ? .infinity : clip
    let layout = try node.int("layout", default: 0)
    guard (0...1).contains(layout) else {
      throw TensorError("\(name) layout", expected: "0 or 1", found: "\(layout)")
    }
    isBatchFirst = layout == 1
    hiddenSize = node.has("hidden_size") ? try node.int("hidden_size", default: 0) : nil
  }

  /// The sizes of a layer.
  struct Sizes: Hashable, Sendable {
    var steps: Int
    var samples: Int
    var inputs: Int
    var hidden: Int
    var directions: Int
    /// Blocks of rows in W and R.
    var gates: Int

    var x: Shape { [steps * samples, inputs] }
    var gateWidth: Int { gates * hidden }
  }

  /// The sizes that the inputs have.
  /// - Throws: `TensorError` where they do not go together.
  func sizes(_ inputs: Inputs<ValueInfo>, gates: Int, states: Int) throws(TensorError) -> Sizes {
    let (x, w, r) = (try inputs.tensor(0), try inputs.tensor(1), try inputs.tensor(2))
    let name = inputs.opType
    guard x.rank == 3, w.rank == 3, r.rank == 3 else {
      throw TensorError(
        name, expected: "X, W and R of three dimensions", found: "\(x), \(w) and \(r)")
    }
    let sizes = Sizes(
      steps: x[isBatchFirst ? 1 : 0], samples: x[isBatchFirst ? 0 : 1], inputs: x[2], hidden: r[2],
      directions: directions.count, gates: gates)
    let (d, h, n) = (sizes.directions, sizes.hidden, sizes.samples)
    guard (0...1 << 31).contains(h), hiddenSize ?? h == h else {
      throw TensorError(
        "\(name) hidden_size", expected: "\(h), as R has", found: "\(hiddenSize ?? 0)")
    }
    func check(_ index: Int, _ dims: [Int]) throws(TensorError) {
      guard inputs.optional(index) != nil else { return }
      let found = try inputs.tensor(index)
      guard found.dims == dims else {
        throw TensorError(
          name, expected: "\(dims) for input \(index)", found: "\(found)")
      }
    }
    try check(1, [d, gates * h, x[2]])
    try check(2, [d, gates * h, h])
    try check(3, [d, 2 * gates * h])
    if inputs.optional(4) != nil, try inputs.whole(4).dims != [n] {
      throw TensorError(name, expected: "[\(n)] for input 4", found: "\(try inputs.whole(4))")
    }
    for index in 5..<5 + states { try check(index, isBatchFirst ? [n, d, h] : [d, n, h]) }
    if states > 1 { try check(7, [d, 3 * h]) }
    return sizes
  }

  /// The shapes of Y and of a last state.
  func shapes(_ s: Sizes, in name: String) throws(TensorError) -> (y: Shape, state: Shape) {
    let y =
      isBatchFirst
      ? [s.samples, s.steps, s.directions, s.hidden] : [s.steps, s.directions, s.samples, s.hidden]
    let state =
      isBatchFirst ? [s.samples, s.directions, s.hidden] : [s.directions, s.samples, s.hidden]
    return (try Shape(computed: y, in: name), try Shape(computed: state, in: name))
  }
}
