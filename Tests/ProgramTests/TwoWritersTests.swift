import Formats
import Foundation
import NeuralNet
import TestSupport
import Testing

/// Two programs and one file; and a program that is killed while it has one.
@Suite struct TwoWritersTests {
  /// Runs a script of the shell in a folder, in which `$ds` is the program.
  private func shell(_ script: String, in folder: TemporaryFolder) throws -> Subprocess {
    try Subprocess(
      URL(filePath: "/bin/sh"), ["-c", "cd '\(folder.path)'; \(script)"],
      environment: ["ds": Program.url.path(), "XDG_CONFIG_HOME": "/nonexistent"])
  }

  private let long =
    "$ds train sigmoid-numpy --limit 300 --holdout 20 --batch 4 --optimizer adam --epochs 500 "
    + "-o net.onnx --log net.log --plot net.svg >out 2>&1 & pid=$!; "
    + "timeout 20 sh -c 'until grep -q \"epoch  *1/\" out; do sleep .02; done'; "

  @Test func theSecondIsToldWhoHasIt() throws {
    try TemporaryFolder.with { folder in
      let seconds = [
        "$ds train sigmoid-numpy --epochs 1 --limit 8 -o net.onnx",
        "$ds train --resume --epochs 501 -o net.onnx",
        "$ds train sigmoid-numpy --epochs 1 --limit 8 -o other.onnx --log net.log",
        "$ds train sigmoid-numpy --epochs 1 --limit 8 -o other.onnx --plot net.svg",
        "$ds edit digits --at relu1=element,.5 --force -o net.onnx",
        "ln -s net.onnx link.onnx; $ds train sigmoid-numpy --epochs 1 --limit 8 -o link.onnx",
      ]
      let run = try shell(
        long + "echo $pid; for i in 1; do "
          + seconds.map { "\($0); echo status=$?" }.joined(separator: "; ")
          + "; done; kill -TERM $pid; wait $pid; echo end=$?", in: folder)
      let lines = run.out.split(separator: "\n").map(String.init)
      let pid = try #require(lines.first)
      let codes = Array(lines.dropFirst())
      let expected = seconds.map { _ in "status=73" } + ["end=143"]
      #expect(codes == expected, "\(run.out)\(run.err)")
      // The shell says of the first that it was terminated.
      let errors = run.err.split(separator: "\n").map(String.init)
        .filter { $0.hasPrefix("dropscope: ") }
      let names = ["net.onnx", "net.onnx", "net.log", "net.svg", "net.onnx", "link.onnx"]
      #expect(
        errors == names.map { "dropscope: \($0): cannot write: process \(pid) is writing it" },
        "\(run.err)")
      // The first was not disturbed, and nothing of the second is left.
      let state = try Checkpoint(try FileBytes.read(folder.path("net.onnx.state")), named: "state")
      #expect(Int(state.texts["epoch"] ?? "") ?? 0 >= 1)
      #expect(folder.names == ["link.onnx", "net.log", "net.onnx", "net.onnx.state", "out"])
    }
  }

  /// Files of a moment are waited for.
  @Test func exportsFollowOneAnother() throws {
    try TemporaryFolder.with { folder in
      let run = try shell(
        "for i in 1 2 3 4 5 6; do $ds export --stage mask --seed $i -o m.npy & done; wait; "
          + "$ds export --stage mask --seed 9 -o m.npy", in: folder)
      #expect(run.status == 0 && run.err.isEmpty, "\(run.err)")
      #expect(folder.names == ["m.npy"])
    }
  }

  @Test func whatAKilledOneLeftIsTakenOver() throws {
    try TemporaryFolder.with { folder in
      let killed = try shell(long + "kill -KILL $pid; wait $pid; echo end=$?", in: folder)
      #expect(killed.out.hasSuffix("end=137\n"), "\(killed.out)")
      #expect(folder.names.contains(".net.onnx.lock"))
      // As if it had been killed in the middle of writing.
      for name in [".net.onnx.part", ".net.onnx.state.part"] { try folder.write("half", name) }
      let resumed = try shell(
        "$ds train --resume --epochs 501 --limit 300 -o net.onnx --log net.log >out 2>&1 & pid=$!; "
          + "timeout 20 sh -c 'until grep -q epoch out; do sleep .02; done'; ls -A; kill -TERM $pid; wait $pid",
        in: folder)
      #expect(resumed.out.contains("net.onnx.state"), "\(resumed.out)")
      let hidden = folder.names.filter { $0.hasPrefix(".") && !$0.contains("svg") }
      #expect(hidden == [], "\(folder.names)")
      #expect(try ONNXReader.graph(at: folder.path("net.onnx")).nodes.count > 0)
    }
  }

  /// Killed again and again, at any moment, it comes to the weights of one that was left alone.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func killedAnywhereItGoesOnToTheSameBits(seed: UInt64) throws {
    try TemporaryFolder.with { folder in
      let options =
        "--limit 64 --holdout 8 --batch 8 --optimizer adam --rate .3 --shift 1 --epochs 100"
      let whole = try shell("$ds train sigmoid-numpy \(options) -o whole.onnx", in: folder)
      #expect(whole.status == 0, "\(whole.err)")
      var random = SplitMix(seed)
      var kills = 0
      for turn in 0..<60 {
        let has = FileManager.default.fileExists(atPath: folder.path("net.onnx.state"))
        // Longer and longer, so that it comes to its end on a busy machine too.
        let wait = min(999, 40 + random.below(400) + 20 * turn)
        let run = try shell(
          "$ds train \(has ? "--resume" : "sigmoid-numpy \(options)") -o net.onnx >/dev/null & pid=$!; "
            + "(sleep 0.\(wait < 100 ? "0" : "")\(wait); kill -KILL $pid) 2>/dev/null & wait $pid",
          in: folder)
        if run.status == 0 { break }
        #expect(run.status == 137, "\(run.status) \(run.err)")
        kills += 1
        #expect(turn < 59)
      }
      #expect(kills > 0)
      for end in ["", ".state"] {
        let (a, b) = ("whole.onnx\(end)", "net.onnx\(end)")
        if end.isEmpty {
          #expect(try FileBytes.read(folder.path(a)) == FileBytes.read(folder.path(b)))
        } else {
          let states = try [a, b].map { try Checkpoint(FileBytes.read(folder.path($0)), named: $0) }
          #expect(states[0].arrays == states[1].arrays)
        }
      }
      #expect(folder.names == ["net.onnx", "net.onnx.state", "whole.onnx", "whole.onnx.state"])
    }
  }
}
