import Formats
import Foundation
import TestSupport
import Testing

/// What tests of sweeps do: plan in a folder, run the program on it, look at what it wrote.
protocol SweepFolders {}

extension SweepFolders {
  static var plan: String {
    """
    recipe = "sigmoid-numpy"
    images = 32
    holdout = 20
    epochs = 2
    seeds = [1, 2]

    [grid]
    "rate dropout1" = [0, 0.5]
    l2 = [0, 0.001]
    """
  }

  func run(_ arguments: [String], status: Int32 = 0) throws -> Subprocess {
    let result = try Program.run(["sweep"] + arguments)
    #expect(result.status == status, "\(arguments): \(result.out)\(result.err)")
    return result
  }

  /// A plan in a folder of its own; the name of that folder.
  @discardableResult func planned(
    _ name: String, in folder: TemporaryFolder, _ text: String = Self.plan
  ) throws -> String {
    try folder.write(text, "plan.toml")
    let out = folder.path(name)
    _ = try run(["plan", folder.path("plan.toml"), "-o", out])
    return out
  }

  func results(_ folder: String) throws -> [String: [UInt8]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/results/0000")
    return Dictionary(
      uniqueKeysWithValues: try names.map {
        ($0, try FileBytes.read("\(folder)/results/0000/\($0)"))
      })
  }
}
