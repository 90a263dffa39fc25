import Masks
public import TensorCore

/// How often each of a pool of n-grams stands in a row of whole numbers (`TF`), a weight where one does
/// (`IDF`), or both multiplied (`TFIDF`): x `[T]` or `[N,T]`; `[most]` or `[N,most]`. n-grams may skip
/// numbers, of each of up to `max_skip_count` the same between all.
public struct TfIdfVectorizer: Operator {
  public static let opType = "TfIdfVectorizer"
  public static let schema = OperatorSchema(
    since: 9,
    attributes: [
      .int("max_gram_length", since: 9, required: true),
      .int("max_skip_count", since: 9, required: true),
      .int("min_gram_length", since: 9, required: true),
      .string("mode", since: 9, required: true, of: ["TF", "IDF", "TFIDF"]),
      .ints("ngram_counts", since: 9, required: true),
      .ints("ngram_indexes", since: 9, required: true), .ints("pool_int64s", since: 9),
      .other("pool_strings", .strings, since: 9), .other("weights", .floats, since: 9),
    ],
    inputs: [.init([.string, .int32, .int64])])
  public static let typedOutputs = 0
  private enum Mode: String {
    case count = "TF"
    case weight = "IDF"
    case product = "TFIDF"
  }
  private let mode: Mode
  private let lengths: ClosedRange<Int>
  private let skips: Int
  /// The place in the result of each n-gram, and its weight.
  private let pool: [[Int64]: (place: Int, weight: Float)]
  private let width: Int

  public init(_ node: NodeReader) throws(TensorError) {
    func wrong(_ what: String, _ found: String) -> TensorError {
      TensorError("TfIdfVectorizer", expected: what, found: found)
    }
    let word = try node.string("mode", default: "")
    guard let mode = Mode(rawValue: word) else { throw wrong("TF, IDF or TFIDF", word) }
    let (least, most) = (
      try node.int("min_gram_length", default: 1), try node.int("max_gram_length", default: 1)
    )
    guard least > 0, least <= most, most <= 1 << 10 else {
      throw wrong("lengths from 1 to 1024", "\(least) to \(most)")
    }
    (self.mode, lengths) = (mode, least...most)
    skips = try node.int("max_skip_count", default: 0)
    guard (0...1 << 16).contains(skips) else { throw wrong("a skip of 0 to 65536", "\(skips)") }
    let (starts, places) = (
      try node.ints("ngram_counts") ?? [], try node.ints("ngram_indexes") ?? []
    )
    guard let numbers = try node.ints("pool_int64s") else {
      throw wrong("a pool of whole numbers", "one of text")
    }
    let weights = try node.floats("weights")
    guard places.allSatisfy({ (0..<1 << 28).contains($0) }),
      starts.allSatisfy({ (0...numbers.count).contains($0) }), starts == starts.sorted(),
      weights?.count ?? places.count == places.count
    else { throw wrong("starts of n-grams in their pool, and places of 0 or more", "\(starts)") }
    width = (places.max() ?? -1) + 1
    var (pool, index) = ([[Int64]: (place: Int, weight: Float)](), 0)
    for (place, start) in starts.enumerated() {
      let (length, end) = (place + 1, place + 1 < starts.count ? starts[place + 1] : numbers.count)
      for first in stride(from: start, to: end, by: length) {
        guard index < places.count, first + length <= end else {
          throw wrong("a place for each whole n-gram", "\(places.count)")
        }
        pool[numbers[first..<first + length].map { Int64($0) }] = (
          places[index], weights?[index] ?? 1
        )
        index += 1
      }
    }
    self.pool = pool
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let x = try inputs.whole(0)
    guard (1...2).contains(x.rank) else {
      throw TensorError("TfIdfVectorizer", expected: "[T] or [N,T]", found: "\(x)")
    }
    return [
      ValueInfo(try Shape(computed: Array(x.dims.dropLast()) + [width], in: "TfIdfVectorizer"))
    ]
  }

  /// Rows stay.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    let rank = outputs[0].shape.rank
    return AxisRule(outputs: [(0..<rank).map { $0 < rank - 1 ? .axes([.init(0, $0)]) : .unknown }])
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    let x = try inputs.integers(0)
    var y = Tensor(shape, repeating: 0)
    let times = x.shape.dims.last ?? 0
    for row in 0..<(times == 0 ? 0 : x.count / times) {
      for length in lengths {
        // A single number skips nothing.
        for skip in 0...(length == 1 ? 0 : skips) {
          let span = (length - 1) * (skip + 1)
          for first in 0..<max(0, times - span) {
            let gram = (0..<length).map { x[row * times + first + $0 * (skip + 1)] }
            guard let found = pool[gram] else { continue }
            let at = row * width + found.place
            switch mode {
            case .count: y[at] += 1
            case .weight: y[at] = found.weight
            case .product: y[at] += found.weight
            }
          }
        }
      }
    }
    return [.float32(y)]
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    let x = inputs.optional(0)?.shape ?? []
    return [skips + 1, lengths.upperBound, lengths.count].reduce(x.count) {
      $0.saturatingMultiplied(by: $1)
    }
  }

  /// Counts have no slope.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    pass.none
  }
}
