import Masks
import NeuralNet
import Studies
import TensorCore
import TestNetworks
import Testing

/// What is compiled is used again while only rates and seeds change; nobody may notice.
@Suite struct PlanMemoryTests {
  private func experiment() throws -> Experiment {
    let graph = try SmallNetwork.trainable()
    let shape = Shape([1] + (graph.inputs[0].dims.dropFirst().map { $0 ?? 1 }))
    return try Experiment(
      Subject(
        network: Network(graph), input: SmallNetwork.numbers(shape, seed: 3), inputName: "x",
        modelName: "trainable"))
  }

  /// Settings as keys lead from one to the next: mostly another rate or seed, at times another of
  /// everything else.
  private func walk(_ experiment: Experiment, steps: Int) -> [Setting] {
    let stream = RandomStream(seed: 11)
    let values = experiment.layers.map(\.value)
    let kinds = KindRegistry.names.filter { $0 != "manual" }
    let own = experiment.subject.network.graph.nodes.filter { $0.opType == "Dropout" }
      .compactMap(\.outputs.first)
    var setting = Setting(layer: values[1])
    return (0..<steps).map { step in
      func pick(_ count: Int, _ place: Int) -> Int {
        Int(stream.word(at: step * 8 + place)) % max(1, count)
      }
      switch pick(12, 0) {
      case 0: setting.kind = kinds[pick(kinds.count, 1)]
      case 1: setting.layer = values[pick(values.count, 1)]
      case 2: setting.pinnedSite = pick(2, 1) == 0 ? nil : values[pick(values.count, 2)]
      case 3: setting.mode = setting.mode == .train ? .eval : .train
      case 4: setting.scaling = [.inverted, .weight, .none][pick(3, 1)]
      case 5: setting.silenced = pick(2, 1) == 0 ? [] : Set(own)
      case 6:
        setting.others =
          pick(2, 1) == 0 ? [] : [PlacedDropout(site: values[pick(values.count, 2)])]
      case 7: setting.isPlaced.toggle()
      case 8:
        for index in setting.others.indices {
          setting.others[index].rate = Rate(clamping: Double(pick(100, 1)) / 100)
        }
      case 9, 10: setting.seed = UInt64(pick(1000, 1))
      default: setting.rate = Rate(clamping: Double(pick(101, 1)) / 100)
      }
      return setting
    }
  }

  @Test func anObservationIsThatOfAFreshStart() throws {
    let experiment = try experiment()
    var seen = 0
    for setting in walk(experiment, steps: 400) {
      let found = Result { try experiment.observe(setting) }
      let fresh = Result { try self.experiment().observe(setting) }
      guard case .success(let expected) = fresh, case .success(let found) = found else {
        #expect(throws: (any Error).self) { try found.get() }
        #expect(throws: (any Error).self) { try fresh.get() }
        continue
      }
      seen += 1
      #expect(found.dropped == expected.dropped && found.mask == expected.mask)
      #expect(found.output == expected.output && found.field == expected.field)
      #expect(found.run.masks == expected.run.masks)
      #expect(found.cost == expected.cost)
    }
    #expect(seen > 200)
  }
}
