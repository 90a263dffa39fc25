import Scope
import Studies

/// Numbers of training as text.
enum TrainingText {
  /// `98.74 %`
  static func percent(_ share: Double) -> String { NumberText.fixed(share * 100, 2) + " %" }

  /// A loss, three digits after the point or more.
  static func loss(_ loss: Double) -> String { NumberText.value(Float(loss)) }

  /// `1,240 images/s`
  static func rate(_ perSecond: Double) -> String {
    guard perSecond.isFinite, perSecond < 1e12 else { return "- images/s" }
    return (perSecond < 10 ? NumberText.fixed(perSecond, 1) : grouped(Int(perSecond.rounded())))
      + " images/s"
  }

  /// `0:08`, `12:40`, `3:05:00`
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "-:--" }
    let whole = Int(max(0, seconds).rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }

  /// `3136` as `3,136`.
  static func grouped(_ number: Int) -> String {
    var text = String(number)
    var place = text.count - 3
    while place > (number < 0 ? 1 : 0) {
      text.insert(",", at: text.index(text.startIndex, offsetBy: place))
      place -= 3
    }
    return text
  }
}

extension TrainingText {
  /// A number with four digits after the point.
  static func fourDigits(_ number: Double) -> String { NumberText.fixed(number, 4) }

  /// A number with so many digits after the point.
  static func fixed(_ number: Double, _ digits: Int) -> String { NumberText.fixed(number, digits) }
}

extension TrainingText {
  /// The line of an epoch that is over, in columns: loss and accuracy as trained, and of what is held
  /// out.
  static func line(_ record: EpochRecord, of epochs: Int) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func pair(_ loss: Double, _ accuracy: Double) -> String {
      "\(padded(fourDigits(loss), 6))  \(padded(percent(accuracy), 8))"
    }
    var text = "epoch \(padded(String(record.epoch), String(epochs).count))/\(epochs)"
    text += "  loss \(pair(record.loss, record.accuracy))"
    if let heldOut = record.heldOutLoss, let accuracy = record.heldOutAccuracy {
      text += "  held out \(pair(heldOut, accuracy))"
    }
    return text + "  \(padded(grouped(Int(min(1e12, record.imagesPerSecond))), 5))/s"
      + "  \(time(record.seconds))"
  }
}
