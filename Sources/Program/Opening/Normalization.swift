import NeuralNet
import TensorCore

/// What a model trained on normalised images wants: (x − mean) / std, one pair for all channels or
/// one for each.
struct Normalization: Equatable {
  let means: [Float]
  let deviations: [Float]

  /// What networks trained on ImageNet want, as torchvision and timm say: of red, green and blue.
  private static let imagenet = "0.485,0.456,0.406,0.229,0.224,0.225"

  /// Reads `MEAN,STD`, the means of all channels followed by their deviations, or `imagenet`.
  /// - Throws: `Failure` where the numbers make no sense.
  init(_ text: String, channels: Int, from origin: String) throws {
    let text = text == "imagenet" ? Normalization.imagenet : text
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap {
      Float($0.trimmingBlanks)
    }
    let half = numbers.count / 2
    guard text.split(separator: ",", omittingEmptySubsequences: false).count == numbers.count,
      numbers.count == 2 || numbers.count == 2 * channels, numbers.allSatisfy(\.isFinite),
      numbers[half...].allSatisfy({ $0 > 0 })
    else {
      throw Failure(usage: "\(origin): expected MEAN,STD with STD above 0, found \(text)")
    }
    (means, deviations) = (Array(numbers[..<half]), Array(numbers[half...]))
  }

  /// (x − mean) / std for an image `[C,H,W]`.
  func applied(to image: Tensor) -> Tensor {
    let area = image.shape[1] * image.shape[2]
    return Tensor(image.shape) { out in
      for i in out.indices {
        let channel = means.count == 1 ? 0 : i / area % means.count
        out[i] = (image[i] - means[channel]) / deviations[channel]
      }
    }
  }
}

extension Substring {
  fileprivate var trimmingBlanks: Substring {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}
