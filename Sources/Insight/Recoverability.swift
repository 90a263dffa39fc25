public import Masks
public import TensorCore

/// How much of what was dropped its neighbours still tell: each dropped cell is filled with the mean
/// of its kept 4-neighbours in the same map, 0 where none is kept, and
///
///     recoverability = 1 − Σ (clean − filled)² / Σ clean²     over the dropped cells.
///
/// 1 where neighbours tell everything, 0 where they tell nothing (whole maps dropped), below 0 where
/// they mislead. This project's own measure of why element-wise dropout does little on smooth maps.
public struct Recoverability: Sendable {
  /// The activation with dropped cells filled, kept cells as they were, in the mask's layout.
  public var filled: Tensor { lazyFilled.value }
  /// clean − filled: 0 on kept cells.
  public var residual: Tensor { lazyResidual.value }
  // Whole activations, which most of the time nobody looks at.
  private let lazyFilled, lazyResidual: Lazy<Tensor>
  /// Σ residual² over dropped cells.
  public let residualEnergy: Double
  /// Σ clean² over dropped cells.
  public let droppedEnergy: Double

  /// 1 − residual / dropped energy; nil where nothing was lost, so that there is nothing to recover,
  /// and where NaN or Inf was.
  public var value: Double? {
    guard droppedEnergy > 0, droppedEnergy.isFinite, residualEnergy.isFinite else { return nil }
    return 1 - residualEnergy / droppedEnergy
  }

  /// Fills what `mask` drops of `clean`, which has the mask's elements.
  public init(clean: Tensor, mask: Mask) {
    precondition(clean.count == mask.layout.count, "\(clean.shape) under a mask of \(mask.layout)")
    let shape = mask.layout.shape
    lazyFilled = Lazy {
      Tensor(shape) { out in
        Recoverability.forEach(clean, mask) { at, x, filled in out[at] = filled ?? x }
      }
    }
    lazyResidual = Lazy {
      Tensor(shape) { out in
        Recoverability.forEach(clean, mask) { at, x, filled in
          out[at] = filled.map { x - $0 } ?? 0
        }
      }
    }
    let sums = BlockSums.sum(parts: mask.layout.n * mask.layout.c) { map in
      var (residualEnergy, droppedEnergy) = (0.0, 0.0)
      Recoverability.forEach(clean, mask, maps: map..<map + 1) { _, x, filled in
        guard let filled else { return }
        // The largest floats have differences that no float holds.
        let residual = Double(x) - Double(filled)
        residualEnergy += residual * residual
        droppedEnergy += Double(x) * Double(x)
      }
      return Sums(values: [residualEnergy, droppedEnergy, 0, 0, 0, 0, 0, 0])
    }
    (residualEnergy, droppedEnergy) = (sums.values[0], sums.values[1])
  }

  /// Calls `body` for each cell of some maps, by default of all, with its offset, its clean value and,
  /// where it is dropped, what it is filled with.
  @inline(__always)
  private static func forEach(
    _ clean: Tensor, _ mask: Mask, maps: Range<Int>? = nil,
    _ body: (_ at: Int, _ x: Float, _ filled: Float?) -> Void
  ) {
    let layout = mask.layout
    let (h, w, step) = (layout.h, layout.w, layout.steps)
    clean.withElements { x in
      mask.kept.withElements { kept in
        for map in maps ?? 0..<layout.n * layout.c {
          let start = layout.offset(n: map / layout.c, c: map % layout.c, y: 0, x: 0)
          for i in 0..<h {
            for j in 0..<w {
              let at = start + i * step.y + j * step.x
              guard !kept[at] else {
                body(at, x[at], nil)
                continue
              }
              var (sum, count) = (0.0, 0.0)
              let (up, down) = (at - step.y, at + step.y)
              let (left, right) = (at - step.x, at + step.x)
              if i > 0, kept[up] { (sum, count) = (sum + Double(x[up]), count + 1) }
              if i + 1 < h, kept[down] { (sum, count) = (sum + Double(x[down]), count + 1) }
              if j > 0, kept[left] { (sum, count) = (sum + Double(x[left]), count + 1) }
              if j + 1 < w, kept[right] { (sum, count) = (sum + Double(x[right]), count + 1) }
              body(at, x[at], count > 0 ? Float(sum / count) : 0)
            }
          }
        }
      }
    }
  }
}
