import Formats
import Foundation
import TensorCore
import Testing
import TestSupport

@Suite struct HeadlessTests {
  @Test func withoutATerminalOneFrameIsPrinted() throws {
    let result = try Program.run()
    #expect(result.status == 0)
    #expect(result.err.isEmpty)
    #expect(result.out.contains("seven ▸ digits ▸ relu1 [8,26,26]"))
    #expect(result.out.contains("keep .50"))
  }

  @Test func dumbTerminalsGetWordsOnly() throws {
    let help = try Program.run("--help")
    #expect(help.status == 0)
    #expect(help.out.contains("render"))
    // And the instructions that kernels run with, which DROPSCOPE_ISA narrows.
    for set in ["baseline", "avx2", "avx512"] {
      let version = try Program.run(["--version"], environment: ["DROPSCOPE_ISA": set]).out
      #expect(["0.1.0 (\(set))\n", "0.1.0 (\(InstructionSet.chosen))\n"].contains(version))
    }
    #expect(
      try Program.run(["--version"], environment: ["DROPSCOPE_ISA": "baseline"]).out
        == "0.1.0 (baseline)\n")
  }

  @Test func exportsAgreeWithEachOther() throws {
    try TemporaryFolder.with { folder in
      func export(_ stage: String) throws -> Tensor {
        let path = folder.path("\(stage).npy")
        let result = try Program.run(
          "export", "three", "--model", "edges", "--rate", ".3", "--seed", "11", "--stage", stage,
          "-o", path)
        #expect(result.status == 0, "\(result.err)")
        return try NPY.tensor(from: FileBytes.read(path), named: path)
      }
      let (clean, field) = (try export("clean"), try export("field"))
      let (mask, dropped) = (try export("mask"), try export("dropped"))
      #expect(clean.shape == [2, 26, 26])
      #expect([field.shape, mask.shape, dropped.shape] == [clean.shape, clean.shape, clean.shape])
      let threshold = Float(0.3)
      for i in 0..<clean.count {
        #expect(mask[i] == (field[i] < threshold ? 0 : 1))
        #expect(dropped[i] == (mask[i] == 0 ? 0 : clean[i] * Float(1 / 0.7)))
      }
    }
  }

  @Test func aMaskThatWasExportedCanBeBroughtBack() throws {
    try TemporaryFolder.with { folder in
      for end in ["csv", "npy"] {
        let (mask, a, b) = (folder.path("m.\(end)"), folder.path("a.csv"), folder.path("b.csv"))
        #expect(try Program.run("export", "--stage", "mask", "-o", mask).status == 0)
        #expect(try Program.run("export", "--stage", "dropped", "-o", a).status == 0)
        let back = try Program.run(
          "export", "--mask", mask, "--rate", ".5", "--stage", "dropped", "-o", b)
        #expect(back.status == 0, "\(back.err)")
        #expect(try FileBytes.read(a) == FileBytes.read(b))
      }
    }
  }

  @Test func metersAreOneFlatObject() throws {
    try TemporaryFolder.with { folder in
      let path = folder.path("m.json")
      #expect(
        try Program.run("export", "--model", "edges", "--stage", "meters", "-o", path).status == 0)
      let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
      let meters = try #require(object as? [String: Any])
      let dropped = try #require(meters["dropped"] as? Int)
      #expect(meters["of"] as? Int == 2 * 26 * 26)
      #expect(meters["nominal"] as? Double == 0.5)
      #expect(
        (meters["dropped_live"] as? Int ?? 0) + (meters["dropped_zero"] as? Int ?? 0) == dropped)
      for key in [
        "mass_removed", "energy_removed", "recoverability", "autocorrelation", "mean_ratio",
        "variance_ratio", "sparsity_before", "sparsity_after", "noise_floor",
      ] {
        #expect(meters[key] is Double, "\(key)")
      }
      #expect((meters["spectrum_clean"] as? [Double])?.count == 19)
      #expect((meters["spectrum_dropped"] as? [Double])?.count == 19)
      // No max-pool reads relu1.
      #expect(meters["pool_mean_ratio"] is NSNull)
    }
  }

  /// What is said of a rule's mask is the rule's: γ of 7×7 at .5 on 26×26, expected rate and band. timm has
  /// one mask for all eight channels.
  @Test(arguments: [
    ("torchvision", 0.371, 0.298...0.443, 8 * 676), ("timm", 0.518, 0.281...0.723, 676),
  ])
  func metersOfARuleAreItsOwn(
    rule: String, mean: Double, band: ClosedRange<Double>, units: Int
  ) throws {
    try TemporaryFolder.with { folder in
      let path = folder.path("m.json")
      let result = try Program.run(
        "export", "seven", "--layer", "relu1", "--kind", "block", "--block", "7", "--rate", ".5",
        "--rule", rule, "--stage", "meters", "-o", path)
      #expect(result.status == 0, "\(result.err)")
      let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
      let meters = try #require(object as? [String: Any])
      func number(_ key: String) throws -> Double { try #require(meters[key] as? Double, "\(key)") }
      #expect(meters["kind"] as? String == "block 7×7 \(rule) γ .0172")
      #expect(meters["rule"] as? String == rule)
      #expect(meters["units"] as? Int == units)
      #expect(try abs(number("gamma") - 0.0172) < 0.00005)
      #expect(try abs(number("expected") - mean) < 0.001)
      #expect(try abs(number("band_low") - band.lowerBound) < 0.01)
      #expect(try abs(number("band_high") - band.upperBound) < 0.01)
      let realised = try number("dropped") / number("of")
      #expect((try number("band_low")...number("band_high")).contains(realised))
    }
  }

  /// A block larger than the map is refused as our own, and shrinks where the rule has it shrink.
  @Test func blocksThatARuleShrinks() throws {
    try TemporaryFolder.with { folder in
      let path = folder.path("m.npy")
      func run(_ more: String...) throws -> Subprocess {
        try Program.run(
          [
            "export", "seven", "--layer", "relu1", "--kind", "block", "--block", "99", "--rate",
            ".5",
          ]
            + more + ["--stage", "mask", "-o", path])
      }
      #expect(try run().err.contains("expected at most 26×26"))
      let timm = try run("--rule", "timm")
      #expect(timm.status == 0, "\(timm.err)")
      let mask = try NPY.tensor(from: FileBytes.read(path), named: path)
      for map in 1..<8 {
        #expect(mask.elements[..<676].elementsEqual(mask.elements[map * 676..<(map + 1) * 676]))
      }
    }
  }

  @Test func whatIsNotDefinedIsNull() throws {
    try TemporaryFolder.with { folder in
      let path = folder.path("m.json")
      let run = try Program.run(
        "export", "--model", "edges", "--stage", "meters", "--rate", "0", "--layer", "relu2", "-o",
        path)
      #expect(run.status == 0, "\(run.err)")
      let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
      let meters = try #require(object as? [String: Any])
      #expect(meters["recoverability"] is NSNull)
      #expect(meters["pool_mean_ratio"] as? Double == 1)
      #expect(meters["noise_floor"] as? Double == 0)
    }
  }

  @Test func picturesOfEveryKind() throws {
    try TemporaryFolder.with { folder in
      for (name, start) in [
        ("v.png", [0x89, 0x50, 0x4E, 0x47]), ("v.svg", Array("<".utf8)),
        ("v.txt", Array(" Maps".utf8)),
        ("v.ans", [0x1B, 0x5B]),
      ] as [(String, [UInt8])] {
        let path = folder.path(name)
        let result = try Program.run("render", "-o", path)
        #expect(result.status == 0, "\(result.err)")
        #expect(try FileBytes.read(path).starts(with: start), "\(name)")
      }
    }
  }

  @Test func activationsAreShownAsTheyAre() throws {
    try TemporaryFolder.with { folder in
      let maps = Tensor([3, 4, 5], (0..<60).map { Float($0) - 20 })
      let file = try folder.write(NPY.bytes(maps), "acts.npy")
      let out = folder.path("clean.npy")
      let result = try Program.run(
        "export", file, "--model", "none", "--stage", "clean", "-o", out)
      #expect(result.status == 0, "\(result.err)")
      #expect(try NPY.tensor(from: FileBytes.read(out), named: out) == maps)
    }
  }

  @Test func theProgramWorksFromAnotherFolder() throws {
    try TemporaryFolder.with { folder in
      // Copied by the shell: a file this process had open for writing could not be run while another
      // test's child still holds it.
      let result = try Subprocess(
        URL(filePath: "/bin/sh"),
        [
          "-c",
          "cd '\(folder.path)' && cp '\(Program.url.path())' ds && ./ds render nine -o nine.png",
        ])
      #expect(result.status == 0, "\(result.err)")
      #expect(FileManager.default.fileExists(atPath: folder.path("nine.png")))
    }
  }

  @Test func infoListsTheGraph() throws {
    let text = try Program.run("info", "edges").out
    for word in ["conv1", "Conv", "[1,2,26,26]", "MaxPool", "288"] { #expect(text.contains(word)) }
    let json = try JSONSerialization.jsonObject(
      with: Data(Program.run("info", "edges", "--json").out.utf8))
    let report = try #require(json as? [String: Any])
    #expect((report["nodes"] as? [[String: Any]])?.count == 7)
    // conv1 26²·2·9, conv2 24²·2·2·9, dense 288.
    #expect(report["multiply_adds"] as? Int == 12168 + 20736 + 288)
  }

  @Test("info lists the dropout sites, and what of a run a draw there saves")
  func infoListsTheSites() throws {
    let text = try Program.run("info", "edges").out
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.contains("dropout site place computed again saved"))
    #expect(lines.contains("relu1 after activation 21024 37%"), "\(text)")
    let json = try JSONSerialization.jsonObject(
      with: Data(Program.run("info", "edges", "--json").out.utf8))
    let report = try #require(json as? [String: Any])
    let sites = try #require(report["sites"] as? [[String: Any]])
    for site in sites {
      let again = try #require(site["recomputed_multiply_adds"] as? Int)
      let saved = try #require(site["saved_multiply_adds"] as? Int)
      #expect(again + saved == report["multiply_adds"] as? Int)
    }
    let relu = try #require(sites.first { $0["node"] as? String == "relu1" })
    #expect(relu["places"] as? [String] == ["after activation"])
    #expect(relu["saved_multiply_adds"] as? Int == 12168)
  }
}
