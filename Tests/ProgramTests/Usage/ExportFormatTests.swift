import Formats
import Foundation
import TestSupport
import Testing

/// `export --format`, and what standard output gets without it.
@Suite struct ExportFormatTests {
  private let words = ["export", "--model", "edges", "--stage"]

  /// What is written to standard output is the file of that kind.
  @Test(arguments: ["npy", "csv", "json"]) func standardOutputTakesAFormat(format: String) throws {
    try TemporaryFolder.with { folder in
      _ = try Program.run(words + ["mask", "-o", "m.\(format)"], in: folder)
      let shell = try Subprocess(
        URL(filePath: "/bin/sh"),
        [
          "-c",
          "'\(Program.url.path())' export --model edges --stage mask --format \(format) -o - >'\(folder.path("out"))'",
        ])
      #expect(shell.status == 0, "\(shell.err)")
      let file = try FileBytes.read(folder.path("m.\(format)"))
      #expect(try FileBytes.read(folder.path("out")) == file && !file.isEmpty)
      // A file whose name says nothing.
      _ = try Program.run(words + ["mask", "--format", format, "-o", "plain"], in: folder)
      #expect(try FileBytes.read(folder.path("plain")) == file)
    }
  }

  @Test func withoutOneItIsAsBefore() throws {
    let csv = try Program.run(words + ["mask", "-o", "-"])
    #expect(try csv.out == Program.run(words + ["mask", "-o", "-", "--format", "csv"]).out)
    let meters = try Program.run(words + ["meters", "-o", "-"])
    #expect(meters.out.hasPrefix("{"))
    #expect(try meters.out == Program.run(words + ["meters", "-o", "-", "--format", "json"]).out)
    let placementTable = [
      "export", "--stage", "ladder", "--masks", "1", "--at", "relu1", "-o", "-",
    ]
    #expect(try Program.run(placementTable).out.hasPrefix("site,"))
    #expect(try Program.run(placementTable + ["--format", "json"]).out.hasPrefix("["))
    // Help says so: the lines of the option, whatever their ends.
    let help = try Program.run("help", "export").out.split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    #expect(help.contains("on standard output csv, of --stage meters json"), "\(help)")
  }

  @Test(arguments: [
    (
      ["meters", "--format", "csv", "-o", "-"],
      "--stage meters: expected a .json file, found --format csv"
    ),
    (["meters", "-o", "m.csv"], "--stage meters: expected a .json file, found m.csv"),
    (
      ["ladder", "--format", "npy", "-o", "l"], "expected a .csv or .json file, found --format npy"
    ),
    (
      ["mask", "--format", "csv", "-o", "m.npy"],
      "--format csv: expected a name ending in .csv, found m.npy"
    ),
    (["mask", "--format", "tsv", "-o", "-"], "tsv"),
  ])
  func whatCannotBeIsSaid(more: [String], message: String) throws {
    let run = try Program.run(words + more)
    #expect(run.status == 64 && run.err.contains(message), "\(run.err)")
  }

  /// Bytes that are no text stay off the terminal.
  @Test func noNumbersOnATerminal() throws {
    try TemporaryFolder.with { folder in
      let terminal = try Pty.program(words + ["mask", "--format", "npy", "-o", "-"], in: folder)
      #expect(terminal.wait(for: "expected a file or a pipe, found a terminal"))
      #expect(terminal.exitStatus() == 64)
    }
  }

  /// Keys that are spelt out say what the shorter ones of before say.
  @Test func metersHaveBothKeys() throws {
    let json = try Program.run(words + ["meters", "-o", "-"]).out
    let meters = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: NSObject])
    let pairs = [
      "nominal_rate": "nominal", "expected_rate": "expected", "expected_rate_low": "band_low",
      "expected_rate_high": "band_high", "dropped_cells": "dropped", "cells": "of",
      "dropped_nonzero": "dropped_live", "dropped_already_zero": "dropped_zero",
      "l1_removed": "mass_removed", "squared_l2_removed": "energy_removed",
      "recoverable_from_neighbours": "recoverability",
    ]
    for (key, former) in pairs {
      let value = try #require(meters[key], "\(key)")
      #expect(value == meters[former], "\(key)")
    }
  }
}
