import NeuralNet
import TensorCore
import Testing

@Suite struct DiscsAndRingsTests {
  private static func parts(_ batch: Batch) throws -> (images: Tensor, masks: Tensor) {
    guard case .values(let masks) = batch.targets else {
      throw TensorError("targets", expected: "masks", found: "others")
    }
    return (try #require(batch.inputs[0].tensor), masks)
  }

  @Test func imagesDependOnSeedAndIndexAlone() throws {
    let set = DiscsAndRings(count: 9, seed: 3)
    let all = try Self.parts(set.batch([0, 1, 2]))
    let one = try Parallel.$threads.withValue(1) { try Self.parts(set.batch([1])) }
    #expect(one.images.shape == [1, 1, 64, 64] && one.masks.shape == [1, 1, 64, 64])
    #expect(Array(all.images.elements[4096..<8192]) == one.images.elements)
    #expect(Array(all.masks.elements[4096..<8192]) == one.masks.elements)
    let other = try Self.parts(DiscsAndRings(count: 9, seed: 4).batch([1]))
    #expect(other.masks != one.masks)
  }

  /// Outside the masks there is noise of the stated deviation, inside it is brighter by .3 to .9.
  @Test func masksAreWhereItIsBright() throws {
    let (images, masks) = try Self.parts(DiscsAndRings(count: 64, seed: 1).batch(Array(0..<64)))
    let outside = zip(images.elements, masks.elements).filter { $0.1 == 0 }.map { Double($0.0) }
    let inside = zip(images.elements, masks.elements).filter { $0.1 == 1 }.map { Double($0.0) }
    let share = Double(inside.count) / Double(images.count)
    #expect(share > 0.05 && share < 0.4, "\(share)")
    func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }
    let deviation = mean(outside.map { $0 * $0 }).squareRoot()
    #expect(abs(mean(outside)) < 0.01 && abs(deviation - 0.25) < 0.005, "\(deviation)")
    #expect(mean(inside) > 0.4 && mean(inside) < 0.8)
  }
}
