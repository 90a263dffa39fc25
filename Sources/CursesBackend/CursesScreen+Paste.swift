import Glibc
import TerminalUI

/// Pasted text, read by the block: curses takes three system calls for each byte. What is read beyond
/// its end are keys again.
extension CursesScreen {
  private static let pasteStart = Array("\u{1B}[200~".utf8)
  private static let pasteEnd = Array("\u{1B}[201~".utf8)
  private static let mouseStart = Array("\u{1B}[<".utf8)

  /// The most characters of a paste; what follows is passed over.
  private static let mostPasted = 1_000_000

  /// Pasted text, from what follows its bracket to the other one, or until nothing came for a second.
  /// Control characters other than line ends and tabs are left out.
  func readPaste() -> InputEvent {
    var bytes = Array(behindPaste)
    var rest: ArraySlice<UInt8> = []
    var searched = 0
    // A scalar takes four bytes at the most.
    let most = 4 * CursesScreen.mostPasted
    while true {
      if let end = CursesScreen.place(of: CursesScreen.pasteEnd, in: bytes, from: searched) {
        rest = ArraySlice(Array(bytes[(end + CursesScreen.pasteEnd.count)...]))
        bytes.removeSubrange(end...)
        break
      }
      searched = max(0, bytes.count - CursesScreen.pasteEnd.count + 1)
      if searched > most {
        bytes.removeSubrange(most..<searched)
        searched = most
      }
      guard let more = readBytes(within: 1000) else { break }
      bytes += more
    }
    behindPaste = rest
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars.prefix(
      CursesScreen.mostPasted)
    {
      switch scalar.value {
      case 13: text.append("\n")
      case 9, 10, 32..<127, 0xA0...: text.append(scalar)
      default: break
      }
    }
    return .paste(String(text))
  }

  /// The next key of those that were read with a paste; nil where there is none left.
  func readBehindPaste() -> Read? {
    while let first = behindPaste.first {
      if first == 27 {
        let starts = [
          (CursesScreen.pasteStart, KeyCode.pasteStart), (CursesScreen.mouseStart, KeyCode.mouse),
        ]
        for (bytes, code) in starts {
          while behindPaste.count < bytes.count, bytes.starts(with: behindPaste),
            let more = readBytes(within: 25)
          {
            behindPaste += more
          }
          if behindPaste.starts(with: bytes) {
            behindPaste.removeFirst(bytes.count)
            return .code(code)
          }
        }
      }
      while behindPaste.count < CursesScreen.length(of: first), let more = readBytes(within: 25) {
        behindPaste += more
      }
      var (decoder, iterator) = (UTF8(), behindPaste.makeIterator())
      if case .scalarValue(let scalar) = decoder.decode(&iterator) {
        behindPaste.removeFirst(UTF8.width(scalar))
        return .character(scalar.value)
      }
      // No text: passed over, as curses does.
      behindPaste.removeFirst()
    }
    return nil
  }

  /// The bytes of a character in UTF-8 that begins so.
  private static func length(of first: UInt8) -> Int {
    first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }

  /// Where a part begins in bytes; its first byte is rare in them.
  private static func place(of part: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { all in
      var place = start
      while let base = all.baseAddress, all.count - place >= part.count,
        let found = memchr(base + place, Int32(part[0]), all.count - place)
      {
        place = UnsafeRawPointer(found) - base
        if all[place...].starts(with: part) { return place }
        place += 1
      }
      return nil
    }
  }

  /// What the terminal has sent; nil where nothing comes in time.
  private func readBytes(within milliseconds: Int32) -> [UInt8]? {
    var waiting = pollfd(fd: streams.inputDescriptor, events: Int16(POLLIN), revents: 0)
    while true {
      let ready = poll(&waiting, 1, milliseconds)
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { return nil }
      let most = 65536
      let bytes = [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
        count = max(0, read(streams.inputDescriptor, buffer.baseAddress, most))
      }
      return bytes.isEmpty ? nil : bytes
    }
  }
}
