import TensorCore

extension Benchmark {
  /// Products of matrices: large square ones, those that convolutions of common networks are, and a
  /// matrix by a vector, whose limit is the memory, beside a copy of as many bytes.
  static let products: [Benchmark] =
    [
      product(1024, 1024, 1024, "sgemm"), product(64, 2304, 576), product(256, 3136, 64),
      product(32, 9216, 27), product(512, 49, 4608),
    ] + [gemv, copy]

  private static func numbers(_ shape: Shape, seed: UInt64) -> Tensor {
    Tensor(shape) { RandomStream(seed: seed).fillUniforms($0) }
  }

  /// `[rows,terms]·[terms,columns]`.
  private static func product(
    _ rows: Int, _ columns: Int, _ terms: Int, _ name: String? = nil
  ) -> Benchmark {
    Benchmark(
      name: name ?? "sgemm-\(rows)x\(columns)x\(terms)",
      summary: "[\(rows),\(terms)]·[\(terms),\(columns)]", unit: "flop"
    ) { settings in
      let (a, b) = (numbers([rows, terms], seed: 1), numbers([terms, columns], seed: 2))
      var c = Tensor([rows, columns], repeating: 0)
      // Small products many times over, so that the clock can tell.
      let times = max(1, (1 << 28) / (2 * rows * columns * terms))
      return Work(count: 2 * rows * columns * terms * times, threads: settings.threads) {
        Parallel.$threads.withValue(settings.threads) {
          a.withElements { a in
            b.withElements { b in
              c.withMutableElements { c in
                for _ in 0..<times {
                  MatrixProduct.parallelSgemm(
                    m: rows, n: columns, k: terms, a: a.baseAddress!, lda: terms,
                    b: b.baseAddress!, ldb: columns, c: c.baseAddress!, ldc: columns)
                }
              }
            }
          }
        }
      }
    }
  }

  private static let vectorShape: Shape = [4096, 25088]

  private static let gemv = Benchmark(
    name: "gemv", summary: "\(vectorShape)·[25088], bytes of the matrix", unit: "bytes",
    takesAllProcessors: true
  ) { settings in
    let (matrix, x) = (numbers(vectorShape, seed: 1), numbers([vectorShape[1]], seed: 2))
    var y = Tensor([vectorShape[0]], repeating: 0)
    return Work(count: 4 * matrix.count, threads: settings.threads) {
      Parallel.$threads.withValue(settings.threads) {
        matrix.withElements { matrix in
          x.withElements { x in
            y.withMutableElements { y in
              MatrixProduct.parallelSgemm(
                m: y.count, n: 1, k: x.count, a: matrix.baseAddress!, lda: x.count,
                b: x.baseAddress!, ldb: 1, c: y.baseAddress!, ldc: 1)
            }
          }
        }
      }
    }
  }

  private static let copy = Benchmark(
    name: "copy", summary: "a copy of \(vectorShape), bytes read and bytes written",
    unit: "bytes", takesAllProcessors: true
  ) { settings in
    let source = numbers(vectorShape, seed: 1)
    var target = source
    target[0] = 0
    let part = 1 << 20
    return Work(count: 8 * source.count, threads: settings.threads) {
      source.withElements { source in
        target.withMutableElements { target in
          nonisolated(unsafe) let (source, target) = (source.baseAddress!, target.baseAddress!)
          let count = vectorShape.count
          Parallel.run(tasks: (count + part - 1) / part, threads: settings.threads) { task in
            let start = task * part
            (target + start).update(from: source + start, count: min(part, count - start))
          }
        }
      }
    }
  }
}
