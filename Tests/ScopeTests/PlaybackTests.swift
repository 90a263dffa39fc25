import Scope
import Testing

/// What is due when: the times of a script over the speed, and nothing while it stands still.
@Suite struct PlaybackTests {
  private func moments(_ text: String) throws -> [Script.Moment] {
    try Script(parsing: Array("dropscope script 1\n\(text)".utf8)).moments()
  }

  @Test func actionsComeAtTheirTimeOverTheSpeed() throws {
    let moments = try moments("1 rate-up\n3 resample\n3 undo\n")
    var playback = Playback(moments, speed: 2, now: .seconds(10))
    #expect(playback.wait(at: .seconds(10)) == 500)
    #expect(playback.next(at: .milliseconds(10_499)) == [])
    #expect(playback.wait(at: .milliseconds(10_499)) == 1)
    #expect(playback.next(at: .milliseconds(10_500)) == [.changeRate(hundredths: 5)])
    #expect(!playback.isOver)
    #expect(playback.next(at: .milliseconds(11_500)) == [.resample, .undo])
    #expect(playback.isOver && playback.wait(at: .seconds(12)) == nil)
  }

  @Test func aPauseShiftsWhatFollows() throws {
    var playback = Playback(try moments("1 undo\n"), speed: 1, now: .zero)
    playback.togglePause(at: .milliseconds(400))
    #expect(playback.isPaused && playback.wait(at: .seconds(5)) == nil)
    #expect(playback.next(at: .seconds(5)) == [])
    playback.togglePause(at: .seconds(9))
    #expect(playback.wait(at: .seconds(9)) == 600)
    #expect(playback.next(at: .milliseconds(9_600)) == [.undo])
  }

  @Test func theScreenKeepsItsOwnSizeAndNoWaitIsTooLong() throws {
    var playback = Playback(try moments("0 size 5 5\n9000 undo\n"), speed: 0.001, now: .zero)
    #expect(playback.next(at: .zero) == [])
    #expect(playback.wait(at: .zero) == 60_000)
  }
}
