import CKernels
import Foundation
import Testing

@testable import TensorCore

/// The sets of instructions this machine has.
private let sets = [CK_BASELINE, CK_AVX2, CK_AVX512].filter { $0.rawValue <= ck_widest().rawValue }
/// Those with fused multiply-adds in hardware, whose bits are the same.
private let fused = sets.filter { $0 != CK_BASELINE }

private func numbers(_ count: Int, seed: UInt64) -> [Float] {
  let uniform = Tensor([count]) { RandomStream(seed: seed).fillUniforms($0) }
  return uniform.elements.map { 2 * $0 - 1 }
}

/// Products, whatever their shape: near the sum in double precision, the same bits in every set, for every
/// cut, in every form of the operands.
struct KernelProductTests {
  struct Case: Sendable {
    let (rows, columns, terms): (Int, Int, Int)
  }

  /// Edges of tiles (6, 14, 16, 32) and of the cut at 384, and what lies between.
  static let cases: [Case] = {
    let sizes = [1, 2, 5, 6, 7, 13, 14, 15, 16, 17, 31, 32, 33, 49, 70]
    let depths = [0, 1, 3, 16, 127, 383, 384, 385, 800]
    let stream = RandomStream(seed: 3)
    return (0..<300).map { i in
      func pick(_ list: [Int], _ j: Int) -> Int {
        list[Int(stream.word(at: 3 * i + j)) % list.count]
      }
      return Case(rows: pick(sizes, 0), columns: pick(sizes, 1), terms: pick(depths, 2))
    }
  }()

  /// C = A·B + bias, times scale plus shift, plus another, clipped; in one set.
  private func product(_ set: ck_set, _ item: Case, packed: Bool, cut: Bool) -> [Float] {
    let (m, n, k) = (item.rows, item.columns, item.terms)
    let (a, b) = (numbers(m * k + 1, seed: 1), numbers(k * n + 1, seed: 2))
    let (bias, scale, shift) = (
      numbers(m, seed: 3), numbers(m, seed: 4), numbers(m, seed: 5)
    )
    let other = numbers(m * n, seed: 6)
    var c = [Float](repeating: 77, count: m * n + 1)
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        withBase(of: bias) { bias in
          withBase(of: scale) { scale in
            withBase(of: shift) { shift in
              withBase(of: other) { other in
                var epilogue = Activation.clip(-2, 3).kernel
                (epilogue.row_bias, epilogue.row_scale) = (bias, scale)
                (epilogue.row_shift, epilogue.residual) = (shift, other)
                epilogue.residual_step = n
                c.withUnsafeMutableBufferPointer { c in
                  withUnsafePointer(to: &epilogue) { epilogue in
                    run(
                      set, item, a.baseAddress!, b.baseAddress!, epilogue, packed, cut,
                      c.baseAddress!)
                  }
                }
              }
            }
          }
        }
      }
    }
    #expect(c[m * n] == 77, "wrote beyond the end")
    return Array(c.dropLast())
  }

  private func run(
    _ set: ck_set, _ item: Case, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
    _ epilogue: UnsafePointer<ck_epilogue>, _ packed: Bool, _ cut: Bool,
    _ c: UnsafeMutablePointer<Float>
  ) {
    let (m, n, k) = (item.rows, item.columns, item.terms)
    var job = ck_product_job(rows: m, columns: n, terms: k, to: c, step: n)
    job.epilogue = epilogue
    job.left = ck_left(values: a, row_step: k, term_step: 1, packed: 0)
    job.right = ck_right(matrix: b, termStep: n, columnStep: 1)
    let panels = ck_left_panels(set, m)
    Scratch.with(ck_left_count(set, m, k)) { left in
      Scratch.with(ck_right_count(set, n, k)) { right in
        if packed {
          ck_pack_left(set, &job.left, m, k, left, 0, panels)
          job.left = ck_left(values: left, row_step: 0, term_step: 0, packed: 1)
          ck_pack_right(set, &job.right, n, k, right, 0, ck_right_panels(set, n))
          job.right = ck_right(
            kind: CK_PACKED, values: right, term_step: 0, column_step: 0, patches: nil)
        }
        Scratch.with(ck_product_room(set, &job)) { room in
          guard cut else { return ck_product_all(set, &job, room) }
          for panel in 0..<panels {
            for column in stride(from: 0, to: n, by: Int(CK_COLUMNS)) {
              ck_product(
                set, &job, panel, panel + 1, column, min(n, column + Int(CK_COLUMNS)), room)
            }
          }
        }
      }
    }
  }

  private func expected(_ item: Case) -> (values: [Double], sizes: [Double]) {
    let (m, n, k) = (item.rows, item.columns, item.terms)
    let (a, b) = (numbers(m * k + 1, seed: 1), numbers(k * n + 1, seed: 2))
    let (bias, scale, shift) = (
      numbers(m, seed: 3), numbers(m, seed: 4), numbers(m, seed: 5)
    )
    let other = numbers(m * n, seed: 6)
    var (values, sizes): ([Double], [Double]) = ([], [])
    for i in 0..<m {
      for j in 0..<n {
        var (sum, size) = (Double(bias[i]), 1.0)
        for l in 0..<k {
          let term = Double(a[i * k + l]) * Double(b[l * n + j])
          (sum, size) = (sum + term, size + abs(term))
        }
        let y = sum * Double(scale[i]) + Double(shift[i]) + Double(other[i * n + j])
        values.append(max(-2, min(3, y)))
        sizes.append(size + 2)
      }
    }
    return (values, sizes)
  }

  @Test(arguments: 0..<6) func isTheSum(part: Int) {
    for item in Self.cases[part * 50..<(part + 1) * 50] {
      let (values, sizes) = expected(item)
      var first: [Float]?
      for set in sets {
        for (packed, cut) in [(false, false), (true, false), (false, true), (true, true)] {
          let found = product(set, item, packed: packed, cut: cut)
          for i in found.indices {
            #expect(abs(Double(found[i]) - values[i]) <= 1e-6 * sizes[i], "\(set) \(item)")
          }
          guard set != CK_BASELINE else { continue }
          if let first {
            #expect(found.map(\.bitPattern) == first.map(\.bitPattern), "\(set) \(item)")
          }
          first = first ?? found
        }
      }
    }
  }

  /// What is no number stays none, and what is infinite goes where IEEE says.
  @Test func notFinite() {
    let (m, n, k) = (9, 37, 400)
    for set in sets {
      for (bad, where_) in [(Float.nan, 3), (.infinity, 390)] {
        var a = numbers(m * k, seed: 8)
        a[4 * k + where_] = bad
        let b = numbers(k * n, seed: 9)
        var c = [Float](repeating: 0, count: m * n)
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            c.withUnsafeMutableBufferPointer { c in
              var job = ck_product_job(rows: m, columns: n, terms: k, to: c.baseAddress!, step: n)
              job.left = ck_left(values: a.baseAddress!, row_step: k, term_step: 1, packed: 0)
              job.right = ck_right(matrix: b.baseAddress!, termStep: n, columnStep: 1)
              Scratch.with(ck_product_room(set, &job)) { ck_product_all(set, &job, $0) }
            }
          }
        }
        for i in c.indices {
          let isHit = i / n == 4
          #expect(c[i].isFinite != isHit, "\(set), \(bad), cell \(i)")
          if isHit, bad.isInfinite {
            #expect((c[i] > 0) == (b[where_ * n + i % n] > 0), "\(set), cell \(i)")
          }
        }
      }
    }
  }
}

/// Functions of one number against double precision.
struct KernelFunctionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let function: ck_function
    let name: String
    let ulps: Double
    let range: ClosedRange<Float>
    let exact: @Sendable (Double) -> Double
    var testDescription: String { name }
  }

  static let cases = [
    Case(function: CK_MAP_EXP, name: "exp", ulps: 2, range: -87...88) { Foundation.exp($0) },
    Case(function: CK_MAP_TANH, name: "tanh", ulps: 2, range: -12...12) { Foundation.tanh($0) },
    Case(function: CK_MAP_ERF, name: "erf", ulps: 2, range: -5...5) { Foundation.erf($0) },
    Case(function: CK_MAP_SIGMOID, name: "sigmoid", ulps: 2.5, range: -80...80) {
      1 / (1 + Foundation.exp(-$0))
    },
    Case(function: CK_MAP_LOG, name: "log", ulps: 2, range: 1e-30...1e30) { Foundation.log($0) },
    Case(function: CK_MAP_SOFTPLUS, name: "softplus", ulps: 2, range: -80...80) {
      Foundation.log1p(Foundation.exp($0))
    },
  ]

  private func values(_ set: ck_set, _ item: Case, _ x: [Float]) -> [Float] {
    var y = x
    y.withUnsafeMutableBufferPointer { y in
      ck_map(set, item.function, 0, 0, y.baseAddress!, y.baseAddress!, y.count)
    }
    return y
  }

  @Test(arguments: cases) func isExactToTheLastPlaces(_ item: Case) {
    let (low, high) = (item.range.lowerBound, item.range.upperBound)
    // Evenly, and more and more densely towards 0 (or the lower end above it).
    var x = (0...40_000).map { low + (high - low) * Float($0) / 40_000 }
    x += (0...20_000).map { high * Foundation.pow(2, -Float($0) / 200) }.filter(item.range.contains)
    var first: [UInt32]?
    for set in sets {
      let y = values(set, item, x)
      for (x, y) in zip(x, y) {
        let exact = item.exact(Double(x))
        let allowed = (item.ulps + (set == CK_BASELINE ? 1 : 0)) * Double(Float(exact).ulp)
        #expect(abs(Double(y) - exact) <= allowed, "\(item.name) \(x) in \(set)")
      }
      guard set != CK_BASELINE else { continue }
      if let first { #expect(y.map(\.bitPattern) == first) }
      first = first ?? y.map(\.bitPattern)
    }
  }

  @Test(arguments: cases) func ends(_ item: Case) {
    for set in sets {
      let y = values(set, item, [.nan, .infinity, -.infinity])
      #expect(y[0].isNaN)
      for (found, x) in zip(y.dropFirst(), [Double.infinity, -.infinity]) {
        let exact = Float(item.exact(x))
        #expect(found == exact || found.isNaN && exact.isNaN, "\(item.name)(\(x)) in \(set)")
      }
    }
  }
}

/// Pools of 2×2, which have kernels of their own, against one window at a time.
struct KernelPairsTests {
  @Test(arguments: [(2, 2), (3, 5), (4, 15), (5, 16), (6, 17), (7, 31), (4, 32), (6, 33), (2, 67)])
  func isTheFirstOfTheLargest(_ height: Int, _ width: Int) {
    let (maps, rows, columns) = (3, height / 2, width / 2)
    // Few values, so that there are equals, and some that are not numbers.
    let x = numbers(maps * height * width, seed: 5).map { cell in
      abs(cell) < 0.03 ? Float.nan : (cell * 4).rounded()
    }
    let g = numbers(maps * rows * columns, seed: 6)
    var (largest, gradient) = ([Float](), [Float](repeating: 0, count: x.count))
    for map in 0..<maps {
      for i in 0..<rows {
        for j in 0..<columns {
          let corner = (map * height + 2 * i) * width + 2 * j
          let cells = [corner, corner + 1, corner + width, corner + width + 1]
          let winner =
            cells.first { x[$0].isNaN } ?? cells.first { c in cells.allSatisfy { x[$0] <= x[c] } }!
          gradient[winner] = g[largest.count]
          largest.append(x[winner])
        }
      }
    }
    var pool = ck_pool(
      height: height, width: width, kernel_height: 2, kernel_width: 2, stride_height: 2,
      stride_width: 2, dilation_height: 1, dilation_width: 1, pad_top: 0, pad_left: 0,
      out_height: rows, out_width: columns)
    for set in sets {
      var (y, dx) = ([Float](repeating: 9, count: g.count), [Float](repeating: 9, count: x.count))
      Scratch.with(ck_pool_room(&pool)) { ck_max_pool(set, &pool, x, &y, 0, maps, $0) }
      ck_max_pool_pairs_gradient(set, height, width, x, y, g, &dx, 0, maps)
      for (found, expected) in zip(y, largest) {
        #expect(found == expected || found.isNaN && expected.isNaN)
      }
      #expect(dx == gradient, "\(set)")
    }
  }
}

/// What training does to all weights, against double precision.
struct KernelUpdateTests {
  @Test func adam() {
    let count = 37
    let (w, g) = (numbers(count, seed: 1), numbers(count, seed: 2))
    let (m, v) = (numbers(count, seed: 3), numbers(count, seed: 4).map(abs))
    var step = ck_adam(
      rate: 0.01, unbias: 3, beta1: 0.9, rest1: 0.1, beta2: 0.99, rest2: 0.01, epsilon: 1e-8,
      l2: 0.5)
    var first: [UInt32]?
    for set in sets {
      var (own, mean, square) = (w, m, v)
      ck_adam_step(set, &step, &own, &mean, &square, g, count)
      for i in 0..<count {
        let slope = Double(g[i]) + 0.5 * Double(w[i])
        let average = 0.9 * Double(m[i]) + 0.1 * slope
        let second = 0.99 * Double(v[i]) + 0.01 * slope * slope
        let expected = Double(w[i]) - 0.01 * average / ((3 * second).squareRoot() + 1e-8)
        #expect(abs(Double(mean[i]) - average) < 1e-6 && abs(Double(square[i]) - second) < 1e-6)
        #expect(abs(Double(own[i]) - expected) < 1e-6)
      }
      guard set != CK_BASELINE else { continue }
      let bits = (own + mean + square).map(\.bitPattern)
      if let first { #expect(bits == first) }
      first = first ?? bits
    }
  }

  @Test func reluGradient() {
    let y: [Float] = (0..<35).map { [-1, 0, 2, .nan, -0.0][$0 % 5] }
    for set in sets {
      var g = [Float](repeating: 3, count: y.count)
      ck_relu_gradient(set, &g, y, y.count)
      #expect(g == y.map { $0 <= 0 ? 0 : 3 })
    }
  }
}

/// Means of rows that single precision cannot add up.
struct KernelMeanTests {
  @Test(
    arguments: [
      ([Float](repeating: 3e38, count: 40), Double(Float(3e38))),
      ([1, -Float.infinity, 2], -Double.infinity), ([Float.infinity, 4], Double.infinity),
      ([Float.infinity, -Float.infinity], Double.nan), ([1, Float.nan], Double.nan),
    ] as [([Float], Double)])
  func isWhatTheNumbersSay(_ row: [Float], _ expected: Double) {
    for set in sets {
      var (y, mean, variance) = (row, [0.0], [0.0])
      ck_normalize(set, row, row.count, 1e-5, nil, nil, &y, &mean, &variance, 0, 1)
      let isEqual = abs(mean[0] - expected) <= 1e-6 * abs(expected)
      #expect(mean[0] == expected || isEqual || mean[0].isNaN && expected.isNaN)
    }
  }

  @Test func squaresBeyondSinglePrecision() {
    for set in sets {
      var (y, mean, variance) = ([Float](repeating: 0, count: 3), [0.0], [0.0])
      let row: [Float] = [3e38, -3e38, 0]
      ck_normalize(set, row, 3, 1e-5, nil, nil, &y, &mean, &variance, 0, 1)
      let expected: Float = (1.5 as Float).squareRoot()
      #expect(abs(y[0] - expected) < 1e-6 && abs(y[1] + expected) < 1e-6 && y[2] == 0)
    }
  }
}
