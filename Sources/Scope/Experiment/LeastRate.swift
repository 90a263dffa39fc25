import Masks
import NeuralNet
import TensorCore

extension Experiment {
  /// The least rate in hundredths at which a cell of the site is dropped, nil where none drops it.
  /// Masks are nested in the rate, so it is found by halving.
  func leastRate(dropping offset: Int, _ setting: Setting, _ field: Field) -> Double? {
    guard let kind = try? KindRegistry.make(setting.kind, setting.kinds),
      let layout = clean.tensor(site(of: setting)).flatMap({ try? NCHW($0.shape) })
    else { return nil }
    if kind is any UnitwiseDropout {
      let place = Plane.coordinates(offset, in: layout)
      let u = Double(field.uniform(n: 0, c: place.c, y: place.y, x: place.x))
      // The first hundredth above u.
      return min(1, (u * 100).rounded(.down) / 100 + 0.01)
    }
    func isDropped(at hundredths: Int) -> Bool {
      let rate = Rate(clamping: Double(hundredths) / 100)
      return (try? kind.mask(field, rate: rate, layout: layout))?.kept[offset] == false
    }
    guard isDropped(at: 100) else { return nil }
    var (low, high) = (0, 100)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isDropped(at: middle) { high = middle } else { low = middle }
    }
    return Double(high) / 100
  }
}
