import Masks
import TensorCore

extension Trainer {
  /// The graph with the weights as they are now, for inference, and with the dropouts it was trained
  /// with: those on edges become nodes where ONNX can say them, in the place of a Dropout node of rate 0
  /// that makes the value.
  ///
  /// With `Scaling.weight` whatever reads a dropped value has its weights × keep, or a Mul node before
  /// it, for ONNX's Dropout does nothing in inference. Its metadata says so.
  public var graph: Graph {
    get throws(GraphError) {
      let network = Network(original)
      var edit = GraphEdit(network)
      edit.setWeights(weights)
      var waiting: [(value: String, keep: Double)] = []
      let own = network.writtenDropouts
      if scaling == .weight {
        waiting += own.filter { $0.form != .random }.compactMap { own in
          own.rate.map { (own.output, $0.keep) }
        }
      }
      for (site, dropout) in dropouts.sorted(by: { $0.key < $1.key }) {
        if dropout.scaling == .weight && dropout.kind.takesScaling {
          waiting.append((site, dropout.rate.keep))
        } else if GraphEdit.canSay(dropout) {
          let idle = own.first { $0.result == site && $0.rate?.p == 0 }
          if let idle, !dropout.kind.target.isParameter {
            try edit.replaceDropout(idle.output, by: dropout)
          } else {
            try edit.add(dropout, at: site)
          }
        }
      }
      waiting.removeAll { $0.keep == 1 }
      for (value, keep) in waiting { try edit.scaleReaders(of: value, by: Float(keep)) }
      if !waiting.isEmpty {
        edit.metadata["dropout_scaling"] =
          "weights behind "
          + waiting.map { "\($0.value) × \($0.keep)" }.joined(separator: ", ")
          + ": nothing was scaled in training"
      }
      return try edit.graph()
    }
  }
}
