import Formats
import Foundation
import TestSupport
import Testing

/// Logs of trainings on the train page, and what keeps one.
@Suite struct FollowTests {
  private static let small = [
    "--holdout", "40", "--epochs", "3", "--threads", "1",
  ]

  private func train(_ folder: TemporaryFolder, _ options: [String] = []) throws -> String {
    let log = folder.path("log.jsonl")
    let trained = try Program.run(
      ["train", "sigmoid-numpy", "--limit", "32"] + Self.small + [
        "-o", folder.path("n.onnx"), "--log", log,
      ] + options)
    #expect(trained.status == 0, "\(trained.err)")
    return log
  }

  private func page(_ log: String) throws -> String {
    let page = try Program.run(
      "render", "--page", "train", "--follow", log, "--size", "80x24", "-o", "-")
    #expect(page.status == 0, "\(page.err)")
    return page.out
  }

  @Test func aFinishedLogShowsItsCurves() throws {
    try TemporaryFolder.with { folder in
      let plain = try page(try train(folder))
      #expect(plain.contains("log.jsonl") && plain.contains("epoch 3/3"))
      #expect(plain.contains("train --measure keeps them"), "\(plain)")
      let measured = try page(try train(folder, ["--measure"]))
      for word in ["zeros", "|corr|", "dead", "max|w|", "clean"] {
        #expect(measured.contains(word), "\(word)")
      }
    }
  }

  @Test func aRaceIsFollowedToo() throws {
    try TemporaryFolder.with { folder in
      let raced = try Program.run(
        ["race", "sigmoid-numpy", "--images", "32"] + Self.small + [
          "--variant", "none=none", "--variant", "half=dropout1=element,.5", "-o",
          folder.path("race"),
        ])
      #expect(raced.status == 0, "\(raced.err)")
      let text = try page(folder.path("race/log.jsonl"))
      #expect(text.contains("none, seed 7  Tab: 2 trainings") && text.contains("at its end"))
    }
  }

  @Test func whatIsNoLogIsOneLine() throws {
    try TemporaryFolder.with { folder in
      try folder.write("epoch 1 loss 2\n", "text")
      try folder.write(#"{"epoch":-1,"step":1,"loss":1}"# + "\n", "numbers")
      for (name, status) in [("text", 65), ("numbers", 65), ("missing", 66), ("-", 64)] {
        let path = name == "-" ? name : folder.path(name)
        let result = try Program.run("render", "--page", "train", "--follow", path, "-o", "-")
        #expect(result.status == status, "\(name): \(result.err)")
        #expect(result.err.split(separator: "\n").count == 1)
      }
    }
  }

  /// On a real terminal: the training of the train page goes into the log, with the rate that was changed.
  @Test(.enabled(if: Tmux.executable != nil, "needs tmux"))
  func theScreenKeepsItsTraining() throws {
    try TemporaryFolder.with { folder in
      let log = folder.path("log.jsonl")
      func text() -> String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }
      try Tmux.with { tmux in
        try tmux.type("'\(Program.url.path())' --page train --log '\(log)'")
        try tmux.wait(seconds: 60) { _ in text().contains(#""epoch":1,"#) }
        try tmux.press("-")
        let shown = try tmux.wait(seconds: 60) { $0.contains("relu1 element .50 → .45 from") }
        #expect(shown.contains("held out"), "\(shown)")
        try tmux.wait(seconds: 60) { _ in text().contains(#""event":"segment""#) }
        try tmux.press("q")
        try tmux.wait { $0.contains("ready>") }
      }
      let lines = text().split(separator: "\n")
      let place = try #require(lines.firstIndex { $0.contains("segment") })
      #expect(place > 0 && lines[place].contains(#""rate":0.45,"rate_before":0.5"#))
      #expect(lines[place + 1].contains(#""epochs":12"#))
      // What was kept can be followed.
      let page = try page(log)
      #expect(page.contains("rate .50 → .45 from"), "\(page)")
    }
  }

  /// And those of the race page: each line says of which variant it is.
  @Test(.enabled(if: Tmux.executable != nil, "needs tmux"))
  func theScreenKeepsItsRace() throws {
    try TemporaryFolder.with { folder in
      let log = folder.path("log.jsonl")
      func text() -> String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }
      try Tmux.with { tmux in
        try tmux.type("'\(Program.url.path())' --page race --log '\(log)'")
        try tmux.wait(seconds: 60) { _ in text().contains(#""variant":"dropout""#) }
        try tmux.press("-")
        try tmux.wait(seconds: 60) { _ in text().contains(#""event":"segment""#) }
        try tmux.press("q")
        try tmux.wait { $0.contains("ready>") }
      }
      let lines = text().split(separator: "\n")
      for variant in ["no dropout", "dropout"] {
        let own = lines.filter {
          $0.contains("\"variant\":\"\(variant)\"") && $0.contains("\"event\":\"epoch\"")
        }
        #expect(!own.isEmpty)
        for (place, line) in own.enumerated() {
          #expect(line.contains("\"epoch\":\(place + 1),"), "\(line)")
        }
      }
      let segment = try #require(lines.first { $0.contains("segment") })
      #expect(segment.contains(#""variant":"dropout""#) && segment.contains(#""rate":0.45"#))
      let page = try page(log)
      #expect(page.contains("no dropout"), "\(page)")
    }
  }
}
