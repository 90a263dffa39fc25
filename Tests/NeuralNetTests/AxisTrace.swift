import NeuralNet
import TensorCore

/// Which axes of an operator's results follow which of its inputs, found by changing one slice of an
/// input after another.
struct AxisTrace {
  let inputs: Inputs<Value>
  /// Where results change along an axis, by the slice of the input's axis that is changed.
  private var changes: [Pair: [Set<Int>]] = [:]
  private let results: [Shape?]

  struct Pair: Hashable {
    var input: AxisRule.Place
    var output: Int
    var axis: Int
  }

  /// Runs the operator for every slice of every axis of every float32 input.
  init(_ operation: any NeuralNet.Operator, _ inputs: Inputs<Value>) throws {
    self.inputs = inputs
    let clean = try operation.forward(inputs, RunContext())
    results = clean.map { $0.type == .float32 ? $0.shape : nil }
    for index in 0..<inputs.count {
      guard case .float32(let x)? = inputs.optional(index) else { continue }
      for axis in 0..<x.shape.rank where x.shape[axis] > 1 {
        for slice in 0..<x.shape[axis] {
          for step: Float in [2, -2, 10, -10] {
            var own = (0..<inputs.count).map { inputs.optional($0) }
            own[index] = .float32(AxisTrace.moved(x, along: axis, at: slice, by: step))
            guard let made = try? operation.forward(Inputs(inputs.opType, own), RunContext()) else {
              continue
            }
            note(AxisRule.Place(index, axis), slice, of: x.shape[axis], clean, made)
          }
        }
      }
    }
  }

  private static func moved(_ x: Tensor, along axis: Int, at slice: Int, by step: Float) -> Tensor {
    let (stride, size) = (x.shape.strides[axis], x.shape[axis])
    var x = x
    // Not all by the same number: a softmax would not see it.
    for at in 0..<x.count where at / stride % size == slice { x[at] += step + Float(at % 5) }
    return x
  }

  private mutating func note(
    _ place: AxisRule.Place, _ slice: Int, of size: Int, _ clean: [Value], _ made: [Value]
  ) {
    for (output, (old, new)) in zip(clean, made).enumerated() {
      guard case .float32(let old) = old, case .float32(let new) = new, old.shape == new.shape
      else {
        continue
      }
      let strides = old.shape.strides
      // What transformed convolutions round differently is far below what really changes.
      let largest = (0..<old.count).reduce(Float(0)) { largest, at in
        let change = abs(old[at] - new[at])
        return change.isFinite ? max(largest, change) : largest
      }
      for axis in 0..<old.shape.rank where old.shape[axis] > 1 {
        let pair = Pair(input: place, output: output, axis: axis)
        var found = changes[pair] ?? [Set<Int>](repeating: [], count: size)
        for at in 0..<old.count where AxisTrace.differ(old[at], new[at], by: 1e-5 * largest) {
          found[slice].insert(at / strides[axis] % old.shape[axis])
        }
        changes[pair] = found
      }
    }
  }

  private static func differ(_ a: Float, _ b: Float, by least: Float) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN != b.isNaN }
    return a.isInfinite || b.isInfinite ? a != b : abs(a - b) > least
  }

  /// Each slice changes one index at most, and no two the same.
  private func isInjective(_ pair: Pair) -> Bool {
    let touched = (changes[pair] ?? []).filter { !$0.isEmpty }
    guard touched.count > 1, touched.allSatisfy({ $0.count == 1 }) else { return false }
    return Set(touched.flatMap { $0 }).count == touched.count
  }

  /// Not every slice changes the same indices.
  private func follows(_ pair: Pair) -> Bool {
    Set((changes[pair] ?? []).filter { !$0.isEmpty }).count > 1
  }

  /// Whether too little changes to say anything.
  private func isSilent(_ pair: Pair) -> Bool {
    (changes[pair] ?? []).count { !$0.isEmpty } < 2
  }

  /// What a rule says that is not so, and what is so that it does not say.
  /// - Parameter parameters: inputs whose axes need not be told
  func faults(of rule: AxisRule, ignoring parameters: Set<Int>) -> [String] {
    var faults: [String] = []
    for (output, origins) in rule.outputs.enumerated() {
      guard output < results.count, let shape = results[output], shape.rank == origins.count else {
        continue
      }
      for (axis, origin) in origins.enumerated() where shape[axis] > 1 {
        let places: [AxisRule.Place]
        switch origin {
        case .axes(let own), .merged(let own): places = own
        case .named: continue
        case .unknown: places = []
        }
        for place in allPlaces where !parameters.contains(place.input) {
          let pair = Pair(input: place, output: output, axis: axis)
          if isInjective(pair), !places.contains(place) {
            faults.append(
              "axis \(axis) is axis \(place.axis) of input \(place.input), not \(origin)")
          }
          guard places.contains(place), !isSilent(pair) else { continue }
          let others = allPlaces.filter { $0.input == place.input && !places.contains($0) }
          let isOther = others.contains { follows(Pair(input: $0, output: output, axis: axis)) }
          // Along an axis that is worked on as a whole every slice changes all.
          if !follows(pair), isOther {
            faults.append("axis \(axis) does not follow axis \(place.axis) of input \(place.input)")
          }
        }
      }
    }
    return faults
  }

  private var allPlaces: [AxisRule.Place] {
    Set(changes.keys.map(\.input)).sorted {
      ($0.input, $0.axis) < ($1.input, $1.axis)
    }
  }
}
