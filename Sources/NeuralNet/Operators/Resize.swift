import Masks
public import TensorCore

/// x with more or fewer cells along its axes, by `scales` or to `sizes`: nearest, linear or cubic. Inputs
/// X, roi, scales, sizes; X and scales in opset 10.
public struct Resize: Operator {
  public static let opType = "Resize"
  public static let schema = OperatorSchema(
    since: 10,
    attributes: [
      .flag("antialias", since: 18), .ints("axes", since: 18),
      .string(
        "coordinate_transformation_mode", since: 11, until: 12,
        of: [
          "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize",
          "tf_half_pixel_for_nn",
        ]),
      .string(
        "coordinate_transformation_mode", since: 13, until: 18,
        of: [
          "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize",
        ]),
      .string(
        "coordinate_transformation_mode", since: 19,
        of: [
          "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize",
          "half_pixel_symmetric",
        ]), .float("cubic_coeff_a", since: 11), .flag("exclude_outside", since: 11),
      .float("extrapolation_value", since: 11),
      .string("keep_aspect_ratio_policy", since: 18, of: ["stretch", "not_larger", "not_smaller"]),
      .string("mode", since: 10, until: 10, of: ["nearest", "linear"]),
      .string("mode", since: 11, of: ["nearest", "linear", "cubic"]),
      .string(
        "nearest_mode", since: 11, of: ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]),
    ],
    inputs: [
      .init([10: .firstTypes, 13: .all]), .init([10: .float32, 11: .floats], optionalSince: 13),
      .init([11: .float32], optionalSince: 13), .init([11: .int64], optionalSince: 11),
    ])
  private let rule: ResizeRule
  private let axes: [Int]?
  private let extrapolation: Float
  private let aspect: Aspect
  private let isOld: Bool

  private enum Aspect: String {
    case stretch, notLarger = "not_larger", notSmaller = "not_smaller"
  }

  public init(_ node: NodeReader) throws(TensorError) {
    func choice<Choice: RawRepresentable<String>>(
      _ name: String, default fallback: Choice
    ) throws(TensorError) -> Choice {
      let text = try node.string(name, default: fallback.rawValue)
      guard let choice = Choice(rawValue: text) else {
        throw TensorError("Resize \(name)", expected: "a mode of ONNX", found: text)
      }
      return choice
    }
    isOld = node.opset < 11
    var rule = ResizeRule()
    rule.mode = try choice("mode", default: .nearest)
    rule.nearest = try choice("nearest_mode", default: .roundPreferFloor)
    rule.isNearestByScale = isOld
    rule.coordinates = try choice(
      "coordinate_transformation_mode", default: isOld ? .asymmetric : .halfPixel)
    rule.cubicCoefficient = Double(try node.float("cubic_coeff_a", default: -0.75))
    rule.excludesOutside = try node.int("exclude_outside", default: 0) != 0
    rule.antialiases = try node.int("antialias", default: 0) != 0
    self.rule = rule
    axes = try node.ints("axes")
    extrapolation = try node.float("extrapolation_value", default: 0)
    aspect = try choice("keep_aspect_ratio_policy", default: .stretch)
  }

  /// The axes that change, with their sizes.
  private func resized(
    _ inputs: Inputs<ValueInfo>
  ) throws(TensorError) -> [(axis: Int, rule: ResizeRule.Axis)] {
    let shape = try inputs.tensor(0)
    var along: [Int] = []
    for axis in axes ?? Array(0..<shape.rank) { along.append(try shape.axis(axis, in: "Resize")) }
    var resized: [(axis: Int, rule: ResizeRule.Axis)] = []
    let scales = try floats(inputs, isOld ? 1 : 2)
    if !scales.isEmpty {
      guard scales.count == along.count, scales.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw TensorError("Resize", expected: "\(along.count) scales above 0", found: "\(scales)")
      }
      for (axis, scale) in zip(along, scales) {
        // In single precision, as onnxruntime does: a factor that is the ratio of two sizes gives the
        // size it was made of.
        let size = Double((Float(shape[axis]) * scale).rounded(.down))
        resized.append((axis, try checked(shape[axis], size, Double(scale))))
      }
    } else {
      let sizes = try inputs.integers(3)
      guard sizes.count == along.count, sizes.allSatisfy({ $0 >= 0 }) else {
        throw TensorError("Resize", expected: "\(along.count) sizes", found: "\(sizes)")
      }
      let ratios = zip(along, sizes).map { Double($1) / Double(max(1, shape[$0])) }
      let common = aspect == .notLarger ? ratios.min() : aspect == .notSmaller ? ratios.max() : nil
      for (index, axis) in along.enumerated() {
        let scale = common ?? ratios[index]
        let size =
          common == nil
          ? Double(sizes[index]) : (Double(shape[axis]) * scale + 0.5).rounded(.down)
        resized.append((axis, try checked(shape[axis], size, scale)))
      }
    }
    if rule.coordinates == .tfCropAndResize {
      let region = try floats(inputs, 1)
      guard region.count == 2 * along.count, region.allSatisfy(\.isFinite) else {
        throw TensorError(
          "Resize", expected: "\(2 * along.count) numbers of roi", found: "\(region)")
      }
      for index in resized.indices {
        let (start, end) = (Double(region[index]), Double(region[along.count + index]))
        guard start <= end else {
          throw TensorError(
            "Resize", expected: "a roi that starts before it ends", found: "\(region)")
        }
        resized[index].rule.region = start...end
      }
    }
    return resized
  }

  private func checked(
    _ input: Int, _ output: Double, _ scale: Double
  ) throws(TensorError) -> ResizeRule.Axis {
    guard output <= Double(Shape.computedLimit), input > 0 || output == 0 else {
      throw TensorError(
        "Resize", expected: "sizes of at most \(Shape.computedLimit)", found: "\(output)")
    }
    return ResizeRule.Axis(input: input, output: Int(output), scale: scale)
  }

  /// The numbers of a float32 input that a shape depends on; none where it is left out.
  private func floats(_ inputs: Inputs<ValueInfo>, _ index: Int) throws(TensorError) -> [Float] {
    guard let info = inputs.optional(index), info.shape.count > 0 else { return [] }
    guard case .float32(let values)? = info.constant else {
      throw TensorError(
        "Resize", expected: "input \(index) to be constant float32",
        found: info.type == .float32 ? "a value only a run can tell" : "\(info.type)")
    }
    return values.elements
  }

  /// All axes stay. Those that change are cells: at the end of `[N,C,…]`, or before the end of `[N,…,C]`.
  public func axes(of inputs: Inputs<ValueInfo>, outputs: [ValueInfo]) -> AxisRule {
    var rule = AxisRule.keeping(of: inputs, outputs: outputs)
    guard let old = inputs.optional(0)?.shape, let new = outputs.first?.shape,
      (3...5).contains(old.rank)
    else { return rule }
    let changed = old.dims.indices.filter { old[$0] != new[$0] }
    let cells = [Axis.Name.depth, .row, .column].suffix(old.rank - 2)
    switch (changed.first, changed.last) {
    case (let first?, let last?) where first >= 2 && last == old.rank - 1:
      rule.expects[0] = [.sample, .channel] + cells
    case (1?, let last?) where last < old.rank - 1:
      rule.expects[0] = [.sample] + cells + [.channel]
    default: break
    }
    return rule
  }

  public func outputs(for inputs: Inputs<ValueInfo>) throws(TensorError) -> [ValueInfo] {
    var dims = try inputs.tensor(0).dims
    for (axis, rule) in try resized(inputs) { dims[axis] = rule.output }
    return [ValueInfo(try Shape(computed: dims, in: "Resize"))]
  }

  public func forward(
    _ inputs: Inputs<Value>, _ context: RunContext
  ) throws(TensorError) -> [Value] {
    _ = try outputs(for: inputs.described)
    var x = try inputs.tensor(0)
    for (axis, sizes) in try resized(inputs.described) where !rule.keeps(sizes) {
      x = x.mapped(rule.map(sizes), axis: axis, fill: extrapolation)
    }
    return [.float32(x)]
  }

  public func backward(_ pass: consuming BackwardPass) throws(TensorError) -> [Tensor?] {
    guard pass.wants(0) else { return pass.none }
    let resized = try resized(pass.inputs.described)
    var g = try pass.takeGradient()
    for (axis, sizes) in resized.reversed() where !rule.keeps(sizes) {
      g = g.unmapped(rule.map(sizes), axis: axis, size: sizes.input)
    }
    return pass.only(g)
  }
}
