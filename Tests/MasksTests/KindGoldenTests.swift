import Masks
import TensorCore
import Testing
import TestSupport

/// Values from PyTorch, torchvision, timm and Keras: Tests/Golden/make_kinds_*.py.
struct KindGoldenTests {
  private struct Case {
    var words: [String]
    var layout: Layout
    var x: Tensor
    var given: Tensor?
    var kept: [Bool]
    var y: [Float]

    init(_ line: String, sizesFrom first: Int, given of: (Layout) -> Layout = { $0 }) {
      let parts = line.split(separator: "|")
      words = parts[0].split(separator: " ").map(String.init)
      layout = Golden.layout(words[first...])
      x = Tensor(layout.shape, Golden.floats(parts[1]))
      let numbers = Golden.floats(parts[2])
      given = numbers.isEmpty ? nil : Tensor(of(layout).shape, numbers)
      kept = Golden.decisions(parts[3])
      y = Golden.floats(parts[4])
    }

    var mask: Mask { Mask(layout: layout, kept: NDArray(layout.shape, kept)) }
  }

  /// Each value to a few units in the last place of the larger terms it is made of.
  private func expectNear(_ y: Tensor, _ expected: [Float], _ comment: String) {
    let wrong = zip(y.elements, expected).filter { abs($0 - $1) > 2e-6 * max(1, abs($1)) }
    #expect(wrong.isEmpty, "\(comment): \(wrong.prefix(3))")
  }

  @Test func torchLayers() throws {
    let lines = try Golden.lines("kinds_torch.txt").filter { $0.hasPrefix("torch ") }
    #expect(lines.count == 16)
    for line in lines {
      let golden = Case(line, sizesFrom: 4)
      let p = rate(try #require(Double(golden.words[2])))
      let kind = try kind(golden.words[1])
      // The library's own mask, which must be one that our units can make.
      let units = try #require(kind as? any UnitwiseDropout).units(of: golden.layout)
      if units.area == 1 {
        for n in 0..<units.n {
          for c in 0..<units.c {
            #expect([0, golden.layout.area].contains(golden.mask.dropped(n: n, c: c)))
          }
        }
      }
      expectNear(
        Dropout(kind, rate: p).apply(golden.x, mask: golden.mask), golden.y,
        golden.words.joined(separator: " "))
    }
  }

  /// The same field: mask and result, for both rules of block and for path.
  @Test func torchvisionAndTimm() throws {
    let lines = try Golden.lines("kinds_torch.txt").filter { !$0.hasPrefix("torch ") }
    #expect(lines.count == 28)
    for line in lines {
      let isPath = line.contains(" path ")
      let golden = Case(line, sizesFrom: 4) {
        isPath ? Layout(n: $0.n, c: 1, h: 1, w: 1) : $0
      }
      let comment = golden.words[..<4].joined(separator: " ")
      let p = rate(try #require(Double(golden.words[2])))
      let rule: BlockRule = golden.words[1] == "block-timm" ? .timm : .paper
      let size = BlockSize(max(1, try #require(Int(golden.words[3]))))
      let kind: any DropoutKind = isPath ? PathDropout() : BlockDropout(size, rule: rule)
      let field = Field(
        units: try kind.units(of: golden.layout), u: try #require(golden.given))
      let mask = try kind.mask(field, rate: p, layout: golden.layout)
      expectSame(mask, golden.mask, comment)
      expectNear(Dropout(kind, rate: p).apply(golden.x, mask: mask), golden.y, comment)
    }
  }

  @Test func kerasLayers() throws {
    let lines = try Golden.lines("kinds_keras.txt")
    #expect(lines.count == 18)
    for line in lines {
      let golden = Case(line, sizesFrom: 2)
      let comment = golden.words[..<2].joined(separator: " ")
      let kind = try kind(golden.words[0])
      let mask = Mask(layout: golden.layout, kept: golden.mask.kept, noise: golden.given)
      // Keras's mask must be one that our units can make: the first cell of each unit tells.
      let units = try kind.units(of: golden.layout)
      let first = Tensor(units.shape) { u in
        for n in 0..<units.n {
          for c in 0..<units.c {
            for y in 0..<units.h {
              for x in 0..<units.w {
                u[units.offset(n: n, c: c, y: y, x: x)] =
                  mask.isKept(n: n, c: c, y: y, x: x) ? 0.999 : 0
              }
            }
          }
        }
      }
      let p = rate(try #require(Double(golden.words[1])))
      if kind.name != "gaussian" {
        let ours = try kind.mask(Field(units: units, u: first), rate: p, layout: golden.layout)
        expectSame(ours, mask, comment)
      }
      expectNear(Dropout(kind, rate: p).apply(golden.x, mask: mask), golden.y, comment)
    }
  }

  @Test func normalQuantiles() throws {
    let lines = try Golden.lines("kinds_numpy.txt").filter { $0.hasPrefix("quantile") }
    #expect(lines.count == 21)
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      let p = try #require(Double(words[1]))
      let z = try #require(Double(words[2]))
      #expect(abs(Normal.quantile(p) - z) <= 1e-15 * max(1, abs(z)) * 2, "\(p)")
    }
  }
}
