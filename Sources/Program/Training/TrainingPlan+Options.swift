import Formats
import Masks
import NeuralNet
import Studies
import TensorCore

/// What options make of a plan.
extension TrainingPlan {
  /// What the network takes and gives, with the first size left open: a batch goes there.
  func ports() throws -> TrainingData.Ports {
    guard graph.inputs.count == 1, graph.inputs[0].type == .float32, !graph.inputs[0].dims.isEmpty
    else {
      let found = graph.inputs.map { "\($0.name) \($0.type) \($0.shapeText)" }
      throw Failure(
        .badData,
        "\(name): expected a network with one float32 input, found \(found.joined(separator: ", "))"
      )
    }
    let input = graph.inputs[0]
    let shape = Shape(
      input.dims.enumerated().map { $1 ?? ($0 == 0 ? 2 : $0 == 1 ? 1 : Digit.size) })
    let output = Network(graph).signature(inputs: [input.name: shape]).values[graph.outputs[0]]
    if let output, recipe?.reconstructs == true {
      return TrainingData.Ports(
        model: name, input: input, classes: output.shape.dims[1...].reduce(1, *))
    }
    guard let output, output.shape.rank == 2 else {
      throw Failure(
        .badData,
        "\(name): output \(graph.outputs[0]): expected [N,K], a number for each class, "
          + "found \(output.map { "\($0.shape)" } ?? "nothing that can be computed")")
    }
    return TrainingData.Ports(model: name, input: input, classes: output.shape[1])
  }

  /// Changes rates: `P` for all Dropout nodes, `SITE=P` for one or behind a node.
  /// - Throws: `Failure` where a site or a rate is none.
  mutating func setRates(_ texts: [String]) throws {
    for text in texts {
      do {
        guard let (site, number) = TrainingPlan.pair(text) else {
          let rate = try Rate(parsing: text)
          let own = Network(graph).writtenDropouts.map(\.output)
          guard !own.isEmpty else {
            throw GraphError("no Dropout node in \(name); use SITE=P to put one behind a node")
          }
          graph = try graph.edited { edit throws(GraphError) in
            for output in own { try edit.setRate(rate, of: output) }
          }
          continue
        }
        let rate = try Rate(parsing: number)
        graph = try graph.edited { edit throws(GraphError) in try edit.setRate(rate, at: site) }
      } catch {
        throw Failure(usage: "--rate \(text): \(error)")
      }
    }
  }

  /// Changes kinds: what dropout of the model's own drops, another kind drops in its place. The graph
  /// has it with a rate of 0 while another kind acts there; the model that is written says the kind, or
  /// where ONNX cannot, its metadata does.
  /// - Throws: `Failure` where a site is no dropout of the model's own or a kind is none.
  mutating func setKinds(_ texts: [String]) throws {
    for text in texts {
      do {
        let own = Network(graph).writtenDropouts
        guard let (site, kindName) = TrainingPlan.pair(text),
          let there = own.first(where: { $0.node == site }), let rate = there.rate
        else {
          throw GraphError(
            "expected SITE=KIND with one of \(own.map(\.node).joined(separator: ", "))")
        }
        let dropout = Dropout(try KindRegistry.make(kindName, KindSettings()), rate: rate)
        guard kindName != "element" else { continue }
        graph = try graph.edited { edit throws(GraphError) in
          try edit.setRate(Rate(clamping: 0), of: there.output)
        }
        if !GraphEdit.canSay(dropout) {
          graph.metadata["dropout \(site)"] = "\(kindName), rate \(rate.p)"
        }
        placements.append(Placement(site: there.result, dropout: dropout, seed: seed))
      } catch {
        throw Failure(usage: "--kind \(text): \(error)")
      }
    }
  }

  /// `SITE=WHAT` at the last `=`; nil where there is none.
  private static func pair(_ text: String) -> (site: String, what: String)? {
    guard let place = text.lastIndex(of: "=") else { return nil }
    return (String(text[..<place]), String(text[text.index(after: place)...]))
  }
}
