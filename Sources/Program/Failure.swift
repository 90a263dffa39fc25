import Formats
import NeuralNet

/// An error on its way out of the program: one line on standard error and a sysexits code.
struct Failure: Error, CustomStringConvertible {
  let code: Code
  let description: String

  /// Exit codes of sysexits.h.
  enum Code: Int32 {
    case usage = 64
    case badData = 65
    case missingInput = 66
    /// EX_SOFTWARE: training whose loss is no longer a number; also an error that nobody foresaw.
    case diverged = 70
    case cannotWrite = 73
    case inputOutput = 74

    /// The same number: the program, not what it was given, is at fault.
    static let software = diverged
  }

  init(_ code: Code, _ description: String) {
    (self.code, self.description) = (code, description)
  }

  init(usage message: String) { self.init(.usage, message) }

  /// What a person asked of a network that it cannot do: usage, unless memory is all that it lacks.
  init(asked error: GraphError) {
    self.init(error.exceedsBudget ? .badData : .usage, error.description)
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
