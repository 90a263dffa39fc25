import Foundation
import Masks
public import TensorCore

/// A support vector machine that tells classes apart: a score for each pair of them, by the kernels of x `[N,F]`
/// with vectors of both, and the class that wins most pairs; with `prob_a` and `prob_b` the probability of each
/// class, by pairwise coupling (Wu, Lin and Weng 2004, algorithm 2, as libsvm does it). Without vectors there is
/// one linear score for each class. Gives the classes `[N]`, and the scores: a column for each pair, class, or
/// for two classes both signs.
public struct SVMClassifier: ClassifyingOperator {
  public static let opType = "SVMClassifier"
  public static let domain = "ai.onnx.ml"
  public static let schema = OperatorSchema(
    attributes: [
      .ints("classlabels_ints"), .other("classlabels_strings", .strings),
      .other("coefficients", .floats), .other("kernel_params", .floats),
      .string("kernel_type", of: SupportVectors.kernelWords),
      .string("post_transform", of: ScoreTransform.words),
      .other("prob_a", .floats), .other("prob_b", .floats), .other("rho", .floats),
      .other("support_vectors", .floats), .ints("vectors_per_class", in: 0 ... .max),
    ], inputs: [.init([1: .samples])], outputs: [1: 2])
  let labels: ClassLabels
  /// Nil where the machine is linear.
  private let vectors: SupportVectors?
  /// Where the vectors of each class begin, and behind the last where they end.
  private let starts: [Int]
  private let coefficients: [Float]
  private let bias: [Float]
  /// What makes probabilities of the scores of pairs; empty where they stay scores.
  private let (slopes, offsets): ([Float], [Float])
  private let transform: ScoreTransform

  public init(_ node: NodeReader) throws(TensorError) {
    labels = try ClassLabels(node, numbers: "classlabels_ints")
    let classes = labels.count
    coefficients = try node.floats("coefficients") ?? []
    bias = try node.floats("rho") ?? []
    (slopes, offsets) = (try node.floats("prob_a") ?? [], try node.floats("prob_b") ?? [])
    transform = try ScoreTransform(node)
    var starts = [0]
    for count in try node.ints("vectors_per_class") ?? [] {
      starts.append(starts[starts.count - 1].saturatingAdding(max(0, count)))
    }
    self.starts = starts
    func wrong(_ expected: String, _ found: String) -> TensorError {
      TensorError(Self.opType, expected: expected, found: found)
    }
    guard (2...1 << 14).contains(classes) else { throw wrong("two classes or more", "\(classes)") }
    let count = starts[starts.count - 1]
    guard count > 0 else {
      vectors = nil
      guard !coefficients.isEmpty, coefficients.count.isMultiple(of: classes), !bias.isEmpty else {
        throw wrong("coefficients for each of \(classes) classes", "\(coefficients.count)")
      }
      return
    }
    vectors = try SupportVectors(node, count: count)
    let pairs = classes * (classes - 1) / 2
    guard starts.count == classes + 1, coefficients.count == count * (classes - 1),
      bias.count == pairs, [0, pairs].contains(slopes.count), slopes.count == offsets.count
    else {
      throw wrong(
        "\(classes - 1) coefficients for each of \(count) vectors of \(classes) classes, and a rho for "
          + "each of \(pairs) pairs",
        "\(coefficients.count) of \(starts.count - 1), and \(bias.count)")
    }
  }

  private var classes: Int { labels.count }
  var features: Int { vectors?.features ?? coefficients.count / classes }
  private var isProbability: Bool { vectors != nil && !slopes.isEmpty }
  var columns: Int { vectors == nil || isProbability || classes == 2 ? classes : bias.count }

  func judged(_ x: UnsafeBufferPointer<Float>) -> (place: Int, scores: [Float]) {
    guard let vectors else {
      let scores = (0..<classes).map { row in
        let weights = coefficients[row * features..<(row + 1) * features]
        return Float(zip(x, weights).reduce(Double(bias[0])) { $0 + Double($1.0) * Double($1.1) })
      }
      return (scores.placeOfLargest, transform.apply(scores))
    }
    let near = vectors.kernels(x)
    var scores: [Double] = []
    var votes = [Float](repeating: 0, count: classes)
    for (i, j) in pairs {
      func part(_ own: Int, row: Int) -> Double {
        (starts[own]..<starts[own + 1]).reduce(0) {
          $0 + Double(coefficients[row * vectors.count + $1]) * near[$1]
        }
      }
      let score = Double(bias[scores.count]) + part(i, row: j - 1) + part(j, row: i)
      votes[score > 0 ? i : j] += 1
      scores.append(score)
    }
    if isProbability {
      let chances = probabilities(scores)
      return (votes.placeOfLargest, transform.apply(chances.map { Float($0) }))
    }
    guard classes == 2 else {
      return (votes.placeOfLargest, transform.apply(scores.map { Float($0) }))
    }
    let both = [-Float(scores[0]), Float(scores[0])]
    return (votes.placeOfLargest, transform == .probit ? both : transform.apply(both))
  }

  private var pairs: [(Int, Int)] {
    (0..<classes).flatMap { i in (i + 1..<classes).map { (i, $0) } }
  }

  /// The probabilities p of the classes for which those of pairs, r, fit best: the least Σ(rⱼᵢpᵢ − rᵢⱼpⱼ)².
  private func probabilities(_ scores: [Double]) -> [Double] {
    var r = [[Double]](repeating: [Double](repeating: 0, count: classes), count: classes)
    for (index, (i, j)) in pairs.enumerated() {
      let chance = 1 / (1 + exp(scores[index] * Double(slopes[index]) + Double(offsets[index])))
      r[i][j] = min(max(chance, 1e-7), 1 - 1e-7)
      r[j][i] = 1 - r[i][j]
    }
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let q = (0..<classes).map { i in
      (0..<classes).map { j -> Double in
        guard i == j else { return -r[j][i] * r[i][j] }
        let others: [Double] = (0..<classes).filter { $0 != i }.map { r[$0][i] }
        return product(others, others)
      }
    }
    var p = [Double](repeating: 1 / Double(classes), count: classes)
    for _ in 0..<max(100, classes) {
      var qp = q.map { product($0, p) }
      var pqp = product(p, qp)
      let error: Double = qp.map { abs($0 - pqp) }.max() ?? 0
      guard error >= 0.005 / Double(classes) else { break }
      for t in p.indices {
        let step = (pqp - qp[t]) / q[t][t]
        p[t] += step
        let change: Double = step * (step * q[t][t] + 2 * qp[t])
        pqp = (pqp + change) / ((1 + step) * (1 + step))
        for j in p.indices {
          qp[j] = (qp[j] + step * q[t][j]) / (1 + step)
          p[j] /= 1 + step
        }
      }
    }
    return p
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    let coupling = isProbability ? max(100, classes).saturatingMultiplied(by: classes * classes) : 0
    let kernels = (vectors?.count ?? 1).saturatingMultiplied(by: features + classes)
    return outputs[0].shape[0].saturatingMultiplied(by: kernels.saturatingAdding(coupling))
  }

  /// The probabilities of pairs of one sample.
  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    4 * MemoryLayout<Double>.stride * (classes * classes + (vectors?.count ?? 0))
  }
}
