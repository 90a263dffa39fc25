import CursesBackend
import Glibc
import TerminalUI

// Dies on a full screen, in the way its argument names, once a key is pressed: what the tests of
// CursesBackend look at. No part of dropscope.

struct Failure: Error {}

/// Two frames of which no cell is the same.
func frames(for screen: CursesScreen) -> [Buffer] {
  ["frame", "FRAME"].map { word in
    var frame = Buffer(width: screen.size.width, height: screen.size.height)
    for y in 0..<frame.height {
      let line = "\(word) row \(y) " + String(repeating: word, count: frame.width)
      frame.write(line, x: 0, y: y, style: Style(Palette.text))
    }
    return frame
  }
}

nonisolated func dieInAnotherThread() {
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { _ in
      usleep(20_000)
      preconditionFailure("in another thread")
    }, nil)
}

func recurse(_ depth: Int) -> Int { depth == .max ? 0 : recurse(depth + 1) + 1 }

let screen = try CursesScreen()
let shown = frames(for: screen)
screen.draw(shown[0])
_ = screen.nextEvent(timeout: nil)

let numbers = [1, 2, 3]
switch CommandLine.arguments.dropFirst().first {
case "index": print(numbers[CommandLine.arguments.count + 3])
case "unwrap": print(Int(CommandLine.arguments[1])!)
case "recursion": print(recurse(0))
case "error": throw Failure()
case "exit": exit(3)
case "thread":
  // The other dies while this one is in the middle of a frame.
  dieInAnotherThread()
  for number in 1... { screen.draw(shown[number % 2]) }
default: abort()
}
