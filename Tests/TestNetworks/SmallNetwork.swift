package import NeuralNet
package import TensorCore

/// Networks that tests share: small enough to run in a moment, or to work out by hand.
package enum SmallNetwork {
  /// Features through one dense layer, and a softmax if wanted.
  package static func linear(_ weights: Tensor, softmax: Bool = false) throws -> Network {
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
  package static func pooled(pool: String = "MaxPool") throws -> Network {
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

  /// conv1 with two edge filters → ReLU → ReLU, `[1,1,28,28]` → `[1,2,26,26]`.
  package static func edges() throws -> Graph {
    let filters: [Float] = [1, 1, 1, 0, 0, 0, -1, -1, -1, 1, 0, -1, 1, 0, -1, 1, 0, -1]
    return try Graph(
      name: "edges", inputs: [Graph.Input("image", dims: [1, 1, 28, 28])], outputs: ["pooled"],
      constants: ["w1": .float32(Tensor([2, 1, 3, 3], filters))],
      nodes: [
        Node(name: "conv1", "Conv", inputs: ["image", "w1"], outputs: ["c1"]),
        Node(name: "relu1", "Relu", inputs: ["c1"], outputs: ["r1"]),
        Node(name: "relu2", "Relu", inputs: ["r1"], outputs: ["pooled"]),
      ])
  }

  /// conv → ReLU → max-pool → flatten → dense → ReLU → dense with ten classes; weights are small
  /// numbers without a pattern.
  package static func classifier() throws -> Graph {
    func weights(_ shape: Shape, _ seed: UInt64) -> Value {
      let stream = RandomStream(seed: seed)
      return .float32(
        Tensor(shape) { cells in
          for i in cells.indices { cells[i] = (Float(stream.word(at: i) % 2001) / 1000 - 1) / 4 }
        })
    }
    let dense: [String: Attribute] = ["transB": .int(1)]
    return try Graph(
      name: "small", inputs: [Graph.Input("image", dims: [1, 1, 28, 28])], outputs: ["out"],
      constants: [
        "w1": weights([4, 1, 3, 3], 1), "w2": weights([16, 676], 2), "w3": weights([10, 16], 3),
      ],
      nodes: [
        Node(name: "conv", "Conv", inputs: ["image", "w1"], outputs: ["c"]),
        Node(name: "relu", "Relu", inputs: ["c"], outputs: ["r"]),
        Node(
          name: "pool", "MaxPool", inputs: ["r"], outputs: ["p"],
          attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
        Node(name: "flatten", "Flatten", inputs: ["p"], outputs: ["f"]),
        Node(name: "dense1", "Gemm", inputs: ["f", "w2"], outputs: ["d1"], attributes: dense),
        Node(name: "relu2", "Relu", inputs: ["d1"], outputs: ["r2"]),
        Node(name: "dense2", "Gemm", inputs: ["r2", "w3"], outputs: ["out"], attributes: dense),
      ])
  }

  /// A little of everything: conv, ReLU, dropout, pool, dense, on [N,1,8,8] with 3 classes.
  package static func trainable(seed: UInt64 = 1, rate: Float = 0.25) throws -> Graph {
    var net = GraphBuilder("small", input: [1, 8, 8], seed: seed)
    net.conv(4, 3)
    net.relu()
    net.dropout(rate)
    net.maxPool(2)
    net.flatten()
    net.dense(8)
    net.relu()
    net.dropout(0.5)
    net.dense(3)
    return try net.graph()
  }

  /// The same without kinks, but for the pool's.
  package static func smooth() throws -> Graph {
    var net = GraphBuilder("smooth", input: [1, 8, 8], seed: 1)
    net.conv(4, 3)
    net.sigmoid()
    net.maxPool(2)
    net.flatten()
    net.dense(8)
    net.sigmoid()
    net.dropout(0.5)
    net.dense(3)
    return try net.graph()
  }

  /// Numbers between −1 and 1.
  package static func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
    let stream = RandomStream(seed: seed)
    return Tensor(shape, (0..<shape.count).map { 2 * stream.uniform(at: $0) - 1 })
  }

  /// The run without dropout of numbers between −1 and 1.
  package static func clean(_ network: Network, seed: UInt64 = 1) throws -> Activations {
    let input = network.graph.inputs[0]
    let x = numbers(Shape(input.dims.map { $0 ?? 1 }), seed: seed)
    return try network.run([input.name: .float32(x)])
  }

  /// A bar and a slanted stem, 0…1.
  package static func seven() -> Tensor {
    Tensor([1, 1, 28, 28]) { cells in
      for y in 0..<28 {
        for x in 0..<28 {
          let bar = (6...8).contains(y) && (6...20).contains(x)
          let stem = y > 8 && y < 24 && abs(Double(x) - (20 - Double(y - 8) * 0.6)) < 1.6
          cells[y * 28 + x] = bar || stem ? 1 : 0
        }
      }
    }
  }
}
