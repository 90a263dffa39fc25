import NeuralNet
import TensorCore
import Testing

struct DigitTests {
  /// Plain digits, and many hands' of each.
  private func pictures() -> [(name: String, picture: Tensor)] {
    (0...9).flatMap { digit in
      [("plain \(digit)", Digit.draw(digit))]
        + (0..<8).map { hand in
          let stream = RandomStream(seed: 3, sample: UInt32(hand), step: UInt32(digit))
          return ("\(digit) by hand \(hand)", Digit.draw(digit, style: .random(stream)))
        }
    }
  }

  @Test func picturesAreInkOnPaper() {
    for (name, picture) in pictures() {
      #expect(picture.shape == [1, 1, 28, 28])
      #expect(picture.elements.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(name)")
      #expect(picture.elements.contains(1), "\(name): the middle of a stroke is full ink")
      #expect(picture.elements.contains { $0 > 0.2 && $0 < 0.8 }, "\(name): edges are soft")
      let ink = picture.elements.reduce(0, +)
      #expect(ink > 20 && ink < 260, "\(name): \(ink) of 784")
    }
  }

  /// A plain digit measures 20 pixels in its longer direction and has its centre of mass in the
  /// middle, as MNIST's do; nothing touches the border.
  @Test(arguments: 0...9)
  func placement(digit: Int) {
    let picture = Digit.draw(digit)
    var (mass, x, y) = (Float(0), Float(0), Float(0))
    var (rows, columns) = (Set<Int>(), Set<Int>())
    for i in 0..<784 where picture[i] > 0 {
      mass += picture[i]
      x += picture[i] * (Float(i % 28) + 0.5)
      y += picture[i] * (Float(i / 28) + 0.5)
      rows.insert(i / 28)
      columns.insert(i % 28)
    }
    #expect(abs(x / mass - 14) < 0.2 && abs(y / mass - 14) < 0.2, "\(x / mass), \(y / mass)")
    let longest = max(rows.count, columns.count)
    #expect((19...21).contains(longest), "\(longest) pixels")
    for border in [0, 27] { #expect(!rows.contains(border) && !columns.contains(border)) }
  }

  @Test func sameStyleSamePicture() {
    for digit in 0...9 {
      #expect(Digit.draw(digit) == Digit.draw(digit))
      let stream = RandomStream(seed: 12, sample: 5)
      #expect(DigitStyle.random(stream) == DigitStyle.random(stream))
      let picture = Digit.draw(digit, style: .random(stream))
      #expect(picture == Digit.draw(digit, style: .random(stream)))
      #expect(picture != Digit.draw(digit, style: .random(RandomStream(seed: 13, sample: 5))))
    }
  }

  /// No two plain digits look alike.
  @Test func tenDistinctFigures() {
    for a in 0...9 {
      for b in 0..<a {
        let difference = zip(Digit.draw(a).elements, Digit.draw(b).elements)
          .reduce(0) { $0 + abs($1.0 - $1.1) }
        #expect(difference > 30, "\(a) and \(b) differ by \(difference)")
      }
    }
    #expect(Digit.names.count == 10 && Digit.names[7] == "seven")
  }

  /// A seven by the numbers: a bar above, a stem that runs down to the left, paper beside it.
  @Test func sevenLooksLikeOne() {
    let seven = Digit.draw(7)
    func middle(_ row: Int) -> Float {
      let ink = (0..<28).map { seven[row * 28 + $0] }
      return zip(ink, 0...).reduce(0) { $0 + $1.0 * Float($1.1) } / ink.reduce(0, +)
    }
    let widths = (0..<28).map { row in (0..<28).filter { seven[row * 28 + $0] > 0.5 }.count }
    let bar = widths[6...11].max()!
    #expect(bar >= 8, "the bar is \(bar) pixels")
    #expect(widths[14...24].allSatisfy { (2...4).contains($0) }, "the stem is \(widths[14...24])")
    #expect(middle(15) > middle(19) + 0.5 && middle(19) > middle(23) + 0.5)
  }

  /// Each setting of a style does what its name says.
  @Test func settings() {
    func ink(_ change: (inout DigitStyle) -> Void) -> Tensor {
      var style = DigitStyle.plain
      change(&style)
      return Digit.draw(7, style: style)
    }
    func mass(_ picture: Tensor) -> Float { picture.elements.reduce(0, +) }
    let plain = Digit.draw(7)
    #expect(mass(ink { $0.thickness = 3.2 }) > 1.2 * mass(plain))
    #expect(mass(ink { $0.scale = 0.7 }) < 0.85 * mass(plain))
    #expect(ink { $0.form = 1 } != plain)
    #expect(ink { $0.form = 2 } == plain)
    #expect(ink { $0.form = -1 } == ink { $0.form = 1 })
    for changed in [
      ink { $0.rotation = 0.2 }, ink { $0.slant = 0.2 }, ink { $0.width = 1.2 },
      ink { $0.wobble = 0.05 },
    ] {
      #expect(changed != plain)
    }
    let moved = ink {
      $0.shiftX = 2
      $0.shiftY = -1
    }
    for y in 0..<27 {
      for x in 0..<26 { #expect(abs(moved[y * 28 + x + 2] - plain[(y + 1) * 28 + x]) < 1e-4) }
    }
  }
}
