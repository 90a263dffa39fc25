import Masks
public import TensorCore

/// The discrete Fourier transform along an axis, of `dft_length` (input 1) or the axis's own size, of numbers
/// whose last axis has a real and maybe an imaginary part: [… ,1] or [… ,2] becomes [… ,2]. With `inverse` the
/// one back, divided by the length. With `onesided` the half of the frequencies that a real signal has, or
/// with both the real signal that such a half is of. The axis is input 2, −2 by default, before opset 20 an
/// attribute.
public struct DFT: Operator {
  public static let opType = "DFT"
  public static let schema = OperatorSchema(
    since: 17,
    attributes: [
      .int("axis", since: 17, until: 19), .flag("inverse", since: 17), .flag("onesided", since: 17),
    ],
    inputs: [
      .init([.floats, .bfloat16]), .init([17: [.int32, .int64]], optionalSince: 17),
      .init([20: .int64], optionalSince: 20),
    ])
  private let axis: Int?
  private let isInverse, isOneSided: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    axis = node.opset < 20 ? try node.int("axis", default: 1) : nil
    isInverse = try node.int("inverse", default: 0) != 0
    isOneSided = try node.int("onesided", default: 0) != 0
  }

  private struct Layout {
    var axis, length, size: Int
    /// The last axis of x and of the result.
    var parts, made: Int
    /// Numbers of the axis in the result.
    var count: Int
    /// Distance of neighbours along the axis, in rows of the last one, and how many rows there are before it.
    var inner, outer: Int
  }

  /// Whether the half of a spectrum becomes a real signal.
  private var makesSignal: Bool { isInverse && isOneSided }

  private func number(_ inputs: Inputs<ValueInfo>, _ index: Int) throws(TensorError) -> Int? {
    guard inputs.optional(index) != nil else { return nil }
    let given = try inputs.integers(index)
    guard given.count == 1 else {
      throw TensorError("DFT", expected: "one number for input \(index)", found: "\(given)")
    }
    return given[0]
  }

  private func layout(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Layout {
    let x = try inputs.tensor(0)
    guard x.rank > 1, (1...2).contains(x[x.rank - 1]) else {
      throw TensorError("DFT", expected: "a last axis of 1 or 2", found: "\(x)")
    }
    var given = axis ?? -2
    if axis == nil, let read = try number(inputs, 2) { given = read }
    let own = try x.axis(given, in: "DFT")
    guard own < x.rank - 1, !isOneSided || x[x.rank - 1] == (makesSignal ? 2 : 1) else {
      throw TensorError(
        "DFT", expected: "an axis before the last, and real numbers for half of a spectrum",
        found: "axis \(given) of \(x)")
    }
    let usual = makesSignal ? 2 * (x[own] - 1) : x[own]
    let length = try number(inputs, 1) ?? usual
    guard (1...1 << 28).contains(length) else {
      throw TensorError("DFT", expected: "a length from 1 to 2^28", found: "\(length)")
    }
    return Layout(
      axis: own, length: length, size: x[own], parts: x[x.rank - 1], made: makesSignal ? 1 : 2,
      count: isOneSided && !isInverse ? length / 2 + 1 : length,
      inner: x.dims[(own + 1)...].dropLast().reduce(1, *),
      outer: x.dims[..<own].reduce(1, *))
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let own = try layout(inputs)
    var dims = try inputs.tensor(0).dims
    (dims[own.axis], dims[dims.count - 1]) = (own.count, own.made)
    return [ValueInfo(try Shape(computed: dims, in: "DFT"))]
  }

  /// All axes stay but the one that is transformed, and the last.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    guard let own = try? layout(inputs).axis else { return .unknown(outputs) }
    let last = outputs[0].shape.rank - 1
    return AxisRule(
      outputs: [
        (0...last).map { $0 == own || $0 == last ? .unknown : .axes([.init(0, $0)]) }
      ])
  }

  /// A row along the axis as pairs, cut or filled with zeros to a length.
  private func row(
    _ x: Tensor, _ lane: Int, _ own: Layout, size: Int, parts: Int, length: Int
  ) -> [Double] {
    var pairs = [Double](repeating: 0, count: 2 * length)
    let start = (lane / own.inner * size * own.inner + lane % own.inner) * parts
    for place in 0..<min(size, length) {
      for part in 0..<parts {
        pairs[2 * place + part] = Double(x[start + place * own.inner * parts + part])
      }
    }
    return pairs
  }

  /// Puts the first numbers of pairs into a row along the axis.
  private func put(
    _ pairs: [Double], _ lane: Int, _ own: Layout, size: Int, parts: Int, into y: inout Tensor
  ) {
    let start = (lane / own.inner * size * own.inner + lane % own.inner) * parts
    for place in 0..<min(size, pairs.count / 2) {
      for part in 0..<parts {
        y[start + place * own.inner * parts + part] = Float(pairs[2 * place + part])
      }
    }
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let own = try layout(inputs.described)
    let x = try inputs.tensor(0)
    var y = Tensor(try outputs(for: inputs.described)[0].shape, repeating: 0)
    guard x.count > 0, y.count > 0 else { return [.float32(y)] }
    let (spectrum, n) = (Spectrum(own.length), own.length)
    for lane in 0..<own.outer * own.inner {
      var given = row(x, lane, own, size: own.size, parts: own.parts, length: n)
      if makesSignal { DFT.complete(&given, from: own.size, n) }
      var made = spectrum.sums(given, isInverse: isInverse)
      if isInverse { for i in made.indices { made[i] /= Double(n) } }
      put(made, lane, own, size: own.count, parts: own.made, into: &y)
    }
    return [.float32(y)]
  }

  /// The other half of a real signal's spectrum: conjugates of the first, whose ends are real.
  private static func complete(_ spectrum: inout [Double], from size: Int, _ n: Int) {
    for k in 0..<n {
      let mirror = (n - k) % n
      if k == mirror {
        spectrum[2 * k + 1] = 0
      } else if k > n / 2 {
        (spectrum[2 * k], spectrum[2 * k + 1]) = (spectrum[2 * mirror], -spectrum[2 * mirror + 1])
      }
    }
  }

  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    (try? layout(inputs)).map { Spectrum.bytes($0.length) } ?? 0
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    guard let own = try? layout(inputs) else { return 0 }
    return own.outer.saturatingMultiplied(by: own.inner)
      .saturatingMultiplied(by: own.length.saturatingMultiplied(by: 40))
  }

  /// The transform the other way, as its matrix is its own transpose.
  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let own = try layout(pass.inputs.described)
    let shape = try pass.inputs.tensor(0).shape
    let g = try pass.takeGradient()
    var gradient = Tensor(shape, repeating: 0)
    guard gradient.count > 0, g.count > 0 else { return pass.only(gradient) }
    let (spectrum, n) = (Spectrum(own.length), own.length)
    for lane in 0..<own.outer * own.inner {
      let given = row(g, lane, own, size: own.count, parts: own.made, length: n)
      var made = spectrum.sums(given, isInverse: !isInverse)
      if isInverse { for i in made.indices { made[i] /= Double(n) } }
      if makesSignal {
        // Each number stands for its conjugate as well; those that are their own have no imaginary part.
        for k in 0..<n {
          let isOwn = k == (n - k) % n
          made[2 * k] *= k > n / 2 ? 0 : isOwn ? 1 : 2
          made[2 * k + 1] *= k > n / 2 || isOwn ? 0 : 2
        }
      }
      put(made, lane, own, size: own.size, parts: own.parts, into: &gradient)
    }
    return pass.only(gradient)
  }
}
