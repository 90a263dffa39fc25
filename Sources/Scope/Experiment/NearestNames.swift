/// The names most like a mistyped one, best first: at most `limit` of them.
public func nearestNames(to name: String, among names: [String], limit: Int = 5) -> [String] {
  let ranked = names.enumerated().map { index, candidate in
    (distance: editDistance(name.lowercased(), candidate.lowercased()), index: index)
  }
  return ranked.sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
    .prefix(limit).map { names[$0.index] }
}

/// Levenshtein's distance: insertions, deletions and replacements that turn `a` into `b`.
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
    }
  }
  return row[b.count]
}
