import NeuralNet

/// Convolutions: groups, strides, dilations, asymmetric pads, one dimension.
var convolutions: [GradientCase] {
  func item(
    _ what: String, _ inputs: [GradientCase.Input], _ attributes: [String: [Int]] = [:],
    group: Int = 1
  ) -> GradientCase {
    var all = attributes.mapValues { Attribute.ints($0) }
    all["group"] = .int(group)
    return GradientCase(what: what, attributes: all, inputs: inputs)
  }
  return [
    item("valid", floats([2, 2, 5, 4], [3, 2, 3, 3], [3])),
    item("no bias", floats([1, 2, 4, 4], [2, 2, 2, 3])),
    item("same", floats([2, 1, 4, 5], [2, 1, 3, 3], [2]), ["pads": [1, 1, 1, 1]]),
    item("1×1", floats([2, 3, 3, 3], [2, 3, 1, 1], [2])),
    item("groups", floats([2, 4, 4, 3], [6, 2, 2, 2], [6]), group: 2),
    item("depthwise", floats([1, 3, 5, 5], [3, 1, 3, 3], [3]), ["pads": [1, 1, 1, 1]], group: 3),
    item(
      "strides and asymmetric pads", floats([2, 2, 6, 5], [2, 2, 3, 2], [2]),
      ["strides": [2, 3], "pads": [2, 0, 1, 1]]),
    item(
      "dilated", floats([1, 2, 7, 6], [2, 2, 2, 3], [2]),
      ["dilations": [3, 2], "pads": [1, 2, 0, 1]]),
    item(
      "dilated, strides, groups", floats([2, 2, 8, 7], [4, 1, 3, 2], [4]),
      ["dilations": [2, 3], "strides": [2, 2], "pads": [0, 1, 3, 2]], group: 2),
    item("pads beyond the kernel", floats([1, 1, 2, 2], [1, 1, 2, 2]), ["pads": [3, 0, 0, 4]]),
    item(
      "one dimension", floats([2, 2, 7], [3, 2, 3], [3]), ["strides": [2], "pads": [2, 1]]),
    item("no samples", floats([0, 1, 4, 4], [2, 1, 3, 3], [2])),
    item("volumes", floats([2, 2, 3, 4, 3], [2, 2, 2, 3, 2], [2])),
    item(
      "volumes, all settings", floats([1, 2, 5, 4, 4], [4, 1, 2, 3, 2], [4]),
      [
        "strides": [2, 1, 2], "dilations": [2, 1, 1], "pads": [1, 0, 1, 2, 1, 0],
      ], group: 2),
  ]
}

/// Dense layers: either matrix transposed, factors, and a C of every shape that broadcasts.
var denses: [GradientCase] {
  func item(
    _ inputs: [GradientCase.Input], _ what: String, _ attributes: [String: Attribute] = [:]
  ) -> GradientCase {
    GradientCase(what: what, attributes: attributes, inputs: inputs)
  }
  let factors: [String: Attribute] = ["alpha": .float(0.5), "beta": .float(-2)]
  return [
    item(floats([3, 4], [4, 2], [2]), "bias"),
    item(floats([3, 4], [4, 2]), "no C"),
    item(floats([4, 3], [4, 2], [3, 2]), "transA", ["transA": .int(1)]),
    item(floats([3, 4], [2, 4], [3, 1]), "transB", ["transB": .int(1)]),
    item(floats([4, 3], [2, 4], [1, 2]), "both", ["transA": .int(1), "transB": .int(1)]),
    item(floats([3, 4], [4, 2], []), "factors", factors),
    item(
      floats([4, 3], [2, 4], [1]), "factors, both",
      factors.merging(["transA": .int(1), "transB": .int(1)]) { $1 }),
    item(floats([3, 4], [4, 2], [3, 2]), "beta 0", ["beta": .float(0)]),
    item(floats([0, 4], [4, 2], [2]), "no rows"),
    item(floats([3, 0], [0, 2], [2]), "empty sums"),
  ]
}

/// Stacks of matrices that broadcast, and vectors.
var products: [GradientCase] {
  func item(_ a: [Int], _ b: [Int]) -> GradientCase {
    GradientCase(what: "\(a)·\(b)", inputs: floats(a, b))
  }
  return [
    item([3, 4], [4, 2]), item([2, 3, 4], [4, 2]), item([2, 3, 4], [2, 4, 2]),
    item([3, 4], [2, 4, 2]), item([2, 1, 3, 4], [3, 4, 2]), item([1, 3, 4], [2, 4, 2]),
    item([2, 3, 4], [1, 4, 2]), item([4], [4]), item([4], [4, 3]), item([3, 4], [4]),
    item([2, 3, 4], [4]), item([4], [2, 4, 3]), item([0, 4], [4, 2]), item([3, 0], [0, 2]),
  ]
}
