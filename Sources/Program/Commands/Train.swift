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

  @Option(help: "At most so many images are trained on.")
  var limit: Int?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      The ONNX file to write (default: RECIPE.onnx, or MODEL-trained.onnx for MODEL.onnx, in the \
      folder you are in; never over a file that is there).
      """, valueName: "out.onnx"))
  var output: String?

  @Flag(
    help: """
      After each epoch also measure the clean loss (10,000 images at most, dropout off), what hidden \
      units do and how long weights are, for --log (--tensorboard does so too).
      """)
  var measure = false

  @Option(help: ArgumentHelp("The curves as a picture, .svg or .png.", valueName: "file"))
  var plot: String?

  @OptionGroup var training: TrainingOptions

  @OptionGroup var budget: BudgetOptions

  @Flag(help: "Go on from FILE.state with the options it began with.")
  var resume = false
}
