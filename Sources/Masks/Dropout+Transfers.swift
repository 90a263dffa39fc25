extension Dropout {
  /// What kept and dropped cells become in a mode, for each sample or, where there is one entry, for
  /// all. At evaluation nothing changes but for the × (1−p) of `Scaling.weight`.
  public func transfers(mask: Mask, mode: Mode) -> [Transfer] {
    if mode == .eval {
      let waits = scaling == .weight && kind.takesScaling
      return [Transfer(scale: waits ? Float(rate.keep) : 1)]
    }
    if kind.followsRate, rate.p == 0 { return [Transfer()] }
    return kind.transfer(rate: rate, scaling: scaling, mask: mask)
  }
}
