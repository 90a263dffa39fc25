/// Something that is known of values of a graph, by name.
public struct ValueTable<Item: Sendable>: Sendable, Sequence {
  let index: GraphIndex
  private var items: [Item?]
  /// Of names that the graph does not have.
  private var others: [String: Item] = [:]

  /// Nothing known yet.
  init(_ index: GraphIndex) {
    (self.index, items) = (index, Array(repeating: nil, count: index.names.count))
  }

  /// What is known of a value; nil where nothing is.
  public subscript(name: String) -> Item? {
    get { index.numbers[name].map { items[$0] } ?? others[name] }
    set {
      if let number = index.numbers[name] {
        items[number] = newValue
      } else {
        others[name] = newValue
      }
    }
  }

  /// The place of a value in all tables of its graph; nil where the graph has no such value.
  public func place(of name: String) -> Int? { index.numbers[name] }

  /// What is known of the value at a place.
  public subscript(number: Int) -> Item? {
    get { items[number] }
    set { items[number] = newValue }
  }

  /// Of how many values something is known.
  public var count: Int { items.count { $0 != nil } + others.count }

  /// The values of which something is known, and that.
  public func makeIterator() -> AnyIterator<(key: String, value: Item)> {
    var (number, rest) = (0, others.makeIterator())
    return AnyIterator {
      while number < items.count {
        number += 1
        if let item = items[number - 1] { return (index.names[number - 1], item) }
      }
      return rest.next().map { ($0.key, $0.value) }
    }
  }

  /// The same, and what is known of others by another table of the graph.
  func merging(_ other: ValueTable) -> ValueTable {
    var merged = self
    for number in items.indices where items[number] == nil {
      merged.items[number] = other.items[number]
    }
    return merged
  }

  /// What `transform` makes of each, by name.
  public func mapValues<Other>(_ transform: (Item) -> Other) -> [String: Other] {
    reduce(into: [:]) { $0[$1.key] = transform($1.value) }
  }
}

extension ValueTable: Equatable where Item: Equatable {
  public static func == (a: ValueTable, b: ValueTable) -> Bool {
    a.index.names == b.index.names && a.items == b.items && a.others == b.others
  }
}
