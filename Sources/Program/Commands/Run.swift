import ArgumentParser
import Formats
import Masks
import NeuralNet
import TensorCore

/// `dropscope run`: any model on any inputs, every output as a file.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a model on arrays and write every output as NPY.",
    discussion: """
      Inputs are converted to the model's types within their sort (floats, whole numbers) where every \
      number fits. Outputs keep their own types; bfloat16, which NPY does not know, becomes float32. \
      Of a sequence each array is written, as y@0.npy, y@1.npy and so on, and as an input it takes its name \
      once for each array, NAME= for none; an optional input may be left out. In file names, characters other than letters, digits, '.', '_' and '-' become '_'; of several \
      that would have one name the second ends in -2.
      """)

  @Argument(help: "An ONNX file or the name of a built-in model.")
  var model: String

  @Option(help: ArgumentHelp("An array for an input; repeat for more.", valueName: "name=file.npy"))
  var input: [String] = []

  @Flag(
    help: """
      Let the model's Dropout nodes drop; batch normalisation stays in evaluation. A node with a \
      seed attribute draws as ONNX's reference does, by NumPy's generator.
      """)
  var training = false

  @Option(help: "The seed of Dropout nodes that have none of their own.")
  var seed: UInt64 = 0

  @Flag(help: "Write every node's outputs, not the model's alone.")
  var all = false

  @Option(
    name: .customLong("repeat"),
    help: ArgumentHelp(
      "Run N times more, and print the least and the median of their seconds as JSON.",
      valueName: "n"))
  var repeats: Int?

  @Option(help: ArgumentHelp("How many threads share the work (default: all).", valueName: "n"))
  var threads: Int?

  @Flag(
    help: """
      Print what was written as JSON: each value's name, file, type and shape; and the bytes that \
      activations take.
      """)
  var json = false

  @Flag(help: "Refuse a model that has anything ONNX does not allow; info lists it.")
  var strict = false

  @OptionGroup var budget: BudgetOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "folder"))
  var output: String

  func run() throws {
    try budget.apply()
    let repeats = try NumberRange.repeats.checked(repeats)
    let threads = try NumberRange.threads.checked(threads)
    let graph = try ModelFile.read(model, strict: strict)
    let inputs = try NamedFiles.arrays(input, for: graph, model: model)
    let folder = try OutputFolder(output)
    let converted = try graph.converted(inputs)
    try Parallel.$threads.withValue(threads ?? Parallel.threads) {
      let network = Network(graph)
      Lasting.keep(network)
      try run(network, converted, into: folder, repeats: repeats)
    }
  }

  /// The most nodes that are named for numbers they lost.
  private static let mostLosses = 5

  private func run(
    _ network: Network, _ inputs: [String: Value], into folder: OutputFolder, repeats: Int?
  ) throws {
    let graph = network.graph
    let names = all ? graph.nodes.flatMap(\.outputs).filter { !$0.isEmpty } : graph.outputs
    let losses = RoundingLosses()
    var context = RunContext(
      mode: training ? .train : .eval, stream: RandomStream(seed: seed), obeysSeeds: true)
    context.losses = losses
    var plan = try Plan(network, wanted: names, context: context)
    plan = plan.laidOut(for: network.signature(inputs: inputs.mapValues(\.shape)))
    var report = RunReport()
    report.activation_bytes = plan.arenaBytes
    try report.write(plan, inputs, names, into: folder)
    for loss in losses.losses.prefix(Run.mostLosses) {
      Terminal.writeError("dropscope: warning: \(loss)\n")
    }
    if let repeats {
      let clock = ContinuousClock()
      var seconds: [Double] = []
      for _ in 0..<repeats {
        let start = clock.now
        try plan.run(inputs) { _, _ in }
        seconds.append((clock.now - start) / .seconds(1))
      }
      report.time(seconds)
    }
    if json || repeats != nil {
      try OutputKind.write(try report.line(showsOutputs: json), to: "-")
    }
  }
}

/// What a run wrote and how long it took.
struct RunReport: Encodable {
  private(set) var outputs: [Output]? = []
  private(set) var least_seconds: Double?
  private(set) var median_seconds: Double?
  /// What the results of the model's nodes take while it runs, laid out in one arena; without those that
  /// are written.
  var activation_bytes: Int?

  /// A value that was written.
  struct Output: Encodable {
    let name: String
    let file: String
    let type: String
    let shape: [Int]
  }

  /// Runs a plan and writes its values into a folder, each in a file of its own as soon as it is there,
  /// so that no more of them are held than the network's own steps need. Text, which NPY files are not
  /// written of here, is left out and told.
  mutating func write(
    _ plan: Plan, _ inputs: [String: Value], _ names: [String], into folder: OutputFolder
  ) throws {
    let files = OutputFolder.fileNames(for: names)
    var written = [[Output]](repeating: [], count: names.count)
    let places = Dictionary(zip(names, names.indices)) { first, _ in first }
    try plan.run(inputs) { name, value in
      guard let place = places[name] else { return }
      written[place] = try RunReport.write(value, name, as: files[place], into: folder)
    }
    outputs = written.flatMap { $0 }
  }

  /// Writes an array into a file, those of a sequence into numbered ones.
  private static func write(
    _ value: Value, _ name: String, as file: String, into folder: OutputFolder
  ) throws -> [Output] {
    switch value {
    case .opaque(let type, let shape):
      Terminal.writeError(
        "dropscope: warning: \(name) is not written: \(type.rawValue) \(shape)\n")
      return []
    case .absent: return []
    case .sequence(let values):
      let stem = file.dropLast(".npy".count)
      return try values.enumerated().flatMap { index, value in
        try write(value, "\(name)[\(index)]", as: "\(stem)@\(index).npy", into: folder)
      }
    case .float32, .int64, .bool, .typed:
      try folder.write(NPY.bytes(value), as: file)
      return [
        Output(name: name, file: file, type: value.type.rawValue, shape: value.shape.dims)
      ]
    }
  }

  /// Takes the times of runs in, of which there is one at least.
  mutating func time(_ seconds: [Double]) {
    let sorted = seconds.sorted()
    let middle = sorted.count / 2
    least_seconds = sorted[0]
    median_seconds =
      sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// The report as one line of JSON.
  func line(showsOutputs: Bool) throws -> [UInt8] {
    var report = self
    if !showsOutputs { (report.outputs, report.activation_bytes) = (nil, nil) }
    return try JSONFile.line(report)
  }
}
