import Masks
import NeuralNet
import TensorCore

/// Operators that choose, move and repeat elements.
let movementTables: [String: GradientTable] = [
  "Compress": moving([
    GradientCase(
      what: "rows", attributes: ["axis": .int(0)],
      inputs: floats([4, 2]) + [.bools([4], every: 3)])
  ]),
  "DepthToSpace": moving([
    GradientCase(
      what: "blocks", attributes: ["blocksize": .int(2), "mode": .string("CRD")],
      inputs: floats([1, 4, 2, 3])),
    GradientCase(
      what: "apart", attributes: ["blocksize": .int(2)], inputs: floats([1, 8, 2, 1])),
  ]),
  "EyeLike": idle(floats([2, 3])),
  "GatherElements": moving([
    GradientCase(what: "again", inputs: floats([3, 2]) + [.grid([2, 2], [0, -1, 2, 1])])
  ]),
  "GatherND": moving([
    GradientCase(what: "lists", inputs: floats([3, 2]) + [.grid([3, 1], [0, -1, 0])]),
    GradientCase(
      what: "of a batch", attributes: ["batch_dims": .int(1)],
      inputs: floats([2, 3, 2]) + [.grid([2, 1], [2, 0])]),
  ]),
  "NonMaxSuppression": idle(floats([1, 2, 4], [1, 1, 2])),
  "NonZero": idle(floats([2, 3])),
  "OneHot": moving([
    GradientCase(
      what: "values", inputs: [.ints([0, 2, -1, 7]), .ints([3])] + floats([2]))
  ]),
  "Range": moving(
    [
      GradientCase(
        what: "floats",
        inputs: [
          .floats([], .between(0.1, 0.1)), .floats([], .between(1.2, 1.2)),
          .floats([], .between(0.4, 0.4)),
        ])
    ], step: 0x1p-6),
  "ReverseSequence": moving([
    GradientCase(what: "some", inputs: floats([4, 3, 2]) + [.ints([1, 3, 4])])
  ]),
  "ScatterElements": scattering([2, 2], [0, -1, 2, 1], again: [0, 1, 0, 1], [2, 2]),
  "ScatterND": scattering([2, 1], [0, 2], again: [1, 1], [2, 2]),
  "Size": idle(floats([2, 3])),
  "SpaceToDepth": moving([
    GradientCase(
      what: "blocks", attributes: ["blocksize": .int(2)], inputs: floats([1, 2, 4, 2]))
  ]),
  "Tile": moving([
    GradientCase(what: "both ways", inputs: floats([2, 3]) + [.ints([2, 3])])
  ]),
  "Trilu": moving([
    GradientCase(what: "upper", inputs: floats([3, 4])),
    GradientCase(
      what: "lower", opset: 14, attributes: ["upper": .int(0)],
      inputs: floats([2, 3, 3]) + [.ints([-1])]),
  ]),
  "Upsample": moving(
    ["nearest", "linear"].map { mode in
      GradientCase(
        what: mode, opset: 7,
        attributes: ["mode": .string(mode), "scales": .floats([1, 1, 2, 3])],
        inputs: floats([1, 2, 2, 3]))
    }),
]

private func moving(_ cases: [GradientCase], step: Float = 0x1p-3) -> GradientTable {
  GradientTable(
    step: step, tolerance: 1e-4,
    cases: cases)
}

/// Single targets and targets that are met twice, under every reduction.
private func scattering(
  _ shape: [Int], _ indices: [Int64], again: [Int64], _ updates: [Int]
) -> GradientTable {
  GradientTable(
    step: 0x1p-8, tolerance: 1e-3,
    cases: ["none", "add", "mul", "max", "min"].flatMap { reduction in
      [indices, again].map { places in
        GradientCase(
          what: "\(reduction) at \(places)", opset: 18,
          attributes: ["reduction": .string(reduction)],
          inputs: [.floats([3, 2], .distinct), .grid(shape, places)]
            + [.floats(updates, .between(0.3, 0.9))])
      }
    })
}
