extension ChannelAffine {
  /// Turns the gradient by the result of `forward` into that by x, in place: g·scale.
  public static func becomeGradient(_ g: inout Tensor, scale: [Float]) {
    overMaps(g.shape) { maps, area in
      g.withMutableElements { g in
        nonisolated(unsafe) let g = g
        run(maps: maps, area: area) { map in
          let a = scale[map % scale.count]
          for i in map * area..<(map + 1) * area { g[i] *= a }
        }
      }
    }
  }

  /// For each channel Σ g and Σ g·(x − centre), over samples and cells; g and x are `[N,C,…]`. Added up
  /// in double precision, map by map, in an order that follows from the shape alone.
  public static func sums(
    _ g: Tensor, x: Tensor, centre: [Float]
  ) -> (plain: [Double], weighted: [Double]) {
    precondition(g.shape == x.shape, "\(g.shape) beside \(x.shape)")
    let channels = centre.count
    var (plain, weighted) = (
      [Double](repeating: 0, count: channels), [Double](repeating: 0, count: channels)
    )
    overMaps(g.shape) { maps, area in
      let parts = NDArray<SIMD2<Double>>([maps]) { parts in
        g.withElements { g in
          x.withElements { x in
            nonisolated(unsafe) let (g, x, parts) = (g.baseAddress!, x.baseAddress!, parts)
            run(maps: maps, area: area) { map in
              parts[map] = sums(g + map * area, x + map * area, area, centre[map % channels])
            }
          }
        }
      }
      for map in 0..<maps {
        plain[map % channels] += parts[map].x
        weighted[map % channels] += parts[map].y
      }
    }
    return (plain, weighted)
  }

  private static func sums(
    _ g: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int, _ centre: Float
  ) -> SIMD2<Double> {
    var (plain, weighted) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    let middle = SIMD8<Double>(repeating: Double(centre))
    let whole = count & ~7
    for i in stride(from: 0, to: whole, by: 8) {
      let g = SIMD8<Double>(UnsafeRawPointer(g + i).loadUnaligned(as: SIMD8<Float>.self))
      let x = SIMD8<Double>(UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Float>.self))
      plain += g
      weighted += g * (x - middle)
    }
    var sums = SIMD2(plain.sum(), weighted.sum())
    for i in whole..<count {
      sums += SIMD2(Double(g[i]), Double(g[i]) * (Double(x[i]) - Double(centre)))
    }
    return sums
  }

  /// Calls `body` with the number of maps of `[N,C,…]` and the cells of one, where there are any.
  private static func overMaps(_ shape: Shape, _ body: (Int, Int) -> Void) {
    guard shape.count > 0 else { return }
    let maps = shape[0] * shape[1]
    body(maps, shape.count / maps)
  }

  private static func run(maps: Int, area: Int, _ body: @Sendable (Int) -> Void) {
    let perTask = max(1, elementwiseChunk / area)
    Parallel.run(tasks: (maps + perTask - 1) / perTask) { task in
      for map in task * perTask..<min(maps, (task + 1) * perTask) { body(map) }
    }
  }
}
