import TensorCore

/// What a CSV file holds: numbers, and what the names of its columns say about them.
struct CSVTable {
  /// `[rows, columns]`, or `[blocks, rows, columns]` where blank lines cut blocks; without the columns
  /// of labels and names of rows.
  var numbers: Tensor
  /// The label of each row, where a header names such a column.
  var labels: [String]?
  /// Which pixels the columns are, where a header says so.
  var pixels: CSVPixels?

  /// The file as items, a row each.
  struct Items {
    fileprivate var table: CSVTable
    /// The shape of an item: `[height, width]` of an image, else `[columns]`.
    fileprivate(set) var shape: Shape
    /// Where an item begins in its row.
    fileprivate var start = 0
    /// Where each number of an item stands behind that, if not in order.
    fileprivate var order: [Int]?
    /// Whether all are whole numbers 0…255: images to be scaled.
    fileprivate(set) var isBytes = false

    /// How many there are.
    var count: Int { table.numbers.shape[0] }

    /// The numbers of one.
    func item(at index: Int) -> Tensor {
      let first = index * table.numbers.shape[1] + start
      return Tensor(
        shape, (0..<shape.count).map { table.numbers[first + (order?[$0] ?? $0)] })
    }

    /// The label of one, nil where rows have none.
    func label(at index: Int) -> String? {
      if let labels = table.labels { return labels[index] }
      return start == 0 ? nil : "\(Int(table.numbers[index * table.numbers.shape[1]]))"
    }
  }

  /// The rows as items; nil where the file is one array.
  ///
  /// Rows are items where a header names labels or the pixels of images, and where, without such
  /// names, they can only be a label and the pixels of a square: 1 + n² whole numbers, the first
  /// below 1,000, the others 0…255 (or all within 0…1, if labels are not). Where the person `asks` for
  /// an item, n² numbers are one too.
  func items(asks: Bool) -> Items? {
    guard numbers.shape.rank == 2 else { return nil }
    let (rows, columns) = (numbers.shape[0], numbers.shape[1])
    var items = Items(table: self, shape: [columns])
    if let pixels, pixels.isCertain || labels != nil,
      CSVTable.isLarge(pixels) || (pixels.isCertain && labels != nil),
      labels != nil || rows != columns || asks
    {
      items.shape = [pixels.height, pixels.width]
      if pixels.order != Array(0..<columns) { items.order = pixels.order }
    } else if labels == nil {
      if let side = CSVTable.side(columns - 1), side >= (asks ? 8 : 16), rows != columns,
        isLabelled(columns)
      {
        (items.shape, items.start) = ([side, side], 1)
      } else if asks, let side = CSVTable.side(columns), side >= 8 {
        items.shape = [side, side]
      } else {
        return nil
      }
    }
    items.isBytes = items.shape.rank == 2 && isBytes(from: items.start, of: columns)
    return items
  }

  private static func isLarge(_ pixels: CSVPixels) -> Bool { pixels.height * pixels.width >= 64 }

  /// The side of a square of so many cells.
  private static func side(_ count: Int) -> Int? {
    let side = Int(Double(max(0, count)).squareRoot())
    return side * side == count ? side : nil
  }

  /// Whether the first column can be labels and the others pixels.
  private func isLabelled(_ columns: Int) -> Bool {
    var largest: Float = 0
    for first in stride(from: 0, to: numbers.count, by: columns) {
      let label = numbers[first]
      guard label >= 0, label < 1000, label == label.rounded() else { return false }
      largest = max(largest, label)
    }
    return isBytes(from: 1, of: columns)
      || largest > 1 && allSatisfy(from: 1, of: columns) { (0...1).contains($0) }
  }

  /// Whether the numbers of each row from a column on are whole, 0…255, and not only 0 and 1.
  private func isBytes(from start: Int, of columns: Int) -> Bool {
    var largest: Float = 0
    return allSatisfy(from: start, of: columns) { number in
      largest = max(largest, number)
      return number >= 0 && number <= 255 && number == number.rounded()
    } && largest > 1
  }

  private func allSatisfy(
    from start: Int, of columns: Int, _ condition: (Float) -> Bool
  ) -> Bool {
    numbers.withElements { numbers in
      numbers.indices.allSatisfy { $0 % columns < start || condition(numbers[$0]) }
    }
  }
}
