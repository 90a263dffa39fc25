public import TensorCore

/// The settings of an optimiser as a person writes them: `sgd,lr=0.01,momentum=0.9`.
public struct OptimizerSettings: Sendable {
  /// The optimiser's name.
  public let name: String
  private let given: [String: String]
  private var read: [String] = []

  /// Takes the text apart. - Throws: `TensorError` for a part that is no `key=number`.
  public init(_ text: String) throws(TensorError) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    name = String(parts.first ?? "")
    var given: [String: String] = [:]
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, given.updateValue(String(pair[1]), forKey: String(pair[0])) == nil
      else {
        throw TensorError("optimizer", expected: "KEY=NUMBER, each key once", found: "\(part)")
      }
    }
    self.given = given
  }

  /// A number of 0 or more.
  /// - Throws: `TensorError` where what is given is none, below 0, or not below `limit`.
  public mutating func number(
    _ key: String, default fallback: Double, below limit: Double = .infinity
  ) throws(TensorError) -> Double {
    read.append(key)
    guard let text = given[key] else { return fallback }
    guard let value = Double(text), value >= 0, value < limit else {
      let range = limit == .infinity ? "a number of 0 or more" : "a number from 0 to below \(limit)"
      throw TensorError("optimizer \(name) \(key)", expected: range, found: text)
    }
    return value
  }

  /// Whether something is to be done; not unless asked for.
  /// - Throws: `TensorError` where what is given is neither 0 nor 1.
  public mutating func flag(_ key: String) throws(TensorError) -> Bool {
    read.append(key)
    switch given[key] {
    case nil, "0": return false
    case "1": return true
    case let text?: throw TensorError("optimizer \(name) \(key)", expected: "0 or 1", found: text)
    }
  }

  /// A whole number of 1 or more.
  /// - Throws: `TensorError` where what is given is none.
  public mutating func count(_ key: String, default fallback: Int) throws(TensorError) -> Int {
    read.append(key)
    guard let text = given[key] else { return fallback }
    guard let value = Int(text), (1...1_000_000).contains(value) else {
      throw TensorError(
        "optimizer \(name) \(key)", expected: "a whole number from 1 to 1000000", found: text)
    }
    return value
  }

  /// `clip`: how long all gradients together may be; nil unless asked for, and for 0.
  /// - Throws: `TensorError` where what is given is no number of 0 or more.
  public mutating func clip() throws(TensorError) -> Double? {
    let limit = try number("clip", default: 0)
    return limit > 0 ? limit : nil
  }

  /// - Throws: `TensorError` for a setting nobody asked for.
  func checkAllRead() throws(TensorError) {
    guard let unknown = given.keys.sorted().first(where: { !read.contains($0) }) else { return }
    throw TensorError(
      "optimizer \(name)", expected: read.joined(separator: ", "), found: unknown)
  }
}
