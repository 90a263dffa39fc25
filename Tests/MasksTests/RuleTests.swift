import Masks
import TensorCore
import Testing
import TestSupport

/// Other libraries' rules, on the same field.
struct RuleTests {
  static let map = Layout(n: 2, c: 2, h: 26, w: 26)
  static let cases = RuleRegistry.all.flatMap { rule in rule.kinds.map { (rule.name, $0) } }

  private func kind(_ name: String, _ layout: Layout = map) throws -> any DropoutKind {
    try KindRegistry.make(
      name, KindSettings(block: BlockSize(min(7, layout.h)), blockRule: .paper))
  }

  private func ask(
    _ rule: any FrameworkRule, _ name: String, p: Double, x: Tensor? = nil, mode: Mode = .train
  ) throws -> RuleResult {
    try rule.apply(
      RuleRequest(
        to: rule, x: x ?? activation(RuleTests.map), layout: RuleTests.map, kind: try kind(name),
        stream: RandomStream(seed: 5), rate: p, mode: mode))
  }

  @Test func registry() throws {
    #expect(
      RuleRegistry.names == [
        "torch", "keras", "torchvision", "timm", "convnetjs", "spreadsheet", "paper",
      ])
    for rule in RuleRegistry.all {
      #expect(!rule.kinds.isEmpty && !rule.source.isEmpty)
      #expect(Set(rule.kinds).isSubset(of: Set(KindRegistry.names)))
    }
    let error = #expect(throws: TensorError.self) { try RuleRegistry.make("jax") }
    let names = RuleRegistry.names.joined(separator: ", ")
    #expect(error?.description == "rule: expected \(names), found jax")
    let missing = #expect(throws: TensorError.self) {
      try ask(SpreadsheetRule(), "path", p: 0.5)
    }
    #expect(missing?.description == "spreadsheet: expected element, found path")
  }

  /// What is said of p = 0, 1 and 1.5 is what the rule's own arithmetic does.
  @Test(arguments: cases)
  func edges(name: String, kind: String) throws {
    let rule = try RuleRegistry.make(name)
    let edges = rule.edges(kind: kind)
    #expect(edges.map(\.p) == [0, 1, 1.5])
    for edge in edges {
      func observed(_ value: Float) throws -> RuleVerdict {
        let x = Tensor(RuleTests.map.shape, repeating: value)
        guard let result = try? ask(rule, kind, p: edge.p, x: x) else { return .error }
        if result.output.elements.contains(where: \.isNaN) { return .nan }
        if edge.p > 1 { return .silentlyWrong }
        if edge.p == 0 { return result.output == x ? .identity : .silentlyWrong }
        return result.output.elements.allSatisfy { $0 == 0 } ? .zero : .silentlyWrong
      }
      let comment: Comment = "\(name) \(kind) at \(edge.p)"
      #expect(try observed(1) == edge.train, comment)
      #expect(try observed(.infinity) == edge.infinite, comment)

      let ones = Tensor(RuleTests.map.shape, repeating: 1)
      let evaluated = try? ask(rule, kind, p: edge.p, x: ones, mode: .eval).output[0]
      switch edge.eval {
      case .error: #expect(evaluated == nil, comment)
      case .identity: #expect(evaluated == 1, comment)
      case .zero: #expect(evaluated == 0, comment)
      default: #expect(try abs(Double(#require(evaluated)) - (1 - edge.p)) > 0.01, comment)
      }
      #expect(!edge.what.isEmpty)
    }
    #expect(!rule.evaluation(kind: kind).isEmpty)
  }

  /// Where a library's rule is ours, nothing differs but the last place; where it is not, it shows.
  @Test(arguments: cases)
  func differences(name: String, kind: String) throws {
    for p in [0.1, 0.5, 0.9] { try expectDifferences(name, kind, p: p) }
  }

  private func expectDifferences(_ name: String, _ kind: String, p: Double) throws {
    let rule = try RuleRegistry.make(name)
    let comparison = try RuleComparison(
      rule, x: activation(RuleTests.map), layout: RuleTests.map, kind: try self.kind(kind),
      stream: RandomStream(seed: 5), rate: p)
    let ours = try #require(comparison.ours)
    #expect(ours.unequalNonFinite == 0)
    let unscaled = ["convnetjs", "spreadsheet"].contains(name)
    let waits = name == "paper" && ["element", "spatial", "path"].contains(kind)
    let (largest, same) = (ours.largestDifference, ours.otherDecisions == 0)
    switch (name, kind) {
    case ("timm", "block"):
      // One mask for all channels, and cut off at the border.
      #expect(!same && comparison.theirs.maskShape.shape == [2, 1, 26, 26])
      // One scale for the batch, counted over that mask.
      let alive = Double(comparison.theirs.mask.layout.count - comparison.theirs.mask.dropped)
      let scale = Double(comparison.theirs.mask.layout.count) / alive
      #expect(comparison.theirs.scale.map { abs(Double($0) - scale) < 1e-5 } == [true])
      let output = zip(comparison.theirs.output.elements, activation(RuleTests.map).elements)
      let kept = comparison.theirs.mask.kept.elements
      let right = zip(output, kept).allSatisfy { abs($0.0 - ($1 ? $0.1 * Float(scale) : 0)) < 1e-5 }
      #expect(right)
    case ("torchvision", "block"), ("paper", "block"):
      // One scale for the batch, ours for each sample.
      #expect(same && largest > 1e-4 && largest < 0.5)
      #expect(comparison.theirs.scale.count == 1)
    case ("paper", "cutout"):
      break
    default:
      #expect(same)
      if unscaled || waits {
        // The largest kept value times 1/(1−p) − 1.
        let expected = p / (1 - p)
        let kept =
          zip(comparison.theirs.output.elements, comparison.theirs.mask.kept.elements)
          .filter(\.1).map { Double(abs($0.0)) }.max() ?? 0
        #expect(abs(Double(largest) - kept * expected) < 1e-4)
        #expect(comparison.theirs.scale == [1])
      } else {
        #expect(largest < 1e-5, "\(largest)")
      }
    }
  }

  /// Evaluation: convnetjs multiplies by p, the papers by 1−p, everyone else leaves it.
  @Test(arguments: cases)
  func evaluation(name: String, kind: String) throws {
    let rule = try RuleRegistry.make(name)
    let x = activation(RuleTests.map)
    let y = try ask(rule, kind, p: 0.2, x: x, mode: .eval).output
    let waits = name == "paper" && ["element", "spatial", "path"].contains(kind)
    let factor: Float = name == "convnetjs" ? 0.2 : waits ? 0.8 : 1
    expectSame(y, x.map { $0 * factor })
  }

  /// The results of torchvision and timm themselves, by these rules: Tests/Golden.
  @Test func goldenBlocks() throws {
    let lines = try Golden.lines("kinds_torch.txt").filter { $0.contains(" block-") }
    for line in lines {
      let parts = line.split(separator: "|")
      let words = parts[0].split(separator: " ").map(String.init)
      let layout = Golden.layout(words[4...])
      // timm ran without coupling its channels: the first one's mask is what the rule has.
      let rule = try RuleRegistry.make(words[0])
      let size = BlockSize(try #require(Int(words[3])))
      let kind = BlockDropout(size)
      let units = try rule.drawnKind(for: kind, of: layout).units(of: layout)
      let u = Golden.floats(parts[2])
      let own = (0..<units.count).map {
        u[$0 / units.sampleCount * layout.sampleCount + $0 % units.sampleCount]
      }
      let request = try RuleRequest(
        x: Tensor(layout.shape, Golden.floats(parts[1])), layout: layout, kind: kind,
        field: Field(units: units, u: Tensor(units.shape, own)),
        rate: try #require(Double(words[2])))
      let result = try rule.apply(request)
      let kept = Golden.decisions(parts[3])
      let y = Golden.floats(parts[4])
      if words[0] == "torchvision" {
        #expect(result.mask.kept.elements == kept)
        #expect(
          zip(result.output.elements, y).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) })
      } else {
        #expect(Array(result.mask.kept.elements[..<layout.area]) == Array(kept[..<layout.area]))
      }
    }
  }

  /// Sizes that one library refuses and another shrinks.
  @Test func sizes() throws {
    let layout = Layout(n: 1, c: 1, h: 6, w: 9)
    func ask(_ rule: any FrameworkRule, _ size: BlockSize) throws -> RuleResult {
      try rule.apply(
        RuleRequest(
          to: rule, x: activation(layout), layout: layout, kind: BlockDropout(size),
          stream: RandomStream(seed: 1), rate: 0.5))
    }
    func message(_ rule: any FrameworkRule, _ size: BlockSize) -> String? {
      #expect(throws: TensorError.self) { try ask(rule, size) }?.description
    }
    #expect(
      message(TorchvisionRule(), BlockSize(4)) == "torchvision: expected an odd block size, found 4"
    )
    #expect(
      message(TorchvisionRule(), BlockSize(9)) == "torchvision: expected an odd block size, found 6"
    )
    #expect(
      message(TimmRule(), BlockSize(h: 3, w: 5)) == "timm: expected a square block, found 3×5")
    // timm's block shrinks to the map, where ours is refused: there is nothing to compare with.
    let shrunk = try RuleComparison(
      TimmRule(), x: activation(layout), layout: layout, kind: BlockDropout(BlockSize(9)),
      stream: RandomStream(seed: 1), rate: 0.5)
    #expect(shrunk.ours == nil)
    let drawn = try TimmRule().drawnKind(for: BlockDropout(BlockSize(9)), of: layout)
    #expect(drawn.settings(rate: rate(0.5), layout: layout) == "block 6×9 timm γ .5000")
    let wrongField = #expect(throws: TensorError.self) {
      try RuleRequest(
        x: activation(layout), layout: layout, kind: ElementDropout(),
        field: Field(units: RuleTests.map, stream: RandomStream(seed: 1)), rate: 0.5)
    }
    #expect(
      wrongField?.description == "rule: expected a field for [1,1,6,9], found [2,2,26,26]")
  }

  @Test func recorded() {
    #expect(Set(RecordedEdge.all.map(\.verdict)) == [.nan, .trap, .error, .silentlyWrong])
    #expect(RecordedEdge.all.allSatisfy { !$0.what.isEmpty && ($0.p == 1 || $0.p == 1.5) })
  }
}
