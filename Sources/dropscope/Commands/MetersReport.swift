import Insight
import Masks
import Scope

/// What `--stage meters` writes: one flat object.
struct Meters: Encodable {
  let nominal: Double
  let dropped: Int
  let of: Int
  let dropped_live: Int
  let dropped_zero: Int
  let mass_removed: Double
  let energy_removed: Double

  init(_ observation: Observation, rate: Rate) {
    let (realised, waste) = (observation.realised, observation.waste)
    nominal = rate.p
    (dropped, of) = (realised.dropped, realised.of)
    (dropped_live, dropped_zero) = (waste.droppedLive, waste.droppedZero)
    (mass_removed, energy_removed) = (waste.massRemoved, waste.energyRemoved)
  }
}
