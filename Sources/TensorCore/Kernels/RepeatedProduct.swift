internal import CKernels

/// C ← C + A·B or A·Bᵀ for one B and many A, as the steps of a recurrent layer have it: B is packed once
/// where that pays.
public struct RepeatedProduct: Sendable {
  private let right: Tensor
  private let packed: PackedMatrix?
  private let first, columns, terms: Int
  private let isTransposed: Bool

  /// Few products do not pay for packing.
  private static let fewest = 4

  /// A product by rows of a matrix `[R,K]`.
  /// - Parameters:
  ///   - rows: those of the matrix; B has them as its rows, or transposed as its columns
  ///   - times: how many products there will be
  public init(_ matrix: Tensor, rows: Range<Int>, transposed: Bool, times: Int) {
    let width = matrix.shape[1]
    precondition(rows.lowerBound >= 0 && rows.upperBound <= matrix.shape[0], "rows \(rows)")
    (right, isTransposed, first) = (matrix, transposed, rows.lowerBound * width)
    (columns, terms) = transposed ? (rows.count, width) : (width, rows.count)
    guard times >= RepeatedProduct.fewest, columns > 0, terms > 0 else {
      packed = nil
      return
    }
    let (first, columns, terms) = (first, columns, terms)
    packed = matrix.withElements { b in
      b.baseAddress.map {
        PackedMatrix(right: $0 + first, columns: columns, terms: terms, transposed: transposed)
      }
    }
  }

  /// Adds the product of `rows` rows, which lie `step` apart, to those of C.
  /// - Parameter isAlone: whether this thread does all of it
  public func add(
    _ left: UnsafePointer<Float>, rows: Int, step: Int, to c: UnsafeMutablePointer<Float>,
    step resultStep: Int, isAlone: Bool
  ) {
    right.withElements { b in
      guard rows > 0, columns > 0, let b = b.baseAddress else { return }
      let width = isTransposed ? terms : columns
      let matrix = ck_right(
        matrix: b + first, termStep: isTransposed ? 1 : width, columnStep: isTransposed ? width : 1)
      let a = ProductTasks.Left(left, rowStep: step, termStep: 1)
      nonisolated(unsafe) let (right, c) = (packed?.right ?? matrix, c)
      guard isAlone else {
        ProductTasks(rows: rows, columns: columns, terms: terms).run(lefts: [a]) { _, job, run in
          job.right = right
          (job.values, job.step, job.alpha, job.adds) = (c, resultStep, 1, 1)
          run(&job)
        }
        return
      }
      var job = ck_product_job(rows: rows, columns: columns, terms: terms, to: c, step: resultStep)
      (job.left, job.right, job.alpha, job.adds) = (a.operand, right, 1, 1)
      ProductTasks.runAlone(&job)
    }
  }
}
