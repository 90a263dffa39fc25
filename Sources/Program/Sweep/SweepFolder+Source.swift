import Formats
import Scope
import Studies

extension SweepFolder {
  /// Where a run that keeps its network writes it.
  func network(_ line: Int) -> String { result(line).dropping(suffix: ".json") + ".onnx" }

  /// The results and networks, as the sweep page reads them.
  var source: SweepSource {
    let folder = self
    return SweepSource(name: ViewOptions.baseName(path)) {
      try SweepMerge(folder).report
    } network: { line in
      let path = folder.network(line)
      return FileBytes.isFile(path) ? try ONNXReader.graph(at: path) : nil
    }
  }

  /// The sweep as the page begins with it.
  /// - Throws: `FormatError` where there is no plan, `Failure` where a result is of another.
  func view() throws -> SweepView {
    let source = source
    return SweepView(try source.read(), from: source)
  }
}

extension String {
  fileprivate func dropping(suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
