import Masks
import TensorCore
import TestSupport
import Testing

/// Which axes share a unit follows from their names: Tests/Golden/make_noise_shapes.py.
struct NoiseShapeTests {
  private struct Case: CustomStringConvertible {
    let description: String
    let layout: Layout
    let kind: any DropoutKind
    let rate: Rate
    /// Nil where the kind cannot act.
    let noiseShape: Shape?
    let kept: [Bool]
    let output: [Float]

    init(_ line: String) throws {
      let parts = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
      description = (parts[0] + parts[1]).joined(separator: " ")
      func shape(_ text: String) -> Shape { Shape(text.split(separator: ",").map { Int($0)! }) }
      layout = Layout(shape(parts[0][1]), try Axis.list(parsing: parts[0][0]))
      let block = BlockSize(h: min(3, layout.h), w: min(3, layout.w))
      kind = try KindRegistry.make(parts[1][0], KindSettings(block: block))
      rate = try Rate(parsing: parts[1][1])
      noiseShape = parts[2][0] == "refused" ? nil : shape(parts[2][0])
      kept = Golden.decisions(Substring(parts[3][0]))
      output = Golden.floats(Substring(parts[4].joined(separator: " ")))
    }
  }

  private func cases() throws -> [Case] {
    try Golden.lines("noise_shapes.txt").map(Case.init)
  }

  private let stream = RandomStream(
    seed: 11, site: RandomStream.site(named: "noise shapes"), sample: 5)

  @Test func everyKindOnEveryLayout() throws {
    let cases = try cases()
    for name in KindRegistry.names {
      #expect(cases.count { $0.kind.name == name } == 12, "\(name)")
    }
    for golden in cases {
      let dropout = Dropout(golden.kind, rate: golden.rate)
      guard let noiseShape = golden.noiseShape else {
        let error = #expect(throws: TensorError.self) {
          try dropout.mask(layout: golden.layout, stream: stream)
        }
        let (axes, shape) = (golden.layout.axes.text, golden.layout.shape)
        let isOfSequences = ["locked", "token"].contains(golden.kind.name)
        let expected =
          isOfSequences
          ? "an axis of times or tokens, [N,T,F]"
          : "axes of rows and columns, [N,C,H,W] or [N,H,W,C]"
        #expect(
          error?.description
            == "\(golden.kind.name): expected \(expected), found \(axes) of \(shape)")
        continue
      }
      #expect(try golden.kind.units(of: golden.layout).shape == noiseShape, "\(golden)")
      let mask = try dropout.mask(layout: golden.layout, stream: stream)
      #expect(mask.kept.shape == golden.layout.shape)
      #expect(mask.kept.elements == golden.kept, "\(golden)")
      guard !golden.output.isEmpty else { continue }
      if let noise = mask.noise {
        let far = zip(noise.elements, golden.output).count { abs($0 - $1) > $1.ulp }
        #expect(far == 0, "\(golden)")
        continue
      }
      let input = RandomStream(seed: 3, site: RandomStream.site(named: "noise shapes input"))
      let x = Tensor(golden.layout.shape) { x in
        input.fillUniforms(x)
        for i in x.indices { x[i] = 2 * x[i] - 1 }
      }
      let expected = Tensor(golden.layout.shape, golden.output)
      expectSame(dropout.apply(x, mask: mask), expected, "\(golden)")
      for threads in [1, 3] {
        let (y, drawn) = try dropout.drop(
          x, layout: golden.layout, stream: stream, threads: threads)
        expectSame(y, expected, "\(golden)")
        expectSame(drawn, mask, "\(golden)")
      }
    }
  }

  /// A sample's mask is the same wherever its axis lies and whatever the batch, for every kind.
  @Test(arguments: kindsByRate)
  func samplesAnywhere(name: String) throws {
    for axes in ["N,C,H,W", "C,N,H,W", "H,W,C,N", "H,N,W,C"] {
      let names = try Axis.list(parsing: axes)
      let sizes = ["N": 3, "C": 2, "H": 5, "W": 6]
      let dims = names.map { sizes[$0.description]! }
      let layout = Layout(Shape(dims), names)
      let batch = try kind(name, for: layout)
      // One mask for the batch has no samples to tell apart.
      if try batch.units(of: layout).n != 3 { continue }
      let mask = try Dropout(batch, rate: rate(0.4)).mask(layout: layout, stream: stream)
      let at = try #require(layout.sampleAxis)
      var one = dims
      one[at] = 1
      let alone = Layout(Shape(one), names)
      for n in 0..<3 {
        let own = try Dropout(batch, rate: rate(0.4))
          .mask(layout: alone, stream: stream.ofSample(n))
        #expect(own.dropped == mask.dropped(n: n))
        for c in 0..<2 {
          for y in 0..<5 {
            for x in 0..<6 {
              #expect(mask.isKept(n: n, c: c, y: y, x: x) == own.isKept(c: c, y: y, x: x))
            }
          }
        }
      }
    }
  }

  /// Axes in another order, with their names: the same mask in that order, as long as the units of a
  /// sample come in the same order; and always the same names that share.
  @Test(arguments: kindsOnActivations)
  func permutedAxes(name: String) throws {
    let layout = Layout(n: 2, c: 3, h: 4, w: 5)
    let kind = try kind(name, for: layout)
    let dropout = Dropout(kind, rate: rate(0.4))
    let x = activation(layout)
    let (y, mask) = try dropout.drop(x, layout: layout, stream: stream)
    let shared = try sharedNames(kind, layout)
    var compared = 0
    for order in permutations([0, 1, 2, 3]) {
      let moved = Layout(
        Shape(order.map { layout.shape[$0] }), order.map { layout.axes[$0] })
      #expect(try sharedNames(kind, moved) == shared)
      let units = try kind.units(of: layout).shape
      let own = order.filter { $0 != 0 && units[$0] > 1 }
      guard own == own.sorted() else { continue }
      compared += 1
      let (there, drawn) = try dropout.drop(
        permuted(x, order), layout: moved, stream: stream)
      expectSame(there, permuted(y, order), "\(moved.axes.text)")
      expectSame(drawn.numbers, permuted(mask.numbers, order), "\(moved.axes.text)")
      let g = activation(layout, seed: 9)
      expectSame(
        dropout.backward(permuted(g, order), mask: drawn),
        permuted(dropout.backward(g, mask: mask), order))
    }
    #expect(compared >= 4)
  }

  private func sharedNames(
    _ kind: any DropoutKind, _ layout: Layout
  ) throws -> Set<Axis.Name> {
    let units = try kind.units(of: layout)
    return Set(
      layout.axes.indices.filter { units.shape[$0] != layout.shape[$0] }
        .map { layout.axes[$0].name })
  }

  private func permutations(_ items: [Int]) -> [[Int]] {
    guard items.count > 1 else { return [items] }
    return items.flatMap { first in
      permutations(items.filter { $0 != first }).map { [first] + $0 }
    }
  }

  /// NumPy's `transpose`, element by element.
  private func permuted(_ x: Tensor, _ order: [Int]) -> Tensor {
    let shape = Shape(order.map { x.shape[$0] })
    let strides = x.shape.strides
    return Tensor(
      shape,
      (0..<x.count).map { at in
        var (rest, from) = (at, 0)
        for axis in order.indices.reversed() {
          from += rest % shape[axis] * strides[order[axis]]
          rest /= shape[axis]
        }
        return x[from]
      })
  }

  /// Axes that nobody named share nothing; heads and directions are features of their own.
  @Test func otherAxes() throws {
    func units(_ axes: String, _ dims: [Int]) throws -> Shape {
      SpatialDropout().units(of: Layout(Shape(dims), try Axis.list(parsing: axes))).shape
    }
    #expect(try units("N,?,?", [2, 3, 4]) == [2, 3, 4])
    #expect(try units("N,A,S,F", [2, 3, 4, 5]) == [2, 3, 1, 5])
    #expect(try units("T,R,N,F", [2, 3, 4, 5]) == [1, 3, 4, 5])
    #expect(try units("T,F", [2, 3]) == [1, 3])
    #expect(try units("C,T", [2, 3]) == [2, 1])
    #expect(try units("N,T", [2, 3]) == [2, 1])
  }
}
