import Formats
import NeuralNet
import Studies
import TerminalUI

/// Where training writes.
struct TrainingFiles {
  /// The network, as ONNX.
  let output: String
  let log: String?
  let plot: String?
  /// No other process writes any of them as long as training goes on.
  private let locks: [FileLock]

  /// Where the state lies.
  var state: String { TrainingState.path(of: output) }

  /// - Throws: `Failure` or `FormatError` where a file could not be written now, so that nobody waits
  ///   an epoch to learn it.
  init(output: String, log: String?, plot: String?) throws {
    (self.output, self.log, self.plot) = (output, log, plot)
    guard output.hasSuffix(".onnx") else {
      throw Failure(usage: "--output: expected a name ending in .onnx, found \(output)")
    }
    if let plot, ![".svg", ".png"].contains(where: plot.lowercased().hasSuffix) {
      throw Failure(usage: "--plot: expected a name ending in .svg, .png, found \(plot)")
    }
    let whole = [output, TrainingState.path(of: output), plot].compactMap { $0 }
    locks = try (whole + [log].compactMap { $0 }).compactMap { try FileLock($0) }
    for path in whole { try FileBytes.checkWritable(path) }
  }

  /// Where a network goes where nobody says it: `digits.onnx` for a recipe, `lenet-trained.onnx` for
  /// `models/lenet.onnx`, in the working folder.
  /// - Throws: `Failure` where training would write over a file that is there, be it another training's:
  ///   only `resumes` goes on with one, and only `--output` says that it may be written over.
  static func usualOutput(for model: String?, resumes: Bool) throws -> String {
    guard let model else {
      throw Failure(
        usage: resumes
          ? "--resume: expected a recipe, a model or -o OUT.onnx, found none"
          : "expected a recipe (\(TrainingPlan.recipeNames)) or an ONNX file, found none")
    }
    let name = model.split(separator: "/").last.map(String.init) ?? model
    let output =
      RecipeRegistry.recipe(model) != nil
      ? "\(model).onnx"
      : (name.hasSuffix(".onnx") ? String(name.dropLast(5)) : name) + "-trained.onnx"
    let there = [output, TrainingState.path(of: output)].first(where: FileBytes.isFile)
    guard resumes || there == nil else {
      throw Failure(
        .cannotWrite,
        "\(there ?? output): is there already; --resume goes on with it, -o \(output) writes over it"
      )
    }
    return output
  }

  /// Starts the log with the epochs that are over.
  func startLog(_ records: [EpochRecord], of epochs: Int) throws -> TrainingLog {
    try TrainingLog(log, after: records, of: epochs)
  }

  /// Writes a checkpoint, each file at once or not at all.
  func write(state bytes: [UInt8], network: Graph) throws {
    try FileBytes.write(bytes, to: state)
    try ONNXWriter.write(network, to: output)
  }

  /// Draws the curves where a picture was asked for.
  func writePlot(_ curves: TrainingCurves) throws {
    guard let plot else { return }
    let picture = curves.picture(width: 100, height: 26, glyphs: .unicode)
    guard plot.lowercased().hasSuffix(".png") else {
      return try FileBytes.write(Array(SVGExport.string(picture).utf8), to: plot)
    }
    let pixels = RasterExport.pixels(
      picture, font: try BitmapFont(bytes: BuiltIns.bytes("font-10x20.bin")))
    try FileBytes.write(
      PNG.bytes(rgb: pixels.rgb, width: pixels.width, height: pixels.height), to: plot)
  }
}
