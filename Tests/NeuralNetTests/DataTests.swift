import TensorCore
import Testing

@testable import NeuralNet

@Suite struct DataTests {
  @Test func digitsDependOnSeedAndIndexAlone() {
    let digits = SyntheticDigits(count: 40, seed: 3)
    let all = digits.images(0..<40)
    #expect(all.shape == [40, 1, 28, 28])
    #expect(
      SyntheticDigits(count: 1000, seed: 3).images([17, 4]).elements
        == Array(all.elements[17 * 784..<18 * 784] + all.elements[4 * 784..<5 * 784]))
    #expect(SyntheticDigits(count: 40, seed: 4).images(0..<40) != all)
    for threads in [1, 3] {
      #expect(Parallel.$threads.withValue(threads) { digits.images(0..<40) } == all)
    }
  }

  @Test func labelsAreBalancedAndPicturesAreInk() {
    let digits = SyntheticDigits(count: 200, seed: 1)
    for label in 0..<10 { #expect(digits.labels(0..<200).filter { $0 == label }.count == 20) }
    let pictures = digits.images(0..<50)
    for index in 0..<50 {
      let picture = pictures.elements[index * 784..<(index + 1) * 784]
      let ink = picture.reduce(0, +)
      #expect(picture.allSatisfy { $0 >= 0 && $0 <= 1 })
      #expect(ink > 20 && ink < 260, "image \(index): \(ink) of 784")
    }
  }

  /// No hand writes like another: every form, and pictures of a class that differ.
  @Test func handsDiffer() {
    let digits = SyntheticDigits(count: 100, seed: 1)
    let sevens = digits.images(stride(from: 7, to: 100, by: 10).map { $0 })
    for a in 0..<10 {
      for b in 0..<a {
        let difference = (0..<784).reduce(Float(0)) {
          $0 + abs(sevens[a * 784 + $1] - sevens[b * 784 + $1])
        }
        #expect(difference > 10, "sevens \(a) and \(b) differ by \(difference)")
      }
    }
  }

  /// A digit drawn larger is the same digit: its mean over blocks of pixels is the small one's, but
  /// for the pen's edge, which stays as sharp.
  @Test func otherShapesShowTheSameDigits() {
    let small = SyntheticDigits(count: 10, seed: 5).images(0..<10)
    let large = SyntheticDigits(count: 10, seed: 5, imageShape: [3, 56, 60]).images(0..<10)
    #expect(large.shape == [10, 3, 56, 60])
    for index in 0..<10 {
      var difference: Float = 0
      for y in 0..<28 {
        for x in 0..<28 {
          func at(_ channel: Int, _ dy: Int, _ dx: Int) -> Float {
            large[((index * 3 + channel) * 56 + 2 * y + dy) * 60 + 2 + 2 * x + dx]
          }
          #expect(at(0, 0, 0) == at(2, 0, 0))
          let mean = (at(0, 0, 0) + at(0, 0, 1) + at(0, 1, 0) + at(0, 1, 1)) / 4
          difference += abs(mean - small[index * 784 + y * 28 + x])
        }
      }
      let ink = (0..<784).reduce(Float(0)) { $0 + small[index * 784 + $1] }
      #expect(difference < 0.25 * ink, "digit \(index): \(difference) of \(ink)")
    }
  }

  /// Every image is one of the 25 that a move by up to 2 pixels can make, and the epochs differ.
  @Test func imagesAreMovedAsTheSeedSays() {
    let digits = SyntheticDigits(count: 30, seed: 1, imageShape: [2, 12, 14])
    let shifted = ShiftedImages(digits, by: 2, seed: 5, epoch: 1)
    let (plain, moved) = (digits.images(0..<30), shifted.images(0..<30))
    #expect(shifted.labels(0..<30) == digits.labels(0..<30))
    var moves = Set<[Int]>()
    for index in 0..<30 {
      func at(_ images: Tensor, _ c: Int, _ y: Int, _ x: Int) -> Float {
        guard (0..<12).contains(y), (0..<14).contains(x) else { return 0 }
        return images[((index * 2 + c) * 12 + y) * 14 + x]
      }
      var found: [[Int]] = []
      for down in -2...2 {
        for right in -2...2 {
          let isSame = (0..<2 * 12 * 14).allSatisfy { i in
            let (c, y, x) = (i / 168, i / 14 % 12, i % 14)
            return at(moved, c, y, x) == at(plain, c, y - down, x - right)
          }
          if isSame { found.append([right, down]) }
        }
      }
      #expect(found.count == 1, "image \(index): \(found)")
      moves.formUnion(found)
    }
    #expect(moves.count > 10, "\(moves)")
    #expect(ShiftedImages(digits, by: 2, seed: 5, epoch: 1).images(3..<9) == shifted.images(3..<9))
    #expect(ShiftedImages(digits, by: 2, seed: 5, epoch: 2).images(0..<30) != moved)
    #expect(ShiftedImages(digits, by: 0, seed: 5, epoch: 1).images(0..<30) == plain)
  }

  @Test func trainingNeverSeesWhatIsHeldOut() {
    let split = HeldOut(count: 1000, heldOut: 150, seed: 1)
    #expect(split.heldOut.count == 150 && split.training.count == 850)
    #expect(Set(split.heldOut + split.training) == Set(0..<1000))
    #expect(HeldOut(count: 1000, heldOut: 150, seed: 1) == split)
    #expect(HeldOut(count: 1000, heldOut: 150, seed: 2).heldOut != split.heldOut)
    // A limit takes from what is trained on alone.
    let limited = HeldOut(count: 1000, heldOut: 150, limit: 40, seed: 1)
    #expect(limited.heldOut == split.heldOut)
    #expect(limited.training == Array(split.training.prefix(40)))
    // At random: the mean index of 150 of 0 ..< 1000 has a deviation of 22.
    let mean = split.heldOut.reduce(0, +) / 150
    #expect((410...590).contains(mean), "\(mean)")
    #expect(HeldOut(count: 1, heldOut: 0, seed: 1).training == [0])
    #expect(HeldOut.usual(of: 60_000) == 10_000 && HeldOut.usual(of: 600) == 100)
  }
}
