import ArgumentParser
import Formats

/// `dropscope train`: weights for a recipe or a model.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network with dropout, and write it as ONNX.",
    discussion: """
      RECIPE is a name that --list shows; MODEL.onnx is trained on from the weights in it. With \
      --data synthetic the program draws digits itself, as large as the network's input.

      Each epoch writes the network to --output and, beside it, FILE.state with all that --resume \
      needs. Ctrl-C ends after the batch under way and keeps both; --resume goes on from there to \
      the same weights, bit for bit, as if nothing had happened. The same seed gives the same \
      weights for any number of threads.

      Exit codes: 64 usage, 65 bad data, 66 missing input, 70 the loss diverged (the last good \
      checkpoint is kept), 73 cannot write (the old checkpoint is kept).
      """)

  @Argument(help: ArgumentHelp("A recipe, or an ONNX file.", valueName: "recipe|model.onnx"))
  var model: String?

  @Flag(help: "List the recipes, and end.")
  var list = false

  @Flag(help: "Print JSON, with --list.")
  var json = false

  @Option(
    help: ArgumentHelp(
      """
      A folder with train-images-idx3-ubyte and train-labels-idx1-ubyte (also .gz), or synthetic \
      (default).
      """, valueName: "dir|synthetic"))
  var data: String?

  @Option(help: "How often each image is seen (default: the recipe's).")
  var epochs: Int?

  @Option(help: "Images a step (default: the recipe's).")
  var batch: Int?

  @Option(
    help: ArgumentHelp(
      "sgd or adam, with settings as in sgd,lr=.01,momentum=.9,nesterov=1 (default: the recipe's).",
      valueName: "name[,key=number…]"))
  var optimizer: String?

  @Option(help: ArgumentHelp("The step size: lr of the optimizer.", valueName: "number"))
  var learningRate: String?

  @Option(
    help: ArgumentHelp(
      """
      The dropout rate of a Dropout node, or behind any node or input; without SITE of all the \
      network's own. May be repeated.
      """, valueName: "[site=]p"))
  var rate: [String] = []

  @Option(
    help: ArgumentHelp(
      "Another kind of dropout in place of a Dropout node's. May be repeated.",
      valueName: "site=kind"))
  var kind: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      What batch normalisation normalises by in training: the statistics stored in the model \
      (stored, the default) or those of each batch, which the stored ones then follow (batch).
      """, valueName: "statistics"))
  var batchNorm: String?

  @Option(help: "Where the random numbers of weights, order and masks start (default: 7).")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Move each image by up to N pixels, anew each time it is seen (default: 0).", valueName: "n"))
  var shift: Int?

  @Option(help: "At most so many images are trained on.")
  var limit: Int?

  @Option(
    help: """
      Images of the training set that training never sees (default: a sixth, 10,000 at most; a \
      folder's t10k files where there are any).
      """)
  var holdout: Int?

  @Option(help: "Which images are held out, and which digits synthetic draws (default: 1).")
  var splitSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      "What is taken from pixels 0…1 (default: measured on the training images).",
      valueName: "mean,std"))
  var normalize: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      The ONNX file to write (default: RECIPE.onnx, or MODEL-trained.onnx for MODEL.onnx, in the \
      folder you are in; never over a file that is there).
      """, valueName: "out.onnx"))
  var output: String?

  @Option(help: ArgumentHelp("One line of JSON an epoch; - is standard output.", valueName: "file"))
  var log: String?

  @Flag(
    help: """
      After each epoch also measure the clean loss (10,000 images at most, dropout off), what hidden \
      units do and how long weights are, for --log.
      """)
  var measure = false

  @Option(help: ArgumentHelp("The curves as a picture, .svg or .png.", valueName: "file"))
  var plot: String?

  @OptionGroup var budget: BudgetOptions

  @Flag(help: "Go on from FILE.state with the options it began with.")
  var resume = false

  @Option(help: "Threads that share the work; no weight depends on it (default: all processors).")
  var threads: Int?
}
