import Masks
import TensorCore
import Testing

/// The user's own mask.
struct ManualTests {
  let layout = Layout(n: 1, c: 2, h: 2, w: 3)
  let x = Tensor([1, 2, 2, 3], [1, 2, 3, 4, 5, 6, .nan, .infinity, 9, 10, 11, 12])
  let painted = Mask(
    layout: Layout(n: 1, c: 2, h: 2, w: 3),
    kept: NDArray(
      [1, 2, 2, 3],
      [true, false, true, true, true, true, false, false, true, true, false, true]))

  private func dropout(_ p: Double, _ scaling: Scaling) throws -> Dropout {
    let kind = try KindRegistry.make("manual", KindSettings(painted: painted))
    return Dropout(kind, rate: rate(p), scaling: scaling)
  }

  @Test(arguments: rates)
  func theMaskIsTakenAsItIs(p: Double) throws {
    let manual = try dropout(p, .none)
    let (y, mask) = try manual.drop(x, stream: RandomStream(seed: 1))
    expectSame(mask, painted)
    expectSame(try manual.mask(layout: layout, stream: RandomStream(seed: 2)), painted)
    #expect(y.elements == [1, 0, 3, 4, 5, 6, 0, 0, 9, 10, 0, 12])
  }

  /// The rate gives the scale; at 1 no scale could make up, and kept values stay as they are.
  @Test func scale() throws {
    let halved = try dropout(0.5, .inverted).drop(x, stream: RandomStream(seed: 1)).output
    #expect(halved.elements == [2, 0, 6, 8, 10, 12, 0, 0, 18, 20, 0, 24])
    let all = try dropout(1, .inverted).drop(x, stream: RandomStream(seed: 1)).output
    #expect(all.elements == [1, 0, 3, 4, 5, 6, 0, 0, 9, 10, 0, 12])
  }

  @Test func withoutAMaskEverythingIsKept() throws {
    let manual = Dropout(try KindRegistry.make("manual"), rate: rate(0.5), scaling: .none)
    let (y, mask) = try manual.drop(x, stream: RandomStream(seed: 1))
    expectSame(mask, Mask(layout: layout))
    expectSame(y, x)
  }

  @Test(arguments: [0, 0.5])
  func anotherLayoutIsRefused(p: Double) throws {
    let other = Tensor([1, 2, 3, 2], repeating: 1)
    let error = #expect(throws: TensorError.self) {
      try dropout(p, .inverted).drop(other, stream: RandomStream(seed: 1))
    }
    #expect(
      error?.description == "mask: expected the layer's shape [1,2,3,2], found [1,2,2,3]")
  }

  @Test func unknownKindsAreRefusedWithTheNamesThereAre() {
    let error = #expect(throws: TensorError.self) { try KindRegistry.make("elemnt") }
    let names = KindRegistry.names.joined(separator: ", ")
    #expect(error?.description == "kind: expected \(names), found elemnt")
    #expect(Set(KindRegistry.names).count == KindRegistry.names.count)
    #expect(KindRegistry.all().allSatisfy { !$0.summary.isEmpty })
  }
}
