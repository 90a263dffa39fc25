import Masks
import NeuralNet
import TensorCore

/// Networks small enough to work out by hand.
enum SmallNetwork {
  /// Features through one dense layer, and a softmax if wanted.
  static func linear(_ weights: Tensor, softmax: Bool = false) throws -> Network {
    let nodes = [
      Node(name: "dense", "MatMul", inputs: ["x", "w"], outputs: ["logits"]),
      Node(name: "softmax", "Softmax", inputs: ["logits"], outputs: ["p"]),
    ]
    return Network(
      try Graph(
        name: "linear", inputs: [.init("x", dims: [1, weights.shape[0]])],
        outputs: [softmax ? "p" : "logits"], constants: ["w": .float32(weights)],
        nodes: softmax ? nodes : [nodes[0]]))
  }

  /// Maps → ReLU → pool 2×2 → flatten → dense, as most small classifiers end.
  static func pooled(pool: String = "MaxPool") throws -> Network {
    var constants: [String: Value] = [
      "k": .float32(numbers([3, 1, 3, 3], seed: 5)), "w": .float32(numbers([48, 4], seed: 6)),
    ]
    constants["to"] = .int64(NDArray([2], [1, -1]))
    return Network(
      try Graph(
        name: "pooled", inputs: [.init("image", dims: [1, 1, 10, 10])], outputs: ["p"],
        constants: constants,
        nodes: [
          Node(name: "conv", "Conv", inputs: ["image", "k"], outputs: ["c"]),
          Node(name: "relu", "Relu", inputs: ["c"], outputs: ["r"]),
          Node(
            name: "pool", pool, inputs: ["r"], outputs: ["q"],
            attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
          Node(name: "flat", "Reshape", inputs: ["q", "to"], outputs: ["f"]),
          Node(name: "dense", "MatMul", inputs: ["f", "w"], outputs: ["logits"]),
          Node(name: "softmax", "Softmax", inputs: ["logits"], outputs: ["p"]),
        ]))
  }

  /// Numbers between −1 and 1.
  static func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
    let stream = RandomStream(seed: seed)
    return Tensor(shape, (0..<shape.count).map { 2 * stream.uniform(at: $0) - 1 })
  }

  static func clean(_ network: Network, seed: UInt64 = 1) throws -> Activations {
    let input = network.graph.inputs[0]
    let x = numbers(Shape(input.dims.map { $0 ?? 1 }), seed: seed)
    return try network.run([input.name: .float32(x)])
  }
}
