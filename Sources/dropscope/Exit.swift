import ArgumentParser
import Formats
import Glibc
import NeuralNet
import TensorCore

/// Ends the program for an error: help and versions go to standard output with 0, everything else is
/// one line on standard error and its code.
package func exit(with error: any Error) -> Never {
  let failure: Failure
  switch error {
  case let known as Failure: failure = known
  case let format as FormatError: failure = Failure(Failure.Code(format.kind), "\(format)")
  case is GraphError, is TensorError: failure = Failure(.badData, "\(error)")
  default:
    guard Dropscope.exitCode(for: error) == .validationFailure else {
      Dropscope.exit(withError: error)
    }
    failure = Failure(usage: Dropscope.message(for: error) + "; see dropscope --help")
  }
  let line = failure.description.split(whereSeparator: \.isNewline).joined(separator: " ")
  Terminal.writeError("dropscope: \(line)\n")
  Glibc.exit(failure.code.rawValue)
}
