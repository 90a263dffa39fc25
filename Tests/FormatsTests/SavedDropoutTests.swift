import Formats
import Foundation
import Masks
import NeuralNet
import TensorCore
import Testing

/// Dropout put into the built-in models, written to a file and read again.
@Suite struct SavedDropoutTests {
  private func input(of graph: Graph, samples: Int) throws -> [String: Value] {
    let input = graph.inputs[0]
    let shape = Shape(input.dims.enumerated().map { $1 ?? ($0 == 0 ? samples : 28) })
    let numbers = (0..<shape.count).map { Float(($0 * 7919) % 1009) / 1009 }
    return [input.name: .float32(Tensor(shape, numbers))]
  }

  private func written(_ graph: Graph) throws -> Graph {
    let bytes = try ONNXWriter.bytes(graph, named: "edited.onnx")
    return try ONNXReader.graph(from: bytes, named: "edited.onnx")
  }

  private static let kinds: [any DropoutKind] = [
    ElementDropout(), SpatialDropout(), RowDropout(), ColumnDropout(), PathDropout(),
  ]

  @Test(
    "every site of the smaller built-in models: the file evaluates as the model did, bit for bit",
    arguments: ["digits", "edges"])
  func roundTrip(model: String) throws {
    let graph = try #require(try BuiltIns.model(model))
    let input = try input(of: graph, samples: 2)
    let clean = try Network(graph).run(input)
    let before = Network(graph).writtenDropouts.count
    for site in Network(graph).sensibleSites {
      for kind in Self.kinds {
        let dropout = Dropout(kind, rate: try Rate(0.35))
        let edited = try written(graph.adding([(site.value, dropout)]))
        let network = Network(edited)
        let run = try network.run(input)
        #expect(run.values[graph.outputs[0]] == clean.values[graph.outputs[0]])
        let own = network.writtenDropouts
        #expect(own.count == before + 1)
        #expect(own.contains { $0.site == site.value && $0.rate?.p == 0.35 })
        let train = try network.run(
          input, context: RunContext(mode: .train, stream: RandomStream(seed: 3)))
        let noise = own.first { $0.site == site.value }?.output ?? ""
        #expect(train.values[noise] != run.values[noise], "\(kind.name) at \(site.name)")
        // The file can be edited again.
        let again = try written(edited.adding([(site.value, dropout)]))
        #expect(Network(again).writtenDropouts.count == before + 2)
        let twice = try Network(again).run(input)
        #expect(twice.values[graph.outputs[0]] == clean.values[graph.outputs[0]])
      }
    }
  }

  @Test(
    "what a draw costs is what a rerun computes, at every value of the smaller built-in models",
    arguments: ["digits", "edges"])
  func cost(model: String) throws {
    let network = Network(try #require(try BuiltIns.model(model)))
    let input = try input(of: network.graph, samples: 1)
    let clean = try network.run(input)
    let signature = network.signature(openSizes: 1)
    let targets: [(Target, any DropoutKind)] = [
      (.activation, ElementDropout()), (.weights, WeightDropout()), (.pool, MaxPoolDropout()),
      (.input, CutoutDropout()),
    ]
    var tried = 0
    for (target, kind) in targets {
      for site in network.sites(for: target) {
        for wanted in [nil, [network.graph.nodes[3].outputs[0]]] as [[String]?] {
          let cost = try network.cost(of: [site: target], wanted: wanted, in: signature)
          let placement = Placement(
            site: site, dropout: Dropout(kind, rate: try Rate(0.5)), seed: 1)
          let run = try network.run(from: clean, wanted: wanted, placements: [placement])
          #expect(cost.nodes == run.computed, "\(kind.name) at \(site)")
          #expect(cost.recomputed == run.computed.reduce(0) { $0 + signature.multiplyAdds[$1] })
          #expect(cost.saved == cost.total - cost.recomputed)
          tried += 1
        }
      }
    }
    #expect(tried > 20)
    let all = signature.multiplyAdds.reduce(0, +)
    let whole = try network.cost(
      of: [network.graph.inputs[0].name: .activation], in: signature)
    #expect(whole.recomputed == all && whole.total == all && whole.saved == 0)
    let none = try network.cost(of: [:], in: signature)
    #expect(none.nodes.isEmpty && none.savedShare == 1)
  }

  /// The folder that Tests/Scripts/check_saved_dropout.py reads.
  private static let folder = ProcessInfo.processInfo.environment["SAVED_DROPOUT"]

  @Test("files for another runtime to compare", .enabled(if: folder != nil, "run by hand"))
  func writeForOthers() throws {
    let folder = try #require(Self.folder)
    for (model, opset) in [
      ("digits", 17), ("edges", 11), ("edges", 12), ("edges", 22),
    ] {
      var graph = try #require(try BuiltIns.model(model))
      graph.opsets[""] = opset
      let input = try input(of: graph, samples: graph.inputs[0].dims[0] ?? 3)
      let output = try Network(graph).run(input).values[graph.outputs[0]]
      func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(filePath: "\(folder)/\(model)-\(opset)\(name)"))
      }
      try write(NPY.bytes(#require(input.values.first)), ".input.npy")
      try write(NPY.bytes(#require(output)), ".output.npy")
      try write(ONNXWriter.bytes(graph, named: model), ".onnx")
      for site in Network(graph).sensibleSites {
        for kind in Self.kinds {
          let edited = try graph.adding([(site.value, Dropout(kind, rate: try Rate(0.35)))])
          try write(
            ONNXWriter.bytes(edited, named: model), "-edited-\(site.value)-\(kind.name).onnx")
        }
      }
    }
  }
}
