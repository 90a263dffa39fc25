import TensorCore
import Testing

struct KernelTests {
  /// Large enough that work is split; a split that depended on the threads would show in the bits.
  @Test("every kernel has the same bits on one thread and on two")
  func threads() throws {
    let x = numbers([5, 7, 90, 91], seed: 3)
    let pooling = Pooling(
      window: Window(kernel: .init(3, 3), stride: .init(2, 2), padBefore: .init(1, 1)))
    let a = numbers([300, 700], seed: 4)
    let b = numbers([700, 600], seed: 5)
    let stack = numbers([6, 120, 80], seed: 6)
    let other = numbers([6, 80, 110], seed: 7)
    let kernels: [(String, @Sendable () throws -> Tensor)] = [
      ("chunks", { x.mapChunks { x, y in for i in x.indices { y[i] = x[i] < 0 ? 0 : x[i] } } }),
      ("max", { try pooling.max(x) }), ("average", { try pooling.average(x) }),
      ("softmax", { x.softmax(along: 1) }), ("log softmax", { x.logSoftmax(along: 3) }),
      (
        "affine",
        {
          try ChannelAffine.forward(
            x, scale: Array(repeating: 1.5, count: 7), shift: Array(repeating: 2, count: 7), in: "")
        }
      ),
      ("product", { try StackedProduct(a.shape, b.shape, in: "").forward(a, b) }),
      ("stacked", { try StackedProduct(stack.shape, other.shape, in: "").forward(stack, other) }),
      ("mean", { try Reduction.mean(x, over: [2, 3]) }),
    ]
    for (name, kernel) in kernels {
      let one = try Parallel.$threads.withValue(1) { try kernel() }
      let two = try Parallel.$threads.withValue(2) { try kernel() }
      #expect(one == two, "\(name)")
    }
  }

  @Test("a product of many blocks equals the definition, transposed or not")
  func blocks() throws {
    let (m, n, k) = (200, 700, 30)
    for (transposeA, transposeB) in [(false, false), (true, false), (false, true), (true, true)] {
      let a = numbers(transposeA ? [k, m] : [m, k], seed: 8)
      let b = numbers(transposeB ? [n, k] : [k, n], seed: 9)
      var c = numbers([m, n], seed: 10)
      let before = c
      a.withElements { a in
        b.withElements { b in
          c.withMutableElements { c in
            MatrixProduct.parallelSgemm(
              m: m, n: n, k: k, alpha: 0.5, a: a.baseAddress!, lda: transposeA ? m : k,
              transposeA: transposeA, b: b.baseAddress!, ldb: transposeB ? k : n,
              transposeB: transposeB, beta: 2, c: c.baseAddress!, ldc: n)
          }
        }
      }
      for cell in stride(from: 0, to: m * n, by: 131) {
        let (i, j) = cell.quotientAndRemainder(dividingBy: n)
        let sum = (0..<k).reduce(0.0) { sum, l in
          let left = transposeA ? a[l * m + i] : a[i * k + l]
          let right = transposeB ? b[j * k + l] : b[l * n + j]
          return sum + Double(left) * Double(right)
        }
        #expect(abs(Double(c[cell]) - (0.5 * sum + 2 * Double(before[cell]))) < 1e-5)
      }
    }
  }

  @Test("sums, means and maxima over any axes equal a walk over the indices")
  func reductions() throws {
    let shape: Shape = [2, 3, 4, 5]
    let x = numbers(shape, seed: 11)
    for choice in 0..<16 {
      let axes = (0..<4).filter { choice & (1 << $0) != 0 }
      let kept = try Reduction.shape(of: shape, over: axes, keepingDims: true)
      var sums = [Double](repeating: 0, count: kept.count)
      var maxima = [Float](repeating: -.infinity, count: kept.count)
      for offset in 0..<x.count {
        let at = zip(zip(shape.strides, shape.dims), zip(kept.strides, kept.dims)).map { from, to in
          to.1 == 1 ? 0 : offset / from.0 % from.1 * to.0
        }.reduce(0, +)
        sums[at] += Double(x[offset])
        maxima[at] = max(maxima[at], x[offset])
      }
      let sum = try Reduction.sum(x, over: axes)
      #expect(sum.shape == kept)
      #expect(zip(sum.elements, sums).allSatisfy { abs(Double($0) - $1) < 1e-6 })
      let mean = try Reduction.mean(x, over: axes.map { $0 - 4 }, keepingDims: false)
      #expect(mean.shape.rank == 4 - axes.count)
      let each = Double(x.count / kept.count)
      #expect(zip(mean.elements, sums).allSatisfy { abs(Double($0) - $1 / each) < 1e-6 })
      #expect(try Reduction.max(x, over: axes).elements == maxima)
    }
    #expect(try Reduction.sum(Tensor([0, 2], []), over: [0]).elements == [0, 0])
    #expect(try Reduction.max(Tensor([2], [.nan, 1]), over: [0])[0].isNaN)
    #expect(throws: TensorError.self) { try Reduction.sum(x, over: [4]) }
  }

  /// Geometries no file should need and any file may ask for.
  @Test func poolingAtTheEdges() throws {
    let x = numbers([1, 1, 4, 4], seed: 12)
    let huge = Window(
      kernel: .init(1 << 30, 1 << 30), padBefore: .init((1 << 30) - 1, (1 << 30) - 4))
    let y = try Pooling(window: huge).max(x)
    #expect(y.shape == [1, 1, 4, 1])
    #expect(y[3] == x.elements.max())
    #expect(throws: TensorError.self) {
      var window = huge
      window.padAfter = Window.Pair((1 << 30) - 1, (1 << 30) - 1)
      _ = try Pooling(window: window).max(x)
    }
    let padded = Window(kernel: .init(2, 2), padBefore: .init(2, 0))
    #expect(throws: TensorError.self) { try Pooling(window: padded).average(x) }
    // A window whose taps straddle the whole input holds no cell at all.
    let straddling = Window(
      kernel: .init(2, 1), dilation: .init(8, 1), padBefore: .init(4, 0), padAfter: .init(4, 0))
    #expect(try Pooling(window: straddling).average(x).elements == [Float](repeating: 0, count: 16))
    #expect(try Pooling(window: straddling).maxIndices(x).elements.allSatisfy { $0 == -1 })
    let nan = Tensor([1, 1, 2, 2], [1, .nan, 3, 2])
    #expect(try Pooling(window: Window(kernel: .init(2, 2))).max(nan)[0].isNaN)
    #expect(try Pooling(window: Window(kernel: .init(2, 2))).maxIndices(nan)[0] == 1)
  }

  @Test func softmaxSurvivesLargeNumbers() {
    let x = Tensor([1, 3], [1000, 1000, -1000])
    #expect(x.softmax(along: 1).elements == [0.5, 0.5, 0])
    #expect(Tensor([0, 3], []).softmax(along: 0).count == 0)
  }

  @Test func emptyInnerDimensionGivesZeros() throws {
    let product = try StackedProduct([2, 3, 0], [0, 4], in: "")
    let y = product.forward(Tensor([2, 3, 0], []), Tensor([0, 4], []))
    #expect(y == Tensor([2, 3, 4], repeating: 0))
  }
}
