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

  /// Standardises the rows of x `[rows, columns]`, summed in double precision.
  public init(_ x: Tensor, epsilon: Double) {
    precondition(x.shape.rank == 2, "rows, found \(x.shape)")
    let (rows, columns) = (x.shape[0], x.shape[1])
    var (means, variances, inverses): ([Double], [Double], [Double]) = ([], [], [])
    output = Tensor(x.shape) { out in
      x.withElements { x in
        for row in 0..<rows {
          let cells = row * columns..<(row + 1) * columns
          let mean = cells.reduce(0) { $0 + Double(x[$1]) } / Double(max(1, columns))
          let squares = cells.reduce(0) { $0 + (Double(x[$1]) - mean) * (Double(x[$1]) - mean) }
          let variance = squares / Double(max(1, columns))
          let inverse = 1 / (variance + epsilon).squareRoot()
          for i in cells { out[i] = Float((Double(x[i]) - mean) * inverse) }
          means.append(mean)
          variances.append(variance)
          inverses.append(inverse)
        }
      }
    }
    (self.means, self.variances, self.inverses) = (means, variances, inverses)
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
