import Masks
import TensorCore

extension Network {
  /// What a user of the model should know before trusting it at inference, a line each: dropout that
  /// acts there or where an input says so, batch normalisation left in training, dropout behind the last
  /// layer, masks that an exporter drew once, floats of 16 bits, and names that stand for several nodes.
  public var warnings: [String] {
    var lines: [String] = []
    let own = writtenDropouts
    let reaches = own.isEmpty ? [] : reachingLayers
    let isReached = reaches.contains(true)
    for dropout in own {
      let name = "dropout \(dropout.node)"
      switch dropout.activity {
      case .always where dropout.form == .random:
        let rate = dropout.rate.map { "\($0.p)" } ?? "a rate given by an input"
        lines.append("\(name) at \(dropout.site): random operators drop \(rate) at inference too")
      case .always:
        let why = graph.opset < 7 ? "is_test is 0" : "training_mode is true"
        lines.append("\(name): \(why), so it acts at inference too")
      case .never: lines.append("\(name): training_mode is false, so it never acts")
      case .given(let value): lines.append("\(name): acts where \(described(value)) is true")
      case .training: break
      }
      if dropout.rate == nil, let value = dropout.rateInput {
        lines.append("\(name): its rate is given by \(described(value))")
      }
      if isReached, let number = graph.index.numbers[dropout.result], !reaches[number] {
        lines.append("\(name): no layer with weights comes after it")
      }
    }
    lines += FrozenDropout.all(in: graph).map { frozen in
      "node \(frozen.node): a constant mask keeps \(frozen.kept) of \(frozen.count) at \(frozen.site), "
        + "as dropout drawn once by an exporter: the same at every run"
    }
    for (index, node) in graph.nodes.enumerated() where node.isOfONNX {
      if node.opType == BatchNormalization.opType, let why = trains(index) {
        lines.append("node \(node.name): \(why), so it normalises by the batch at inference too")
      }
    }
    return lines + smallFloats + repeatedNames
  }

  /// What becomes of floats of 16 bits or less that the network computes with.
  private var smallFloats: [String] {
    let types = graph.inputs.map(\.type) + graph.constants.values.map(\.type)
    let small: Set<ElementType> = [.float16, .bfloat16]
    return Set(types).intersection(small).map(\.rawValue).sorted().map { type in
      "\(type): sums are made in single precision and each result is rounded to \(type); run, and "
        + "info --input, name nodes whose numbers do not fit"
    }
  }

  /// Why a batch normalisation is left in training: `training_mode` since operator set 14, four more
  /// outputs from 7 to 13, `is_test` 0 before. Nil where it is not.
  private func trains(_ index: Int) -> String? {
    let node = graph.nodes[index]
    let reader = NodeReader(node, opset: graph.opset)
    switch graph.opset {
    case 14...:
      let mode = (try? reader.int("training_mode", default: 0)) ?? 0
      return mode != 0 ? "training_mode is \(mode)" : nil
    case 7...13:
      return node.outputs.dropFirst().contains { !$0.isEmpty } ? "it makes statistics" : nil
    default: return (try? reader.int("is_test", default: 0)) == 0 ? "is_test is 0" : nil
    }
  }

  private func described(_ value: String) -> String {
    graph.inputs.contains { $0.name == value } ? "input \(value)" : "value \(value)"
  }

  /// Of each value by its number whether a layer with weights reads it, itself or by way of other nodes; a node
  /// whose operator is not known may be one.
  private var reachingLayers: [Bool] {
    let index = graph.index
    var reaching = [Bool](repeating: false, count: index.names.count)
    for node in graph.nodes.indices.reversed() {
      let role = role(of: node)
      let isUnknown = role == .other && (try? operators[node].get()) == nil
      guard
        isUnknown || role == .dense || role == .convolution
          || index.makes[node].contains(where: { $0.map { reaching[$0] } ?? false })
      else { continue }
      for case let number? in index.reads[node] { reaching[number] = true }
    }
    return reaching
  }

  private var repeatedNames: [String] {
    graph.index.sharedNames.filter { !$0.name.isEmpty }.sorted { $0.name < $1.name }.map {
      "\($0.nodes.count) nodes are called \($0.name): \($0.name)#2 is the second"
    }
  }
}
