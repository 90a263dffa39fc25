import ArgumentParser
import Formats
import Glibc
import NeuralNet
import TensorCore

/// An error on its way out of the program: one line on standard error and a sysexits code.
struct Failure: Error, CustomStringConvertible {
  let code: Code
  let description: String

  /// Exit codes of sysexits.h.
  enum Code: Int32 {
    case usage = 64
    case badData = 65
    case missingInput = 66
    case cannotWrite = 73
    case inputOutput = 74
  }

  init(_ code: Code, _ description: String) {
    (self.code, self.description) = (code, description)
  }

  init(usage message: String) { self.init(.usage, message) }

  /// Ends the program for an error: help and versions go to standard output with 0, everything else
  /// is one line on standard error.
  static func exit(with error: any Error) -> Never {
    let failure: Failure
    switch error {
    case let known as Failure: failure = known
    case let format as FormatError: failure = Failure(Code(format.kind), "\(format)")
    case is GraphError, is TensorError: failure = Failure(.badData, "\(error)")
    default:
      guard Dropscope.exitCode(for: error) == .validationFailure else {
        Dropscope.exit(withError: error)
      }
      failure = Failure(.usage, Dropscope.message(for: error) + "; see dropscope --help")
    }
    let line = failure.description.split(whereSeparator: \.isNewline).joined(separator: " ")
    Terminal.writeError("dropscope: \(line)\n")
    Glibc.exit(failure.code.rawValue)
  }
}

extension Failure.Code {
  init(_ kind: FormatError.Kind) {
    switch kind {
    case .badData: self = .badData
    case .missingInput: self = .missingInput
    case .cannotWrite: self = .cannotWrite
    case .inputOutput: self = .inputOutput
    }
  }
}
