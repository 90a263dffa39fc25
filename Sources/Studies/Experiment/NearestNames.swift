/// The names most like a mistyped one, best first: at most `limit` of them.
public func nearestNames(to name: String, among names: [String], limit: Int = 5) -> [String] {
  let ranked = names.enumerated().map { index, candidate in
    (distance: editDistance(name.lowercased(), candidate.lowercased()), index: index)
  }
  return ranked.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
    .prefix(limit).map { names[$0.index] }
}

/// The name that a mistyped one most likely stands for: a third of it is mistyped at most, or one of the
/// two begins with the other (`seven.pgn`, `seven`). Of equals the one that begins alike for longer.
/// - Returns: nil where no name is so near.
public func likelyName(for name: String, among names: [String]) -> String? {
  let word = Array(name.lowercased().unicodeScalars)
  guard (2...longestName).contains(word.count) else { return nil }
  var best: (name: String, distance: Int, prefix: Int)?
  for candidate in names {
    let other = Array(candidate.lowercased().unicodeScalars)
    let shorter = min(word.count, other.count)
    let prefix = zip(word, other).prefix { $0 == $1 }.count
    let limit = max(1, shorter / 3)
    let begins = prefix == shorter && shorter >= 3
    // A distance is not less than the difference of lengths.
    guard begins || abs(word.count - other.count) <= limit else { continue }
    var distance = begins ? 1 : editDistance(name.lowercased(), candidate.lowercased())
    if word == other { distance = 0 }
    guard distance <= limit else { continue }
    let isBetter = best.map { ($0.distance, -$0.prefix) > (distance, -prefix) } ?? true
    if isBetter { best = (candidate, distance, prefix) }
  }
  return best?.name
}

/// Nobody mistypes a longer name, and comparing it would take its time.
private let longestName = 255

/// The distance of optimal string alignment: insertions, deletions, replacements and exchanges of
/// neighbours that turn `a` into `b`.
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
  var before: [Int] = []
  var row = Array(0...b.count)
  for i in a.indices {
    var next = [i + 1]
    next.reserveCapacity(row.count)
    for j in b.indices {
      let replaced = row[j] + (a[i] == b[j] ? 0 : 1)
      var least = min(replaced, row[j + 1] + 1, next[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, before[j - 1] + 1) }
      next.append(least)
    }
    (before, row) = (row, next)
  }
  return row[b.count]
}
