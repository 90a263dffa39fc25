import Masks
public import TensorCore

/// The determinants of the square matrices of the last two dimensions, by elimination.
public struct Det: Operator {
  public static let opType = "Det"
  public static let schema = OperatorSchema(
    since: 11, inputs: [.init([11: .floats, 22: [.floats, .bfloat16]])])
  public init(_ node: NodeReader) {}

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.tensor(0)
    guard x.rank >= 2, x[x.rank - 1] == x[x.rank - 2] else {
      throw TensorError("Det", expected: "square matrices", found: "\(x)")
    }
    return [ValueInfo(Shape(Array(x.dims.dropLast(2))))]
  }

  /// Matrices stay where they are.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule(outputs: [outputs[0].shape.dims.indices.map { .axes([.init(0, $0)]) }])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    let x = try inputs.tensor(0)
    let size = x.shape[x.shape.rank - 1]
    return [
      .float32(
        Tensor(
          shape,
          (0..<shape.count).map { index in
            Float(Matrix(x, size, index).determinant)
          }))
    ]
  }

  /// Elimination's products.
  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    let x = inputs.optional(0)?.shape ?? []
    return x.count.saturatingMultiplied(by: x.dims.last ?? 1)
  }

  /// The cofactors, which are there for a singular matrix too.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let x = try pass.inputs.tensor(0)
    let size = x.shape[x.shape.rank - 1]
    let g = try pass.takeGradient()
    var gradient = Tensor(x.shape, repeating: 0)
    for index in 0..<g.count {
      let matrix = Matrix(x, size, index)
      for row in 0..<size {
        for column in 0..<size {
          let minor = matrix.without(row, column).determinant
          let sign: Double = (row + column) % 2 == 0 ? 1 : -1
          gradient[(index * size + row) * size + column] = g[index] * Float(sign * minor)
        }
      }
    }
    return pass.only(gradient)
  }

  private struct Matrix {
    var rows: [[Double]]

    init(_ x: Tensor, _ size: Int, _ index: Int) {
      rows = (0..<size).map { row in
        (0..<size).map { Double(x[(index * size + row) * size + $0]) }
      }
    }

    /// The matrix without a row and a column.
    func without(_ row: Int, _ column: Int) -> Matrix {
      var minor = self
      minor.rows.remove(at: row)
      for index in minor.rows.indices { minor.rows[index].remove(at: column) }
      return minor
    }

    /// By elimination with the largest number of each column.
    var determinant: Double {
      var (rows, product) = (rows, 1.0)
      for column in rows.indices {
        let pivot = (column..<rows.count).max { abs(rows[$0][column]) < abs(rows[$1][column]) }
        guard let pivot, rows[pivot][column] != 0 else { return 0 }
        if pivot != column {
          rows.swapAt(pivot, column)
          product = -product
        }
        product *= rows[column][column]
        for row in column + 1..<max(column + 1, rows.count) {
          let factor = rows[row][column] / rows[column][column]
          for other in column..<rows.count { rows[row][other] -= factor * rows[column][other] }
        }
      }
      return product
    }
  }
}
