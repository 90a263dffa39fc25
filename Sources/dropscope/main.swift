import ArgumentParser
import Program

// Parsed by hand, not by `@main`, for two reasons: errors are to be one line with a sysexits code,
// and the terminal loop must run synchronously on the real main thread, where SIGWINCH interrupts
// its poll.
Terminal.begin()
do {
  var command = try Dropscope.command()
  try command.run()
  try Terminal.finish()
} catch {
  exit(with: error)
}
