import Studies

/// In what the setting shown can be written.
public enum CodeForm: String, CaseIterable, Sendable {
  /// The command that opens this very view.
  case command
  /// PyTorch.
  case torch
  /// Keras 3.
  case keras
  /// The text form of ONNX, as `onnx.parser` reads it.
  case onnx

  /// What it is called.
  var title: String {
    switch self {
    case .command: "command"
    case .torch: "PyTorch"
    case .keras: "Keras"
    case .onnx: "ONNX"
    }
  }

  /// The one after it; round at the end.
  var next: CodeForm {
    let all = CodeForm.allCases
    return all[((all.firstIndex(of: self) ?? 0) + 1) % all.count]
  }
}

/// Why a library has no words for a dropout.
struct CodeProblem: Error, Equatable {
  /// One line of text.
  let text: String

  init(_ text: String) { self.text = text }
}

extension State {
  /// The setting in a form: a command, or code that makes `dropout`, which acts on a tensor as the
  /// selected dropout does on its site.
  public func code(_ form: CodeForm) -> String {
    if form == .command { return commandLine }
    guard setting.isPlaced else { return "# no dropout is selected" }
    return DropoutCode(
      setting.dropout(at: experiment.site(of: setting)), layout: observation.siteLayout,
      name: site.name
    ).text(form)
  }
}

extension DropoutCode {
  /// The dropout in a form of code, or a line that says why there is none.
  func text(_ form: CodeForm) -> String {
    do {
      switch form {
      case .command, .torch: return try torch()
      case .keras: return try keras()
      case .onnx: return try onnx()
      }
    } catch {
      return "# \(form.title): \(error.text)"
    }
  }
}
