import NeuralNet
import TensorCore
import Testing
import TestSupport

@testable import Formats

@Suite struct CSVTests {
  private func read(_ text: String) throws -> Tensor {
    try CSV.tensor(from: Array(text.utf8), named: "a.csv")
  }

  @Test(arguments: [
    "1,2,3\n4,5,6\n", "1,2,3\r\n4,5,6\r\n", "1,2,3\r4,5,6", "\u{FEFF}1,2,3\n4,5,6",
    "1;2;3\n4;5;6", "1\t2\t3\n4\t5\t6\n", "1 2 3\n4 5 6", "  1   2 \t 3 \n4 5 6  ",
    " 1 , 2,\t3 \n4,5,6\n\n\n", "\n\n1,2,3\n4,5,6", "+1,2.0,3e0\n.4e1,5.,600E-2",
  ]) func readsRows(_ text: String) throws {
    #expect(try read(text) == Tensor([2, 3], [1, 2, 3, 4, 5, 6]))
  }

  @Test(arguments: [
    "a,b,c\n1,2,3\n4,5,6\n", "a title\n\na,b,c\n1,2,3\n4,5,6\n", "a title\n1,2,3\n4,5,6",
    "\"1\",\"2\",\"3\"\r\n\"4\",\"5\",\"6\"", "\"a, b\",c,\"d\"\"e\"\n1, \"2\" ,3\n4,5,6",
    "\"a\nb\",c,d\n1,2,3\n4,5,6", "# a \"b\n1,2,3\n# c, d\n4,5,6", "a;b;c\n1;2;3\n4;5;6",
    "a b\tc d\te\n1\t2\t3\n4\t5\t6", "a b c\n1 2 3\n4 5 6", "of two rows\n1 2 3\n4 5 6",
    "id,a,b,c\n8,1,2,3\n9,4,5,6", ",0,1,2\nx,1,2,3\ny,4,5,6",
    "a,label,b,c\n1,cat,2,3\n4,dog,5,6", "label,1,2,3\ncat,1,2,3\n\ndog,4,5,6",
    "\"x\" \"y\" \"z\"\n\"first\" 1 2 3\n\"second\" 4 5 6",
  ]) func readsWhatStandsAroundRows(_ text: String) throws {
    #expect(try read(text) == Tensor([2, 3], [1, 2, 3, 4, 5, 6]))
  }

  /// Files as NumPy, Python, data frames and R write them (Golden/make_formats_csv.py).
  @Test(arguments: [
    "csv_header.csv", "csv_quoted.csv", "csv_semicolons.csv", "csv_tabs.csv", "csv_savetxt.csv",
    "csv_frame.csv", "csv_r.txt",
  ]) func readsWhatProgramsWrite(_ name: String) throws {
    let expected = try NPY.tensor(from: golden("csv_numbers.npy"), named: "a")
    #expect(try CSV.tensor(from: golden(name), named: name) == expected)
  }

  @Test func blankLinesCutBlocks() throws {
    let expected = Tensor([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(try read("1,2\n3,4\n\n5,6\n7,8\n") == expected)
    #expect(try read("\n1,2\n3,4\n \t \n\r\n5,6\n7,8\n\n") == expected)
  }

  @Test func readsNumbersThatAreNone() throws {
    let odd = try read("nan,NaN,inf,-inf,Infinity,-INF,-0").elements
    #expect(odd[0].isNaN && odd[1].isNaN)
    #expect(odd[2...5].elementsEqual([.infinity, -.infinity, .infinity, -.infinity]))
    #expect(odd[6].sign == .minus && odd[6] == 0)
  }

  @Test(arguments: [
    ("1,2\n3\n", "a.csv: line 2: expected 2 numbers as in the rows before, found 1"),
    ("1,2\n\n3,4,5", "a.csv: line 3: expected 2 numbers as in the rows before, found 3"),
    ("1,2\n3,x4", "a.csv: line 2, column 2: expected a number, found \"x4\""),
    ("a,b\n", "a.csv: line 1, column 1: expected a number, found \"a\""),
    ("a,b\n1,2,3", "a.csv: line 2: expected 2 columns as in the header, found 3"),
    ("a,b\n1,2\nc,d", "a.csv: line 3, column 1: expected a number, found \"c\""),
    ("a,7\n1,2", "a.csv: line 1, column 1: expected a number, found \"a\""),
    ("NA,NA\n1,2", "a.csv: line 1, column 1: expected a number, found \"NA\""),
    ("1,\"2\n3,4", "a.csv: line 1, column 2: expected a closing quote, found the end of the text"),
    (
      "a,b\n1,\"2\"3\n",
      "a.csv: line 2, column 2: expected nothing behind the closing quote, found \"3\""
    ),
    ("\"a\nb\",c\n1,2\n3,d", "a.csv: line 4, column 2: expected a number, found \"d\""),
    ("1,5;2,5\n3;4", "a.csv: line 1, column 1: expected a number, found \"1,5\""),
    ("1\t2\n3\t\n", "a.csv: line 2, column 2: expected a number, found nothing"),
    ("1,,2", "a.csv: line 1, column 2: expected a number, found nothing"),
    ("1,2,\n", "a.csv: line 1, column 3: expected a number, found nothing"),
    ("1,5;2,5", "a.csv: line 1, column 1: expected a number, found \"1,5\""),
    ("0x10", "a.csv: line 1, column 1: expected a number, found \"0x10\""),
    ("1e", "a.csv: line 1, column 1: expected a number, found \"1e\""),
    ("1 e5 -", "a.csv: line 1, column 2: expected a number, found \"e5\""),
    ("-", "a.csv: line 1, column 1: expected a number, found \"-\""),
    (".", "a.csv: line 1, column 1: expected a number, found \".\""),
    ("1_000", "a.csv: line 1, column 1: expected a number, found \"1_000\""),
    ("nan(1)", "a.csv: line 1, column 1: expected a number, found \"nan(1)\""),
    (
      "1,2\n\n1,2\n3,4",
      "a.csv: line 4: expected a block as high as the first, 1, found 2"
    ),
    ("", "a.csv: expected rows of numbers, found none"),
    (" \n\t\n", "a.csv: expected rows of numbers, found none"),
    ("1,\u{1B}[2J", "a.csv: line 1, column 2: expected a number, found \"\u{1B}[2J\""),
  ]) func saysWhatIsWrong(_ text: String, _ message: String) {
    let error = formatError("a.csv") { _ = try read(text) }
    #expect(error?.description == message)
    #expect(error?.kind == .badData)
  }

  /// An infinity that is written as one is one; a number that no float reaches is a mistake.
  @Test func refusesNumbersThatNoFloatReaches() throws {
    #expect(
      formatError("a.csv") { _ = try read("1,2\n3,-1e999\n") }?.description
        == "a.csv: line 2, column 2: expected a number up to 3.4028235e+38, found \"-1e999\"")
    for text in ["3.5e38", "1e39", "100000000000000000000000000000000000000000"] {
      #expect(throws: FormatError.self, "\(text)") { try read("1,\(text)") }
    }
    #expect(
      try read("inf,-Infinity,3.4028235e38,1e-999").elements.map(\.isInfinite) == [
        true, true, false, false,
      ])
  }

  @Test func refusesUTF16() {
    #expect(
      formatError("a") { _ = try CSV.tensor(from: [0xFF, 0xFE, 0x31, 0], named: "a") }?.description
        == "a: expected numbers as UTF-8 text, found UTF-16 text")
  }

  /// Against the standard library, on floats of every size, written in several ways, and on decimals
  /// that lie on and beside the middle between two floats.
  @Test func readsTheNearestFloat() {
    var random = SplitMix(11)
    var texts = [
      "16777217", "16777219", "16777217.000000001", "16777216.999999999", "0.1", "3.4028235e38",
      "3.4028236e38", "3.5e38", "1e39", "1e-46", "7.0e-46", "7.1e-46", "1.1754944e-38", "1e99999",
      "1e-99999", "0e99999", "123456789012345678901234567890", "0.000000000000000000000000001",
      "00000000000000000000000012.5", "999999999999999", "9999999999999999", "1e22", "1e23",
    ]
    for _ in 0..<20_000 {
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      guard float.isFinite else { continue }
      texts.append(float.description)
      texts.append(Double(float).description)
      let middle = (Double(float) + Double(float.nextUp)) / 2
      texts += [middle.description, middle.nextUp.description, middle.nextDown.description]
      texts.append("\(random.below(100_000)).\(random.below(10_000_000))")
    }
    for text in texts {
      let read = Array(text.utf8).withUnsafeBufferPointer { DecimalNumber.float($0) }
      #expect(read?.bitPattern == Float(text)?.bitPattern, "\(text)")
    }
  }

  @Test func writesTheShortestTextThatReadsBack() throws {
    let tensor = Tensor([2, 4], [1, -0.5, 0.1, 1e-7, 3.4028235e38, .infinity, -0.0, 26])
    #expect(
      String(decoding: CSV.bytes(tensor), as: UTF8.self)
        == "1,-0.5,0.1,1e-07\n3.4028235e+38,inf,-0.0,26\n")
    #expect(try CSV.tensor(from: CSV.bytes(tensor), named: "a") == tensor)
    var random = SplitMix(3)
    let many = Tensor(
      [100, 50],
      (0..<5000).map { _ in
        let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
        return float.isNaN ? 0 : float
      })
    #expect(try CSV.tensor(from: CSV.bytes(many), named: "a") == many)
  }

  @Test func writesChannelsOneAfterAnother() throws {
    let maps = Tensor([2, 2, 3], (0..<12).map { Float($0) })
    #expect(
      String(decoding: CSV.bytes(maps), as: UTF8.self) == "0,1,2\n3,4,5\n6,7,8\n9,10,11\n")
    #expect(String(decoding: CSV.bytes(Tensor(scalar: 5)), as: UTF8.self) == "5\n")
    #expect(String(decoding: CSV.bytes(Tensor([3], [1, 2, 3])), as: UTF8.self) == "1,2,3\n")
    #expect(CSV.bytes(Tensor([0, 3], [])) == [])
    #expect(CSV.bytes(Tensor([3, 0], [])) == [])
  }

  @Test func refusesDamage() {
    let text = (0..<40).map { "\($0),0.5,-1e-3,nan" }.joined(separator: "\r\n")
    readDamaged(Array(text.utf8)) { _ = try CSV.tensor(from: $0, named: $1) }
    let named =
      "label,\"a \"\"b\"\"\",1x1,\"1x2\"\n" + String(repeating: "7,\"1\",2,3\n", count: 40)
    readDamaged(Array(named.utf8)) {
      let table = try CSV.table(from: $0, named: $1)
      guard let items = table.items(asks: true), items.count > 0 else { return }
      _ = (items.item(at: items.count - 1), items.label(at: items.count - 1))
    }
  }

  @Test(.enabled(if: Shared.has("reference/spreadsheet/input.csv"), "needs ../shared"))
  func readsTheSpreadsheet() throws {
    let path = Shared.path("reference/spreadsheet/input.csv")
    let digit = try CSV.tensor(from: FileBytes.read(path), named: path)
    #expect(digit.shape == [28, 28])
    #expect(digit.elements.allSatisfy { (0...1).contains($0) })
  }
}
