package import NeuralNet
import TensorCore

/// A network that reads words: embedding, LSTM, attention of each time to all, mean, dense; every
/// function in it is smooth.
package enum SequenceNetwork {
  /// How many words there are, times in a sample, features of a word and of a state.
  package static let (words, times, features, hidden) = (7, 5, 4, 3)

  /// The network. Its values: `embedding` `[N,5,4]`, `steps` `[5,N,4]`, `lstm` `[5,1,N,3]`, `states`
  /// `[N,5,3]`, `attention` `[N,5,5]`, `context` `[N,5,3]`, `mean` `[N,3]`, `logits` `[N,2]`.
  package static func graph(opset: Int = 17) throws -> Graph {
    var seed: UInt64 = 0
    func drawn(_ dims: [Int]) -> Value {
      seed += 1
      let stream = RandomStream(seed: seed)
      let shape = Shape(dims)
      return .float32(Tensor(shape, (0..<shape.count).map { 1.6 * stream.uniform(at: $0) - 0.8 }))
    }
    return try Graph(
      name: "sequence", inputs: [Graph.Input("words", type: .int64, dims: [nil, times])],
      outputs: ["logits"],
      constants: [
        "table": drawn([words, features]), "W": drawn([1, 4 * hidden, features]),
        "R": drawn([1, 4 * hidden, hidden]), "B": drawn([1, 8 * hidden]),
        "dense": drawn([hidden, 2]), "bias": drawn([2]),
        "direction": .int64(NDArray([1], [1])), "scale": .float32(Tensor([], [3])),
      ],
      nodes: [
        Node("Gather", inputs: ["table", "words"], outputs: ["embedding"]),
        Node(
          "Transpose", inputs: ["embedding"], outputs: ["steps"],
          attributes: ["perm": .ints([1, 0, 2])]),
        Node(
          "LSTM", inputs: ["steps", "W", "R", "B"], outputs: ["lstm", "last"],
          attributes: ["hidden_size": .int(hidden)]),
        Node("Squeeze", inputs: ["lstm", "direction"], outputs: ["forward"]),
        Node(
          "Transpose", inputs: ["forward"], outputs: ["states"],
          attributes: ["perm": .ints([1, 0, 2])]),
        Node(
          "Transpose", inputs: ["states"], outputs: ["keys"],
          attributes: ["perm": .ints([0, 2, 1])]
        ),
        Node("MatMul", inputs: ["states", "keys"], outputs: ["products"]),
        Node("Mul", inputs: ["products", "scale"], outputs: ["scores"]),
        Node(
          "Softmax", inputs: ["scores"], outputs: ["attention"], attributes: ["axis": .int(-1)]),
        Node("MatMul", inputs: ["attention", "states"], outputs: ["context"]),
        Node(
          "ReduceMean", inputs: ["context"], outputs: ["mean"],
          attributes: ["axes": .ints([1]), "keepdims": .int(0)]),
        Node("Gemm", inputs: ["mean", "dense", "bias"], outputs: ["logits"]),
      ],
      opsets: ["": opset])
  }

  /// Sentences of words: the same for a seed.
  package static func sentences(_ count: Int, seed: UInt64 = 5) -> Value {
    let stream = RandomStream(seed: seed)
    return .int64(
      NDArray(
        [count, times], (0..<count * times).map { Int64(stream.word(at: $0)) % Int64(words) }))
  }
}
