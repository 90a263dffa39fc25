/// What the names of columns say: which column holds the label of a row, which only names the row, and
/// which pixel each of the others is.
struct CSVHeader {
  /// The column of labels.
  private(set) var label: Int?
  /// The column that names or counts rows, as data frames write it.
  private(set) var rowName: Int?
  /// Which pixels the other columns are, where they are called so.
  private(set) var pixels: CSVPixels?

  private static let labels: Set<String> = [
    "label", "labels", "class", "target", "digit", "category",
  ]
  private static let rowNames: Set<String> = ["", "id", "index", "unnamed: 0", "imageid", "rowid"]

  /// Reads the names of all columns.
  init(_ names: [String]) {
    let names = names.map { $0.lowercased() }
    let labels = names.indices.filter { Self.labels.contains(names[$0]) }
    if labels.count == 1, names.count > 1 { label = labels[0] }
    if names.count > 1, Self.rowNames.contains(names[0]) { rowName = 0 }
    let values = names.indices.filter { $0 != label && $0 != rowName }
    pixels = CSVPixels(values.map { names[$0] })
    // Nothing would be left.
    if values.isEmpty { (label, rowName, pixels) = (nil, nil, nil) }
  }

  /// Whether the first record of a file is names: it has letters and no number; or, as data frames
  /// without names write it, all but the columns of labels and row names are counted from 0 or 1.
  static func isHeader(_ fields: [CSVLexer.Field]) -> Bool {
    let numbers = fields.compactMap(\.number)
    let names = fields.map { $0.string.lowercased() }
    guard numbers.isEmpty else {
      return numbers.count > 1 && [0, 1].contains(numbers[0])
        && numbers.enumerated().allSatisfy { $1 == numbers[0] + Float($0) }
        && numbers.count < fields.count
        && fields.indices.allSatisfy {
          fields[$0].number != nil || labels.contains(names[$0])
            || ($0 == 0 && rowNames.contains(names[$0]))
        }
    }
    // A row of the same word for a missing number is no names.
    return (fields.count == 1 || Set(names).count > 1)
      && names.contains { $0.unicodeScalars.contains(where: \.properties.isAlphabetic) }
  }
}

/// Columns that are the pixels of an image, by their names: counted (`pixel0`, `pixel1`, …) or by row
/// and column (`1x1`, `1x2`, …; `pixel_0_0`, …).
struct CSVPixels: Equatable {
  /// Rows and columns of the image; as many as there are names.
  var height, width: Int
  /// The place of each pixel among the columns, rows first.
  var order: [Int]
  /// Whether the names leave no doubt: they say rows and columns, or that they are pixels.
  var isCertain: Bool

  /// Reads the names of columns in lower case; nil where they do not name each pixel of an image once.
  /// Counted ones are a square.
  init?(_ names: [String]) {
    let parts = names.map(NumberedName.init)
    guard let first = parts.first, parts.allSatisfy({ $0.words == first.words }) else { return nil }
    switch first.numbers.count {
    case 1:
      let side = Int(Double(names.count).squareRoot())
      guard side * side == names.count else { return nil }
      (height, width) = (side, side)
      isCertain = first.words[0].hasPrefix("pix") || first.words[0].hasPrefix("px")
    case 2:
      let rows = Set(parts.map { $0.numbers[0] }).count
      (height, width) = (rows, names.count / rows)
      isCertain = true
    default: return nil
    }
    let starts = first.numbers.indices.map { axis in
      parts.reduce(Int.max) { min($0, $1.numbers[axis]) }
    }
    guard starts.allSatisfy({ $0 == 0 || $0 == 1 }) else { return nil }
    var order = [Int?](repeating: nil, count: names.count)
    for (column, part) in parts.enumerated() {
      let place = zip(part.numbers, starts).map { $0 - $1 }
      // Numbers have nine digits at the most, so that nothing overflows.
      let pixel = place.count == 1 ? place[0] : place[0] * width + place[1]
      guard place.count == 1 || place[1] < width, pixel < order.count, order[pixel] == nil else {
        return nil
      }
      order[pixel] = column
    }
    self.order = order.compactMap { $0 }
    guard self.order.count == names.count else { return nil }
  }

  /// A name cut at its numbers: `pixel_0_12` is `pixel_`, 0, `_`, 12, and nothing.
  private struct NumberedName {
    var words: [Substring] = []
    var numbers: [Int] = []

    init(_ name: String) {
      var rest = name[...]
      while true {
        let word = rest.prefix { !("0"..."9").contains($0) }
        words.append(word)
        rest = rest[word.endIndex...]
        let digits = rest.prefix { ("0"..."9").contains($0) }
        guard !digits.isEmpty, digits.utf8.count <= 9, let number = Int(digits) else { break }
        numbers.append(number)
        rest = rest[digits.endIndex...]
      }
      // A number too long is part of the words, where no two names agree.
      words.append(rest)
    }
  }
}
