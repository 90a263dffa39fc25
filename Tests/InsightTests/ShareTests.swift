import Insight
import Testing

@Suite struct ShareTests {
  /// Figures of R's `prop.test(correct = FALSE)` and statsmodels' `proportion_confint(method="wilson")`.
  @Test(
    "Wilson's interval",
    arguments: [
      (0, 10, 0.0, 0.277533), (10, 10, 0.722467, 1.0), (5, 10, 0.236593, 0.763407),
      (1, 200, 0.000884, 0.027774),
    ])
  func wilson(count: Int, total: Int, low: Double, high: Double) {
    let interval = Share(count, of: total).interval
    #expect(abs(interval.lowerBound - low) < 1e-5)
    #expect(abs(interval.upperBound - high) < 1e-5)
  }

  @Test func nothingIsAnything() {
    #expect(Share(0, of: 0).interval == 0...1)
    #expect(Share(0, of: 0).value == 0)
    #expect(Share(1, of: 2) + Share(2, of: 2) == Share(3, of: 4))
  }
}
