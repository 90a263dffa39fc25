import Masks
import Synchronization
import TensorCore

/// An operator of scikit-learn's kind that judges samples one by one: each row of x `[N,F]`, of any type of
/// numbers.
protocol SampleOperator: Operator {
  /// How many features it looks at.
  var features: Int { get }
  /// Whether samples may have more of them.
  static var takesMoreFeatures: Bool { get }
}

extension SampleOperator {
  /// Scores are single-precision numbers whatever the samples are.
  public static var typedOutputs: Int { 0 }
  static var takesMoreFeatures: Bool { false }

  /// How many samples there are.
  /// - Throws: `TensorError` where input 0 is none of so many features.
  func samples(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Int {
    let x = try inputs.required(0)
    guard x.shape.rank == 2, x.type != .bool,
      x.shape[1] == features || Self.takesMoreFeatures && x.shape[1] > features
    else {
      let some =
        Self.takesMoreFeatures ? "[N,F] of \(features) features or more" : "[N,\(features)]"
      throw TensorError(Self.opType, expected: some, found: "\(x.type) \(x.shape)")
    }
    return x.shape[0]
  }

  /// What is made of each sample, on all threads.
  func each<Made: Sendable>(
    _ inputs: Inputs<Value>, _ make: @Sendable (UnsafeBufferPointer<Float>) -> Made
  ) throws(TensorError) -> [Made] {
    let count = try samples(inputs.described)
    guard let x = try inputs.required(0).floats else {
      throw TensorError(Self.opType, expected: "numbers", found: "none")
    }
    let width = x.shape[1]
    let parts = Mutex<[Int: [Made]]>([:])
    let size = max(1, count / (4 * Parallel.threads))
    Parallel.run(tasks: (count + size - 1) / size) { task in
      let made = x.withElements { x in
        (task * size..<min(count, (task + 1) * size)).map {
          make(UnsafeBufferPointer(rebasing: x[$0 * width..<($0 + 1) * width]))
        }
      }
      parts.withLock { $0[task] = made }
    }
    return parts.withLock { parts in
      (0..<parts.count).flatMap { parts[$0] ?? [] }
    }
  }

  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule(
      outputs: outputs.map { output in
        [.axes([.init(0, 0)])] + (output.shape.rank > 1 ? [.named(.feature)] : [])
      })
  }
}

/// One that gives scores alone, `[N,columns]`.
protocol ScoringOperator: SampleOperator {
  /// How many scores a sample has.
  var columns: Int { get }
  /// The scores of a sample.
  func scored(_ x: UnsafeBufferPointer<Float>) -> [Float]
}

extension ScoringOperator {
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    [ValueInfo(try Shape(computed: [samples(inputs), columns], in: Self.opType))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[0].shape
    let made = try each(inputs) { scored($0) }
    return [.float32(Tensor(shape, made.flatMap { $0 }))]
  }
}

/// One that says which class each sample is of, `[N]`, and the scores, `[N,columns]`.
protocol ClassifyingOperator: SampleOperator {
  var labels: ClassLabels { get }
  /// How many scores a sample has.
  var columns: Int { get }
  /// The place of a sample's class, and its scores.
  func judged(_ x: UnsafeBufferPointer<Float>) -> (place: Int, scores: [Float])
}

extension ClassifyingOperator {
  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let count = try samples(inputs)
    return [
      ValueInfo(try Shape(computed: [count], in: Self.opType), type: labels.type),
      ValueInfo(try Shape(computed: [count, columns], in: Self.opType)),
    ]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let shape = try outputs(for: inputs.described)[1].shape
    let made = try each(inputs) { judged($0) }
    return [
      labels.value(made.map(\.place)), .float32(Tensor(shape, made.flatMap(\.scores))),
    ]
  }
}

/// The classes of a classifier: numbers, or text that is carried along unread.
struct ClassLabels: Sendable {
  private let numbers: [Int]?
  let count: Int

  /// - Throws: `TensorError` where there are no classes.
  init(_ node: NodeReader, numbers name: String) throws(TensorError) {
    let numbers = try node.ints(name) ?? []
    count = try numbers.isEmpty ? node.strings("classlabels_strings")?.count ?? 0 : numbers.count
    self.numbers = numbers.isEmpty ? nil : numbers
    guard (1...1 << 20).contains(count) else {
      throw TensorError(
        node.node.opType, expected: "classes", found: count == 0 ? "none" : "\(count)")
    }
  }

  var type: ElementType { numbers == nil ? .string : .int64 }

  /// The classes at these places.
  func value(_ places: [Int]) -> Value {
    let shape = Shape([places.count])
    guard let numbers else { return .opaque(.string, shape) }
    return .int64(NDArray(shape, places.map { Int64(numbers[$0]) }))
  }
}

extension [Float] {
  /// The place of the first of the largest.
  var placeOfLargest: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}

extension ElementTypes {
  /// What samples are given in.
  static let samples: ElementTypes = [.float32, ElementTypes(.float64), .int32, .int64]
}
