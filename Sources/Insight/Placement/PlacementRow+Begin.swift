public import Masks
public import NeuralNet
import TensorCore

extension PlacementRow {
  /// A row of no masks yet, and the runs that fill it: a dropout at one site by itself. The model's own
  /// Dropout nodes rest, so that only what this one does is measured.
  /// - Parameters:
  ///   - clean: the network's run without dropout
  ///   - seed: where the masks' numbers come from; run t draws at step t
  /// - Throws: `GraphError` where there is no such value or the dropout cannot act there.
  public static func begin(
    _ network: Network, clean: Activations, site: String, dropout: Dropout, seed: UInt64
  ) throws(GraphError) -> (row: PlacementRow, runs: MonteCarlo) {
    let known =
      network.sensibleSites.first { $0.value == site }
      ?? Network.Site(value: site, name: network.graph.producer(of: site)?.name ?? site, places: [])
    var edit = GraphEdit(network)
    edit.disableDropout()
    let network = Network(try edit.graph())
    let row = try PlacementRow(network, site: known, dropout: dropout, clean: clean)
    let runs = MonteCarlo(
      network, clean: clean, placements: [Placement(site: site, dropout: dropout, seed: seed)],
      wanted: row.wanted.filter { clean.tensor($0) != nil },
      context: RunContext(mode: .train, stream: RandomStream(seed: seed)))
    return (row, runs)
  }
}
