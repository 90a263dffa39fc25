import CFuzzer
import FuzzEntries
import Glibc

// Fuzz ENTRY [libFuzzer's options and corpora]: the entry is the one thing libFuzzer does not know.
private let arguments = CommandLine.arguments
guard arguments.count > 1, let entry = FuzzEntry.named(arguments[1]) else {
  print(FuzzEntry.all.map { "\($0.name) \($0.longest) \($0.share)" }.joined(separator: "\n"))
  exit(arguments.count > 1 ? 64 : 0)
}

/// The entry under test, where libFuzzer's callback, which has no context, finds it.
private nonisolated(unsafe) var chosen = entry

private var words: [UnsafeMutablePointer<CChar>?] =
  ([arguments[0]] + arguments.dropFirst(2)).map { strdup($0) } + [nil]
exit(
  words.withUnsafeMutableBufferPointer { words in
    cfuzzer_run(CInt(words.count - 1), words.baseAddress) { data, size in
      chosen.run(Array(UnsafeBufferPointer(start: data, count: size)))
      return 0
    }
  })
