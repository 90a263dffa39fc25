import TensorCore
import Testing

struct StackedProductGradientTests {
  /// The product is linear in either operand, so that the gradient is known without small steps:
  /// Σ ∂y·(a′·b) = Σ a′·∂a for any a′, and the same on the right.
  @Test(
    "gradients are the transpose of the product",
    arguments: [
      ([3, 4], [4, 5]), ([4], [4, 5]), ([3, 4], [4]), ([4], [4]), ([2, 3, 4], [4, 5]),
      ([2, 3, 4], [2, 4, 5]), ([3, 4], [2, 4, 5]), ([2, 1, 3, 4], [6, 4, 5]), ([2, 3, 4], [4]),
      ([4], [2, 4, 5]), ([1, 3, 4], [4, 5]), ([2, 3, 0], [0, 5]), ([0, 3, 4], [4, 5]),
      ([1, 3, 4], [0, 4, 5]), ([40, 60, 50], [50, 70]), ([7, 60, 50], [7, 50, 70]),
    ] as [([Int], [Int])])
  func adjoint(_ left: [Int], _ right: [Int]) throws {
    let (a, b) = (numbers(Shape(left), seed: 1), numbers(Shape(right), seed: 2))
    let product = try StackedProduct(a.shape, b.shape, in: "MatMul")
    let dy = numbers(product.shape, seed: 3)
    let da = product.leftGradient(dy, b: b, a: a.shape)
    let db = product.rightGradient(dy, a: a, b: b.shape)
    #expect((da.shape, db.shape) == (a.shape, b.shape))
    for seed in 4..<8 as Range<UInt64> {
      let (a2, b2) = (numbers(a.shape, seed: seed), numbers(b.shape, seed: seed + 10))
      let scale = 1e-6 * Double(max(1, product.shape.count))
      #expect(abs(dot(dy, product.forward(a2, b)) - dot(a2, da)) < scale)
      #expect(abs(dot(dy, product.forward(a, b2)) - dot(b2, db)) < scale)
    }
    let one = Parallel.$threads.withValue(1) { product.rightGradient(dy, a: a, b: b.shape) }
    #expect(one == db)
  }

  private func dot(_ a: Tensor, _ b: Tensor) -> Double {
    zip(a.elements, b.elements).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}
