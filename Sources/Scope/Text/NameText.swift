import TerminalUI

/// Names of files, cut where there is no room.
enum NameText {
  /// The names, the longest cut from its end until all together take `room` columns; none is cut
  /// below six.
  static func shortened(_ names: [String], to room: Int, _ glyphs: Glyphs) -> [String] {
    var lengths = names.map { $0.unicodeScalars.count }
    while lengths.reduce(0, +) > room,
      let longest = lengths.indices.max(by: { lengths[$0] < lengths[$1] }), lengths[longest] > 6
    {
      lengths[longest] -= 1
    }
    return zip(names, lengths).map { name, length in
      guard name.unicodeScalars.count > length else { return name }
      let kept = name.unicodeScalars.prefix(length - glyphs.ellipsis.unicodeScalars.count)
      return String(String.UnicodeScalarView(kept)) + glyphs.ellipsis
    }
  }
}
