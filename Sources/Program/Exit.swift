import ArgumentParser
import CursesBackend
import Formats
import Glibc
import NeuralNet
import TensorCore

/// Ends the program for an error: help and versions go to standard output with 0, everything else is
/// one line on standard error and its code.
package func exit(with error: any Error) -> Never {
  // Help is an error of the library that parses options, and printing it may fail as all printing may.
  if Dropscope.exitCode(for: error) == .success {
    do {
      let text = Dropscope.fullMessage(for: error)
      if !text.isEmpty { try Terminal.write(text + "\n") }
      try Terminal.finish()
    } catch {
      exit(with: error)
    }
    Glibc.exit(0)
  }
  let failure = Failure(telling: error)
  Terminal.writeError("dropscope: \(failure)")
  Glibc.exit(failure.code.rawValue)
}

extension Failure {
  /// The line and the code for any error there is.
  init(telling error: any Error) {
    let words = Array(CommandLine.arguments.dropFirst())
    switch error {
    case let known as Failure: self = known
    case let format as FormatError:
      self.init(Code(format.kind), "\(format)\(UsageText.command(meantBy: format, words))")
    case TrainingError.diverged: self.init(.diverged, "\(error)")
    case is GraphError, is TensorError, is TrainingError: self.init(.badData, "\(error)")
    case let terminal as TerminalError: self.init(.inputOutput, "\(terminal)")
    default:
      guard Dropscope.exitCode(for: error) == .validationFailure else {
        self.init(.software, "internal error: \(error)")
        return
      }
      self.init(usage: UsageText.line(for: error, words))
    }
  }
}
