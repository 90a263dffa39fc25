import TensorCore
import TestSupport
import Testing

@testable import Formats

/// What becomes of a picture whose proportions are not the input's.
@Suite struct PictureFitTests {
  /// Four columns of two rows: 0, 10, 20, 30 above 100, 110, 120, 130.
  private static let wide = Picture(
    width: 4, height: 2, channels: 1, bytes: [0, 10, 20, 30, 100, 110, 120, 130])
  /// The same on its side: two columns of four rows.
  private static let tall = Picture(
    width: 2, height: 4, channels: 1, bytes: [0, 100, 10, 110, 20, 120, 30, 130])

  private func bytes(_ picture: Picture) -> [Int] { picture.samples.map { Int($0) / 257 } }

  @Test func cropTakesTheMiddle() throws {
    let wide = try Self.wide.resized(height: 2, width: 2, fit: .crop)
    #expect(bytes(wide) == [10, 20, 110, 120])
    #expect(wide.notes == ["cropped to 2×2"])
    let tall = try Self.tall.resized(height: 2, width: 2, fit: .crop)
    #expect(bytes(tall) == [10, 110, 20, 120])
  }

  @Test func letterboxKeepsAllOfItBetweenBlack() throws {
    let wide = try Self.wide.resized(height: 4, width: 4, fit: .letterbox)
    let black = [0, 0, 0, 0]
    #expect(bytes(wide) == black + bytes(Self.wide) + black)
    #expect(wide.notes == ["letterboxed to 4×4"])
    let tall = try Self.tall.resized(height: 4, width: 4, fit: .letterbox)
    #expect(
      bytes(tall) == [0, 0, 100, 0, 0, 10, 110, 0, 0, 20, 120, 0, 0, 30, 130, 0])
  }

  @Test func stretchFillsTheSizeWithAllOfIt() throws {
    let pixels = (0..<16).flatMap { [UInt8]($0 < 8 ? [0, 0] : [255, 255]) }
    let picture = Picture(width: 4, height: 8, channels: 1, bytes: pixels)
    let square = try picture.resized(height: 4, width: 4, fit: .stretch)
    #expect(square.notes == ["4×8 → 4×4"])
    // Black above, white below, nothing beside: the border between them stays in the middle.
    let rows = stride(from: 0, to: 16, by: 4).map { Array(bytes(square)[$0..<$0 + 4]) }
    #expect(rows.allSatisfy { Set($0).count == 1 })
    #expect(rows[0][0] < 30 && rows[3][0] > 225 && rows[1][0] < rows[2][0])
  }

  /// Proportions that agree leave nothing to cut or to fill: every way is the same.
  @Test func alikeProportionsAreOnlyResized() throws {
    let bytes = (0..<3 * 6 * 4).map { UInt8($0 * 3) }
    let picture = Picture(width: 6, height: 4, channels: 3, bytes: bytes)
    let stretched = try picture.resized(height: 2, width: 3, fit: .stretch)
    for fit in PictureFit.allCases {
      let other = try picture.resized(height: 2, width: 3, fit: fit)
      #expect(other.samples == stretched.samples && other.notes == stretched.notes, "\(fit)")
    }
  }

  /// Of a white picture of any size: the size asked for, black only where letterboxed, and then as little
  /// of it as the proportions allow.
  @Test func everySizeIsFilled() throws {
    var random = SplitMix(5)
    for _ in 0..<200 {
      let (width, height) = (1 + random.below(40), 1 + random.below(40))
      let (w, h) = (1 + random.below(40), 1 + random.below(40))
      let white = Picture(
        width: width, height: height, channels: 3,
        bytes: [UInt8](repeating: 255, count: 3 * width * height))
      for fit in PictureFit.allCases {
        let fitted = try white.resized(height: h, width: w, fit: fit)
        #expect((fitted.width, fitted.height, fitted.channels) == (w, h, 3))
        #expect(fitted.samples.count == 3 * w * h)
        let lit = fitted.samples.count { $0 == .max } / 3
        guard fit == .letterbox else {
          #expect(lit == w * h, "\(fit) \(width)×\(height) in \(w)×\(h)")
          continue
        }
        #expect(fitted.samples.allSatisfy { $0 == 0 || $0 == .max })
        // One side is filled, the other as the proportions say.
        let isWide = width * h > w * height
        let rows = isWide ? max(1, Double(height * w) / Double(width)) : Double(h)
        let columns = isWide ? Double(w) : max(1, Double(width * h) / Double(height))
        #expect(abs(Double(lit) - rows * columns) <= Double(max(w, h)) / 2 + 0.5)
      }
    }
  }
}
