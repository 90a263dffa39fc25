import Insight
import TensorCore
import TestSupport
import Testing

/// What units do, against NumPy.
@Suite struct UnitActivityTests {
  private struct Case: Decodable {
    var name: String
    var shape: [Int]
    var axis: Int
    var cells: [Float]
    var zeros: Double
    var mean: Double
    var dead: Int
    var constant: Int
    var correlation: Double?
  }

  @Test func asNumPyHasThem() throws {
    let cases = try Golden.json("unit_activity.json", as: [Case].self)
    #expect(cases.count == 6)
    for known in cases {
      let x = Tensor(Shape(known.shape), known.cells)
      let found = UnitActivity(x, unitAxis: known.axis)
      #expect(found.units == known.shape[known.axis])
      #expect(abs(found.zeros - known.zeros) < 1e-12, "\(known.name)")
      #expect(abs(found.mean - known.mean) <= 1e-9 * max(1, abs(known.mean)), "\(known.name)")
      #expect(found.dead == known.dead && found.constant == known.constant, "\(known.name)")
      #expect((found.correlation == nil) == (known.correlation == nil), "\(known.name)")
      if let r = found.correlation, let wanted = known.correlation {
        #expect(abs(r - wanted) < 1e-9, "\(known.name): \(r), \(wanted)")
      }
    }
  }

  @Test func threadsChangeNoBit() {
    let stream = RandomStream(seed: 3)
    let x = Tensor([40, 33], (0..<1320).map { stream.uniform(at: $0) - 0.5 })
    let all = [1, 2, 5].map { threads in
      Parallel.$threads.withValue(threads) { UnitActivity(x).correlation?.bitPattern }
    }
    #expect(all[0] != nil && Set(all).count == 1)
  }

  /// Of large maps some samples are enough, and every sample counts for what is rare.
  @Test func largeMapsAreCorrelatedOverSomeSamples() {
    let side = 200
    var x = Tensor([4, 2, side, side], repeating: 0)
    // Unit 0 varies in the first samples, unit 1 only in the last, which is not correlated.
    for i in 0..<side { x[i] = Float(i) }
    x[(3 * 2 + 1) * side * side] = 1
    let found = UnitActivity(x)
    #expect(found.dead == 0 && found.constant == 1 && found.correlation == nil)
  }

  @Test func nothingHasNothing() {
    let none = UnitActivity(Tensor([0, 3], []))
    #expect(none.dead == 0 && none.zeros == 0 && none.mean == 0 && none.constant == 3)
    let notFinite = UnitActivity(Tensor([2, 2], [.infinity, 1, 0, 2]))
    #expect(notFinite.constant == 1 && notFinite.correlation == nil)
  }
}
