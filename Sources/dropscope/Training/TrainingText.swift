import Scope

/// Numbers of training as text.
enum TrainingText {
  /// `98.74 %`
  static func percent(_ share: Double) -> String { NumberText.fixed(share * 100, 2) + " %" }

  /// A loss with four significant digits or so.
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
}

extension TrainingText {
  /// The line of an epoch that is over.
  static func line(_ record: EpochRecord, of epochs: Int) -> String {
    let width = String(epochs).count
    let number = String(record.epoch)
    var text = "epoch " + String(repeating: " ", count: max(0, width - number.count)) + number
    text += "/\(epochs)  loss \(loss(record.loss))  accuracy \(percent(record.accuracy))"
    if let heldOut = record.heldOutLoss, let accuracy = record.heldOutAccuracy {
      text += "  held out: loss \(loss(heldOut))  accuracy \(percent(accuracy))"
    }
    return text + "  \(rate(record.imagesPerSecond))  \(time(record.seconds))"
  }
}
