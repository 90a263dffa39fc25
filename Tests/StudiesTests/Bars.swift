import NeuralNet
import Studies
import TensorCore

/// A bar in one of three places: what a small network learns in a moment.
struct Bars: LabelledImages {
  let count = 30
  let imageShape: Shape = [1, 8, 8]
  func label(_ index: Int) -> Int { index % 3 }
  func write(_ index: Int, into out: UnsafeMutableBufferPointer<Float>) {
    for i in out.indices { out[i] = i % 8 / 3 == index % 3 ? 1 : Float(index) / 100 }
  }

  /// Most trained on, the rest held out.
  static let images = TrainingImages(
    Bars(), training: Array(0..<24), heldOutSet: Bars(), heldOut: Array(24..<30)
  ) { $0 }

  /// A clock that goes on by a second whenever it is read.
  static func clock() -> () -> Double {
    var now = 0.0
    return {
      now += 1
      return now
    }
  }
}
