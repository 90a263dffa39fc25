import NeuralNet
import TensorCore

/// The shapes and multiply-adds of a network whose inputs may leave sizes open, worked out by the
/// operators' shape rules. The rules need sizes, so each is worked out for several choices of the open
/// ones; what differs is open too, and has the name of an input's size where it is always equal to it.
struct OpenShapes {
  /// A size: a number, or open, with the model's name for it where it has one.
  enum Size: Equatable {
    case fixed(Int)
    case open(String?)
  }

  /// For one sample, open sizes beside the first taken as some number.
  let signature: Network.Signature
  /// Whether a size other than the first of an input is open, so that costs depend on it.
  let hasOpenSizes: Bool
  /// For one sample and other open sizes; for two samples.
  private let others: Network.Signature
  private let more: Network.Signature
  private let names: [[Int]: String]
  /// What each node makes first.
  private let results: [String?]

  /// - Parameter given: whole shapes of inputs, which must fit them
  init(_ network: Network, given: [String: Shape] = [:]) {
    let inputs = network.graph.inputs.filter { given[$0.name] == nil }
    results = network.graph.nodes.map(\.result)
    var first: [String] = []
    for case (nil, let name?) in inputs.compactMap({ Array(zip($0.dims, $0.dimNames)).first })
    where !first.contains(name) { first.append(name) }
    var own: [String] = []
    for input in inputs {
      for (size, name) in zip(input.dims, input.dimNames) where size == nil {
        if let name, !first.contains(name), !own.contains(name) { own.append(name) }
      }
    }
    hasOpenSizes = inputs.contains { input in
      !input.hasShape
        || zip(input.dims, input.dimNames).enumerated().contains { place, size in
          size.0 == nil && place > 0 && !(size.1.map(first.contains) ?? false)
        }
    }
    func choice(samples: Int, base: Int, apart: Int) -> [String: Shape] {
      var shapes = given
      for input in inputs where input.hasShape {
        let dims = zip(input.dims, input.dimNames).enumerated().map { place, size in
          if let fixed = size.0 { return fixed }
          if place == 0 || (size.1.map(first.contains) ?? false) { return samples }
          let number = size.1.flatMap { own.firstIndex(of: $0) }.map { $0 + 1 } ?? 0
          return base + number * apart
        }
        shapes[input.name] = try? Shape(checking: dims, in: input.name)
      }
      return shapes
    }
    func described(_ samples: Int, _ base: Int, _ bases: Bases) -> Network.Signature {
      network.signature(inputs: choice(samples: samples, base: base, apart: bases.apart))
    }
    var bases = Bases.usual
    var best = described(1, bases.one, bases)
    for next in own.isEmpty ? [Bases.small] : [.equal, .small, .smallAndEqual] {
      guard !best.errors.isEmpty else { break }
      let found = described(1, next.one, next)
      if found.errors.count < best.errors.count { (best, bases) = (found, next) }
    }
    signature = best
    // Without sizes of others than the samples a second choice of them changes nothing.
    others = hasOpenSizes ? described(1, bases.other, bases) : best
    more =
      inputs.isEmpty || inputs.allSatisfy { !$0.dims.contains(nil) && $0.hasShape }
      ? best : described(2, bases.one, bases)
    var names: [[Int]: String] = [:]
    names[[1, 1, 2]] = first.first
    for (index, name) in own.enumerated() {
      let sizes = [bases.one, bases.other, bases.one].map { $0 + (index + 1) * bases.apart }
      names[sizes] = names[sizes] ?? name
    }
    self.names = names
  }

  /// Two choices of open sizes, and how far those with names of their own are apart.
  private struct Bases {
    let (one, other, apart): (Int, Int, Int)

    /// Large, and halved often without a rest: what kernels and pools take.
    static let usual = Bases(one: 96, other: 128, apart: 64)
    /// Some networks want two open sizes equal.
    static let equal = Bases(one: 96, other: 128, apart: 0)
    /// What a table of places has room for.
    static let small = Bases(one: 16, other: 24, apart: 4)
    static let smallAndEqual = Bases(one: 16, other: 24, apart: 0)
  }

  /// A value's sizes; nil where not even their number is known.
  func sizes(_ value: String) -> [Size]? {
    guard let place = signature.values.place(of: value),
      let a = signature.values[place]?.shape.dims, let b = others.values[place]?.shape.dims,
      let c = more.values[place]?.shape.dims, a.count == b.count, b.count == c.count
    else { return nil }
    return a.indices.map { axis in
      a[axis] == b[axis] && b[axis] == c[axis]
        ? .fixed(a[axis]) : .open(names[[a[axis], b[axis], c[axis]]])
    }
  }

  /// An input's sizes as the model says them; `given` ones are fixed.
  static func sizes(of input: Graph.Input, given: Shape?) -> [Size]? {
    if let given { return given.dims.map { .fixed($0) } }
    if !input.hasShape { return nil }
    return zip(input.dims, input.dimNames).map { size, name in
      size.map { .fixed($0) } ?? .open(name)
    }
  }

  /// A node's multiply-adds for one sample; nil where they depend on sizes left open, 0 where its shapes
  /// cannot be told for another reason.
  func multiplyAdds(ofNode index: Int) -> Int? {
    let (one, other) = (signature.multiplyAdds[index], others.multiplyAdds[index])
    let isKnown = results[index].map { signature.values[$0] != nil } ?? true
    return one == other && (isKnown || !hasOpenSizes) ? one : nil
  }
}

extension OpenShapes.Size {
  /// The number; nil for an open size.
  var number: Int? { if case .fixed(let size) = self { size } else { nil } }

  /// The number or the name, `?` for an open size without.
  var text: String {
    switch self {
    case .fixed(let size): "\(size)"
    case .open(let name): name ?? "?"
    }
  }
}
