import Formats
import Foundation
import TensorCore
import TestSupport
import Testing

/// Saving holds no key, however slow the disk is, and leaving loses nothing of it.
@Suite struct SavingTests {
  /// Starts the program where `slow.npy` is a pipe: what is saved into it waits until somebody reads.
  private func session(
    _ body: (Pty, _ pipe: String) throws -> Void
  ) throws {
    try TemporaryFolder.with { folder in
      let pipe = folder.path("slow.npy")
      try #require(mkfifo(pipe, 0o600) == 0)
      let terminal = try Pty([Program.url.path()], in: folder)
      try #require(terminal.wait(for: "q quit"))
      terminal.type(":save slow.npy\r")
      try #require(terminal.wait(for: "saving slow.npy"), "\(terminal.screen.text)")
      try body(terminal, pipe)
    }
  }

  /// Reads a pipe to its end: a mask of the 26×26 cells that are shown first.
  private func expectMask(in pipe: String) throws {
    let mask = try NPY.tensor(from: FileBytes.read(pipe), named: pipe)
    #expect(mask.shape.count % (26 * 26) == 0 && mask.shape.count > 0)
  }

  @Test func keysGoOnMeanwhile() throws {
    try session { terminal, pipe in
      #expect(!terminal.screen.text.contains("\n spatial "))
      terminal.type(":kind spatial\r")
      #expect(terminal.wait(for: "\n spatial "), "\(terminal.screen.text)")
      try expectMask(in: pipe)
      #expect(terminal.wait(for: "mask saved: dropscope --mask slow.npy"))
      terminal.type("q")
      #expect(terminal.exitStatus() == 0)
    }
  }

  @Test func leavingWaitsForTheFile() throws {
    try session { terminal, pipe in
      terminal.type("q")
      #expect(terminal.wait(for: "dropscope: saving; Ctrl-C ends it without"))
      // The terminal is given back already.
      #expect(String(decoding: terminal.bytes, as: UTF8.self).contains("\u{1B}[?1049l"))
      #expect(terminal.isAlive)
      try expectMask(in: pipe)
      #expect(terminal.wait(for: "dropscope: mask saved"), "\(terminal.screen.text)")
      #expect(terminal.exitStatus() == 0)
    }
  }

  @Test func controlCEndsThatToo() throws {
    try session { terminal, _ in
      terminal.type("\u{3}")
      #expect(terminal.wait(for: "dropscope: saving; Ctrl-C ends it without"))
      let start = ContinuousClock.now
      terminal.type("\u{3}")
      #expect(terminal.exitStatus() == -SIGINT)
      #expect(ContinuousClock.now - start < .seconds(5))
    }
  }

  /// A disk on which bringing a file to its place takes for ever: the program is ended, and the file is
  /// the one from before. The next that saves removes what was left.
  @Test(.enabled(if: Faults.library != nil, "needs a C compiler"))
  func whatIsEndedLeavesTheOldFile() throws {
    let library = try #require(Faults.library)
    try TemporaryFolder.with { folder in
      let old = Array("old".utf8)
      try folder.write(old, "mask.npy")
      func run(_ environment: [String], _ body: (Pty) throws -> Void) throws {
        let terminal = try Pty(["/usr/bin/env"] + environment + [Program.url.path()], in: folder)
        try #require(terminal.wait(for: "q quit"))
        terminal.type(":save mask.npy\r")
        try #require(terminal.wait(for: "overwrite?"), "\(terminal.screen.text)")
        terminal.type("y")
        try body(terminal)
      }
      let slow = ["LD_PRELOAD=\(library)", "FAULT_CALL=fsync", "FAULT_AT=1", "FAULT_SECONDS=600"]
      try run(slow) { terminal in
        try #require(terminal.wait(for: "saving mask.npy"), "\(terminal.screen.text)")
        terminal.type("q")
        #expect(terminal.wait(for: "dropscope: saving; Ctrl-C ends it without"))
        #expect(try FileBytes.read(folder.path("mask.npy")) == old)
        terminal.type("\u{3}")
        #expect(terminal.exitStatus() == -SIGINT)
      }
      #expect(try FileBytes.read(folder.path("mask.npy")) == old)
      try run([]) { terminal in
        #expect(terminal.wait(for: "mask saved"), "\(terminal.screen.text)")
        terminal.type("q")
        #expect(terminal.exitStatus() == 0)
      }
      #expect(folder.names == ["mask.npy"])
      try expectMask(in: folder.path("mask.npy"))
    }
  }
}
