/// The values of a graph by number, who makes and who reads each, and which nodes have a name. A graph's names
/// are looked up once, here; what goes over all of its nodes counts in numbers.
final class GraphIndex: Sendable {
  /// The number of each value: inputs first, then constants, then what nodes make, in their order.
  let numbers: [String: Int]
  /// The names of values by number.
  let names: [String]
  /// What nodes read: their inputs, then what their bodies read; nil where an optional input is left out.
  let reads: Lists<Int?>
  /// What nodes make; nil for an output that nobody wants.
  let makes: Lists<Int?>
  /// The nodes that read each value, themselves or in their bodies, in the graph's order.
  let readers: Lists<Int>
  /// The node that makes each value; nil for inputs and constants.
  let makers: [Int?]
  /// The first node of each name, and all of those that several have.
  private let (first, several): ([String: Int], [String: [Int]])

  /// Lists one after another.
  struct Lists<Item: Sendable>: Sendable {
    private var items: [Item] = []
    private var ends: [Int] = []

    /// Room for so many lists.
    init(count: Int = 0) { ends.reserveCapacity(count) }

    /// Lists of so many items each, to be filled.
    init(counts: [Int], filledWith item: Item) {
      var end = 0
      for count in counts {
        end += count
        ends.append(end)
      }
      items = Array(repeating: item, count: end)
    }

    /// Where a list lies.
    private func range(_ list: Int) -> Range<Int> { (list == 0 ? 0 : ends[list - 1])..<ends[list] }

    subscript(list: Int) -> ArraySlice<Item> { items[range(list)] }

    /// Puts an item into a place of a list.
    mutating func set(_ list: Int, _ place: Int, _ item: Item) {
      items[(list == 0 ? 0 : ends[list - 1]) + place] = item
    }

    /// Adds an item to the list that is being made.
    mutating func add(_ item: Item) { items.append(item) }

    /// Ends the list that is being made.
    mutating func end() { ends.append(items.count) }
  }

  /// - Parameters:
  ///   - nodes: in any order
  ///   - known: the names of inputs, then of constants
  /// - Throws: `GraphError` where a name is made twice, or read but never made.
  init(_ nodes: [Node], known: [String]) throws(GraphError) {
    var (numbers, names) = ([String: Int](minimumCapacity: known.count + nodes.count), known)
    names.reserveCapacity(known.count + nodes.count)
    for (number, name) in known.enumerated() { numbers[name] = number }
    var makers = [Int?](repeating: nil, count: known.count)
    makers.reserveCapacity(known.count + nodes.count)
    var makes = Lists<Int?>(count: nodes.count)
    var (first, several): ([String: Int], [String: [Int]]) = ([:], [:])
    first.reserveCapacity(nodes.count)
    for (index, node) in nodes.enumerated() {
      for output in node.outputs {
        guard !output.isEmpty else {
          makes.add(nil)
          continue
        }
        guard numbers.updateValue(names.count, forKey: output) == nil else {
          throw GraphError(node: node.name, "makes \(output), which is already there")
        }
        makes.add(names.count)
        names.append(output)
        makers.append(index)
      }
      makes.end()
      if let other = first.updateValue(index, forKey: node.name) {
        several[node.name, default: [other]].append(index)
        first[node.name] = several[node.name]?[0]
      }
    }
    var reads = Lists<Int?>(count: nodes.count)
    // Who was the last to read a value, and how many do.
    var (last, counts) = (
      [Int](repeating: -1, count: names.count), [Int](repeating: 0, count: names.count)
    )
    for (index, node) in nodes.enumerated() {
      func read(_ name: String) throws(GraphError) {
        guard !name.isEmpty else {
          reads.add(nil)
          return
        }
        guard let number = numbers[name] else {
          throw GraphError(node: node.name, "reads \(name), which nothing makes")
        }
        reads.add(number)
        if last[number] != index { counts[number] += 1 }
        last[number] = index
      }
      for name in node.inputs { try read(name) }
      for name in node.bodyReads { try read(name) }
      reads.end()
    }
    var readers = Lists(counts: counts, filledWith: 0)
    var filled = [Int](repeating: 0, count: names.count)
    last = [Int](repeating: -1, count: names.count)
    for index in nodes.indices {
      for case let number? in reads[index] where last[number] != index {
        readers.set(number, filled[number], index)
        filled[number] += 1
        last[number] = index
      }
    }
    (self.numbers, self.names, self.makers) = (numbers, names, makers)
    (self.reads, self.makes, self.readers) = (reads, makes, readers)
    (self.first, self.several) = (first, several)
  }

  /// The node that makes a value; nil for inputs, constants and what is no value.
  func maker(of value: String) -> Int? { numbers[value].flatMap { makers[$0] } }

  /// The nodes that read a value.
  func readers(of value: String) -> [Int] { numbers[value].map { Array(readers[$0]) } ?? [] }

  /// The first node of a name.
  func node(named name: String) -> Int? { first[name] }

  /// The nodes that share a name, in the graph's order; empty where one at most has it.
  func nodes(sharing name: String) -> [Int] { several[name] ?? [] }

  /// The names that several nodes have, in no order, and those nodes.
  var sharedNames: [(name: String, nodes: [Int])] { several.map { ($0.key, $0.value) } }

  /// The order in which each node comes after the makers of what it reads; nil where they are in such an order
  /// already. Depth first, with a stack of its own: a file's nodes may form a chain longer than the thread's
  /// stack is deep. O(nodes + edges).
  /// - Throws: `GraphError` where a value is made from itself.
  func order(of nodes: [Node]) throws(GraphError) -> [Int]? {
    let isInOrder = nodes.indices.allSatisfy { index in
      reads[index].allSatisfy { $0.flatMap { makers[$0] }.map { $0 < index } ?? true }
    }
    guard !isInOrder else { return nil }
    enum Visit { case new, open, done }
    var states = [Visit](repeating: .new, count: nodes.count)
    var order: [Int] = []
    order.reserveCapacity(nodes.count)
    for root in nodes.indices where states[root] == .new {
      // Each entry is a node and how many of its sources have been followed.
      var path = [(node: root, followed: 0)]
      states[root] = .open
      while let (node, followed) = path.last {
        let sources = reads[node]
        guard followed < sources.count else {
          states[node] = .done
          order.append(node)
          path.removeLast()
          continue
        }
        path[path.count - 1].followed += 1
        guard let source = sources[sources.startIndex + followed].flatMap({ makers[$0] }) else {
          continue
        }
        switch states[source] {
        case .done: break
        case .open: throw GraphError(node: nodes[source].name, "is part of a cycle")
        case .new:
          states[source] = .open
          path.append((source, 0))
        }
      }
    }
    return order
  }
}
