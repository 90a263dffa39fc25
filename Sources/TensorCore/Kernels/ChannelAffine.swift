/// y = x·scale + shift with a scale and a shift for each channel: batch normalisation at evaluation.
public enum ChannelAffine {
  /// - Parameters:
  ///   - x: `[N,C,…]`
  ///   - scale: C factors
  ///   - shift: C numbers
  /// - Throws: `TensorError` where x has no channels, or another number of them.
  public static func forward(
    _ x: Tensor, scale: [Float], shift: [Float], in operation: String
  ) throws(TensorError) -> Tensor {
    guard x.shape.rank >= 2, scale.count == x.shape[1], shift.count == x.shape[1] else {
      throw TensorError(
        operation, expected: "an input of shape [N,\(scale.count),…]", found: "\(x.shape)")
    }
    let (maps, channels) = (x.shape[0] * x.shape[1], x.shape[1])
    let area = maps == 0 ? 0 : x.count / maps
    return Tensor(x.shape) { out in
      x.withElements { x in
        nonisolated(unsafe) let (x, out) = (x, out)
        // A fixed number of maps a task: the split must not depend on the number of threads.
        let perTask = max(1, elementwiseChunk / max(1, area))
        Parallel.run(tasks: (maps + perTask - 1) / perTask) { task in
          for map in task * perTask..<min(maps, (task + 1) * perTask) {
            let (a, b) = (scale[map % channels], shift[map % channels])
            for i in map * area..<(map + 1) * area { out[i] = x[i] * a + b }
          }
        }
      }
    }
  }
}
