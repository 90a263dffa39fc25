import TensorCore

/// Einstein's summation as NumPy writes it: `ij,jk->ik`. Letters that the result lacks are summed over; an
/// ellipsis stands for axes that broadcast; without an arrow the result has the letters that stand once,
/// in the order of the alphabet. https://numpy.org/doc/stable/reference/generated/numpy.einsum.html
struct EinsumEquation: Sendable {
  /// A letter, or an axis of an ellipsis, counted from its last.
  enum Label: Hashable, Comparable, Sendable {
    case letter(Character)
    case ellipsis(Int)
  }

  private let terms: [(before: [Character], hasEllipsis: Bool, after: [Character])]
  private let result: (before: [Character], hasEllipsis: Bool, after: [Character])?

  /// - Throws: `TensorError` where it is none.
  init(_ text: String) throws(TensorError) {
    let plain = text.filter { $0 != " " }
    func fail() -> TensorError {
      TensorError(
        "Einsum equation", expected: "letters, commas, ellipses and one arrow at most",
        found: String(text.prefix(64)))
    }
    func term(
      _ text: Substring
    ) throws(TensorError) -> (before: [Character], hasEllipsis: Bool, after: [Character]) {
      var letters: [Character] = []
      var place: Int?
      var rest = text
      while let next = rest.first {
        if rest.hasPrefix("...") {
          guard place == nil else { throw fail() }
          place = letters.count
          rest = rest.dropFirst(3)
          continue
        }
        guard next.isASCII, next.isLetter else { throw fail() }
        letters.append(next)
        rest = rest.dropFirst()
      }
      let cut = place ?? letters.count
      return (Array(letters[..<cut]), place != nil, Array(letters[cut...]))
    }
    var sides: [Substring] = [plain[...]]
    if let arrow = plain.firstRange(of: "->") {
      sides = [plain[..<arrow.lowerBound], plain[arrow.upperBound...]]
    }
    var terms: [(before: [Character], hasEllipsis: Bool, after: [Character])] = []
    for part in sides[0].split(separator: ",", omittingEmptySubsequences: false) {
      terms.append(try term(part))
    }
    self.terms = terms
    result = sides.count > 1 ? try term(sides[1]) : nil
  }

  /// The labels of the axes of each operand and of the result, and the size of each.
  struct Layout: Sendable {
    var operands: [[Label]]
    var result: [Label]
    var sizes: [Label: Int]
  }

  /// - Throws: `TensorError` where the shapes do not fit the equation.
  func layout(_ shapes: [Shape]) throws(TensorError) -> Layout {
    guard shapes.count == terms.count else {
      throw TensorError("Einsum", expected: "\(terms.count) inputs", found: "\(shapes.count)")
    }
    var layout = Layout(operands: [], result: [], sizes: [:])
    var widest = 0
    for (term, shape) in zip(terms, shapes) {
      let hidden = shape.rank - term.before.count - term.after.count
      guard hidden == 0 || (hidden > 0 && term.hasEllipsis) else {
        throw TensorError(
          "Einsum", expected: "\(term.before.count + term.after.count) axes", found: "\(shape)")
      }
      widest = max(widest, hidden)
      let labels =
        term.before.map(Label.letter) + (0..<hidden).reversed().map(Label.ellipsis)
        + term.after.map(Label.letter)
      for (label, size) in zip(labels, shape.dims) {
        let old = layout.sizes[label] ?? size
        guard old == size || old == 1 || size == 1 else {
          throw TensorError("Einsum", expected: "a size of \(old)", found: "\(size) in \(shape)")
        }
        layout.sizes[label] = old == 1 ? size : old
      }
      layout.operands.append(labels)
    }
    let ellipsis = (0..<widest).reversed().map(Label.ellipsis)
    if let result {
      layout.result =
        result.before.map(Label.letter) + (result.hasEllipsis ? ellipsis : [])
        + result.after.map(Label.letter)
    } else {
      var counts: [Label: Int] = [:]
      for label in layout.operands.flatMap({ $0 }) { counts[label, default: 0] += 1 }
      let single = counts.filter { pair in
        if case .letter = pair.key { pair.value == 1 } else { false }
      }
      layout.result = ellipsis + single.keys.sorted()
    }
    guard Set(layout.result).count == layout.result.count,
      layout.result.allSatisfy({ layout.sizes[$0] != nil })
    else {
      throw TensorError(
        "Einsum equation", expected: "each letter of the result once, and in an operand",
        found: "\(layout.result.count) letters")
    }
    return layout
  }
}
