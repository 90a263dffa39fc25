import Masks
import TensorCore
import Testing

/// Blocks as they lie on a map, their settings, and their scale.
struct BlockTests {
  /// The mask of one map whose only seed is (y, x), as lines of `.` kept and `#` dropped.
  private func picture(
    _ size: BlockSize, _ rule: BlockRule, h: Int, w: Int, seed: (Int, Int)
  ) throws -> [String] {
    let layout = Layout(n: 1, c: 1, h: h, w: w)
    var u = Tensor(layout.shape, repeating: 1 - 0x1p-24)
    u[seed.0 * w + seed.1] = 0
    let mask = try BlockDropout(size, rule: rule)
      .mask(Field(units: layout, u: u), rate: rate(0.3), layout: layout)
    return (0..<h).map { y in
      String((0..<w).map { mask.isKept(c: 0, y: y, x: $0) ? "." : "#" })
    }
  }

  /// Odd blocks lie around their seed, even ones have one cell more before it.
  @Test func around() throws {
    for rule in BlockRule.allCases {
      #expect(
        try picture(BlockSize(3), rule, h: 4, w: 5, seed: (1, 2)) == [
          ".###.", ".###.", ".###.", ".....",
        ])
      #expect(
        try picture(BlockSize(h: 2, w: 4), rule, h: 4, w: 6, seed: (1, 3)) == [
          ".####.", ".####.", "......", "......",
        ])
    }
  }

  /// At the border: the paper's rule has no seed whose block would not fit, timm's cuts it off.
  @Test func atTheBorder() throws {
    for rule in [BlockRule.paper, .exact] {
      #expect(
        try picture(BlockSize(3), rule, h: 3, w: 4, seed: (0, 0)) == ["....", "....", "...."])
      #expect(
        try picture(BlockSize(2), rule, h: 3, w: 4, seed: (2, 3)) == ["....", "..##", "..##"])
      #expect(
        try picture(BlockSize(2), rule, h: 3, w: 4, seed: (0, 2)) == ["....", "....", "...."])
    }
    #expect(
      try picture(BlockSize(3), .timm, h: 3, w: 4, seed: (0, 0)) == ["##..", "##..", "...."])
    #expect(
      try picture(BlockSize(2), .timm, h: 3, w: 4, seed: (0, 2)) == [".##.", "....", "...."])
  }

  /// A block of 1×1 is element dropout, whatever the rule.
  @Test func ofOneCell() throws {
    let layout = Layout(n: 2, c: 3, h: 5, w: 7)
    for rule in BlockRule.allCases {
      for p in rates {
        let stream = RandomStream(seed: 9)
        let blocks = try Dropout(BlockDropout(BlockSize(1), rule: rule), rate: rate(p))
          .mask(layout: layout, stream: stream)
        let elements = try Dropout(ElementDropout(), rate: rate(p))
          .mask(layout: layout, stream: stream)
        expectSame(blocks, elements, "\(rule) at \(p)")
      }
    }
  }

  /// Moving the rate never moves a block, in any rule; no kind realises more than 1.
  @Test(arguments: BlockRule.allCases)
  func nested(rule: BlockRule) throws {
    let layout = Layout(n: 2, c: 3, h: 9, w: 8)
    for size in [BlockSize(1), BlockSize(2), BlockSize(3), BlockSize(h: 3, w: 5), BlockSize(8)] {
      for seed in 0..<100 as Range<UInt64> {
        let field = Field(units: layout, stream: RandomStream(seed: seed))
        var before = Mask(layout: layout)
        for p in rates {
          let mask = try BlockDropout(size, rule: rule).mask(field, rate: rate(p), layout: layout)
          #expect(!revives(before, mask))
          if p == 0 { #expect(mask.dropped == 0) }
          if p == 1, rule == .exact { #expect(mask.dropped == layout.count) }
          before = mask
        }
      }
    }
  }

  /// Kept values × cells/kept, counted in each sample by itself.
  @Test func scalePerSample() throws {
    let layout = Layout(n: 5, c: 2, h: 6, w: 6)
    let x = activation(layout)
    let dropout = Dropout(BlockDropout(BlockSize(3)), rate: rate(0.6))
    let (y, mask) = try dropout.drop(x, stream: RandomStream(seed: 1))
    var scales: Set<Float> = []
    for n in 0..<5 {
      let dropped = mask.dropped(n: n)
      let scale = dropped == 72 ? 1 : Float(72.0 / Double(72 - dropped))
      scales.insert(scale)
      for i in n * 72..<(n + 1) * 72 { #expect(y[i] == (mask.kept[i] ? x[i] * scale : 0)) }
    }
    #expect(scales.count > 2)
    let gone = dropout.apply(x, mask: Mask(layout: layout, allKept: false))
    expectSame(gone, Tensor(x.shape, repeating: 0))
  }

  @Test func largerThanTheMap() throws {
    let x = Tensor([1, 2, 4, 9], repeating: 1)
    for size in [BlockSize(5), BlockSize(h: 1, w: 10), BlockSize(Int.max)] {
      for p in [0, 0.5, 1] {
        let dropout = Dropout(BlockDropout(size), rate: rate(p))
        let error = #expect(throws: TensorError.self) {
          try dropout.drop(x, stream: RandomStream(seed: 1))
        }
        #expect(
          error?.description
            == "block: expected at most 4×9, the size of a map of [1,2,4,9], found \(size)")
      }
    }
    #expect(
      BlockDropout(BlockSize(5)).settings(rate: rate(0.5), layout: Layout(n: 1, c: 1, h: 4, w: 4))
        == "block 5×5 exact")
  }

  @Test func parsing() throws {
    #expect(try BlockSize(parsing: "5") == BlockSize(5))
    #expect(try BlockSize(parsing: "3x5") == BlockSize(h: 3, w: 5))
    #expect(try BlockSize(parsing: "12×1") == BlockSize(h: 12, w: 1))
    #expect(BlockSize(h: 3, w: 5).description == "3×5")
    for text in [
      "", "0", "x", "3x", "x3", "3x0", "-1", "+3", "1x2x3", "3.5", "٣", "9999999999999999999",
    ] {
      let error = #expect(throws: TensorError.self) { try BlockSize(parsing: text) }
      let found = text.isEmpty ? "nothing" : text
      #expect(
        error?.description
          == "block: expected a size like 5 or 3x5 (rows x columns), 1 or more, found \(found)")
    }
    #expect(try BlockRule(parsing: "timm") == .timm)
    #expect(try WeightMode(parsing: "per-sample") == .perSample)
    let error = #expect(throws: TensorError.self) { try BlockRule(parsing: "torch") }
    #expect(error?.description == "block rule: expected paper, timm, exact, found torch")
    let other = #expect(throws: TensorError.self) { try WeightMode(parsing: "") }
    #expect(other?.description == "weight mode: expected per-batch, per-sample, found nothing")
  }
}
