import TensorCore

extension BlockLaw {
  /// The mask of blocks around the seeds whose u is below γ; a field with a u for every cell.
  func mask(_ field: Field, gamma: Double, layout: Layout) -> Mask {
    guard gamma > 0, gamma < 1 else { return Mask(layout: layout, allKept: gamma == 0) }
    let threshold = Rate(clamping: gamma).threshold
    let steps = layout.steps
    let kept = NDArray<Bool>(layout.shape) { kept in
      kept.initialize(repeating: true)
      field.u.withElements { u in
        guard let u = u.baseAddress, let kept = kept.baseAddress else { return }
        for map in 0..<layout.n * layout.c {
          let start = layout.offset(n: map / layout.c, c: map % layout.c, y: 0, x: 0)
          for y in rows.seeds {
            let line = start + y * steps.y
            for x in columns.seeds where u[line + x * steps.x] < threshold {
              let across = columns.cells(of: x)
              for row in rows.cells(of: y) {
                let cells = kept + start + row * steps.y
                for column in across { cells[column * steps.x] = false }
              }
            }
          }
        }
      }
    }
    return Mask(layout: layout, kept: kept)
  }
}
