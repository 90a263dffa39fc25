import TensorCore
import Testing

/// Whatever the order of the axes, a layout finds the maps.
struct LayoutTests {
  /// Axes, sizes, and how they are looked at: n, c, h, w and whether maps lie one after another.
  @Test(arguments: [
    ("N,C,H,W", [2, 3, 4, 5], [2, 3, 4, 5], true), ("N,H,W,C", [2, 4, 5, 3], [2, 3, 4, 5], false),
    ("N,T,F", [2, 4, 5], [2, 1, 4, 5], true), ("T,N,F", [4, 2, 5], [2, 1, 4, 5], false),
    ("N,C,W", [2, 3, 5], [2, 3, 1, 5], true), ("N,C,T", [2, 3, 5], [2, 3, 1, 5], true),
    ("N,T,C", [2, 5, 3], [2, 3, 1, 5], false), ("N,F", [2, 3], [2, 3, 1, 1], true),
    ("N,C,D,H,W", [2, 3, 4, 5, 6], [2, 12, 5, 6], true),
    ("N,D,H,W,C", [2, 4, 5, 6, 3], [2, 12, 5, 6], false),
    ("C,H,W", [3, 4, 5], [1, 3, 4, 5], true), ("F", [3], [1, 3, 1, 1], true),
    ("N", [3], [3, 1, 1, 1], true), ("H,W,C,N", [4, 5, 3, 2], [2, 3, 4, 5], false),
    ("N,H,W,C", [2, 4, 5, 1], [2, 1, 4, 5], true), ("C,N,H,W", [3, 1, 4, 5], [1, 3, 4, 5], true),
  ])
  func view(axes: String, dims: [Int], sizes: [Int], isPlanar: Bool) throws {
    let layout = Layout(Shape(dims), try Axis.list(parsing: axes))
    #expect([layout.n, layout.c, layout.h, layout.w] == sizes)
    #expect(layout.isPlanar == isPlanar)
    #expect(layout.planar == Layout(n: sizes[0], c: sizes[1], h: sizes[2], w: sizes[3]))

    // Every element is found once; in a planar layout in the order of memory.
    let x = Tensor(layout.shape, (0..<layout.count).map(Float.init))
    let planar = layout.planar(x)
    #expect(planar.shape == layout.planar.shape)
    #expect(Set(planar.elements).count == layout.count)
    if isPlanar { #expect(planar.elements == x.elements) }
    #expect(layout.fromPlanar(planar) == x)
    for n in 0..<layout.n {
      for c in 0..<layout.c {
        let (y, z) = (layout.h - 1, layout.w - 1)
        let there = layout.planar.offset(n: n, c: c, y: y, x: z)
        #expect(planar[there] == Float(layout.offset(n: n, c: c, y: y, x: z)))
      }
    }

    // The runs of all samples are all elements, and of one sample those its maps have.
    let runs = layout.sampleRuns
    #expect(runs.count * runs.length * layout.n == layout.count)
    for n in 0..<layout.n {
      let own = (0..<runs.count).flatMap { run in
        let start = (run * layout.n + n) * runs.length
        return x.elements[start..<start + runs.length]
      }
      let maps = planar.elements[n * layout.sampleCount..<(n + 1) * layout.sampleCount]
      #expect(Set(own) == Set(maps))
    }
  }

  @Test func empty() {
    for dims in [[0, 3, 4, 5], [2, 0, 4, 5], [2, 3, 0, 5]] {
      let layout = Layout(n: dims[0], c: dims[1], h: dims[2], w: dims[3])
      let runs = layout.sampleRuns
      #expect(runs.count * runs.length * layout.n == 0)
      let moved = Layout(
        Shape([dims[1], dims[2], dims[0], dims[3]]),
        [Axis(.channel), Axis(.row), Axis(.sample), Axis(.column)])
      #expect(moved.planar(Tensor(moved.shape, [])).count == 0)
      #expect(moved.fromPlanar(Tensor(moved.planar.shape, [])).shape == moved.shape)
    }
  }

  @Test func shapesWithoutNames() throws {
    #expect(try Layout.channelsFirst([2, 3]).axes.text == "[N,C]")
    #expect(try Layout.channelsFirst([2, 3, 4]).axes.text == "[N,C,W]")
    #expect(try Layout.channelsFirst([2, 3, 4, 5, 6]).axes.text == "[N,C,D,H,W]")
    let error = #expect(throws: TensorError.self) { try Layout.channelsFirst([10]) }
    #expect(
      error?.description
        == "layer: expected an activation of shape [N,C,H,W], [N,C,L] or [N,F], found [10]")
  }
}
