import Masks
import NeuralNet
import TensorCore

/// What is made of the numbers along axes.
let reductionTables: [String: GradientTable] = [
  "ArgMax": idle(floats([2, 3])), "ArgMin": idle(floats([2, 3])),
  "CumSum": GradientTable(
    step: 0x1p-5, tolerance: 1e-4,
    cases: [[0, 0], [0, 1], [1, 0], [1, 1]].map { flags in
      GradientCase(
        what: "\(flags)", attributes: ["exclusive": .int(flags[0]), "reverse": .int(flags[1])],
        inputs: floats([2, 3, 2]) + [.ints([1])])
    }),
  "ReduceL1": reducing(.awayFrom([0]), step: 0x1p-5, tolerance: 1e-4),
  "ReduceL2": reducing(.between(0.5, 1), step: 0x1p-7, tolerance: 5e-4),
  "ReduceLogSum": reducing(.between(0.5, 1), step: 0x1p-8, tolerance: 1e-3),
  "ReduceLogSumExp": reducing(.between(-1, 1), step: 0x1p-7, tolerance: 5e-4),
  "ReduceProd": reducing(.between(0.5, 1), step: 0x1p-7, tolerance: 5e-4),
  "ReduceSumSquare": reducing(.between(-1, 1), step: 0x1p-7, tolerance: 5e-4),
  "TopK": GradientTable(
    step: 0x1p-5, tolerance: 1e-4,
    cases: [
      GradientCase(
        what: "largest", inputs: [.floats([2, 5], .distinct), .ints([3])], outputs: 2),
      GradientCase(
        what: "least along axis 0", attributes: ["axis": .int(0), "largest": .int(0)],
        inputs: [.floats([4, 3], .distinct), .ints([2])], outputs: 2),
    ]),
]
