import Testing

@testable import TensorCore

/// Places of arrays that are there at once never overlap, and nothing that is still there is written over.
@Suite struct ArenaTests {
  @Test func whatIsThereAtOnceLiesApart() {
    var state: UInt64 = 7
    func number(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    for _ in 0..<200 {
      let tenants = (0..<(1 + number(40))).map { _ in
        let start = number(60)
        return Arena.Tenant(bytes: 1 + number(5000), steps: start...start + number(12))
      }
      let (places, size) = Arena.layOut(tenants)
      for (index, place) in places.enumerated() {
        #expect(place.count == tenants[index].bytes && place.lowerBound % 64 == 0)
        #expect(place.upperBound <= size)
        for other in 0..<index where tenants[other].steps.overlaps(tenants[index].steps) {
          #expect(!places[other].overlaps(place))
        }
      }
      let most =
        (0..<80).map { step in
          tenants.filter { $0.steps.contains(step) }.reduce(0) { $0 + $1.bytes }
        }.max() ?? 0
      #expect(size >= most)
    }
  }

  /// A chain, where each array is there with the next: two places are all it takes.
  @Test func aChainTakesItsTwoLargestNeighbours() {
    let sizes = [64, 640, 1280, 320, 6400, 640, 64]
    let tenants = sizes.enumerated().map { Arena.Tenant(bytes: $1, steps: $0...$0 + 1) }
    #expect(Arena.layOut(tenants).size == 6400 + 640)
  }

  private let shape: Shape = [8192]
  private var bytes: Int { shape.count * 4 }

  private func made(_ number: Float) -> Tensor {
    Tensor(shape) { $0.update(repeating: number) }
  }

  @Test func whatIsKeptIsNotWrittenOver() {
    let arena = Arena(size: bytes)
    let first = arena.placing([0..<bytes]) { made(1) }
    let second = arena.placing([0..<bytes]) { made(2) }
    #expect(first.place != nil && second.place == nil)
    #expect(first.elements.allSatisfy { $0 == 1 } && second.elements.allSatisfy { $0 == 2 })
    _ = consume first
    let third = arena.placing([0..<bytes]) { made(3) }
    #expect(third.place != nil && third == made(3))
  }

  @Test func changedCopiesAreTheirOwn() {
    let arena = Arena(size: bytes)
    let original = arena.placing([0..<bytes]) { made(1) }
    var copy = original
    copy[5] = 7
    #expect(original[5] == 1 && copy[5] == 7 && copy[6] == 1)
    var same = consume original
    same.withMutableElements { $0[0] = 4 }
    #expect(same.place != nil && same[0] == 4 && same[1] == 1)
  }

  @Test func othersTakeTheHeap() {
    let arena = Arena(size: bytes)
    arena.placing([0..<bytes]) {
      #expect(Tensor([8191]) { $0.update(repeating: 0) }.place == nil)
      let both = (made(1), made(2))
      #expect(both.0.place != nil && both.1.place == nil)
    }
    #expect(made(1).place == nil)
  }
}
