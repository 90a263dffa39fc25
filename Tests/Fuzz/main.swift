import CFuzzer
import FuzzEntries
import Glibc

// Fuzz ENTRY [libFuzzer's options and corpora]: the entry is the one thing libFuzzer does not know. The
// environment tells it to the processes that libFuzzer starts.
private let variable = "DROPSCOPE_FUZZ_ENTRY"
private var arguments = CommandLine.arguments
if arguments.count > 1, !arguments[1].hasPrefix("-") {
  setenv(variable, arguments.remove(at: 1), 1)
}
guard let entry = getenv(variable).flatMap({ FuzzEntry.named(String(cString: $0)) }) else {
  print(FuzzEntry.all.map { "\($0.name) \($0.longest) \($0.share)" }.joined(separator: "\n"))
  exit(getenv(variable) == nil ? 0 : 64)
}

/// The entry under test, where libFuzzer's callback, which has no context, finds it.
private nonisolated(unsafe) var chosen = entry

private var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
exit(
  words.withUnsafeMutableBufferPointer { words in
    cfuzzer_run(CInt(words.count - 1), words.baseAddress) { data, size in
      chosen.run(Array(UnsafeBufferPointer(start: data, count: size)))
      return 0
    }
  })
