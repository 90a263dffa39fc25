import TestSupport
import Testing

@testable import Formats

/// Names of classes, a line each.
@Suite struct LabelFileTests {
  private func names(_ text: String) throws -> [String] {
    try LabelFile.names(from: Array(text.utf8), named: "labels.txt")
  }

  @Test func aLineIsAName() throws {
    #expect(try names("cat\ndog\n") == ["cat", "dog"])
    #expect(try names("cat\r\n  hot dog \r\n") == ["cat", "hot dog"])
    // A class without a name keeps its place; blank lines at the end are none.
    #expect(try names("cat\n\ndog\n\n \n") == ["cat", "", "dog"])
    #expect(try names("Käfer\n犬") == ["Käfer", "犬"])
  }

  @Test func theClassesOwnNumbersAreLeftOut() throws {
    #expect(try names("0 cat\n1 dog\n") == ["cat", "dog"])
    #expect(try names("0,cat\n1,dog") == ["cat", "dog"])
    #expect(try names("0: cat\n1: dog") == ["cat", "dog"])
    // Numbers that are not the classes' own are names, or part of one.
    #expect(try names("1 cat\n2 dog") == ["1 cat", "2 dog"])
    #expect(try names("0\n1\n2") == ["0", "1", "2"])
    #expect(try names("0th\n1st") == ["0th", "1st"])
  }

  @Test func whatHoldsNoNamesSaysSo() throws {
    for text in ["", "\n\n", " \n"] {
      let error = try #require(throws: FormatError.self) { try names(text) }
      #expect("\(error)" == "labels.txt: labels: expected a name a line, found no line")
    }
    let bytes = try #require(throws: FormatError.self) {
      try LabelFile.names(from: [0x63, 0xFF, 0x0A], named: "labels.txt")
    }
    #expect("\(bytes)" == "labels.txt: labels: expected text in UTF-8, found other bytes")
  }
}
