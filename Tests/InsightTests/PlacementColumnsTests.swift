import Masks
import NeuralNet
import TensorCore
import Testing
import TestNetworks

@testable import Insight

/// The table as a table.
@Suite struct PlacementColumnsTests {
  @Test func aRowIsMeasuredWithTheModelsOwnDropoutAtRest() throws {
    let graph = try SmallNetwork.pooled().graph
    let own = try graph.adding([
      ("f", Dropout(ElementDropout(), rate: try Rate(0.5)))
    ])
    func row(_ graph: Graph) throws -> PlacementRow {
      let network = Network(graph)
      var (row, runs) = try PlacementRow.begin(
        network, clean: try SmallNetwork.clean(network), site: "r",
        dropout: Dropout(ElementDropout(), rate: try Rate(0.25)), seed: 7)
      try runs.add(0..<40, to: &row, empty: row)
      return row
    }
    let (plain, with) = (try row(graph), try row(own))
    for column in PlacementColumns.columns {
      #expect(column.value(plain) == column.value(with), "\(column.name)")
    }
    #expect(with.count == 40)
  }

  @Test func nothingIsSaidOfNoMasks() throws {
    let network = Network(try SmallNetwork.pooled().graph)
    let (row, _) = try PlacementRow.begin(
      network, clean: try SmallNetwork.clean(network), site: "r",
      dropout: Dropout(ElementDropout(), rate: try Rate(0.5)), seed: 7)
    #expect(PlacementColumns.columns.allSatisfy { $0.value(row) == nil })
    let lines = PlacementColumns.csv([row]).split(separator: "\r\n")
    #expect(lines.count == 2)
    #expect(lines[1].hasSuffix(",0,,,,,,,,,,"))
  }

  @Test func everyLineHasEveryField() throws {
    var graph = try SmallNetwork.pooled().graph
    graph = try Graph(
      name: "g", inputs: graph.inputs, outputs: graph.outputs, constants: graph.constants,
      nodes: graph.nodes.map { node in
        var node = node
        if node.outputs == ["r"] { node.name = "a \"b\", c" }
        return node
      })
    let network = Network(graph)
    var (row, runs) = try PlacementRow.begin(
      network, clean: try SmallNetwork.clean(network), site: "r",
      dropout: Dropout(ElementDropout(), rate: try Rate(0.5)), seed: 7)
    try runs.add(0..<16, to: &row, empty: row)
    let lines = PlacementColumns.csv([row]).split(separator: "\r\n").map(String.init)
    let names = lines[0].split(separator: ",").map(String.init)
    #expect(names.count == 6 + PlacementColumns.columns.count + 2)
    #expect(Set(names).count == names.count)
    #expect(lines[1].hasPrefix("\"a \"\"b\"\", c\","))
    let rest = lines[1].dropFirst("\"a \"\"b\"\", c\",".count)
    #expect(rest.split(separator: ",", omittingEmptySubsequences: false).count == names.count - 1)
  }

  /// The lower part of a network may be beyond us; what is above it can be measured all the same.
  @Test func whatCannotBeComputedIsLeftOutOfARow() throws {
    let graph = try SmallNetwork.pooled().graph
    let network = Network(
      try Graph(
        name: "part", inputs: graph.inputs, outputs: ["z"], constants: graph.constants,
        nodes: graph.nodes + [Node(name: "odd", "Unheard", inputs: ["p"], outputs: ["z"])]))
    let input = SmallNetwork.numbers([1, 1, 10, 10], seed: 1)
    let clean = try network.runAsFarAsPossible(["image": .float32(input)]).values
    func row(_ site: String) throws -> PlacementRow {
      var (row, runs) = try PlacementRow.begin(
        network, clean: clean, site: site,
        dropout: Dropout(ElementDropout(), rate: try Rate(0.5)), seed: 7)
      try runs.add(0..<16, to: &row, empty: row)
      return row
    }
    let measured = try row("r")
    #expect(measured.next?.meanRatio != nil && measured.pool != nil && measured.count == 16)
    #expect(measured.output == nil && measured.flips == nil)
    #expect(throws: GraphError.self) { try row("z") }
  }

  @Test func aSiteThatIsNotThereIsRefused() throws {
    let network = Network(try SmallNetwork.pooled().graph)
    let clean = try SmallNetwork.clean(network)
    #expect(throws: GraphError.self) {
      try PlacementRow.begin(
        network, clean: clean, site: "nowhere",
        dropout: Dropout(ElementDropout(), rate: try Rate(0.5)), seed: 7)
    }
  }
}
