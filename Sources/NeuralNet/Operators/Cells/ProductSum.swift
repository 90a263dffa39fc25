import TensorCore

/// One cell of a matrix product: factor · Σ left × right, + bias.
public struct ProductSum: Equatable, Sendable {
  /// One product of the sum.
  public struct Term: Equatable, Sendable {
    /// Its place in the row and the column that meet.
    public let index: Int
    /// The number on the left: for a dense layer its input.
    public let left: Float
    /// The number on the right: for a dense layer the weight.
    public let right: Float
    /// The two multiplied.
    public let product: Double
  }

  /// The most products listed.
  public static let mostListed = 256

  /// The name of the value on the left.
  public let left: String
  /// The name of the value on the right.
  public let right: String
  /// How many products were added.
  public let count: Int
  /// The products of the largest size, the largest first.
  public let terms: [Term]
  /// The sum of those not listed.
  public let rest: Double
  /// Σ of all products.
  public let sum: Double
  /// What Σ is multiplied by: Gemm's alpha.
  public let factor: Double
  /// What is added: Gemm's beta·C; nil where there is none.
  public let bias: Double?
  /// The sum of the sizes of everything added.
  public let magnitude: Double

  /// What the cell is.
  public var total: Double { factor * sum + (bias ?? 0) }

  /// The product of a row of `a` and a column of `b`, each a start and a step.
  init(
    _ node: Node, _ a: Tensor, _ b: Tensor, row: (start: Int, step: Int),
    column: (start: Int, step: Int), count: Int, factor: Double = 1, bias: Double? = nil
  ) {
    left = node.inputs.first ?? ""
    right = node.inputs.dropFirst().first ?? ""
    (self.count, self.factor, self.bias) = (count, factor, bias)
    let all = (0..<count).map { k in
      let (left, right) = (a[row.start + k * row.step], b[column.start + k * column.step])
      return Term(index: k, left: left, right: right, product: Double(left) * Double(right))
    }
    sum = all.reduce(0) { $0 + $1.product }
    magnitude = abs(factor) * all.reduce(0) { $0 + abs($1.product) } + abs(bias ?? 0)
    // Not finite counts as largest: it is what decides the sum.
    func size(_ term: Term) -> Double { term.product.isNaN ? .infinity : abs(term.product) }
    let ordered = all.sorted { (size($1), $0.index) < (size($0), $1.index) }
    terms = Array(ordered.prefix(ProductSum.mostListed))
    rest = ordered.dropFirst(ProductSum.mostListed).reduce(0) { $0 + $1.product }
  }
}
