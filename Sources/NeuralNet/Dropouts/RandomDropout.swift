import Masks
import TensorCore

/// Reads dropout from random operators: follows what is made of one draw of uniform numbers through
/// comparisons, changes of type, scaling and selecting, up to the value that is x where the draw keeps
/// and 0 where it drops.
///
/// The forms are those that PyTorch's and tf2onnx's exporters write: `u < keep`, `u ≥ p`, `¬(u < p)`,
/// `⌊u + keep⌋` or Bernoulli(keep) makes a mask, which as 0 and 1 is multiplied with x, or chooses by
/// Where; 1/keep stands on x, on the mask or on the product. TensorFlow's selection is written as
/// x·mask + 0·¬mask.
struct RandomDropout {
  /// The operators that draw.
  static let draws: Set<String> = ["RandomUniform", "RandomUniformLike", "Bernoulli"]

  /// What a value is, by the draw.
  private enum Meaning {
    /// The uniform numbers.
    case uniform
    /// The uniform numbers + a number.
    case shifted(Threshold)
    /// `factor` where the event happens, else 0; where `isNot`, where it does not happen. As a
    /// condition the factor is 1.
    case event(isNot: Bool, factor: Double)
    /// x × factor where the event happens (or where it does not), else 0.
    case product(isNot: Bool, factor: Double)
    /// 0 everywhere.
    case zero
    /// A constant in the type of the numbers drawn.
    case constant
  }

  /// A number that uniform numbers are compared with.
  private struct Threshold {
    var number: Float
    var type: ElementType
    var shape: Shape
    var place: DropoutPattern.Place
    /// Whether it is the probability of the event, or that of its opposite.
    var isOfEvent: Bool

    /// The number its author meant: .6 is stored as 0.60000002.
    var meant: Double {
      let text = type == .float16 ? Float16(number).description : number.description
      return Double(text) ?? Double(number)
    }
  }

  /// A number that something was multiplied by or divided by on the way.
  private struct Factor {
    var number: Double
    var divides: Bool
    var type: ElementType
    var shape: Shape
    var place: DropoutPattern.Place
  }

  private let graph: Graph
  private var meanings: [String: Meaning] = [:]
  private var nodes: Set<Int> = []
  private var threshold: Threshold?
  private var factors: [Factor] = []
  /// Where x is read, its name, and the node that made it what is read there.
  private var site: (place: DropoutPattern.Place, name: String)?
  private var noise: DropoutPattern.Noise?

  /// The dropout that a draw is for; nil where it is for something else, or its parts are read by
  /// others too.
  static func pattern(from draw: Int, in graph: Graph) -> DropoutPattern? {
    var reader = RandomDropout(graph)
    return reader.start(draw) ? reader.follow(from: draw) : nil
  }

  private init(_ graph: Graph) { self.graph = graph }

  /// Reads the node that draws.
  private mutating func start(_ draw: Int) -> Bool {
    let node = graph.nodes[draw]
    guard let made = node.outputs.first, !made.isEmpty else { return false }
    nodes.insert(draw)
    let reader = NodeReader(node, opset: graph.opset)
    if node.opType == "Bernoulli" {
      guard let found = graph.number(.init(node: draw, input: 0)) else { return false }
      threshold = Threshold(
        number: found.number, type: found.value.type, shape: found.value.shape, place: found.place,
        isOfEvent: true)
      meanings[made] = .event(isNot: false, factor: 1)
    } else {
      guard (try? reader.float("low", default: 0)) == 0,
        (try? reader.float("high", default: 1)) == 1
      else { return false }
      meanings[made] = .uniform
    }
    if node.opType == "RandomUniform" {
      guard let sizes = try? reader.ints("shape") else { return false }
      noise = .sizes(sizes)
    } else {
      guard let like = node.inputs.first else { return false }
      noise = .like(like)
    }
    return true
  }

  /// The most nodes of one dropout.
  private static let most = 32

  /// Goes on with whatever reads what is known, in the graph's order, until one value is left that
  /// others read.
  private mutating func follow(from draw: Int) -> DropoutPattern? {
    var waiting = Set(graph.nodes[draw].outputs.flatMap(graph.readers(of:)))
    var last: Int?
    while let index = waiting.min() {
      waiting.remove(index)
      guard nodes.count < RandomDropout.most, let meaning = meaning(of: index) else {
        // It reads a value that must then be the result.
        guard last != nil else { return nil }
        continue
      }
      let made = graph.nodes[index].outputs[0]
      meanings[made] = meaning
      nodes.insert(index)
      if case .product = meaning {
        last = index
        guard goesOn(made) else { continue }
      }
      waiting.formUnion(graph.readers(of: made))
    }
    guard let last else { return nil }
    return pattern(last)
  }

  /// Whether what reads a product still belongs to it: a number that makes up for the dropped, or the
  /// zeros of what is not selected.
  private func goesOn(_ product: String) -> Bool {
    let readers = graph.readers(of: product)
    guard readers.count == 1, !graph.outputs.contains(product) else { return false }
    let node = graph.nodes[readers[0]]
    guard node.isOfONNX else { return false }
    switch node.opType {
    case "Add": return node.inputs.count == 2
    case "Mul", "Div":
      guard case .product(_, let factor)? = meanings[product], abs(factor - 1) < 1e-6 else {
        return false
      }
      return true
    default: return false
    }
  }

  /// What a node makes of what is known; nil where that is nothing dropout is written with.
  private mutating func meaning(of index: Int) -> Meaning? {
    let node = graph.nodes[index]
    guard node.isOfONNX, node.outputs.dropFirst().allSatisfy(\.isEmpty),
      let made = node.outputs.first,
      !made.isEmpty, node.bodyReads.isEmpty
    else { return nil }
    let own = node.inputs.map { name -> Meaning? in
      if case .constant? = meanings[name] { nil } else { meanings[name] }
    }
    switch (node.opType, own.count) {
    case ("Cast", 1), ("CastLike", 2), ("Identity", 1):
      switch own[0] {
      case .uniform?, .event?: return own[0]
      case nil where graph.number(.init(node: index, input: 0)) != nil: return .constant
      default: return nil
      }
    case ("Not", 1):
      guard case .event(let isNot, 1)? = own[0] else { return nil }
      return .event(isNot: !isNot, factor: 1)
    case ("Less", 2), ("LessOrEqual", 2): return compared(index, own, isLess: true)
    case ("Greater", 2), ("GreaterOrEqual", 2): return compared(index, own, isLess: false)
    case ("Floor", 1):
      guard case .shifted(let number)? = own[0], threshold == nil else { return nil }
      threshold = number
      return .event(isNot: false, factor: 1)
    case ("Add", 2): return sum(index, own)
    case ("Sub", 2):
      // 1 − mask.
      guard own[0] == nil, case .event(let isNot, 1)? = own[1],
        graph.number(.init(node: index, input: 0))?.number == 1
      else { return nil }
      return .event(isNot: !isNot, factor: 1)
    case ("Mul", 2), ("Div", 2): return scaled(index, own)
    case ("Where", 3): return selected(index, own)
    default: return nil
    }
  }

  private mutating func compared(_ index: Int, _ own: [Meaning?], isLess: Bool) -> Meaning? {
    guard let at = own.firstIndex(where: { if case .uniform? = $0 { true } else { false } }),
      threshold == nil, let found = graph.number(.init(node: index, input: 1 - at)),
      (0...1).contains(found.number)
    else { return nil }
    // u < t happens with probability t, and so does t > u.
    threshold = Threshold(
      number: found.number, type: found.value.type, shape: found.value.shape, place: found.place,
      isOfEvent: isLess == (at == 0))
    return .event(isNot: false, factor: 1)
  }

  private func sum(_ index: Int, _ own: [Meaning?]) -> Meaning? {
    switch (own[0], own[1]) {
    case (.uniform?, nil), (nil, .uniform?):
      let input = own[0] == nil ? 0 : 1
      guard let found = graph.number(.init(node: index, input: input)),
        (0...1).contains(found.number)
      else { return nil }
      // ⌊u + t⌋ is 1 where u ≥ 1 − t: with probability t.
      return .shifted(
        Threshold(
          number: found.number, type: found.value.type, shape: found.value.shape,
          place: found.place, isOfEvent: true))
    case (.product(let isNot, let factor)?, .zero?), (.zero?, .product(let isNot, let factor)?):
      return .product(isNot: isNot, factor: factor)
    default: return nil
    }
  }

  private mutating func scaled(_ index: Int, _ own: [Meaning?]) -> Meaning? {
    let divides = graph.nodes[index].opType == "Div"
    guard let at = own.firstIndex(where: { $0 != nil }), own[1 - at] == nil, at == 0 || !divides
    else { return nil }
    let other = DropoutPattern.Place(node: index, input: 1 - at)
    guard let found = graph.number(other) else {
      guard !divides, case .event(let isNot, let factor)? = own[at] else { return nil }
      return product(reading: other, isNot: isNot, factor: factor)
    }
    let number = Double(found.number)
    guard number != 0 else { return divides ? nil : .zero }
    switch own[at] {
    case .event(let isNot, let own)?:
      return .event(isNot: isNot, factor: own * note(found, divides: divides))
    case .product(let isNot, let own)?:
      let factor = divides ? own / number : own * number
      guard makesUp(factor, isNot: isNot) else { return nil }
      _ = note(found, divides: divides)
      return .product(isNot: isNot, factor: factor)
    case .zero?: return .zero
    default: return nil
    }
  }

  /// Whether a factor makes up for what is dropped.
  private func makesUp(_ factor: Double, isNot: Bool) -> Bool {
    keep(isNot: isNot).map { abs(factor * $0 - 1) < RandomDropout.tolerance } ?? false
  }

  /// Half precision has three digits.
  private static let tolerance = 2e-3

  /// Notes a constant factor, which is not 0.
  private mutating func note(
    _ found: (number: Float, value: Value, place: DropoutPattern.Place), divides: Bool
  ) -> Double {
    let number = Double(found.number)
    factors.append(
      Factor(
        number: number, divides: divides, type: found.value.type, shape: found.value.shape,
        place: found.place))
    return divides ? 1 / number : number
  }

  private mutating func selected(_ index: Int, _ own: [Meaning?]) -> Meaning? {
    guard case .event(let isNot, 1)? = own[0], own[1] == nil, own[2] == nil else { return nil }
    let numbers = [1, 2].map { graph.number(.init(node: index, input: $0)) }
    guard let zero = [0, 1].first(where: { numbers[$0]?.number == 0 }) else { return nil }
    let kept = 1 - zero
    // What is chosen where the condition holds is kept where the event happens.
    let isOpposite = kept == 0 ? isNot : !isNot
    guard let number = numbers[kept] else {
      return product(
        reading: .init(node: index, input: kept + 1), isNot: isOpposite, factor: 1)
    }
    guard number.number != 0 else { return .zero }
    return .event(isNot: isOpposite, factor: note(number, divides: false))
  }

  /// x where the event happens. Where x was scaled for it alone, the scale belongs to the dropout.
  private mutating func product(
    reading place: DropoutPattern.Place, isNot: Bool, factor: Double
  ) -> Meaning? {
    let name = graph.nodes[place.node].inputs[place.input]
    let isPlain = abs(factor - 1) < 1e-6
    guard site == nil, !name.isEmpty, isPlain || makesUp(factor, isNot: isNot) else { return nil }
    site = (place, name)
    if isPlain, let maker = graph.producerIndex(of: name),
      let scaled = scale(of: maker, making: name, for: place.node, isNot: isNot)
    {
      nodes.insert(maker)
      site = (scaled.place, graph.nodes[scaled.place.node].inputs[scaled.place.input])
      if noise == .like(name) { noise = nil }
      return .product(isNot: isNot, factor: scaled.factor)
    }
    return .product(isNot: isNot, factor: factor)
  }

  /// The scale that a node puts on x for this dropout alone, and where it reads x.
  private mutating func scale(
    of index: Int, making name: String, for reader: Int, isNot: Bool
  ) -> (factor: Double, place: DropoutPattern.Place)? {
    let node = graph.nodes[index]
    let (divides, places) = (node.opType == "Div", node.inputs.indices)
    guard node.isOfONNX, divides || node.opType == "Mul", node.inputs.count == 2,
      !graph.outputs.contains(name),
      graph.readers(of: name).allSatisfy({ $0 == reader || nodes.contains($0) }),
      let at = places.last(where: { graph.number(.init(node: index, input: $0)) != nil }),
      at == 1 || !divides, meanings[node.inputs[1 - at]] == nil,
      let found = graph.number(.init(node: index, input: at)), found.number != 0,
      makesUp(divides ? 1 / Double(found.number) : Double(found.number), isNot: isNot)
    else { return nil }
    return (note(found, divides: divides), .init(node: index, input: 1 - at))
  }

  /// The probability that the event happens, or that it does not.
  private func keep(isNot: Bool) -> Double? {
    guard let threshold else { return nil }
    return threshold.isOfEvent != isNot ? threshold.meant : 1 - threshold.meant
  }

  /// The dropout whose result a node makes, where nothing but the result is read by others.
  private func pattern(_ last: Int) -> DropoutPattern? {
    guard let site, let threshold, case .product(let isNot, let factor)? = meaning(made: last),
      let keep = keep(isNot: isNot), keep > 0
    else { return nil }
    for index in nodes where index != last {
      for name in graph.nodes[index].outputs where !name.isEmpty {
        guard !graph.outputs.contains(name), graph.readers(of: name).allSatisfy(nodes.contains)
        else { return nil }
      }
    }
    let isRate = threshold.isOfEvent == isNot
    let p = isRate ? threshold.meant : Double(Float(1 - threshold.meant).description) ?? 1 - keep
    guard let rate = try? Rate(p) else { return nil }
    let scale: Scaling = makesUp(factor, isNot: isNot) ? .inverted : .none
    return DropoutPattern(
      random: nodes, last: last, siteAt: site.place, site: site.name,
      noise: noise == .like(site.name) ? nil : noise, rate: rate, scale: scale,
      settings: settings(threshold, isRate: isRate, keep: keep, scale), in: graph)
  }

  private func meaning(made index: Int) -> Meaning? { meanings[graph.nodes[index].outputs[0]] }

  /// The constants that another rate changes; none where they do not stand for it one by one.
  private func settings(
    _ threshold: Threshold, isRate: Bool, keep: Double, _ scale: Scaling
  ) -> [DropoutPattern.Setting] {
    var settings = [
      DropoutPattern.Setting(
        node: threshold.place.node, input: threshold.place.input, role: isRate ? .rate : .keep,
        type: threshold.type, shape: threshold.shape)
    ]
    for factor in factors where scale == .inverted {
      let isScale = abs(factor.divides ? factor.number / keep - 1 : factor.number * keep - 1)
      if isScale < RandomDropout.tolerance {
        settings.append(
          DropoutPattern.Setting(
            node: factor.place.node, input: factor.place.input,
            role: factor.divides ? .keep : .scale, type: factor.type, shape: factor.shape))
      } else if factor.number != 1 {
        return []
      }
    }
    return settings.count == (scale == .inverted ? 2 : 1) ? settings : []
  }
}
