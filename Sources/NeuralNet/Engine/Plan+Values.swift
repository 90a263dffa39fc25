import TensorCore

extension Plan {
  /// Computes the wanted values and hands each over as soon as it is there; none is kept beyond its last
  /// reader. Values that are there before the first step come first.
  /// - Parameters:
  ///   - inputs: an array for each of the graph's inputs, by name
  ///   - each: told a wanted value's name and the value, once each
  /// - Throws: `GraphError` where an input is missing or misshapen or a node cannot be computed; what
  ///   `each` throws.
  public func run(
    _ inputs: [String: Value], each: (_ name: String, _ value: Value) throws -> Void
  ) throws {
    var values = start
    try fill(&values, with: inputs)
    var names: [Int: [String]] = [:]
    for (name, slot) in wanted { names[slot, default: []].append(name) }
    // Wanted values are let go too, after the last step that makes or reads them.
    var lastReads = steps.map(\.lastReads)
    var seen = Set<Int>()
    for index in steps.indices.reversed() {
      for slot in (steps[index].inputs + steps[index].outputs).compactMap({ $0 })
      where names[slot] != nil && seen.insert(slot).inserted {
        lastReads[index].append(slot)
      }
    }
    func tell(_ slot: Int?) throws {
      guard let slot, let value = values[slot] else { return }
      for name in names.removeValue(forKey: slot) ?? [] { try each(name, value) }
    }
    for (_, slot) in wanted { try tell(slot) }
    var work = 0
    for index in steps.indices {
      _ = try perform(index, &values, context, work: &work)
      for slot in steps[index].outputs { try tell(slot) }
      for slot in lastReads[index] { values[slot] = nil }
    }
  }
}
