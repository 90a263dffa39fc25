public import ArgumentParser
import Formats
public import Masks

/// What is looked at and how: shared by every command that shows or exports a view.
///
/// Numbers are taken as text and checked in `validated`, so that a bad one is answered in one line.
package struct ViewOptions: ParsableArguments {
  package init() {}

  @Argument(
    help: """
      PNG, JPEG, CSV, NPY or IDX file (also .gz), the name of a built-in digit (zero … nine; \
      default: what the model has as its example, else seven), discs for discs and rings with their \
      truth, or for a model that reads words a text in quotes.
      """)
  var input: String?

  /// What is opened where nothing is named.
  static let defaultInput = "seven"

  @Option(
    name: .customLong("input"),
    help: ArgumentHelp(
      "A file for an input of a model with several, by the input's name; repeat for more.",
      valueName: "name=file"))
  var inputs: [String] = []

  @Option(
    help: ArgumentHelp("A text file as the input of a model that reads words.", valueName: "file"))
  var text: String?

  @Option(
    help: ArgumentHelp(
      """
      What a model's tokens stand for, a word a line, that of token 0 first (default: what its \
      metadata says under vocabulary).
      """, valueName: "file"))
  var vocabulary: String?

  @Option(
    help: """
      An ONNX file, a built-in model (\(BuiltIns.modelNames.joined(separator: ", "))), or none: \
      show the input as activations.
      """)
  var model = "digits"

  @Option(
    help: ArgumentHelp(
      """
      What the train and race pages train on, a folder of IDX files (default: digits drawn by the \
      program).
      """, valueName: "folder"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "The log of a training or race that the train page follows while it grows.",
      valueName: "file"))
  var follow: String?

  @Option(
    help: ArgumentHelp(
      "The sweep that the sweep page shows: a folder of sweep plan.", valueName: "folder"))
  var sweep: String?

  @Option(help: ArgumentHelp("The layer shown.", valueName: "node"))
  var layer: String?

  @Option(
    help: ArgumentHelp(
      "Where dropout acts (default: the layer shown), or none.", valueName: "node"))
  var at: String?

  @Option(
    name: [.long, .customLong("also")],
    help: ArgumentHelp(
      """
      Dropout at a further site, as pool1=spatial,.25 or conv1=block,.3,block=3x5,scale=none; repeat \
      for more.
      """, valueName: "node=kind,rate"))
  var addDropout: [String] = []

  @Option(
    name: [.long, .customLong("without")],
    help: ArgumentHelp(
      "Dropout of the model's own that does nothing even with --model-dropout on; repeat for more.",
      valueName: "node"))
  var disableDropout: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      Whether the model's own Dropout layers act beside the dropout shown: on or off (default: off, \
      so that what changes is caused by what is shown).
      """, valueName: "on|off"))
  var modelDropout: Switch?

  @Option(
    help: ArgumentHelp(
      """
      What a value's axes are: N samples, C channels, H rows, W columns, D depth, T time, S tokens, \
      F features, A heads; repeat for more.
      """, valueName: "node=n,t,f"))
  var axes: [String] = []

  @Flag(help: "Refuse a model that has anything ONNX does not allow; info lists it.")
  var strict = false

  @Option(
    help: """
      How an image of other proportions is made to fit: stretch (default), crop its middle, or \
      letterbox.
      """)
  var fit: PictureFit = .stretch

  @Option(
    help: ArgumentHelp(
      "Names of the classes, one a line, that of class 0 first.", valueName: "file")
  )
  var labels: String?

  @Option(
    help: ArgumentHelp(
      """
      What is true of each place of a picture, an image or numbers: what lies above half of the \
      largest belongs to what a network for segmentation looks for.
      """, valueName: "file"))
  var truth: String?

  @Option(help: "Which item of a file that holds several.")
  var index: Int?

  @Option(
    help: ArgumentHelp(
      "Which array of an NPZ or safetensors file that holds several.", valueName: "name"))
  var tensor: String?

  @Option(help: "The channel shown; of a volume, channel × slices + slice.")
  var channel: Int = 0

  @Option(help: "\(KindRegistry.names.joined(separator: ", ")).")
  var kind: String?

  @Option(help: "The probability of dropping, 0 to 1 (default: .5).")
  var rate: String?

  @Option(help: "Where the random numbers start (default: 7).")
  var seed: UInt64?

  @Option(help: "inverted (×1/(1−p) in training; default), weight (×(1−p) at evaluation) or none.")
  var scale: Scaling?

  @Option(help: "train or eval.")
  var mode: Mode = .train

  @Option(
    help: ArgumentHelp("Your own mask: 0 dropped, 1 kept, in the site's shape.", valueName: "file"))
  var mask: String?

  @OptionGroup var kindOptions: KindOptions

  @Option(help: "Compute by another library's rule: \(RuleRegistry.names.joined(separator: ", ")).")
  var rule: String?

  @Option(
    help: ArgumentHelp(
      "For images, after scaling to 0…1; or imagenet.", valueName: "mean,std"))
  var normalize: String?
}

/// On or off, as an option says it.
enum Switch: String, CaseIterable, ExpressibleByArgument {
  case on, off
}

extension PictureFit: ExpressibleByArgument {}
extension Scaling: ExpressibleByArgument {}
extension Mode: ExpressibleByArgument {}
