import Masks
import NeuralNet
import TensorCore

/// What every operator's gradient is tried on, by its name. An operator without a line here fails
/// the test.
let gradientTables = [
  breadthTables, elementwiseTables, reductionTables, movementTables, recurrentTables,
  attentionTables, signalTables,
].reduce(coreTables) {
  $0.merging($1) { core, _ in core }
}

private let coreTables: [String: GradientTable] = [
  "Add": arithmetic(step: 0x1p-3, tolerance: 1e-5),
  "AveragePool": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: pools(.between(-1, 1))
      + pools(.between(-1, 1)).map { item in
        var own = item
        own.what += ", counting pads"
        own.attributes["count_include_pad"] = .int(1)
        return own
      }, large: largePool(.between(-1, 1))),
  "BatchNormalization": GradientTable(
    step: 0x1p-7, tolerance: 2e-4,
    cases: [[3, 2, 2, 3], [4, 3], [2, 2, 5]].flatMap { shape in
      var trained = batchNormalization(shape)
      trained.what += ", by the statistics of the batch"
      trained.opset = 15
      trained.attributes["training_mode"] = .int(1)
      return [batchNormalization(shape), trained]
    }, large: batchNormalization([4, 6, 112, 112])),
  "Clip": GradientTable(
    step: 0x1p-5, tolerance: 1e-5,
    cases: [
      GradientCase(
        what: "bounds as attributes", opset: 6,
        attributes: ["min": .float(-0.5), "max": .float(0.25)],
        inputs: [.floats([4, 7], .awayFrom([-0.5, 0.25]))]),
      GradientCase(
        what: "bounds as inputs",
        inputs: [
          .floats([4, 7], .awayFrom([-0.5, 0.25])), .floats([], .between(-0.5, -0.5)),
          .floats([1], .between(0.25, 0.25)),
        ]),
      GradientCase(
        what: "crossed bounds",
        inputs: [
          .floats([9], .awayFrom([-0.5, 0.25])), .floats([], .between(0.25, 0.25)),
          .floats([], .between(-0.5, -0.5)),
        ]),
      GradientCase(
        what: "upper bound alone",
        inputs: [
          .floats([9], .awayFrom([0.25])), .missing, .floats([], .between(0.25, 0.25)),
        ]),
      GradientCase(what: "no bounds", inputs: [.floats([5], .between(-1, 1))]),
    ],
    large: GradientCase(
      what: "large",
      inputs: [
        .floats([600, 512], .between(-1, 1)), .floats([], .between(-0.5, -0.5)),
        .floats([], .between(0.25, 0.25)),
      ])),
  "Concat": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [
      concat(axis: 0, [[2, 3], [1, 3]]), concat(axis: 1, [[2, 1, 2], [2, 3, 2], [2, 2, 2]]),
      concat(axis: -1, [[2, 3], [2, 0], [2, 4]]), concat(axis: 0, [[3]]),
    ], large: concat(axis: 1, [[4, 3, 112, 112], [4, 3, 112, 112]])),
  "Constant": GradientTable(
    step: 1, tolerance: 0,
    cases: [GradientCase(what: "no inputs", attributes: ["value_float": .float(3)], inputs: [])]),
  "Conv": GradientTable(
    step: 0x1p-3, tolerance: 3e-5, cases: convolutions,
    large: GradientCase(
      what: "large", attributes: ["pads": .ints([1, 1, 1, 1])],
      inputs: floats([4, 6, 64, 64], [8, 6, 3, 3], [8]))),
  "Div": arithmetic(step: 0x1p-7, tolerance: 3e-4, .between(-1, 1), by: .between(1, 2)),
  "Dropout": GradientTable(
    step: 0x1p-3, tolerance: 1e-5, cases: dropouts,
    large: GradientCase(
      what: "large", inputs: [.floats([4, 6, 112, 112], .between(-1, 1))], context: training)),
  "Flatten": reshaping([
    GradientCase(what: "default", inputs: floats([2, 3, 4])),
    GradientCase(what: "axis 0", attributes: ["axis": .int(0)], inputs: floats([2, 3])),
  ]),
  "Gemm": GradientTable(
    step: 0x1p-3, tolerance: 3e-5, cases: denses,
    large: GradientCase(
      what: "large", attributes: ["transB": .int(1)],
      inputs: floats([300, 130], [600, 130], [600]))),
  "GlobalAveragePool": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [
      GradientCase(what: "maps", inputs: floats([2, 3, 4, 5])),
      GradientCase(what: "lines", inputs: floats([2, 3, 4])),
    ], large: GradientCase(what: "large", inputs: floats([4, 6, 112, 112]))),
  "Identity": reshaping([GradientCase(what: "any", inputs: floats([2, 3]))]),
  "LogSoftmax": softmax(),
  "MatMul": GradientTable(
    step: 0x1p-3, tolerance: 3e-5, cases: products,
    large: GradientCase(what: "large", inputs: floats([300, 130], [130, 600]))),
  "MaxPool": GradientTable(
    step: 0x1p-5, tolerance: 1e-5, cases: pools(.distinct), large: largePool(.between(-1, 1))),
  "Mul": arithmetic(step: 0x1p-3, tolerance: 1e-5),
  "Relu": unary(step: 0x1p-5, tolerance: 1e-5, .awayFrom([0])),
  "Reshape": reshaping([
    GradientCase(what: "input", inputs: floats([2, 6]) + [.ints([3, -1])]),
    GradientCase(
      what: "attribute", opset: 1, attributes: ["shape": .ints([4, 3])], inputs: floats([2, 6])),
  ]),
  "Sigmoid": unary(step: 0x1p-6, tolerance: 1e-4),
  "Softmax": softmax(),
  "Squeeze": reshaping([
    GradientCase(what: "all", inputs: floats([1, 3, 1, 2])),
    GradientCase(what: "some", inputs: floats([1, 3, 1, 2]) + [.ints([2])]),
  ]),
  "Sub": arithmetic(step: 0x1p-3, tolerance: 1e-5),
  "Tanh": unary(step: 0x1p-7, tolerance: 2e-4),
  "Transpose": GradientTable(
    step: 0x1p-3, tolerance: 1e-5,
    cases: [
      GradientCase(what: "reversed", inputs: floats([2, 3, 4])),
      GradientCase(
        what: "a cycle", attributes: ["perm": .ints([1, 2, 0, 3])], inputs: floats([2, 3, 4, 2])),
      GradientCase(what: "no dimensions", inputs: floats([])),
    ],
    large: GradientCase(
      what: "large", attributes: ["perm": .ints([0, 2, 3, 1])], inputs: floats([4, 6, 112, 112]))),
  "Unsqueeze": reshaping([
    GradientCase(what: "input", inputs: floats([2, 3]) + [.ints([0, -1])]),
    GradientCase(
      what: "attribute", opset: 11, attributes: ["axes": .ints([1])], inputs: floats([2, 3])),
  ]),
]
