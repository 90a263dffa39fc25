import Foundation
import TestSupport
import Testing

/// `--tensorboard DIR` read by TensorBoard's own package, where `.ci/deps tests` put it.
@Suite struct TensorBoardTests {
  private static let python = Repository.path(".build/tensorboard/bin/python")
  private static let isThere = FileManager.default.isExecutableFile(atPath: python)

  /// What the reader makes of a folder.
  private struct Read: Decodable {
    /// Steps and values of scalars.
    let scalars: [String: [[Double]]]
    /// Steps, counts, least and greatest values, sums of buckets.
    let histograms: [String: [[Double]]]
    /// Steps, widths and heights, and whether they begin as PNG does.
    let images: [String: [[Double]]]
  }

  private func read(_ folder: String) throws -> Read {
    let result = try Subprocess(
      URL(filePath: Self.python), [Repository.path("Tests/Scripts/read_events.py"), folder])
    #expect(result.status == 0, "\(result.err)")
    return try JSONDecoder().decode(Read.self, from: Data(result.out.utf8))
  }

  private func log(_ path: String) throws -> [[String: Any]] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }

  private static let small = [
    "--holdout", "40", "--epochs", "2", "--threads", "1",
  ]

  @Test(.enabled(if: isThere, "needs tensorboard (.ci/deps tests)"))
  func aTrainingIsReadAsItWasLogged() throws {
    try TemporaryFolder.with { folder in
      let arguments =
        ["train", "digits", "--limit", "64"] + Self.small + [
          "-o", folder.path("net.onnx"), "--log", folder.path("log"), "--tensorboard",
          folder.path("tb"),
        ]
      let trained = try Program.run(arguments)
      #expect(trained.status == 0, "\(trained.err)")
      let (found, log) = (try read(folder.path("tb")), try log(folder.path("log")))
      #expect(log.count == 2)
      for (tag, key) in [
        ("loss/training", "loss"), ("loss/held_out", "held_out_loss"),
        ("loss/clean", "training_loss_undropped"), ("accuracy/held_out", "held_out_accuracy"),
      ] {
        let points = try #require(found.scalars[tag], "\(tag)")
        for (point, line) in zip(points, log) {
          #expect(point[0] == line["step"] as? Double)
          #expect(abs(point[1] - (line[key] as? Double ?? .nan)) < 1e-6, "\(tag)")
        }
      }
      let layers = try #require(log[1]["layers"] as? [[String: Any]])
      for layer in layers {
        let name = try #require(layer["layer"] as? String)
        #expect(found.scalars["zeros/\(name)"]?.count == 2)
        let histogram = try #require(found.histograms["activations/\(name)"]?.last)
        // What ReLU leaves is 0 or more, and no value is lost in a bucket.
        #expect(histogram[1] > 0 && histogram[2] == 0 && histogram[4] == histogram[1])
      }
      // The model's own dropout: two sites, 0 or 1 in each cell.
      let masks = found.histograms.filter { $0.key.hasPrefix("masks/") }
      #expect(masks.count == 2)
      for (tag, points) in masks {
        #expect(points.count == 2 && points[1][2] == 0 && points[1][3] == 1, "\(tag)")
      }
      // Eight filters of 3×3, three lines of them.
      let image = try #require(found.images["filters/conv1"]?.last)
      #expect(image[3] == 1 && image[1] > 300 && image[1] == image[2])
      // Training goes on: what is read is one course, no step twice.
      let more = try Program.run(
        [
          "train", "--resume", "--epochs", "3", "-o", folder.path("net.onnx"), "--tensorboard",
          folder.path("tb"),
        ])
      #expect(more.status == 0, "\(more.err)")
      let steps = try #require(try read(folder.path("tb")).scalars["loss/training"]).map { $0[0] }
      #expect(steps.count == 3 && steps == steps.sorted() && Set(steps).count == 3)
    }
  }

  @Test(.enabled(if: isThere, "needs tensorboard (.ci/deps tests)"))
  func aRaceHasAFolderAVariant() throws {
    try TemporaryFolder.with { folder in
      let raced = try Program.run(
        ["race", "sigmoid-numpy", "--images", "32"] + Self.small + [
          "--variant", "none=none", "--variant", "half/1=dropout1=element,.5", "--seeds", "2", "-o",
          folder.path("race"), "--tensorboard", folder.path("tb"),
        ])
      #expect(raced.status == 0, "\(raced.err)")
      let report = try #require(
        try JSONSerialization.jsonObject(
          with: Data(contentsOf: URL(filePath: folder.path("race/race.json")))) as? [String: Any])
      let variants = try #require(report["variants"] as? [[String: Any]])
      for (place, name) in ["none", "half_1"].enumerated() {
        let runs = try #require(variants[place]["runs"] as? [[String: Any]])
        for run in runs {
          let seed = try #require(run["seed"] as? Int)
          let found = try read(folder.path("tb/\(name)/seed-\(seed)"))
          let epochs = try #require(run["epochs"] as? [[String: Any]])
          let last = try #require(epochs.last?["held_out_loss"] as? Double)
          #expect(abs((found.scalars["loss/held_out"]?.last?[1] ?? .nan) - last) < 1e-6)
          #expect(found.histograms.keys.contains { $0.hasPrefix("masks/") } == (place == 1))
        }
      }
    }
  }

  @Test func aFolderThatCannotBeMadeIsToldFirst() throws {
    try TemporaryFolder.with { folder in
      try folder.write("", "file")
      let trained = try Program.run(
        [
          "train", "digits", "--limit", "32", "--epochs", "1", "-o", folder.path("n.onnx"),
          "--tensorboard", folder.path("file"),
        ])
      #expect(trained.status == 73 && trained.err.contains("expected a folder, found a file"))
      #expect(!FileManager.default.fileExists(atPath: folder.path("n.onnx")))
    }
  }
}
