import Foundation
import TestSupport
import Testing

/// Whatever is mistyped, the error names the nearest.
@Suite struct MistypedTests {
  private func check(
    _ words: [String], _ status: Int32, _ message: String, in folder: TemporaryFolder,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try Program.run(words, in: folder)
    #expect(run.status == status && run.out.isEmpty, sourceLocation: sourceLocation)
    #expect(run.err == "dropscope: \(message)\n", "\(words)", sourceLocation: sourceLocation)
  }

  private static let missing = "cannot open: No such file or directory"

  @Test func commands() throws {
    try TemporaryFolder.with { folder in
      try check(
        ["trian"], 66, "trian: \(Self.missing); nearest: the command train", in: folder)
      try check(
        ["trian", "digits", "-o", "x.onnx"], 64, "no command trian; nearest: train", in: folder)
      try check(
        ["exprot", "--stage", "mask"], 64, "no command exprot; nearest: export", in: folder)
      // A file of that name is what was meant.
      try folder.write("1,2\n", "trian")
      let run = try Program.run(["trian", "--stage", "mask"], in: folder)
      #expect(run.err.contains("no option --stage; nearest: --"), "\(run.err)")
    }
  }

  @Test func options() throws {
    try TemporaryFolder.with { folder in
      try check(
        ["--rat", ".5"], 64, "no option --rat; nearest: --rate; see dropscope help view", in: folder
      )
      try check(
        ["render", "--chanel=3"], 64,
        "no option --chanel; nearest: --channel; see dropscope help render", in: folder)
      try check(
        ["train", "digits", "--optimiser", "adam"], 64,
        "no option --optimiser; nearest: --optimizer; see dropscope help train", in: folder)
      try check(
        ["sweep", "run", "x", "--job", "2"], 64,
        "no option --job; nearest: --jobs; see dropscope help sweep run", in: folder)
      try check(
        ["sweep", "rnu", "x"], 64,
        "sweep: expected a command (plan, run, merge, show, best, search), found rnu; nearest: run",
        in: folder)
      try check(
        ["info", "--quite-another"], 64, "no option --quite-another; see dropscope help info",
        in: folder)
    }
  }

  @Test func builtInsAndFiles() throws {
    try TemporaryFolder.with { folder in
      try check(["sevne"], 66, "sevne: \(Self.missing); nearest: the digit seven", in: folder)
      try check(
        ["seven.pgn"], 66, "seven.pgn: \(Self.missing); nearest: the digit seven", in: folder)
      try check(["sevn.npy"], 66, "sevn.npy: \(Self.missing); nearest: the digit seven", in: folder)
      try check(["edges"], 66, "edges: \(Self.missing); nearest: --model edges", in: folder)
      try check(
        ["info", "digts"], 66, "digts: \(Self.missing); nearest: the model digits", in: folder)
      try check(
        ["--model", "egdes"], 66, "egdes: \(Self.missing); nearest: the model edges", in: folder)
      // What lies in the folder is nearer than a digit.
      try folder.write("x", "seven.png")
      try folder.folder("models").write("x", "lenet.onnx")
      try check(["seven.pgn"], 66, "seven.pgn: \(Self.missing); nearest: seven.png", in: folder)
      try check(
        ["--mask", "sevn.png"], 66, "sevn.png: \(Self.missing); nearest: seven.png", in: folder)
      try check(
        ["play", "sevn.png"], 66, "sevn.png: \(Self.missing); nearest: seven.png", in: folder)
      try check(
        ["info", "models/lenet.onx"], 66,
        "models/lenet.onx: \(Self.missing); nearest: models/lenet.onnx", in: folder)
      try check(
        ["run", "edges", "--input", "image=sevn.png", "-o", "r"], 66,
        "sevn.png: \(Self.missing); nearest: seven.png", in: folder)
      // Nothing is like it, or there is no such folder.
      try check(["photograph.jpeg"], 66, "photograph.jpeg: \(Self.missing)", in: folder)
      try check(["nowhere/seven.png"], 66, "nowhere/seven.png: \(Self.missing)", in: folder)
    }
  }

  @Test func recipes() throws {
    let run = try Program.run("train", "digts")
    #expect(run.status == 64)
    #expect(run.err.hasSuffix("found digts; nearest: digits\n"), "\(run.err)")
  }
}
