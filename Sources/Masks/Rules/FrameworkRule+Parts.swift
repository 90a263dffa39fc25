import TensorCore

extension FrameworkRule {
  /// Makes sure that there is a layer for the kind.
  func expectKind(_ kind: any DropoutKind) throws(TensorError) {
    guard kinds.contains(kind.name) else {
      throw TensorError(name, expected: kinds.joined(separator: ", "), found: kind.name)
    }
  }

  /// Makes sure that the rate is one, as most libraries do.
  func expectProbability(_ p: Double) throws(TensorError) {
    guard p >= 0, p <= 1 else {
      throw TensorError(name, expected: "a rate between 0 and 1", found: "\(p)")
    }
  }

  /// The field's cells that are kept at any rate, u ≥ p, as a mask of the activation.
  func kept(_ request: RuleRequest) -> Mask {
    let u = request.field.expanded(to: request.layout)
    return Mask(layout: request.layout, kept: u.map { Double($0) >= request.rate })
  }

  /// The answer that leaves the activation alone, or multiplies all of it.
  func whole(_ request: RuleRequest, scale: Float = 1) -> RuleResult {
    RuleResult(
      output: scale == 1 ? request.x : request.x.map { $0 * scale },
      maskShape: request.field.units, mask: Mask(layout: request.layout), scale: [scale])
  }

  /// Each value times 0 or the scale: what is infinite and dropped becomes NaN.
  func multiplied(_ request: RuleRequest, _ mask: Mask, scale: Float) -> RuleResult {
    let y = Tensor(
      request.x.shape,
      zip(request.x.elements, mask.kept.elements).map { $0 * ($1 ? scale : 0) })
    return RuleResult(
      output: y, maskShape: request.field.units, mask: mask, scale: [scale])
  }

  /// The same with the mask and the scale of blocks.
  /// - Throws: `TensorError` for a field of other units, or a γ that is no probability.
  func multiplied(
    _ request: RuleRequest, _ block: LibraryBlockDropout
  ) throws(TensorError) -> RuleResult {
    let units = try block.units(of: request.layout)
    guard request.field.units.shape == units.shape else {
      throw TensorError(name, expected: "a field of \(units)", found: "\(request.field.units)")
    }
    let mask = try block.mask(request.field, anyRate: request.rate, layout: request.layout)
    let transfer = block.transfer(
      rate: Rate(clamping: request.rate), scaling: .inverted, mask: mask)[0]
    return multiplied(request, mask, scale: transfer.scale)
  }

  /// Each value times the scale, or 0 in its place.
  func selected(_ request: RuleRequest, _ mask: Mask, scale: Float) -> RuleResult {
    let y = Tensor(
      request.x.shape,
      zip(request.x.elements, mask.kept.elements).map { $1 ? $0 * scale : 0 })
    return RuleResult(
      output: y, maskShape: request.field.units, mask: mask, scale: [scale])
  }

  /// Alpha dropout as libraries write it: (x·m + α′·(1−m))·a + b.
  func alphaByProducts(_ request: RuleRequest, _ mask: Mask) -> RuleResult {
    let p = request.rate
    let a = 1 / ((1 - p) * (1 + p * SELU.low * SELU.low)).squareRoot()
    let (scale, shift, low) = (Float(a), Float(-a * p * SELU.low), Float(SELU.low))
    let y = zip(request.x.elements, mask.kept.elements).map { x, kept in
      (x * (kept ? 1 : 0) + low * (kept ? 0 : 1)) * scale + shift
    }
    return RuleResult(
      output: Tensor(request.x.shape, y), maskShape: request.field.units, mask: mask,
      scale: [scale])
  }

  /// Each value times its normal number around 1, of the kind's own field.
  func gaussianByProducts(_ request: RuleRequest) -> RuleResult {
    let deviation = (request.rate / (1 - request.rate)).squareRoot()
    let noise = request.field.u.map {
      Float(1 + deviation * Normal.quantile(Double($0) + 0x1p-25))
    }
    let y = zip(request.x.elements, noise.elements).map { $0 * $1 }
    let mask = Mask(
      layout: request.layout, kept: NDArray(request.layout.shape, repeating: true), noise: noise)
    return RuleResult(
      output: Tensor(request.x.shape, y), maskShape: request.field.units, mask: mask, scale: [1])
  }

  /// The side of a square block.
  /// - Throws: `TensorError` for a block that is not square: libraries take one number.
  func blockSide(_ kind: any DropoutKind) throws(TensorError) -> Int {
    guard let kind = kind as? BlockDropout, kind.size.h == kind.size.w else {
      let size = (kind as? BlockDropout)?.size.description ?? kind.name
      throw TensorError(name, expected: "a square block", found: size)
    }
    return kind.size.h
  }
}
