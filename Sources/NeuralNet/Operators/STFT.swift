import Masks
public import TensorCore

/// The discrete Fourier transforms of frames of a signal `[N,L,1]` or `[N,L,2]`, each so many steps (input 1)
/// behind the one before, times a window (input 2) or of the length that input 3 says:
/// `[N,frames,frequencies,2]`, the half of the frequencies with `onesided`.
public struct STFT: Operator {
  public static let opType = "STFT"
  public static let schema = OperatorSchema(
    since: 17, attributes: [.flag("onesided", since: 17)],
    inputs: [
      .init([.floats, .bfloat16]), .init([.int32, .int64]),
      .init([17: [.floats, .bfloat16]], optionalSince: 17),
      .init([17: [.int32, .int64]], optionalSince: 17),
    ])
  private let isOneSided: Bool

  public init(_ node: NodeReader) throws(TensorError) {
    isOneSided = try node.int("onesided", default: 1) != 0
  }

  private struct Layout {
    var samples, size, parts, step, length, frames, count: Int
  }

  private func layout(_ inputs: Inputs<ValueInfo>) throws(TensorError) -> Layout {
    let x = try inputs.tensor(0)
    guard x.rank == 3, (1...2).contains(x[2]), !isOneSided || x[2] == 1 else {
      throw TensorError(
        "STFT", expected: "[N,L,1], or [N,L,2] for all frequencies", found: "\(x)")
    }
    func one(_ index: Int) throws(TensorError) -> Int {
      let given = try inputs.integers(index)
      guard given.count == 1, (1...1 << 28).contains(given[0]) else {
        throw TensorError(
          "STFT", expected: "a number from 1 to 2^28 for input \(index)", found: "\(given)")
      }
      return given[0]
    }
    let window = inputs.optional(2) == nil ? nil : try inputs.tensor(2)
    let given = inputs.optional(3) == nil ? nil : try one(3)
    guard let length = given ?? window?.dims.first, window?.dims ?? [length] == [length],
      length > 0, length <= x[1]
    else {
      throw TensorError(
        "STFT", expected: "a window or a length of 1 to \(x[1]) that agree",
        found: "\(window.map { "\($0)" } ?? "none") and \(given.map { "\($0)" } ?? "none")")
    }
    let step = try one(1)
    return Layout(
      samples: x[0], size: x[1], parts: x[2], step: step, length: length,
      frames: (x[1] - length) / step + 1, count: isOneSided ? length / 2 + 1 : length)
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    let own = try layout(inputs)
    return [
      ValueInfo(try Shape(computed: [own.samples, own.frames, own.count, 2], in: "STFT"))
    ]
  }

  /// Samples stay.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    AxisRule(outputs: [[.axes([.init(0, 0)]), .unknown, .unknown, .unknown]])
  }

  /// The numbers of a frame, each with its weight.
  private func frame(_ x: Tensor, _ start: Int, _ own: Layout, _ window: Tensor?) -> [Double] {
    var pairs = [Double](repeating: 0, count: 2 * own.length)
    for place in 0..<own.length {
      for part in 0..<own.parts {
        pairs[2 * place + part] =
          Double(x[(start + place) * own.parts + part]) * Double(window?[place] ?? 1)
      }
    }
    return pairs
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    let own = try layout(inputs.described)
    let (x, window) = (try inputs.tensor(0), try inputs.optionalTensor(2))
    var y = Tensor(try outputs(for: inputs.described)[0].shape, repeating: 0)
    let spectrum = Spectrum(own.length)
    for index in 0..<own.samples * own.frames {
      let start = index / own.frames * own.size + index % own.frames * own.step
      let made = spectrum.sums(frame(x, start, own, window), isInverse: false)
      for i in 0..<2 * own.count { y[index * 2 * own.count + i] = Float(made[i]) }
    }
    return [.float32(y)]
  }

  public func scratchBytes(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    (try? layout(inputs)).map { Spectrum.bytes($0.length) } ?? 0
  }

  public func multiplyAdds(inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> Int {
    outputs[0].shape.count.saturatingMultiplied(by: 40)
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) || pass.wants(2) else { return pass.none }
    var all = pass.none
    let own = try layout(pass.inputs.described)
    let (x, window) = (try pass.inputs.tensor(0), try pass.inputs.optionalTensor(2))
    let wanted = (pass.wants(0), pass.wants(2))
    let g = try pass.takeGradient()
    var signal = [Double](repeating: 0, count: x.count)
    var weights = [Double](repeating: 0, count: own.length)
    let spectrum = Spectrum(own.length)
    for index in 0..<own.samples * own.frames {
      var pairs = [Double](repeating: 0, count: 2 * own.length)
      for i in 0..<2 * own.count { pairs[i] = Double(g[index * 2 * own.count + i]) }
      let made = spectrum.sums(pairs, isInverse: true)
      let start = index / own.frames * own.size + index % own.frames * own.step
      for place in 0..<own.length {
        for part in 0..<own.parts {
          let at = (start + place) * own.parts + part
          signal[at] += made[2 * place + part] * Double(window?[place] ?? 1)
          weights[place] += made[2 * place + part] * Double(x[at])
        }
      }
    }
    if wanted.0 { all[0] = Tensor(x.shape, signal.map { Float($0) }) }
    if wanted.1 { all[2] = Tensor([own.length], weights.map { Float($0) }) }
    return all
  }
}
