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
    var (residualEnergy, droppedEnergy) = (0.0, 0.0)
    Recoverability.forEach(clean, mask) { _, x, filled in
      guard let filled else { return }
      // The largest floats have differences that no float holds.
      let residual = Double(x) - Double(filled)
      residualEnergy += residual * residual
      droppedEnergy += Double(x) * Double(x)
    }
    (self.residualEnergy, self.droppedEnergy) = (residualEnergy, droppedEnergy)
  }

  /// Calls `body` for each cell with its offset, its clean value and, where it is dropped, what it is
  /// filled with.
  @inline(__always)
  private static func forEach(
    _ clean: Tensor, _ mask: Mask, _ body: (_ at: Int, _ x: Float, _ filled: Float?) -> Void
  ) {
    let (h, w) = (mask.layout.h, mask.layout.w)
    clean.withElements { x in
      mask.kept.withElements { kept in
        for map in stride(from: 0, to: x.count, by: max(1, h * w)) {
          for i in 0..<h {
            for j in 0..<w {
              let at = map + i * w + j
              guard !kept[at] else {
                body(at, x[at], nil)
                continue
              }
              var (sum, count) = (0.0, 0.0)
              if i > 0, kept[at - w] { (sum, count) = (sum + Double(x[at - w]), count + 1) }
              if i + 1 < h, kept[at + w] { (sum, count) = (sum + Double(x[at + w]), count + 1) }
              if j > 0, kept[at - 1] { (sum, count) = (sum + Double(x[at - 1]), count + 1) }
              if j + 1 < w, kept[at + 1] { (sum, count) = (sum + Double(x[at + 1]), count + 1) }
              body(at, x[at], count > 0 ? Float(sum / count) : 0)
            }
          }
        }
      }
    }
  }
}
