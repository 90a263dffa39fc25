import ArgumentParser

/// What trainings learn from, for how long, and what is kept of their course: shared by `train` and `race`.
struct TrainingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      A folder with train-images-idx3-ubyte and train-labels-idx1-ubyte (also .gz), a text file for \
      awd-lstm and transformer, or synthetic (default).
      """, valueName: "dir|file|synthetic"))
  var data: String?

  @Option(
    help: """
      Images of the training set that training never sees (default: a sixth, 10,000 at most; a \
      folder's t10k files where there are any).
      """)
  var holdout: Int?

  @Option(
    help: "Which images are held out and trained on, and which digits synthetic draws (default: 1)."
  )
  var splitSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      "What is taken from pixels 0…1 (default: measured on the training images).",
      valueName: "mean,std"))
  var normalize: String?

  @Option(help: "How often each image is seen (default: the recipe's).")
  var epochs: Int?

  @Option(help: "Images a step (default: the recipe's).")
  var batch: Int?

  @Option(
    help: ArgumentHelp(
      "Move each image by up to N pixels, anew each time it is seen (default: 0).", valueName: "n"))
  var shift: Int?

  @Option(
    help: ArgumentHelp(
      "One line of JSON an epoch; - is standard output (a race's default: DIR/log.jsonl).",
      valueName: "file"))
  var log: String?

  @Option(
    help: ArgumentHelp(
      """
      Also write event files for TensorBoard: scalars, histograms of activations and masks, filters.
      """, valueName: "dir"))
  var tensorboard: String?

  @Option(help: "Threads that share the work; no number depends on it (default: all processors).")
  var threads: Int?
}
