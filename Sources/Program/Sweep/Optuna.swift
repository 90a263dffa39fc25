import Formats
import FoundationEssentials
import Glibc
import Studies

/// Optuna's command line (https://optuna.readthedocs.io, `pip install optuna`): a study in a storage that any
/// number of workers ask and tell.
struct Optuna {
  /// The storage's URL: `sqlite:///search.db`.
  let storage: String
  let study: String

  /// A trial that was asked for.
  struct Trial: Decodable {
    let number: Int
    let params: [String: RunValue]
  }

  /// Makes the study where there is none.
  func create() throws {
    // Each of its commands would warn that it may change.
    setenv("PYTHONWARNINGS", "ignore", 0)
    _ = try run("create-study", ["--skip-if-exists", "--direction", "maximize"])
  }

  /// The next setting to try.
  func ask(_ space: SearchSpace) throws -> Trial {
    let text = String(decoding: try JSONFile.line(space).dropLast(), as: UTF8.self)
    let output = try run("ask", ["-f", "json", "--search-space", text])
    guard let trial = try? JSONDecoder().decode(Trial.self, from: Data(output)), trial.number >= 0
    else {
      throw Failure(
        .badData,
        "optuna ask: expected a trial in JSON, found \(String(decoding: output.prefix(200), as: UTF8.self))"
      )
    }
    return trial
  }

  /// What a trial came to; nil where it failed.
  func tell(_ number: Int, _ score: Double?) throws {
    let what = score.map { ["--values", "\($0)"] } ?? ["--state", "fail"]
    _ = try run("tell", ["--trial-number", "\(number)", "--skip-if-finished"] + what)
  }

  private func run(_ command: String, _ options: [String]) throws -> [UInt8] {
    let (code, output) = try CommandOutput.of(
      ["optuna", command, "-q", "--storage", storage, "--study-name", study] + options)
    guard code == 0 else {
      throw Failure(.inputOutput, "optuna \(command): expected code 0, found \(code)")
    }
    return output
  }
}
