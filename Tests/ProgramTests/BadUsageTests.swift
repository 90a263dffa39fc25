import Foundation
import Testing
import TestSupport

/// Every mistake on the command line is one line on standard error and its exit code.
@Suite struct BadUsageTests {
  private func expectFailure(
    _ arguments: [String], status: Int32, contains text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try Program.run(arguments)
    #expect(result.status == status, sourceLocation: sourceLocation)
    #expect(result.out.isEmpty, sourceLocation: sourceLocation)
    let lines = result.err.split(separator: "\n", omittingEmptySubsequences: true)
    #expect(lines.count == 1, "\(result.err)", sourceLocation: sourceLocation)
    #expect(result.err.hasPrefix("dropscope: "), sourceLocation: sourceLocation)
    #expect(result.err.contains(text), "\(result.err)", sourceLocation: sourceLocation)
  }

  @Test(arguments: ["1.5", "nan", "-0.1", "half", "inf"])
  func rates(rate: String) throws {
    try expectFailure(
      ["--rate=\(rate)"], status: 64, contains: "rate: expected a number from 0 to 1, found")
  }

  @Test func layers() throws {
    try expectFailure(
      ["--model", "edges", "--layer", "rleu1"], status: 64,
      contains: "no layer rleu1 in edges; nearest: relu1, relu2")
    try expectFailure(["--at", "nowhere"], status: 64, contains: "no layer nowhere")
    try expectFailure(
      ["--model", "edges", "--channel", "2"], status: 64, contains: "expected 0 to 1")
  }

  @Test func optionsAndKinds() throws {
    try expectFailure(["--kind", "gauss"], status: 64, contains: "kind: expected element, spatial")
    try expectFailure(["--kind", "manual"], status: 64, contains: "--mask FILE")
    try expectFailure(["--no-such-option"], status: 64, contains: "no-such-option")
    try expectFailure(["--scale", "twice"], status: 64, contains: "twice")
    try expectFailure(["render"], status: 64, contains: "output")
    try expectFailure(["render", "-o", "x.gif"], status: 64, contains: ".png, .svg, .txt, .ans")
    try expectFailure(
      ["render", "--size", "80", "-o", "x.png"], status: 64, contains: "columns and rows")
    try expectFailure(
      ["export", "--stage", "mask", "-o", "x.png"], status: 64, contains: ".npy, .csv, .json")
    try expectFailure(["--normalize", "1", "seven"], status: 64, contains: "--normalize")
  }

  @Test func missingFiles() throws {
    try expectFailure(["/nowhere/photo.png"], status: 66, contains: "/nowhere/photo.png")
    try expectFailure(["--model", "/nowhere/net.onnx"], status: 66, contains: "/nowhere/net.onnx")
    try expectFailure(["--mask", "/nowhere/mask.npy"], status: 66, contains: "/nowhere/mask.npy")
  }

  @Test func unwritableOutputs() throws {
    try expectFailure(["render", "-o", "/nowhere/x.png"], status: 73, contains: "/nowhere/x.png")
    try expectFailure(
      ["export", "--stage", "mask", "-o", "/proc/x.csv"], status: 73, contains: "/proc/x.csv")
  }

  @Test func badData() throws {
    try TemporaryFolder.with { folder in
      let text = try folder.write("this is no picture\n", "photo.png")
      try expectFailure([text], status: 65, contains: "photo.png")
      let ragged = try folder.write("1,2\n3\n", "ragged.csv")
      try expectFailure([ragged, "--model", "none"], status: 65, contains: "line 2")
      let model = try folder.write("not a model", "net.onnx")
      try expectFailure(["--model", model], status: 65, contains: "net.onnx")
      let small = try folder.write("1,2\n3,4\n", "small.csv")
      try expectFailure([small], status: 65, contains: "28")
      let mask = try folder.write("1,0\n0,1\n", "mask.csv")
      try expectFailure(["--model", "edges", "--mask", mask], status: 65, contains: "[2,26,26]")
    }
  }
}
