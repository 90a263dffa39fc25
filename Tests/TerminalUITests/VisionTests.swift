import Glibc
import Testing

@testable import TerminalUI

/// The colours as people with colour-vision deficiency see them.
struct VisionTests {
  /// Full deficiency by the matrices of Machado, Oliveira and Fernandes, "A Physiologically-based
  /// Model for Simulation of Color Vision Deficiency" (IEEE TVCG 2009), for linear sRGB.
  enum Vision: CaseIterable {
    case full, protanopia, deuteranopia, tritanopia

    var matrix: [[Double]] {
      switch self {
      case .full: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
      case .protanopia:
        [
          [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
          [-0.003882, -0.048116, 1.051998],
        ]
      case .deuteranopia:
        [
          [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
          [-0.011820, 0.042940, 0.968881],
        ]
      case .tritanopia:
        [
          [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
          [0.004733, 0.691367, 0.303900],
        ]
      }
    }
  }

  @Test(arguments: Ramp.allCases, Vision.allCases)
  func rampsAreOrderedByLightness(_ ramp: Ramp, _ vision: Vision) {
    // The sheet's begins with white and gets darker.
    let levels = ramp == .sheet ? Array((0..<Ramp.levels).reversed()) : Array(0..<Ramp.levels)
    let lightness = levels.map { Lab(ramp.color(level: $0), vision).l }
    for (level, (dark, light)) in zip(lightness, lightness.dropFirst()).enumerated() {
      #expect(light > dark, "\(ramp), \(vision), step \(level)")
    }
    #expect(lightness.last! - lightness[0] > 45)
  }

  @Test(arguments: Vision.allCases) func theFourStatesStayApart(_ vision: Vision) {
    let states = [Palette.zero, Palette.kept, Palette.killed, Palette.wasted]
    for (index, one) in states.enumerated() {
      for other in states[..<index] {
        // A difference of 2.3 is just noticed (Mahy, Van Eycken and Oosterlinck 1994).
        let difference = Lab(one, vision).difference(to: Lab(other, vision))
        #expect(difference > 11, "\(vision): \(one) and \(other) differ by \(difference)")
      }
    }
  }

  /// A map's edges show where its cells are zero, and what was dropped is none of them.
  @Test(arguments: Vision.allCases) func zeroIsNoBackground(_ vision: Vision) {
    let zero = Lab(Palette.zero, vision)
    #expect(zero.difference(to: Lab(Palette.background, vision)) > 5.5)
    #expect(zero.difference(to: Lab(Palette.droppedCell, vision)) > 11)
    #expect(zero.l > Lab(Palette.background, vision).l)
  }

  @Test(arguments: Ramp.allCases, Vision.allCases)
  func droppedCellsAreOnNoRamp(_ ramp: Ramp, _ vision: Vision) {
    let colors = (0..<Ramp.levels).map { Lab(ramp.color(level: $0), vision) }
    for mark in [Palette.killed, Palette.wasted, Palette.notFinite] {
      let nearest = colors.map { Lab(mark, vision).difference(to: $0) }.min()!
      #expect(nearest > 5, "\(ramp), \(vision): \(mark) is \(nearest) from the ramp")
    }
  }

  @Test func lightnessIsThatOfTheStandard() {
    // CIE 15: white has 100, sRGB's middle grey 119 has 50.
    #expect(abs(Lab(Color(hex: 0xFFFFFF), .full).l - 100) < 0.01)
    #expect(abs(Lab(Color(hex: 0x777777), .full).l - 50) < 0.1)
    let red = Lab(Color(hex: 0xFF0000), .full)
    #expect(abs(red.l - 53.24) < 0.02 && abs(red.a - 80.09) < 0.05 && abs(red.b - 67.20) < 0.05)
    // Grey stays grey whatever the vision.
    for vision in Vision.allCases {
      let grey = Lab(Color(hex: 0x777777), vision)
      #expect(abs(grey.a) < 0.1 && abs(grey.b) < 0.1)
    }
  }
}

/// A colour in CIE L*a*b* under D65 (CIE 15; sRGB after IEC 61966-2-1), differences by CIE 1976.
private struct Lab {
  let l, a, b: Double

  init(_ color: Color, _ vision: VisionTests.Vision) {
    guard case .rgb(let red, let green, let blue) = color else { preconditionFailure("a colour") }
    let linear = [red, green, blue].map { part -> Double in
      let value = Double(part) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
      matrix.map { zip($0, vector).reduce(0) { $0 + $1.0 * $1.1 } }
    }
    let seen = product(vision.matrix, linear).map { min(1, max(0, $0)) }
    let xyz = product(
      [
        [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
      ], seen)
    let f = zip(xyz, [0.95047, 1, 1.08883]).map { value, white -> Double in
      let t = value / white
      return t > 216.0 / 24389 ? pow(t, 1.0 / 3) : (24389.0 / 27 * t + 16) / 116
    }
    (l, a, b) = (116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2]))
  }

  func difference(to other: Lab) -> Double {
    let (x, y, z) = (l - other.l, a - other.a, b - other.b)
    return (x * x + y * y + z * z).squareRoot()
  }
}
