import Formats
import Foundation
import TestSupport
import Testing

/// The sweep page, and networks that runs keep.
@Suite struct SweepPageCommandTests: SweepFolders {
  @Test func runsKeepTheirNetworksWhereAsked() throws {
    try TemporaryFolder.with { folder in
      let (plain, keeping) = (
        try planned("plain", in: folder), try planned("keeping", in: folder)
      )
      _ = try run(["run", plain])
      _ = try run(["run", keeping, "--keep", "--jobs", "2"])
      // No result is another because something is kept beside it.
      for line in 1...8 {
        let name = "results/0000/\(line).json"
        #expect(try FileBytes.read("\(plain)/\(name)") == FileBytes.read("\(keeping)/\(name)"))
        #expect(!FileBytes.isFile("\(plain)/results/0000/\(line).onnx"))
      }
      let network = try Program.run("info", "\(keeping)/results/0000/3.onnx")
      #expect(network.status == 0 && network.out.contains("dropout1"), "\(network.err)")
      #expect(try run(["run", "--keep", "--json", "{}"], status: 64).err.contains("--keep"))
    }
  }

  @Test func thePageIsDrawnWithoutATerminal() throws {
    try TemporaryFolder.with { folder in
      let out = try planned("s", in: folder)
      func page() throws -> String {
        let page = try Program.run(
          "render", "--page", "sweep", "--sweep", out, "--size", "80x24", "-o", "-")
        #expect(page.status == 0, "\(page.err)")
        return page.out
      }
      #expect(try page().contains("0 of 8 runs, 8 to come"))
      _ = try run(["run", out])
      let text = try page()
      #expect(text.contains("8 of 8 runs") && text.contains("held out % by rate dropout1"))
      #expect(text.contains("best: rate dropout1"))
      let none = try Program.run("render", "--page", "sweep", "--sweep", "/nowhere", "-o", "-")
      #expect(none.status == 66 && none.err.split(separator: "\n").count == 1)
    }
  }

  @Test(.enabled(if: Tmux.executable != nil, "needs tmux")) func showOpensItOnATerminal() throws {
    try TemporaryFolder.with { folder in
      let out = try planned("s", in: folder)
      _ = try run(["run", out, "--keep"])
      try Tmux.with { tmux in
        try tmux.type("'\(Program.url.path())' sweep show '\(out)'")
        try tmux.wait { $0.contains("8 of 8 runs") }
        try tmux.press("h")
        let map = try tmux.wait { $0.contains("l2 down, rate dropout1 across") }
        #expect(map.contains("l2 down, rate dropout1 across"), "\(map)")
        for name in ["page.csv", "page.svg"] {
          let shown = folder.path + "/shown-" + name
          _ = try self.run(["show", out, "-o", shown])
          try tmux.press("e")
          try tmux.wait { $0.contains(":export ") }
          try tmux.type("\(folder.path)/\(name)")
          try tmux.wait { $0.contains("sweep saved: ") && $0.contains(name) }
          #expect(try FileBytes.read(folder.path + "/" + name) == FileBytes.read(shown))
        }
        try tmux.press("Enter")
        let maps = try tmux.wait { $0.contains("S goes back to it") }
        #expect(maps.contains("s, run "), "\(maps)")
        try tmux.press("q")
      }
    }
  }
}
