public import NeuralNet
import TensorCore

/// How far a dropout is felt: the change at each layer from its site to the output.
public struct DownstreamEffect: Equatable, Sendable {
  /// The change at one layer.
  public struct Layer: Equatable, Sendable {
    /// The value's name.
    public var value: String
    /// What a person calls it: its node's name or its own.
    public var name: String
    /// |Δx| / |x|, both Euclidean norms over the whole layer: 0 unchanged, 1 as large as the layer
    /// itself. Nil where the clean layer is all zero or a number is not finite.
    public var change: Double?
  }

  /// The layers that can change, in the graph's order, the sites first.
  public let layers: [Layer]

  /// Compares two runs of a network.
  /// - Parameters:
  ///   - sites: the values that dropout acts on
  ///   - clean: the run without it
  ///   - masked: the run with it, all values computed
  public init(_ network: Network, sites: [String], clean: Activations, masked: Activations) {
    let graph = network.graph
    var touched = Set(sites)
    var order = graph.inputs.map(\.name).filter(touched.contains)
    for (index, node) in graph.nodes.enumerated() {
      guard let output = node.result else { continue }
      let isBelow = (node.inputs + node.bodyReads).contains(where: touched.contains)
      let inside = node.shown.map(\.name).filter(sites.contains)
      guard isBelow || touched.contains(output) || !inside.isEmpty else { continue }
      order += inside
      touched.formUnion(node.outputs.filter { !$0.isEmpty })
      // A reshape repeats the line above it.
      if network.role(of: index) == .reshape, !sites.contains(output) { continue }
      order.append(output)
    }
    layers = order.compactMap { value in
      guard let before = clean.tensor(value), let after = masked.tensor(value) else { return nil }
      return Layer(
        value: value, name: graph.producer(of: value)?.name ?? value,
        change: DownstreamEffect.change(from: before, to: after))
    }
  }

  /// |after − before| / |before|.
  static func change(from before: Tensor, to after: Tensor) -> Double? {
    guard before.count == after.count else { return nil }
    var (difference, size) = (0.0, 0.0)
    before.withElements { x in
      after.withElements { y in
        for i in x.indices {
          let (a, b) = (Double(x[i]), Double(y[i]))
          difference += (b - a) * (b - a)
          size += a * a
        }
      }
    }
    let ratio = (difference / size).squareRoot()
    return size > 0 && ratio.isFinite ? ratio : nil
  }
}
