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
  public let filled: Tensor
  /// clean − filled: 0 on kept cells.
  public let residual: Tensor
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
    let layout = mask.layout
    let (h, w) = (layout.h, layout.w)
    var (residualEnergy, droppedEnergy) = (0.0, 0.0)
    var residual = Tensor(layout.shape, repeating: 0)
    filled = Tensor(layout.shape) { out in
      clean.withElements { x in
        mask.kept.withElements { kept in
          residual.withMutableElements { residual in
            for map in stride(from: 0, to: x.count, by: max(1, layout.area)) {
              for i in 0..<h {
                for j in 0..<w {
                  let at = map + i * w + j
                  guard !kept[at] else {
                    out[at] = x[at]
                    continue
                  }
                  var (sum, count) = (Float(0), Float(0))
                  if i > 0, kept[at - w] { (sum, count) = (sum + x[at - w], count + 1) }
                  if i + 1 < h, kept[at + w] { (sum, count) = (sum + x[at + w], count + 1) }
                  if j > 0, kept[at - 1] { (sum, count) = (sum + x[at - 1], count + 1) }
                  if j + 1 < w, kept[at + 1] { (sum, count) = (sum + x[at + 1], count + 1) }
                  out[at] = count > 0 ? sum / count : 0
                  residual[at] = x[at] - out[at]
                  residualEnergy += Double(residual[at]) * Double(residual[at])
                  droppedEnergy += Double(x[at]) * Double(x[at])
                }
              }
            }
          }
        }
      }
    }
    self.residual = residual
    (self.residualEnergy, self.droppedEnergy) = (residualEnergy, droppedEnergy)
  }
}
