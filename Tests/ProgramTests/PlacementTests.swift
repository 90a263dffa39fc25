import Formats
import Foundation
import Masks
import NeuralNet
import Testing
import TestSupport

/// Where to put dropout, on a network that others trained, in a real terminal.
@Suite(
  .serialized, .enabled(if: Tmux.executable != nil, "needs tmux"),
  .enabled(if: Shared.has("data/models"), "needs the shared models"))
struct PlacementSessionTests {
  @Test func dropoutIsPutWalkedMeasuredAndSaved() throws {
    try TemporaryFolder.with { folder in
      let (saved, placementTable) = (folder.path("edited.onnx"), folder.path("ladder.csv"))
      let model = Shared.path("data/models/burn_mnist_with_dropout.onnx")
      try Tmux.with { tmux in
        try tmux.wait { $0.contains("ready>") }
        try tmux.type(
          "\(Program.url.path()) --model \(model) --normalize .1307,.3081; echo status=$?")
        try tmux.wait { $0.contains("keep .50") }

        // The graph: the model's own dropout is there with its ratio; one more is put.
        try tmux.press("w")
        let list = try tmux.wait { $0.contains("dropout1") || $0.contains("own .30") }
        #expect(list.contains("own .30") && list.contains("BatchNormalization"), "\(list)")
        try tmux.press("p")
        let walked = try tmux.wait { $0.contains("site 4 of") }
        #expect(walked.contains("reused"), "\(walked)")
        for _ in 0..<3 { try tmux.press("j") }
        try tmux.press("d", "+", "+", "s")
        let put = try tmux.wait { $0.contains("2 dropouts added") && $0.contains("spatial") }
        #expect(put.contains(".60"), "\(put)")

        // What it changes down to the output, and how often the label flips.
        try tmux.press("Escape")
        try tmux.press("x", "x")
        let downstream = try tmux.wait(seconds: 60) { $0.contains("/200 =") }
        #expect(
          downstream.contains("changed") && downstream.contains("/LogSoftmax"), "\(downstream)")

        // The ensemble runs in the background until it is told to hold.
        try tmux.press("Escape")
        try tmux.press("E", "Space")
        let some = try tmux.wait(seconds: 30) { !$0.contains("T = 0") && $0.contains("T = ") }
        #expect(some.contains("batch normalisation stays in evaluation (2 nodes)"), "\(some)")
        try tmux.press("Space")
        try tmux.wait { $0.contains("Space accumulates samples") }

        // The table has what was visited; files say what the screen said.
        try tmux.press("Escape")
        try tmux.press("W")
        let entries = try tmux.wait(seconds: 90) {
          $0.contains("masks each") && $0.contains("changed") && !$0.contains("measuring")
        }
        #expect(entries.contains("changed") && entries.contains("/Relu"), "\(entries)")
        try tmux.press("S")
        try tmux.type(placementTable)
        try tmux.wait { $0.contains("placement table saved") }
        try tmux.press("Escape")
        try tmux.type(":save \(saved)")
        try tmux.wait { $0.contains("graph saved with 2 dropouts added") }
        try tmux.press("q")
        let end = try tmux.wait { $0.contains("status=0") }
        #expect(end.contains("status=0"), "\(end)")
      }
      let own = Network(try ONNXReader.graph(at: saved)).writtenDropouts
      #expect(Set(own.compactMap { $0.rate?.p }) == [0.3, 0.5, 0.6])
      let lines = String(decoding: try FileBytes.read(placementTable), as: UTF8.self)
        .split(separator: "\r\n")
      #expect(lines.count >= 3 && lines[0].hasPrefix("site,places,kind,rate"))
      // The edited model says at evaluation what the model said.
      func output(_ path: String) throws -> [UInt8] {
        let file = folder.path("out.npy")
        let result = try Program.run(
          "export", "--model", path, "--mode", "eval", "--stage", "output", "-o", file)
        #expect(result.status == 0, "\(result.err)")
        return try FileBytes.read(file)
      }
      #expect(try output(saved) == output(model))
    }
  }
}

/// Work in the background and the end of the program.
@Suite(.serialized, .enabled(if: Tmux.executable != nil, "needs tmux"))
struct WorkerSessionTests {
  @Test func quittingNeverWaitsForMasksNorFallsOverThem() throws {
    for key in ["q", "C-c", "q", "C-c"] {
      try Tmux.with { tmux in
        try tmux.wait { $0.contains("ready>") }
        try tmux.type("\(Program.url.path()) --at input; echo status=$?")
        try tmux.wait { $0.contains("keep .50") }
        try tmux.press("E", "Space")
        try tmux.wait { $0.contains("T = ") && !$0.contains("T = 0 ") }
        try tmux.press(key)
        let end = try tmux.wait { $0.contains("status=0") }
        #expect(end.contains("status=0"), "\(end)")
      }
    }
  }
}

/// The same without a terminal.
@Suite struct PlacementTests {
  @Test func theTableIsExported() throws {
    let words = ["export", "--stage", "ladder", "--masks", "16", "--rate", ".3"]
    let csv = try Program.run(words + ["-o", "-"])
    #expect(csv.status == 0, "\(csv.err)")
    let lines = csv.out.split(separator: "\r\n").map { $0.split(separator: ",") }
    #expect(lines.count == 8)
    #expect(lines.dropFirst().allSatisfy { $0[2] == "element" && $0[3] == "0.3" && $0[5] == "16" })
    try TemporaryFolder.with { folder in
      let path = folder.path("l.json")
      #expect(try Program.run(words + ["-o", path]).status == 0)
      let rows = try #require(
        try JSONSerialization.jsonObject(with: Data(try FileBytes.read(path))) as? [[String: Any]])
      #expect(rows.count == 7)
      #expect(rows.map { $0["site"] as? String } == lines.dropFirst().map { String($0[0]) })
      #expect(rows.allSatisfy { $0["flips_high"] is Double })
      #expect(rows[0]["pooled_lowered"] is NSNull)
    }
    // Site after site, thread or no thread: the same numbers.
    #expect(try Program.run(words + ["-o", "-"]).out == csv.out)
  }

  @Test func theTableOfOneSiteIsItsLine() throws {
    let words = ["export", "--stage", "ladder", "--masks", "16", "--kind", "spatial", "-o", "-"]
    let all = try Program.run(words).out.split(separator: "\r\n")
    let one = try Program.run(words + ["--at", "relu2"])
    #expect(one.status == 0 && one.err.isEmpty, "\(one.err)")
    let lines = one.out.split(separator: "\r\n")
    #expect(lines.count == 2 && lines[0] == all[0])
    #expect(lines[1].hasPrefix("relu2,") && all.contains(lines[1]))
    // Not a usual site, but the one where a max-pool can choose from what is left.
    let pool = try Program.run(
      words.map { $0 == "spatial" ? "max-pool" : $0 } + ["--at", "dropout1"])
    #expect(pool.out.split(separator: "\r\n").count == 2, "\(pool.err)")
  }

  @Test func sitesWhereTheKindCannotActAreTold() throws {
    let placementTable = try Program.run(
      "export", "--stage", "ladder", "--masks", "8", "--block", "20", "-o", "-")
    #expect(placementTable.status == 0)
    let sites = placementTable.out.split(separator: "\r\n").dropFirst().map {
      $0.prefix { $0 != "," }
    }
    #expect(sites == ["input", "conv1", "relu1", "conv2", "relu2"])
    let notes = placementTable.err.split(separator: "\n")
    #expect(notes.count == 2 && notes.allSatisfy { $0.hasPrefix("dropscope: left out ") })
    #expect(notes.first?.contains("pool1") == true && notes.last?.contains("relu3") == true)
  }

  @Test func badUsageIsOneLine() throws {
    let cases: [([String], String)] = [
      (["export", "--stage", "ladder", "-o", "l.npy"], "expected a .csv or .json file"),
      (["export", "--stage", "ladder", "--masks", "1000001", "-o", "-"], "0 to 1000000"),
      (["export", "--stage", "mask", "--masks", "5", "-o", "-"], "expected --stage placement"),
      (["export", "--stage", "ladder", "--kind", "max-pool", "-o", "-"], "no usual site"),
      (["export", "--stage", "ladder", "--masks", "-1", "-o", "-"], "--masks"),
      (["export", "--stage", "ladder", "--mode", "eval", "-o", "-"], "expected --mode train"),
      (["export", "--stage", "ladder", "--rule", "keras", "-o", "-"], "expected no --rule"),
      (["export", "--stage", "ladder", "--also", "conv2=element,.5", "-o", "-"], "one dropout"),
      (["export", "--stage", "ladder", "--at", "none", "-o", "-"], "expected --at NODE"),
      (["--also", "nowhere=element,.5"], "no layer nowhere"),
      (["--also", "conv1"], "NODE=KIND,RATE"),
      (["--also", "relu1=element,.5"], "two dropouts"),
      (["--without", "conv1"], "dropout1, dropout2"),
      (["--at", "nowhere"], "no layer nowhere"),
    ]
    for (words, text) in cases {
      let result = try Program.run(words)
      #expect(result.status == 64, "\(words): \(result.status) \(result.err)")
      let lines = result.err.split(separator: "\n")
      #expect(lines.last?.contains(text) == true, "\(words): \(result.err)")
      #expect(result.out.isEmpty)
    }
  }

  @Test func severalSitesAndNoneAreOpened() throws {
    let two = try Program.run(
      "render", "--also", "conv2=spatial,.25", "--layer", "relu1", "-o", "-")
    #expect(two.status == 0, "\(two.err)")
    let none = try Program.run("render", "--at", "none", "-o", "-")
    #expect(none.out.contains("dropped 0/5408"), "\(none.out)")
    let quiet = try Program.run("render", "--at", "none", "--without", "dropout1", "-o", "-")
    #expect(quiet.status == 0)
  }
}
