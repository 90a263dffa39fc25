import NeuralNet
import TensorCore

/// The built-in model `edges`: the network of the fast.ai dropout spreadsheet in shape, with edge
/// filters anyone can check by hand and no learned weights at all.
///
///     image [1,1,28,28] → conv1 → relu1 [1,2,26,26] → conv2 → relu2 [1,2,24,24]
///       → pool [1,2,12,12] → dense [1,1]
enum EdgesModel {
  static func graph() throws -> Graph {
    // One filter answers to bars brighter above than below, its transpose to stems.
    let horizontal: [Float] = [1, 1, 1, 0, 0, 0, -1, -1, -1]
    let vertical: [Float] = [1, 0, -1, 1, 0, -1, 1, 0, -1]
    // conv2 blurs one map and sharpens it by the other's absence: corners lose, edges stay.
    let blur: [Float] = [1, 2, 1, 2, 4, 2, 1, 2, 1].map { $0 / 16 }
    let less = blur.map { -$0 / 2 }
    return try Graph(
      name: "edges",
      inputs: [Graph.Input("image", dims: [1, 1, 28, 28])],
      outputs: ["score"],
      constants: [
        "conv1.weight": .float32(Tensor([2, 1, 3, 3], horizontal + vertical)),
        "conv2.weight": .float32(Tensor([2, 2, 3, 3], blur + less + less + blur)),
        "dense.weight": .float32(Tensor([288, 1], repeating: 1)),
      ],
      nodes: [
        Node(
          name: "conv1", "Conv", inputs: ["image", "conv1.weight"], outputs: ["conv1_out"],
          attributes: ["kernel_shape": .ints([3, 3])]),
        Node(name: "relu1", "Relu", inputs: ["conv1_out"], outputs: ["relu1_out"]),
        Node(
          name: "conv2", "Conv", inputs: ["relu1_out", "conv2.weight"], outputs: ["conv2_out"],
          attributes: ["kernel_shape": .ints([3, 3])]),
        Node(name: "relu2", "Relu", inputs: ["conv2_out"], outputs: ["relu2_out"]),
        Node(
          name: "pool", "MaxPool", inputs: ["relu2_out"], outputs: ["pool_out"],
          attributes: ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
        Node(
          name: "flatten", "Flatten", inputs: ["pool_out"], outputs: ["features"],
          attributes: ["axis": .int(1)]),
        Node(name: "dense", "Gemm", inputs: ["features", "dense.weight"], outputs: ["score"]),
      ])
  }
}
