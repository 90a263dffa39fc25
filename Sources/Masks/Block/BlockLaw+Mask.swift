import TensorCore

extension BlockLaw {
  /// The mask of blocks around the seeds whose u is below γ; a field with a u for every cell.
  func mask(_ field: Field, gamma: Double, layout: NCHW) -> Mask {
    guard gamma > 0, gamma < 1 else { return Mask(layout: layout, allKept: gamma == 0) }
    let threshold = Rate(clamping: gamma).threshold
    let kept = NDArray<Bool>(layout.shape) { kept in
      kept.initialize(repeating: true)
      field.u.withElements { u in
        guard let u = u.baseAddress, let kept = kept.baseAddress else { return }
        for map in 0..<layout.n * layout.c {
          let start = map * layout.area
          for y in rows.seeds {
            for x in columns.seeds where u[start + y * layout.w + x] < threshold {
              let across = columns.cells(of: x)
              for row in rows.cells(of: y) {
                (kept + start + row * layout.w + across.lowerBound)
                  .update(repeating: false, count: across.count)
              }
            }
          }
        }
      }
    }
    return Mask(layout: layout, kept: kept)
  }
}
