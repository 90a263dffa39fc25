import Program
import Studies

extension FuzzEntry {
  /// Plans of sweeps in TOML: what is one has lines, and each of them is whole.
  static let plan = FuzzEntry(
    "plan", readers: ["SweepPlanCommand"], longest: 1024, share: 4
  ) { bytes in
    guard let plan = try? SweepFile(bytes, named: "plan.toml", data: nil).plan else { return }
    expect((1...SweepPlan.mostLines).contains(plan.count), "\(plan.count) lines")
    expect(plan.telling.allSatisfy { (1...plan.count).contains($0) }, "\(plan.telling)")
    for line in [1, plan.count] {
      let parameters = plan.parameters(ofLine: line)
      expect(parameters["seed"] != nil, "no seed")
      // Values that make sense alone may not together, which is told when they meet.
      _ = try? RunSettings(parameters)
    }
    _ = try? SearchSpace(plan)
  }
}
