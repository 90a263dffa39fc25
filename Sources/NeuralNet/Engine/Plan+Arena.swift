import TensorCore

/// Where the results of a plan's steps lie in an arena.
struct PlanLayout: Sendable {
  let arena: Arena
  /// The places of what each step makes.
  let places: [[Range<Int>]]

  /// Layouts of more results than this would take longer than they save.
  private static let mostTenants = 4096

  /// Nil where there is nothing to lay out.
  init?(_ plan: Plan, _ values: ValueTable<ValueInfo>) {
    let tenants = PlanLayout.tenants(of: plan, values)
    guard !tenants.isEmpty, tenants.count <= PlanLayout.mostTenants else { return nil }
    let (places, size) = Arena.layOut(tenants.map(\.tenant))
    var own = [[Range<Int>]](repeating: [], count: plan.steps.count)
    for (tenant, place) in zip(tenants, places) { own[tenant.maker].append(place) }
    (arena, self.places) = (Arena(size: size), own)
  }

  /// What lies in the arena: results of float32 whose size is known, which nobody wants to keep, from the
  /// step that makes them to the last that reads them or what shares their elements.
  private static func tenants(
    of plan: Plan, _ values: ValueTable<ValueInfo>
  ) -> [(maker: Int, tenant: Arena.Tenant)] {
    /// The slot whose elements a slot shares, and for such slots how they are used.
    var owner = [Int](0..<plan.slotCount)
    var (bytes, makers, last) = ([Int: Int](), [Int: Int](), [Int: Int]())
    for (index, step) in plan.steps.enumerated() {
      for slot in step.inputs.compactMap({ $0 }) { last[owner[slot]] = index }
      if step.computation is any ReshapingOperator, let read = step.inputs.first ?? nil,
        let made = step.outputs.first ?? nil
      {
        owner[made] = owner[read]
        continue
      }
      for (slot, name) in zip(step.outputs, step.names) {
        guard let slot, let info = values[name], info.type.computed == .float32,
          info.bytes < Int.max
        else { continue }
        (bytes[slot], makers[slot], last[slot]) = (info.bytes, index, index)
      }
    }
    for (_, slot) in plan.wanted { bytes[owner[slot]] = nil }
    return bytes.sorted { $0.key < $1.key }.compactMap { slot, bytes in
      guard bytes >= Arena.least, let maker = makers[slot], let last = last[slot] else {
        return nil
      }
      return (maker, Arena.Tenant(bytes: bytes, steps: maker...last))
    }
  }
}

extension Plan {
  /// The plan with its results laid out in one arena, for inputs of the signature's shapes; others, and
  /// results whose size only a run can tell, lie in the heap. Each run uses the same pages, and no more
  /// of them than what is there at the same time takes.
  public func laidOut(for signature: Network.Signature) -> Plan {
    var plan = self
    plan.layout = PlanLayout(self, signature.values)
    return plan
  }

  /// The bytes of the arena that the results lie in; 0 without one.
  public var arenaBytes: Int { layout?.arena.size ?? 0 }

  /// Computes a step's results in their places.
  func placing(
    _ index: Int, _ forward: () throws(TensorError) -> [Value]
  ) throws(TensorError) -> [Value] {
    guard let layout, !layout.places[index].isEmpty else { return try forward() }
    return try layout.arena.placing(layout.places[index]) {
      Result { () throws(TensorError) in try forward() }
    }.get()
  }
}
