import Masks
import TensorCore
import Testing
import TestSupport

/// Values from Tests/Golden/make_masks.py: the libraries' formula, worked out by NumPy in float64.
struct GoldenTests {
  @Test func activationsUnderGivenMasks() throws {
    let cases = try Golden.lines("masks.txt")
    #expect(cases.count == 36)
    for line in cases {
      let parts = line.split(separator: "|")
      let head = parts[0].split(separator: " ").map(String.init)
      let p = try Rate(try #require(Double(head[0])))
      let scaling = try #require(Scaling(rawValue: head[1]))
      let mode = try #require(Mode(rawValue: head[2]))
      let sizes = head[3...].compactMap { Int($0) }
      let layout = Layout(n: sizes[0], c: sizes[1], h: sizes[2], w: sizes[3])
      let x = Tensor(layout.shape, Golden.floats(parts[1]))
      let expected = Golden.floats(parts[3])
      let kept = parts[2].filter { $0 != " " }.map { $0 == "1" }
      let mask = Mask(layout: layout, kept: NDArray(layout.shape, kept))
      for kind in [ElementDropout(), ManualDropout(mask)] as [any DropoutKind] {
        let y = Dropout(kind, rate: p, scaling: scaling).apply(x, mask: mask, mode: mode)
        // One factor and one product, each rounded once: two units in the last place.
        for i in 0..<x.count {
          let same =
            expected[i].isNaN
            ? y[i].isNaN
            : y[i] == expected[i] || abs(y[i] - expected[i]) <= 2 * expected[i].ulp
          #expect(same, "\(head.joined(separator: " ")) [\(i)]: \(y[i]), not \(expected[i])")
          if mode == .train, !kept[i] { #expect(y[i].bitPattern == 0) }
        }
      }
    }
  }
}
