import TensorCore

extension Recipe {
  /// The decoder of the thread about dropout at the embedding, on dates: each letter written looks at all
  /// letters read. Bahdanau et al. 2015 (arXiv:1409.0473) in the form of spro/practical-pytorch's
  /// `BahdanauAttnDecoderRNN`: embedding → dropout .1 → [embedding; context] → GRU → [state; context] →
  /// dense. Its states have 128 numbers as there; the encoder has one of 64 for each direction.
  ///
  /// It reads back what it has written itself, in training as at use: the thread's `teacher_forcing_ratio`
  /// is 0 here, and the graph that is trained is the one that is used.
  static let bahdanau = Recipe(
    name: "bahdanau",
    summary: "embedding 32, two-way gru 64; ten times attention, embedding 32, dropout .1, gru 128",
    source: "Bahdanau 2015, arXiv:1409.0473; github.com/spro/practical-pytorch",
    inputShape: [DatePairs.longest], inputType: .int64, classes: DatePairs.digits.words.count,
    loss: SequenceCrossEntropy(), optimizer: Adam(learningRate: 0.002), batchSize: 64, epochs: 3,
    samples: { DatePairs(count: $0, seed: $1) }, sampleCount: 36_000,
    texts: Texts(input: DatePairs.letters, output: DatePairs.digits), example: "3rd of may 2017",
    graph: { $0.attentionDecoder() })
}

extension GraphBuilder {
  /// An encoder of letters and a decoder that writes as many as an ISO date has.
  fileprivate mutating func attentionDecoder() {
    let (each, states, width, energies) = (64, 128, 32, 64)
    let written = DatePairs.digits.words.count
    let letters = value
    let zero = constant("zero", .int64(NDArray([], [0])))
    let (first, second) = (axis(0), axis(1))
    // Letters behind the end are neither read nor looked at.
    node("Equal", [letters, zero], "is_padding")
    node("Not", ["is_padding"], "is_letter")
    node("Cast", ["is_letter"], "ones", attributes: ["to": .int(6)])
    node("ReduceSum", ["ones", second], "lengths", attributes: ["keepdims": .int(0)])
    embedding(DatePairs.letters.words.count, width)
    dropout(0.1)
    node("Transpose", [value], "letters_in_time", attributes: ["perm": .ints([1, 0, 2])])
    gru(
      "encoder", reads: ["letters_in_time", "", "lengths"], features: width, states: each,
      directions: 2, makes: ["encoder.steps", "encoder.last"])
    node(
      "Transpose", ["encoder.steps"], "encoder.by_sample",
      attributes: ["perm": .ints([2, 0, 1, 3])])
    let joined = constant("encoder.joined", .int64(NDArray([3], [0, 0, Int64(2 * each)])))
    node("Reshape", ["encoder.by_sample", joined], "annotations")
    node("MatMul", ["annotations", weights("attention.U", [2 * each, energies])], "keys")
    node("Transpose", ["encoder.last"], "encoder.ends", attributes: ["perm": .ints([1, 0, 2])])
    let flat = constant("encoder.flat", .int64(NDArray([2], [0, Int64(2 * each)])))
    node("Reshape", ["encoder.ends", flat], "summary")
    node("MatMul", ["summary", weights("bridge.weight", [2 * each, states])], "bridge")
    node("Tanh", ["bridge"], "state0")
    let far = constant("attention.far", .float32(Tensor([], [-1e9])))
    // The first letter of all: behind those that can be written.
    let start = constant("decoder.start", .int64(NDArray([1], [Int64(written)])))
    let table = weights("decoder.embedding", [written + 1, width])
    var (before, previous, logits) = ("state0", start, [String]())
    for step in 1...DatePairs.written {
      func name(_ word: String) -> String { "\(word)\(step)" }
      node("MatMul", [before, weights("attention.W", [states, energies])], name("query"))
      node("Unsqueeze", [name("query"), second], name("queries"))
      node("Add", ["keys", name("queries")], name("match"))
      node("Tanh", [name("match")], name("energy"))
      node("MatMul", [name("energy"), weights("attention.v", [energies, 1])], name("scores"))
      node("Squeeze", [name("scores"), axis(2)], name("score"))
      node("Where", ["is_padding", far, name("score")], name("looked_at"))
      node("Softmax", [name("looked_at")], name("attention"), attributes: ["axis": .int(-1)])
      node("Unsqueeze", [name("attention"), second], name("share"))
      node("MatMul", [name("share"), "annotations"], name("sum"))
      node("Squeeze", [name("sum"), second], name("context"))
      node("Gather", [table, previous], name("written"), attributes: ["axis": .int(0)])
      // The start is one for all samples.
      var word = name("written")
      if step == 1 {
        node("Shape", ["state0"], "state.shape")
        node("Slice", ["state.shape", first, second], "samples")
        let features = constant("decoder.width", .int64(NDArray([1], [Int64(width)])))
        node("Concat", ["samples", features], "decoder.shape", attributes: ["axis": .int(0)])
        node("Expand", [word, "decoder.shape"], "written_to_all")
        word = "written_to_all"
      }
      (value, shape) = (word, [width])
      dropout(0.1)
      node("Concat", [value, name("context")], name("read"), attributes: ["axis": .int(-1)])
      node("Unsqueeze", [name("read"), first], name("reads"))
      node("Unsqueeze", [before, first], name("held"))
      gru(
        "decoder", reads: [name("reads"), name("held"), ""], features: width + 2 * each,
        states: states, directions: 1, makes: ["", name("next")])
      node("Squeeze", [name("next"), first], name("state"))
      node(
        "Concat", [name("state"), name("context")], name("told"), attributes: ["axis": .int(-1)])
      node(
        "Gemm",
        [
          name("told"), weights("output.weight", [states + 2 * each, written]),
          zeros("output.bias", [written]),
        ], name("logits"))
      node("Unsqueeze", [name("logits"), second], name("letter"))
      logits.append(name("letter"))
      before = name("state")
      guard step < DatePairs.written else { break }
      node(
        "ArgMax", [name("logits")], name("choice"),
        attributes: ["axis": .int(1), "keepdims": .int(0)]
      )
      previous = name("choice")
    }
    node("Concat", logits, "logits", attributes: ["axis": .int(1)])
    node("Softmax", ["logits"], "letters", attributes: ["axis": .int(-1)])
    (value, shape) = ("letters", [DatePairs.written, written])
  }

  /// A GRU in PyTorch's form on steps `[T,N,F]`; reads X, first states and lengths.
  private mutating func gru(
    _ name: String, reads: [String], features: Int, states: Int, directions: Int, makes: [String]
  ) {
    let rows = 3 * states
    node(
      "GRU",
      [
        reads[0], weights("\(name).W", [directions, rows, features], gates: 3),
        weights("\(name).R", [directions, rows, states], gates: 3),
        zeros("\(name).B", [directions, 2 * rows]), reads[2], reads[1],
      ], makes,
      attributes: [
        "hidden_size": .int(states), "linear_before_reset": .int(1),
        "direction": .string(directions == 2 ? "bidirectional" : "forward"),
      ])
  }
}
