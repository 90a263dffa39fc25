import TensorCore
import Testing

struct MovementTests {
  @Test("transposing there and back is the identity, in every order")
  func transposing() throws {
    let x = NDArray<Int64>([2, 3, 1, 4], Array(0..<24))
    for code in 0..<256 {
      let order = [code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6]
      guard Set(order).count == 4 else {
        #expect(throws: TensorError.self) { try StridedView.transposing(x.shape, order: order) }
        continue
      }
      let y = x.gathered(try .transposing(x.shape, order: order))
      #expect(y.shape.dims == order.map { x.shape[$0] })
      // Element (i,j,k,l) of the result is element order⁻¹ of x.
      let inverse = (0..<4).map { axis in order.firstIndex(of: axis)! }
      #expect(y.gathered(try .transposing(y.shape, order: inverse)) == x)
    }
    let matrix = NDArray<Int64>([2, 3], [1, 2, 3, 4, 5, 6])
    #expect(
      matrix.gathered(try .transposing([2, 3], order: [1, 0])).elements == [1, 4, 2, 5, 3, 6])
  }

  @Test func broadcastingRepeats() throws {
    let x = NDArray<Bool>([2, 1], [true, false])
    let y = x.gathered(try .broadcasting(x.shape, to: [2, 2, 3], in: ""))
    #expect(y.elements == [true, true, true, false, false, false] + y.elements[..<6])
    #expect(throws: TensorError.self) { try StridedView.broadcasting([2], to: [3], in: "") }
    #expect(throws: TensorError.self) { try StridedView.broadcasting([1, 1], to: [3], in: "") }
  }

  @Test func concatenating() throws {
    let x = NDArray<Int64>([2, 2], [1, 2, 3, 4])
    let y = NDArray<Int64>([2, 1], [5, 6])
    let joined = try NDArray.concatenated([x, y, x], axis: -1, in: "")
    #expect(joined == NDArray([2, 5], [1, 2, 5, 1, 2, 3, 4, 6, 3, 4]))
    #expect(throws: TensorError.self) { try NDArray.concatenated([x, y], axis: 0, in: "") }
    #expect(throws: TensorError.self) { try NDArray<Int64>.concatenated([], axis: 0, in: "") }
    let wide = Shape([0, .max])
    #expect(throws: TensorError.self) { try concatenatedShape([wide, wide], axis: 1, in: "") }
  }

  @Test func shapesWhosePartsOverflowAreRefused() {
    #expect(throws: TensorError.self) { try Shape(checking: [0, 1 << 62, 4], in: "") }
    #expect(throws: TensorError.self) { try Shape(checking: [-1], in: "") }
    #expect(throws: TensorError.self) { try Shape(computed: [1 << 20, 1 << 20], in: "") }
    #expect(throws: TensorError.self) { try Shape(computed: [0, 1 << 40], in: "") }
    #expect((try? Shape(computed: [], in: ""))?.count == 1)
    #expect((try? Shape(checking: [3, 0, 5], in: ""))?.count == 0)
  }
}
