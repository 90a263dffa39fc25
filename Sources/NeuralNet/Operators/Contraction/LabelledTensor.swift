import TensorCore

/// An array whose axes have labels of their own.
struct LabelledTensor: Sendable {
  typealias Label = EinsumEquation.Label
  var tensor: Tensor
  var labels: [Label]

  /// An operand of an equation: a label that stands twice is gone through along the diagonal, and an axis
  /// that only broadcasts is left out.
  init(_ x: Tensor, _ labels: [Label], sizes: [Label: Int]) {
    let view = LabelledTensor.view(x.shape, labels, sizes: sizes)
    (tensor, self.labels) = (x.gathered(view.view), view.labels)
  }

  init(_ tensor: Tensor, labels: [Label]) { (self.tensor, self.labels) = (tensor, labels) }

  /// How an operand is read, and the labels of what is read.
  static func view(
    _ shape: Shape, _ labels: [Label], sizes: [Label: Int]
  ) -> (view: StridedView, labels: [Label]) {
    var (own, dims, strides): ([Label], [Int], [Int]) = ([], [], [])
    for (axis, label) in labels.enumerated() where shape[axis] == sizes[label] {
      if let old = own.firstIndex(of: label) {
        strides[old] += shape.strides[axis]
      } else {
        own.append(label)
        dims.append(shape[axis])
        strides.append(shape.strides[axis])
      }
    }
    return (StridedView(Shape(dims), strides: strides), own)
  }

  /// The sum over all labels but these.
  func summed(to kept: Set<Label>) throws(TensorError) -> LabelledTensor {
    let axes = labels.indices.filter { !kept.contains(labels[$0]) }
    guard !axes.isEmpty else { return self }
    return LabelledTensor(
      try Reduction.sum(tensor, over: axes, keepingDims: false),
      labels: labels.filter(kept.contains))
  }

  /// The axes in the order of labels that have them all; an axis that is missing is repeated.
  func arranged(_ order: [Label], sizes: [Label: Int]) -> Tensor {
    let strides = tensor.shape.strides
    let steps = order.map { label in labels.firstIndex(of: label).map { strides[$0] } ?? 0 }
    return tensor.gathered(StridedView(Shape(order.map { sizes[$0] ?? 1 }), strides: steps))
  }

  /// The product of two, summed over the labels that are not kept: a stack of matrix products, rows being
  /// what only the first has, columns what only the second has.
  static func product(
    _ a: LabelledTensor, _ b: LabelledTensor, keeping kept: Set<Label>, sizes: [Label: Int]
  ) throws(TensorError) -> LabelledTensor {
    let a = try a.summed(to: kept.union(b.labels))
    let b = try b.summed(to: kept.union(a.labels))
    let (left, right) = (Set(a.labels), Set(b.labels))
    let stack = a.labels.filter { right.contains($0) && kept.contains($0) }
    let terms = a.labels.filter { right.contains($0) && !kept.contains($0) }
    let rows = a.labels.filter { !right.contains($0) }
    let columns = b.labels.filter { !left.contains($0) }
    func count(_ labels: [Label]) -> Int { labels.reduce(1) { $0 * (sizes[$1] ?? 1) } }
    let made = stack + rows + columns
    let shape = try Shape(computed: made.map { sizes[$0] ?? 1 }, in: "Einsum")
    let (n, m, k, l) = (count(stack), count(rows), count(terms), count(columns))
    let x = try a.arranged(stack + rows + terms, sizes: sizes).reshaped(to: [n, m, k])
    let y = try b.arranged(stack + terms + columns, sizes: sizes).reshaped(to: [n, k, l])
    let product = try StackedProduct(x.shape, y.shape, in: "Einsum").forward(x, y)
    return LabelledTensor(try product.reshaped(to: shape), labels: made)
  }
}
