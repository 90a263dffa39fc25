import Foundation
import TensorCore

/// Vectors that samples are compared with, of a support vector machine: `kernel_type` and `kernel_params`.
struct SupportVectors: Sendable {
  private enum Kernel: String, CaseIterable {
    case linear = "LINEAR"
    case polynomial = "POLY"
    case radial = "RBF"
    case sigmoid = "SIGMOID"
  }

  /// What `kernel_type` may be.
  static let kernelWords = Kernel.allCases.map(\.rawValue)

  private let vectors: [Float]
  let count: Int
  let features: Int
  private let kernel: Kernel
  private let (gamma, offset, degree): (Double, Double, Double)

  /// - Throws: `TensorError` where the node has not so many vectors, or no such kernel.
  init(_ node: NodeReader, count: Int) throws(TensorError) {
    let opType = node.node.opType
    vectors = try node.floats("support_vectors") ?? []
    guard count > 0, !vectors.isEmpty, vectors.count.isMultiple(of: count) else {
      throw TensorError(
        opType, expected: "support_vectors for \(count)", found: "\(vectors.count) numbers")
    }
    (self.count, features) = (count, vectors.count / count)
    let word = try node.string("kernel_type", default: Kernel.linear.rawValue)
    guard let kernel = Kernel(rawValue: word) else {
      throw TensorError(
        "\(opType) kernel_type", expected: "LINEAR, POLY, RBF or SIGMOID", found: word)
    }
    let settings = try node.floats("kernel_params") ?? [0, 0, 3]
    guard settings.count >= 3 else {
      throw TensorError("\(opType) kernel_params", expected: "3 numbers", found: "\(settings)")
    }
    self.kernel = kernel
    (gamma, offset, degree) = (Double(settings[0]), Double(settings[1]), Double(settings[2]))
  }

  /// How near a sample is to each vector.
  func kernels(_ x: UnsafeBufferPointer<Float>) -> [Double] {
    vectors.withUnsafeBufferPointer { vectors in
      (0..<count).map { index in
        let start = index * features
        var sum = 0.0
        if kernel == .radial {
          for i in 0..<features {
            let apart = Double(x[i]) - Double(vectors[start + i])
            sum += apart * apart
          }
          return exp(-gamma * sum)
        }
        for i in 0..<features { sum += Double(x[i]) * Double(vectors[start + i]) }
        return switch kernel {
        case .polynomial: pow(gamma * sum + offset, degree)
        case .sigmoid: tanh(gamma * sum + offset)
        case .linear, .radial: sum
        }
      }
    }
  }
}
