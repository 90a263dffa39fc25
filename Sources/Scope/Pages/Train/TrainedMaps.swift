import Studies
import TensorCore

/// What a network that has learnt for some epochs makes of the input at the layer shown, and the filters it
/// reads it with.
struct TrainedMaps: Sendable {
  /// Which training, epoch and layer it is of.
  let key: Key
  /// The layer's maps; nil where they cannot be computed.
  let layer: (layout: Layout, values: Tensor)?
  let filters: Filters?

  struct Key: Equatable {
    let run: Int
    let epoch: Int
    let layer: String
  }
}
