import CTerminal
import Glibc

/// The stream that curses writes to: the terminal, and while a frame is made a file in memory, so that the
/// frame can be looked at before it is sent.
///
/// curses takes a descriptor when it starts and keeps it, for the terminal's modes too; so it has one of its
/// own, which is pointed elsewhere and back.
final class FrameStream {
  /// What curses is given.
  let stream: UnsafeMutablePointer<FILE>
  private let terminal: Int32
  private let memory: Int32

  /// A stream to the terminal of a descriptor; nil where no descriptor is free.
  init?(terminal: Int32) {
    let own = fcntl(terminal, F_DUPFD_CLOEXEC, 3)
    guard own >= 0 else { return nil }
    guard let stream = fdopen(own, "w") else {
      close(own)
      return nil
    }
    (self.stream, self.terminal) = (stream, terminal)
    memory = terminal_memory_file("frame")
  }

  deinit {
    fclose(stream)
    if memory >= 0 { close(memory) }
  }

  /// What `draw` writes; nil where there is no file in memory, and it was written to the terminal.
  func frame(_ draw: () -> Void) -> [UInt8]? {
    let own = fileno(stream)
    guard memory >= 0, terminal_point(own, memory) else {
      draw()
      return nil
    }
    draw()
    _ = terminal_point(own, terminal)
    let count = max(0, Int(lseek(memory, 0, SEEK_CUR)))
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, pread(memory, buffer.baseAddress, count, 0))
    }
    // The file keeps its pages for the next frame.
    lseek(memory, 0, SEEK_SET)
    return bytes
  }
}
