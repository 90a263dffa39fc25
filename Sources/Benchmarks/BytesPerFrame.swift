extension Count {
  /// What is sent for a frame, on a terminal of 80×24, against the whole screen: only cells that
  /// changed should be.
  static let bytesPerFrame = Count(
    name: "bytes-per-frame", summary: "bytes sent for a frame at 80×24, against a full repaint"
  ) {
    var figures: [Figure] = []
    for (colors, environment) in [("256 colours", []), ("true colour", ["COLORTERM=truecolor"])] {
      let terminal = try PseudoTerminal(try Benchmark.beside("dropscope"), environment)
      try terminal.read(until: Benchmark.endOfFrame)
      // A size that comes back has everything drawn anew.
      var full = 0.0
      for _ in 0..<20 {
        terminal.resize(width: 80, height: 24)
        full += Double(try terminal.read(until: Benchmark.endOfFrame)) / 20
      }
      figures.append(Figure(name: "full repaint, \(colors)", value: full, unit: "bytes"))
      for (name, keys) in [
        ("resample", ["r"]), ("rate ±.01", [">", "<"]), ("cursor", ["l", "h"]),
      ] {
        var bytes = 0.0
        for step in 0..<100 {
          terminal.type(keys[step % keys.count])
          bytes += Double(try terminal.read(until: Benchmark.endOfFrame)) / 100
        }
        figures.append(Figure(name: "\(name), \(colors)", value: bytes, unit: "bytes"))
        figures.append(Figure(name: "\(name), \(colors)", value: bytes / full, unit: "of full"))
      }
      terminal.type("q")
      terminal.finish()
    }
    return figures
  }
}
