import Masks
import NeuralNet
import Synchronization

/// The network and the plan of the last observation. Most keys change rates and seeds alone: nothing is
/// compiled anew for them.
final class PlanMemory: Sendable {
  /// A setting's network, without what it disables, and what computes the setting's values below its
  /// sites.
  struct Made: Sendable {
    let network: Network
    let plan: Plan
  }

  private let last = Mutex<(setting: Setting, wanted: [String], made: Made)?>(nil)

  /// What was made for a setting that differs from this one in rates and seed at most, else what `make`
  /// gives.
  /// - Returns: also whether it was there already, and so has the rates and the seed of another setting.
  func recall(
    _ setting: Setting, wanted: [String], _ make: () throws -> Made
  ) rethrows -> (made: Made, isOld: Bool) {
    let setting = setting.regardlessOfNumbers
    let found = last.withLock { last in
      last.flatMap { $0.setting == setting && $0.wanted == wanted ? $0.made : nil }
    }
    if let found { return (found, true) }
    let made = try make()
    last.withLock { $0 = (setting, wanted, made) }
    return (made, false)
  }
}

extension Setting {
  /// The same with the rates and the seed that all settings share.
  fileprivate var regardlessOfNumbers: Setting {
    var setting = self
    (setting.rate, setting.seed) = (Rate(clamping: 0), 0)
    for index in others.indices { setting.others[index].rate = Rate(clamping: 0) }
    return setting
  }
}
