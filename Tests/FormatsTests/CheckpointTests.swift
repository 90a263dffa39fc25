import TensorCore
import Testing

@testable import Formats

@Suite struct CheckpointTests {
  private let state = Checkpoint(
    texts: ["epoch": "3", "a": "", "ü": "line 1\nline 2"],
    arrays: [
      "conv.weight": Tensor([2, 1, 2, 2], (0..<8).map { Float($0) / 3 }), "step": Tensor(scalar: 7),
      "odd": Tensor([3], [.infinity, -0.0, .leastNonzeroMagnitude]), "none": Tensor([0, 4], []),
    ])

  @Test func comesBackAsItWas() throws {
    #expect(try Checkpoint(state.bytes, named: "s") == state)
    #expect(try Checkpoint(Checkpoint().bytes, named: "s") == Checkpoint())
    #expect(Checkpoint(texts: state.texts, arrays: state.arrays).bytes == state.bytes)
  }

  @Test func refusesEveryCut() throws {
    refusesCuts(state.bytes) { _ = try Checkpoint($0, named: $1) }
  }

  @Test func noticesEveryChangedByte() {
    let bytes = state.bytes
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 0x10
      #expect(
        formatError("s") { _ = try Checkpoint(changed, named: "s") } != nil, "byte \(index)")
    }
    #expect(formatError("s") { _ = try Checkpoint(bytes + [0], named: "s") } != nil)
  }

  /// Somebody who makes the checksum right again still cannot ask for memory that is not there.
  @Test func sizesAreCheckedAgainstTheBytes() {
    let bytes = Checkpoint(arrays: ["x": Tensor([2], [1, 2])]).bytes
    // Magic 18, length 8, texts 4, arrays 4, name 4 + 1, rank 4: the size of the first dimension.
    let place = 18 + 8 + 4 + 4 + 5 + 4
    #expect(bytes[place] == 2)
    for size in [UInt64(3), 1 << 40, 1 << 62, .max] {
      var body = Array(bytes.dropLast(32))
      withUnsafeBytes(of: size.littleEndian) { body.replaceSubrange(place..<place + 8, with: $0) }
      let error = formatError("s") {
        _ = try Checkpoint(body + SHA256.digest(of: body), named: "s")
      }
      #expect(error?.description.contains("array x") == true, "\(error?.description ?? "none")")
    }
  }

  @Test func namesWhatIsNoState() {
    #expect(
      formatError("s") { _ = try Checkpoint(Array("1,2\n".utf8), named: "s") }?.description
        == "s: expected a training state of dropscope, found text")
  }
}
