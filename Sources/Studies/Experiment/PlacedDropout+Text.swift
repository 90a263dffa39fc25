import Masks
public import NeuralNet
import TensorCore

/// A dropout as one word of the command line: `pool2=spatial,.25`,
/// `conv1=block,.3,block=3x5,block-rule=paper,scale=none`.
extension PlacedDropout {
  /// The word that stands for it; what is as usual is left out.
  /// - Parameter name: what a person calls the site
  public func text(name: String) -> String {
    var parts = [kind, "\(rate.p)"]
    for (_, setting) in KindRegistry.settings {
      if let text = kinds.texts[setting.name] { parts.append("\(setting.name)=\(text)") }
    }
    if scaling != .inverted { parts.append("scale=\(scaling.rawValue)") }
    return "\(name)=" + parts.joined(separator: ",")
  }

  /// Reads what `text` writes.
  /// - Parameters:
  ///   - option: what it was given to, for messages
  ///   - site: finds the value that a name means
  /// - Throws: what `site` throws, `TensorError` where the rest makes no sense.
  public init(
    parsing text: String, as option: String, site: (String) throws -> String
  ) throws {
    // Names of nodes may hold a = or a comma, what follows the site starts with a kind.
    let starts = text.indices.filter { text[$0] == "=" }
    let kinds = KindRegistry.names.filter { $0 != "manual" }
    let split = starts.first { start in
      let kind = text[text.index(after: start)...].prefix { $0 != "," }
      return kinds.contains(String(kind))
    }
    guard let split else {
      throw TensorError(
        option, expected: "NODE=KIND,RATE with a kind of \(kinds.joined(separator: ", "))",
        found: text.isEmpty ? "nothing" : text)
    }
    let words = text[text.index(after: split)...].split(
      separator: ",", omittingEmptySubsequences: false
    ).map(String.init)
    guard words.count >= 2 else {
      throw TensorError(option, expected: "NODE=KIND,RATE", found: text)
    }
    let value = try site(String(text[..<split]))
    self.init(site: value, kind: words[0], rate: try Rate(parsing: words[1]))
    for word in words.dropFirst(2) { try set(word, as: option) }
  }

  private mutating func set(_ word: String, as option: String) throws(TensorError) {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    let known = KindRegistry.settings.map(\.setting)
    if parts.count == 2, let setting = known.first(where: { $0.name == parts[0] }) {
      try kinds.set(setting, to: parts[1])
    } else if parts.count == 2, parts[0] == "scale" {
      scaling = try Scaling.named(parts[1], as: "scale")
    } else {
      let names = known.map { "\($0.name)=" }.joined(separator: ", ")
      throw TensorError(
        option, expected: "\(names) or scale= behind the rate",
        found: word.isEmpty ? "nothing" : word)
    }
  }
}

extension Graph {
  /// The value a name means: what a node of that name makes first, an input, or any output.
  /// - Throws: `GraphError` that lists the nearest names where there is none.
  public func site(named name: String) throws(GraphError) -> String {
    if let value = value(named: name) { return value }
    let names = inputs.map(\.name) + nodes.map(\.name)
    let nearest = nearestNames(to: name, among: names).joined(separator: ", ")
    throw GraphError("no node \(name); nearest: \(nearest)")
  }
}
