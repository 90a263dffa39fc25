import TensorCore
import Testing

struct RepeatedProductTests {
  /// Packed or as it lies, on one thread or more, the bits are those of any product.
  @Test(
    "adds what a product of matrices does",
    arguments: [(1, 3, 5), (7, 40, 33), (16, 192, 96), (32, 100, 400), (3, 0, 4), (0, 4, 4)])
  func equal(samples: Int, units: Int, rows: Int) {
    let matrix = numbers([rows + 2, units], seed: 1)
    let own = matrix.gathered(
      StridedView([rows, units], offset: units, strides: [units, 1]))
    for transposed in [true, false] {
      let (terms, columns) = transposed ? (units, rows) : (rows, units)
      let left = numbers([samples, terms], seed: 2)
      let start = numbers([samples, columns], seed: 3)
      var expected = start
      expected.add(
        MatrixProduct.of(left, transposed: false, own, transposed: transposed),
        through: StridedView(start.shape, strides: start.shape.strides))
      for (times, isAlone, threads) in [(1, true, 1), (9, true, 2), (9, false, 2), (1, false, 2)] {
        var found = start
        Parallel.$threads.withValue(threads) {
          let product = RepeatedProduct(
            matrix, rows: 1..<rows + 1, transposed: transposed, times: times)
          left.withElements { a in
            found.withMutableElements { c in
              guard let a = a.baseAddress, let c = c.baseAddress else { return }
              product.add(
                a, rows: samples, step: terms, to: c, step: columns, isAlone: isAlone)
            }
          }
        }
        for (a, b) in zip(found.elements, expected.elements) { #expect(abs(a - b) < 1e-4) }
        #expect(found.shape == expected.shape)
      }
    }
  }
}
