import ArgumentParser
import Formats
import Masks
import NeuralNet
import Scope
import TerminalUI

/// Things that the program knows by name, as a table or as JSON: an array of objects.
struct Listing {
  /// What is known of each, a key of JSON a column.
  let columns: [String]
  private(set) var rows: [[Fact]] = []

  /// What a listing can be of.
  enum Subject: String, CaseIterable, ExpressibleByArgument {
    case kinds, rules, recipes, models, digits, operators
  }

  /// One thing that is known.
  enum Fact: Encodable {
    case text(String)
    case number(Int)
    case truth(Bool)
    case texts([String])
    case numbers([Int])

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .number(let number): try container.encode(number)
      case .truth(let truth): try container.encode(truth)
      case .texts(let texts): try container.encode(texts)
      case .numbers(let numbers): try container.encode(numbers)
      }
    }

    /// The fact in a table.
    fileprivate var shown: String {
      switch self {
      case .text(let text): text
      case .number(let number): "\(number)"
      case .truth(let truth): truth ? "yes" : "no"
      case .texts(let texts): texts.joined(separator: ", ")
      case .numbers(let numbers): numbers.map(String.init).joined(separator: "×")
      }
    }
  }

  /// A listing of a subject, in the order of its registry.
  /// - Throws: `FormatError` only if the binary was built from damaged assets.
  init(_ subject: Subject) throws {
    switch subject {
    case .kinds:
      columns = ["name", "acts_on", "follows_rate", "takes_scaling", "summary"]
      rows = KindRegistry.all().map {
        [
          .text($0.name), .text("\($0.target)"), .truth($0.followsRate), .truth($0.takesScaling),
          .text($0.summary),
        ]
      }
    case .rules:
      columns = ["name", "kinds", "source"]
      rows = RuleRegistry.all.map { [.text($0.name), .texts($0.kinds), .text($0.source)] }
    case .recipes:
      columns = [
        "name", "input_shape", "classes", "epochs", "batch_size", "loss", "optimizer", "scale",
        "summary", "source",
      ]
      rows = RecipeRegistry.all.map {
        [
          .text($0.name), .numbers($0.inputShape), .number($0.classes), .number($0.epochs),
          .number($0.batchSize), .text($0.loss.name), .text("\($0.optimizer)"),
          .text($0.scaling.rawValue), .text($0.summary), .text($0.source),
        ]
      }
    case .models:
      columns = ["name", "parameters", "inputs", "outputs"]
      for name in BuiltIns.modelNames {
        guard let graph = try BuiltIns.model(name) else { continue }
        let parameters = Network(graph).parameterCounts.values.reduce(0, +)
        rows.append([
          .text(name), .number(parameters), .text(graph.inputsText), .texts(graph.outputs),
        ])
      }
    case .digits:
      columns = ["name", "digit"]
      rows = BuiltIns.digitNames.enumerated().map { [.text($1), .number($0)] }
    case .operators:
      columns = ["name"]
      rows = OperatorRegistry.standard.all.map { [.text($0.opType)] }
    }
  }

  /// Rows under the names of their columns.
  init(columns: [String], rows: [[Fact]]) { (self.columns, self.rows) = (columns, rows) }

  /// The lessons, and which of them are done.
  init(lessons: [Lesson], done: Set<String>) {
    columns = ["number", "name", "title", "question", "done"]
    rows = lessons.enumerated().map { index, lesson in
      [
        .number(index + 1), .text(lesson.name), .text(lesson.title), .text(lesson.question),
        .truth(done.contains(lesson.name)),
      ]
    }
  }

  /// Writes it to standard output.
  func write(asJSON: Bool) throws {
    if asJSON {
      try OutputKind.write(JSONFile.bytes(objects), to: "-")
    } else {
      try Terminal.write(lines: lines)
    }
  }

  /// The rows under a line of headings.
  var lines: [String] {
    let headings = columns.map { $0.split(separator: "_").joined(separator: " ") }
    return AlignedText.lines(
      [headings] + rows.map { $0.map(\.shown) }, rightFrom: columns.count)
  }

  private var objects: [[String: Fact]] {
    rows.map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) }
  }
}
