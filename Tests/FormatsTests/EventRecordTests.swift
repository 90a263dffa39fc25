import Foundation
import TestSupport
import Testing

@testable import Formats

/// Records of event files against those that TensorBoard's own package writes
/// (`Tests/Golden/make_events.py`).
@Suite struct EventRecordTests {
  private static let events: [(name: String, event: EventRecord)] = [
    ("version", EventRecord(seconds: 1_700_000_000, step: 0, .version)),
    ("start", EventRecord(seconds: 2.25, step: 16, .start)),
    (
      "scalars",
      EventRecord(
        seconds: 1.5, step: 300,
        .values([("loss/training", .scalar(0.1)), ("zeros/relu1", .scalar(0))]))
    ),
    (
      "histogram",
      EventRecord(
        seconds: 1.5, step: 300,
        .values([
          (
            "masks/dropout1",
            .histogram(
              least: 0, greatest: 1, count: 10, sum: 6, squares: 6, limits: [0.5, 1],
              counts: [4, 6])
          )
        ]))
    ),
    (
      "image",
      EventRecord(
        seconds: 1.5, step: 300,
        .values([("filters/conv1", .image(width: 3, height: 200, png: Array(0..<200)))]))
    ),
  ]

  @Test func areTheSameBytes() throws {
    let known = try Golden.json("events.json", as: [String: String].self)
    #expect(known.count == Self.events.count)
    for (name, event) in Self.events {
      let hex = event.bytes.map { String(format: "%02x", $0) }.joined()
      #expect(hex == known[name], "\(name)")
    }
  }

  /// The check sum of RFC 3720, appendix B.4.
  @Test func checkSumsAreKnown() {
    #expect(CRC32C.of(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.of(0..<32) == 0x46DD_794E)
    #expect(CRC32C.of([]) == 0)
  }
}
