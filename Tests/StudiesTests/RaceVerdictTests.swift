import Studies
import Testing

/// What a race says, and that it says no more.
@Suite struct RaceVerdictTests {
  private static func outcome(_ right: Int, of count: Int) -> RaceOutcome {
    RaceOutcome(records: [], right: (0..<count).map { $0 < right })
  }

  @Test func ofOneSeed() {
    let verdict = RaceVerdict(
      first: "none", second: "half", [(Self.outcome(900, of: 1000), Self.outcome(950, of: 1000))],
      comparisons: 1)
    #expect(abs(verdict.difference - 0.05) < 1e-12 && verdict.interval == nil)
    #expect(verdict.test == "McNemar exact" && verdict.pValue! < 1e-12)
    #expect(
      verdict.sentence
        == "half is better than none on 1000 images held out: +5.00 points, 50 right by half alone "
        + "and 0 by none alone, McNemar's exact p < .001; one seed says nothing of others")
    let even = RaceVerdict(
      first: "a", second: "b", [(Self.outcome(9, of: 10), Self.outcome(8, of: 10))], comparisons: 2)
    #expect(even.pValue == 1)
    #expect(
      even.sentence
        == "no difference is shown between a and b on 10 images held out: −10.00 points, 0 right by "
        + "b alone and 1 by a alone, McNemar's exact p = 1; one seed says nothing of others; one of 2 "
        + "comparisons, for which p is not adjusted")
  }

  @Test func ofSeveralSeeds() {
    func verdict(_ pairs: [(Int, Int)]) -> RaceVerdict {
      RaceVerdict(
        first: "a", second: "b",
        pairs.map { (Self.outcome($0.0, of: 100), Self.outcome($0.1, of: 100)) }, comparisons: 1)
    }
    // scipy.stats.ttest_1samp([.02, .03, .04], 0): p .0351, interval .005159 to .054841
    let shown = verdict([(90, 92), (90, 93), (91, 95)])
    #expect(shown.test == "paired t" && abs(shown.pValue! - 0.035098) < 1e-5)
    #expect(abs(shown.interval![0] - 0.005159) < 1e-5 && abs(shown.interval![1] - 0.054841) < 1e-5)
    #expect(
      shown.sentence
        == "b is better than a over 3 seeds: +3.00 points, 95 % interval +0.52 to +5.48, paired t, "
        + "p = .035, on 100 images held out")
    #expect(
      verdict([(90, 92), (95, 92)]).sentence.hasPrefix(
        "no difference is shown between a and b over"))
    let same = verdict([(90, 91), (91, 92)])
    #expect(same.sentence.contains("no test applies") || same.pValue != nil)
    #expect(verdict([(90, 90), (91, 91)]).sentence.hasPrefix("no difference is shown"))
  }
}
