import NeuralNet
import TensorCore
import Testing

/// Backward passes of every operator of the registry against finite differences.
struct GradientTests {
  static let opTypes = OperatorRegistry.standard.withoutBodies

  @Test("the gradient is what finite differences say", arguments: opTypes)
  func differences(opType: String) throws {
    let table = try #require(gradientTables[opType], "no gradient case for \(opType)")
    #expect(!table.cases.isEmpty)
    for item in table.cases {
      let run = try GradientRun(opType, item)
      let gradients = try run.backward(wanted: run.differentiable, cotangent: run.cotangent)
      #expect(gradients.count == run.inputs.count, "\(item.what)")
      for index in 0..<run.inputs.count {
        guard run.differentiable.contains(index) else {
          #expect(gradients[index] == nil, "\(item.what)")
          continue
        }
        let input = try run.inputs.tensor(index)
        let numeric = try run.numeric(index, step: table.step)
        guard let analytic = gradients[index] else {
          let isIdle = item.choosing.contains(index) || numeric.allSatisfy { $0 == 0 }
          #expect(isIdle, "\(item.what), input \(index) has influence and no gradient")
          continue
        }
        #expect(analytic.shape == input.shape, "\(item.what), input \(index)")
        for (i, (found, expected)) in zip(analytic.elements, numeric).enumerated() {
          let isClose = abs(Double(found) - expected) <= table.tolerance * (1 + abs(expected))
          guard !isClose else { continue }
          Issue.record("\(item.what), input \(index)[\(i)]: \(found), differences say \(expected)")
          break
        }
      }
    }
  }

  @Test("what nobody wants is not made, and the rest is the same without it", arguments: opTypes)
  func wanted(opType: String) throws {
    for item in gradientTables[opType]?.cases ?? [] {
      let run = try GradientRun(opType, item)
      let all = try run.backward(wanted: run.differentiable, cotangent: run.cotangent)
      for index in 0..<run.inputs.count {
        let one = try run.backward(wanted: [index], cotangent: run.cotangent)
        #expect(one[index] == all[index], "\(item.what), input \(index)")
        #expect(one.enumerated().allSatisfy { $0 == index || $1 == nil }, "\(item.what)")
      }
      let none = try run.backward(wanted: [], cotangent: run.cotangent)
      #expect(none == [Tensor?](repeating: nil, count: run.inputs.count), "\(item.what)")
    }
  }

  @Test("where no gradient comes in, zeros go out", arguments: opTypes)
  func nothingFlows(opType: String) throws {
    for item in gradientTables[opType]?.cases ?? [] {
      let run = try GradientRun(opType, item)
      for gradient in try run.backward(wanted: run.differentiable, cotangent: nil) {
        #expect(gradient?.elements.allSatisfy { $0 == 0 } != false, "\(item.what)")
      }
    }
  }

  @Test("no bit depends on the number of threads", arguments: opTypes)
  func threads(opType: String) throws {
    guard let item = gradientTables[opType]?.large else { return }
    let run = try GradientRun(opType, item)
    func gradients(_ threads: Int) throws -> [[UInt32]?] {
      try Parallel.$threads.withValue(threads) {
        try run.backward(wanted: run.differentiable, cotangent: run.cotangent)
      }.map { $0?.elements.map(\.bitPattern) }
    }
    let single = try gradients(1)
    #expect(single.contains { $0 != nil })
    for threads in [2, 5] {
      let isSame = try gradients(threads) == single
      #expect(isSame, "\(threads) threads")
    }
  }
}
