import CKernels
import Testing

@testable import TensorCore

struct PhiloxTests {
  /// The vectors published with Random123 (kat_vectors, philox4x32 10).
  @Test func publishedVectors() {
    let ones = UInt32.max
    #expect(
      Philox.block(counter: SIMD4(0, 0, 0, 0), key: SIMD2(0, 0))
        == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    #expect(
      Philox.block(counter: SIMD4(ones, ones, ones, ones), key: SIMD2(ones, ones))
        == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    #expect(
      Philox.block(
        counter: SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
        key: SIMD2(0xa409_3822, 0x299f_31d0))
        == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  /// The bulk code is written a second time, in C, and for several instruction sets.
  @Test(arguments: 0...CK_AVX512.rawValue)
  func everyInstructionSetGivesTheSameWords(set: UInt32) {
    guard set <= ck_widest().rawValue else { return }
    let key = SIMD2<UInt32>(0xdead_beef, 0x0123_4567)
    for (first, blocks) in [(0, 1), (5, 7), (3, 8), (1000, 9), (77, 40), (0xffff_fff0, 16)] {
      let stream = ck_philox_stream(key: (key[0], key[1]), counter: (11, 0xffff_ffff, 13))
      var words = [UInt32](repeating: 0, count: blocks * 4 + 1)
      words[blocks * 4] = 42
      ck_philox(ck_set(set), stream, UInt32(first), &words, blocks)
      for b in 0..<blocks {
        let counter = SIMD4(UInt32(first + b), 11, 0xffff_ffff, 13)
        let expected = Philox.block(counter: counter, key: key)
        #expect((0..<4).allSatisfy { words[4 * b + $0] == expected[$0] }, "block \(first + b)")
      }
      #expect(words[blocks * 4] == 42, "wrote beyond the end")
    }
  }
}

struct RandomStreamTests {
  /// Values from Tests/Golden/make_philox.py.
  @Test func goldenWords() {
    #expect(RandomStream(seed: 7).word(at: 0) == 0xf460_7a2d)
    #expect(RandomStream(seed: 7).word(at: 5) == 0xcb97_bc13)
    let stream = RandomStream(seed: 0x0123_4567_89AB_CDEF, site: 3, sample: 2, step: 1)
    #expect(stream.word(at: 1001) == 0x17c7_7c6f)
    let last = RandomStream(seed: .max, site: .max, sample: .max, step: .max)
    #expect(last.word(at: 1 << 34 - 1) == 0x6d54_51fd)
    let far = RandomStream(seed: 1, site: 0x811C_9DC5, sample: 9, step: 4)
    #expect(far.word(at: 1 << 33 + 6) == 0x0b01_7b9e)
  }

  @Test func sitesHaveTheNumbersOfFNV1a() {
    // From the test vectors of the FNV draft (Fowler, Noll, Vo, Eastlake).
    #expect(RandomStream.site(named: "") == 0x811c_9dc5)
    #expect(RandomStream.site(named: "a") == 0xe40c_292c)
    #expect(RandomStream.site(named: "foobar") == 0xbf9c_f968)
  }

  @Test func fillingGivesTheSameAsAskingOneByOne() {
    let stream = RandomStream(seed: 99, site: 5, sample: 1, step: 8)
    let starts = [0, 1, 2, 3, 4, 30, 4093, 1 << 33 + 1]
    for start in starts {
      for count in [0, 1, 2, 3, 4, 5, 7, 31, 32, 33, 100] {
        let words = [UInt32](unsafeUninitializedCapacity: count) { buffer, filled in
          stream.fillWords(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), from: start)
          filled = count
        }
        #expect(words == (0..<count).map { stream.word(at: start + $0) }, "\(start) + \(count)")
      }
    }
  }

  @Test func uniformsInParts() {
    let stream = RandomStream(seed: 3, site: 1)
    // Longer than the part that is made at once, and off its beat.
    for (start, count) in [(0, 9000), (3, 4095), (4097, 4099)] {
      let filled = Tensor([count]) { stream.fillUniforms($0, from: start) }
      #expect(filled.elements == (0..<count).map { stream.uniform(at: start + $0) })
      #expect(
        filled.elements.allSatisfy { $0 >= 0 && $0 < 1 && $0 * 0x1p24 == ($0 * 0x1p24).rounded() })
    }
  }

  @Test func extremesOfAWord() {
    #expect(RandomStream.uniform(0) == 0)
    #expect(RandomStream.uniform(255) == 0)
    #expect(RandomStream.uniform(256) == 0x1p-24)
    #expect(RandomStream.uniform(.max) == 1 - 0x1p-24)
  }

  /// Mean 1/2, variance 1/12, lag-one correlation 0, sixteen even bins; limits at 5 σ.
  @Test func uniformsAreUniform() {
    let n = 100_000
    let u = Tensor([n]) { RandomStream(seed: 2024, site: 17).fillUniforms($0) }
      .elements.map(Double.init)
    let mean = u.reduce(0, +) / Double(n)
    #expect(abs(mean - 0.5) < 5 * (1 / 12.0 / Double(n)).squareRoot())
    let variance = u.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(n)
    #expect(abs(variance - 1 / 12.0) < 5 * (1 / 180.0 / Double(n)).squareRoot())
    let lag = zip(u, u.dropFirst()).reduce(0) { $0 + ($1.0 - 0.5) * ($1.1 - 0.5) } * 12 / Double(n)
    #expect(abs(lag) < 5 / Double(n).squareRoot())
    var bins = [Double](repeating: 0, count: 16)
    for u in u { bins[Int(u * 16)] += 1 }
    let expected = Double(n) / 16
    let chiSquare = bins.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    // χ² with 15 degrees of freedom is above 44.3 once in 10,000.
    #expect(chiSquare < 44.3)
  }
}

struct MersenneTwisterTests {
  /// `numpy.random.seed(s); numpy.random.uniform(size=4)`, NumPy 2.
  @Test(
    "uniforms are those of NumPy's legacy generator",
    arguments: [
      (0, [0.5488135039273248, 0.7151893663724195, 0.6027633760716439, 0.5448831829968969]),
      (42, [0.3745401188473625, 0.9507143064099162, 0.7319939418114051, 0.5986584841970366]),
    ] as [(UInt32, [Double])])
  func uniforms(seed: UInt32, expected: [Double]) {
    var generator = MersenneTwister(seed: seed)
    #expect((0..<4).map { _ in generator.uniform() } == expected)
  }

  @Test func longRuns() {
    var generator = MersenneTwister(seed: 5489)
    let words = (0..<10_000).map { _ in generator.word() }
    // The figure the C++ standard gives for mt19937's 10,000th number.
    #expect(words[9_999] == 4_123_659_995)
  }
}
