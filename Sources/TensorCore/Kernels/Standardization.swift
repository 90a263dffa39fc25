internal import CKernels

/// Rows brought to mean 0 and variance 1: what batch, instance and layer normalisation have in common.
public struct Standardization: Sendable {
  /// (x − mean)/√(variance + epsilon), `[rows, columns]`.
  public let output: Tensor
  /// The mean of each row.
  public let means: [Double]
  /// The variance of each row, Σ(x − mean)²/n.
  public let variances: [Double]
  /// 1/√(variance + epsilon) of each row.
  public let inverses: [Double]

  /// Standardises the rows of x `[rows, columns]`, summed in sixteen lanes, long rows in parts that are
  /// added in double precision.
  /// - Parameters:
  ///   - scale: a factor for each column of `output`; both or neither
  ///   - shift: what is added to each column after it
  public init(_ x: Tensor, epsilon: Double, scale: [Float]? = nil, shift: [Float]? = nil) {
    precondition(x.shape.rank == 2, "rows, found \(x.shape)")
    let rows = x.shape[0]
    var means = [Double](repeating: 0, count: rows)
    var variances = means
    output = x.normalized(epsilon: epsilon, scale: scale, shift: shift, &means, &variances)
    (self.means, self.variances) = (means, variances)
    inverses = variances.map { 1 / ($0 + epsilon).squareRoot() }
  }

  /// The gradient by x from g, that by `output`: inverse·(g − mean(g) − output·mean(g·output)), row by
  /// row (Ioffe and Szegedy 2015, arXiv:1502.03167, with the sums collected).
  public func gradient(_ g: Tensor) -> Tensor {
    precondition(g.shape == output.shape, "\(g.shape) beside \(output.shape)")
    let (rows, columns) = (g.shape[0], g.shape[1])
    return Tensor(g.shape) { out in
      for row in 0..<rows {
        let cells = row * columns..<(row + 1) * columns
        let n = Double(max(1, columns))
        let plain = cells.reduce(0) { $0 + Double(g[$1]) } / n
        let weighted = cells.reduce(0) { $0 + Double(g[$1]) * Double(output[$1]) } / n
        for i in cells {
          out[i] = Float(inverses[row] * (Double(g[i]) - plain - Double(output[i]) * weighted))
        }
      }
    }
  }
}

extension NDArray where Element == Float {
  /// The rows of `[rows, columns]`, each brought to mean 0 and variance 1, then scaled and shifted by
  /// numbers for the columns.
  func normalized(
    epsilon: Double, scale: [Float]?, shift: [Float]?, _ means: inout [Double],
    _ variances: inout [Double]
  ) -> Tensor {
    let (rows, columns) = (shape[0], shape[1])
    guard count > 0 else { return self }
    return Tensor(shape) { out in
      withElements { x in
        withBase(of: scale) { scale in
          withBase(of: shift) { shift in
            means.withUnsafeMutableBufferPointer { means in
              variances.withUnsafeMutableBufferPointer { variances in
                nonisolated(unsafe) let (x, out) = (x.baseAddress!, out.baseAddress!)
                nonisolated(unsafe) let (scale, shift) = (scale, shift)
                nonisolated(unsafe) let (means, variances) = (
                  means.baseAddress, variances.baseAddress
                )
                let part = Swift.max(1, elementwiseChunk / 8 / columns)
                Parallel.run(tasks: (rows + part - 1) / part) { task in
                  ck_normalize(
                    ck_chosen(), x, columns, epsilon, scale, shift, out, means, variances,
                    task * part, Swift.min(rows, (task + 1) * part))
                }
              }
            }
          }
        }
      }
    }
  }
}
