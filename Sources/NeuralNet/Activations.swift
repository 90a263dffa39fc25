public import Masks
public import TensorCore

/// Every value of a run by name, and the masks that were used.
public struct Activations: Sendable {
  /// Values by name; at a site, as its readers see it: after the dropout.
  public internal(set) var values: [String: Value]
  /// The mask at each site.
  public internal(set) var masks: [String: Mask] = [:]
  /// The nodes this run computed, in the graph's order; the others were kept from the run it started
  /// from.
  public internal(set) var computed: [Int] = []

  init(values: [String: Value]) { self.values = values }

  /// The activation called `name`, nil where there is none or it holds no floats.
  public func tensor(_ name: String) -> Tensor? { values[name]?.tensor }

  mutating func place(_ placement: Placement, mode: Mode) throws(GraphError) {
    let site = placement.site
    // Dropped weights are met where their node is computed.
    guard placement.dropout.kind.target != .weights else { return }
    guard let clean = tensor(site) else {
      throw GraphError("\(site) holds no float32 to put dropout on")
    }
    if let answer = placement.answer {
      masks[site] = answer.mask
      values[site] = .float32(answer.output)
      return
    }
    let (dropout, stream) = (placement.dropout, placement.stream)
    do {
      // A pool chooses from what is left; whoever else reads the value reads all of it.
      guard dropout.kind.target != .pool, mode == .train else {
        let mask = try dropout.mask(layout: NCHW(clean.shape), stream: stream)
        masks[site] = mask
        guard dropout.kind.target != .pool else { return }
        values[site] = .float32(dropout.apply(clean, mask: mask, mode: mode))
        return
      }
      let (y, mask) = try dropout.drop(clean, stream: stream, threads: Parallel.threads)
      masks[site] = mask
      values[site] = .float32(y)
    } catch {
      throw GraphError("dropout at \(site): \(error)")
    }
  }
}
