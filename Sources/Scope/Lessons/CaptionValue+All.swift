import Insight
import Masks
import NeuralNet
import Studies
import TensorCore
import TerminalUI

extension CaptionValue {
  /// All of them.
  public static let all: [CaptionValue] =
    setting + cells + meters + pools + classes + samples + texts + places

  private static let setting: [CaptionValue] = [
    CaptionValue("p", "the probability of dropping") {
      NumberText.probability($0.setting.rate.p)
    },
    CaptionValue("keep", "1 − p") { NumberText.probability($0.setting.rate.keep) },
    CaptionValue("kind", "the kind of dropout, with its settings") { $0.observation.kind },
    CaptionValue("mode", "train or eval") { $0.setting.mode.rawValue },
    CaptionValue("seed", "where the mask's numbers come from") { "\($0.setting.seed)" },
    CaptionValue("layer", "the layer shown") { $0.layer.name },
    CaptionValue("site", "the layer dropout acts on") { $0.site.name },
    CaptionValue("scale", "what a kept value is multiplied by") {
      ratio(Double($0.observation.transfer.scale), $0)
    },
    CaptionValue("dropped", "how many cells the mask drops, of how many") {
      let realised = $0.observation.realised
      return "\(realised.dropped) of \(realised.of)"
    },
    CaptionValue("dropped.share", "the same as a share") {
      ShareText.probability($0.observation.realised.rate)
    },
    CaptionValue("band", "the share of 19 masks of 20") {
      let band = $0.observation.law.band
      return [band.lowerBound, band.upperBound].map(ShareText.probability).joined(separator: "–")
    },
    CaptionValue("maps.dropped", "how many whole maps the mask drops, of how many") {
      let (mask, layout) = ($0.observation.mask, $0.observation.siteLayout)
      let gone = (0..<layout.c).count { channel in
        Plane(layout, channel: channel).offsets.allSatisfy { !mask.kept[$0] }
      }
      return "\(gone) of \(layout.c)"
    },
    CaptionValue("features.dropped", "how many features it drops at all times, of how many") {
      let mask = $0.observation.mask
      return SequenceMap($0.observation.siteLayout).map { map in
        let gone = (0..<map.features).count { feature in
          (0..<map.times).allSatisfy { !mask.kept[map.offset(time: $0, feature: feature)] }
        }
        return "\(gone) of \(map.features)"
      }
    },
  ]

  private static let cells: [CaptionValue] = [
    CaptionValue("cell", "the cell under the cursor, without dropout") { state in
      state.cursorOffset.map { NumberText.value(state.observation.clean[$0]) }
    },
    CaptionValue("cell.after", "the same after dropout") { state in
      state.cursorOffset.map { NumberText.value(state.observation.dropped[$0]) }
    },
    CaptionValue("cell.u", "its uniform: it is dropped where p is larger") { state in
      guard let offset = state.cursorOffset, state.observation.actsHere else { return nil }
      let u = state.observation.field.uniform(at: offset, in: state.observation.siteLayout)
      return ShareText.probability(Double(u))
    },
  ]

  private static let meters: [CaptionValue] = [
    CaptionValue("zero", "the share of dropped cells that were zero already") {
      NumberText.percent($0.observation.meters.waste.wasted)
    },
    CaptionValue("predictable", "how well dropped cells follow from kept neighbours (R²)") {
      $0.observation.meters.recoverability.value.map(ShareText.probability)
    },
    CaptionValue("mean", "the mean after dropout over the mean before") {
      ratio($0.observation.meters.moments.mean, $0)
    },
    CaptionValue("variance", "the variance after dropout over the variance before") {
      ratio($0.observation.meters.moments.variance, $0)
    },
    CaptionValue("l1", "the share of the sum of |x| that is dropped") {
      NumberText.percent($0.observation.meters.waste.massRemoved)
    },
  ]

  private static let pools: [CaptionValue] = [
    CaptionValue(
      "pool.mean", "the mean with dropout before the max-pool, over that without dropout"
    ) {
      state in state.pool(0)?.inflation.flatMap { ratio($0, state) }
    },
    CaptionValue("pool.mean.after", "the mean with dropout behind the max-pool, over that without")
    {
      state in
      state.pool(0).flatMap { pool in
        ratio(MomentRatios(before: pool.clean, after: pool.poolFirst).mean, state)
      }
    },
    CaptionValue("pool.difference", "the largest difference between the two orders, max-pool") {
      $0.pool(0).map { NumberText.value($0.largestDifference) }
    },
    CaptionValue("average.mean", "as pool.mean, average pool") {
      state in state.pool(1)?.inflation.flatMap { ratio($0, state) }
    },
  ]

  private static let classes: [CaptionValue] = [
    CaptionValue("class", "the class that the network names without dropout") {
      $0.cleanClasses.map { "\($0.label)" }
    },
    CaptionValue("class.after", "the class that it names with the mask shown") {
      $0.maskedClasses.map { "\($0.label)" }
    },
    CaptionValue("probability", "of the class named without dropout, without it") { state in
      state.cleanClasses.map { ShareText.probability($0.probabilities[$0.label]) }
    },
    CaptionValue("probability.after", "of the same class, with the mask shown") { state in
      guard let label = state.cleanClasses?.label, let masked = state.maskedClasses else {
        return nil
      }
      return ShareText.probability(masked.probabilities[label])
    },
    CaptionValue("loss", "cross-entropy without dropout, for the class of the input") { state in
      state.trueClass.flatMap { label in
        state.cleanClasses.map { loss(-$0.logProbabilities[label]) }
      }
    },
    CaptionValue("loss.after", "the same with the mask shown") { state in
      state.trueClass.flatMap { label in
        state.maskedClasses.map { loss(-$0.logProbabilities[label]) }
      }
    },
    CaptionValue("changed", "masks under which the class is another, of those counted") { state in
      guard let votes = state.votes?.sum as? Votes, votes.count > 0 else { return nil }
      return "\(votes.flips.count) of \(votes.flips.total)"
    },
    CaptionValue("changed.at", layer: "the same as a share, in the placement table's row") {
      state, layer in
      let entry = state.placementTable.entries.last {
        state.experiment.name(of: $0.placed.site) == layer
      }
      return entry?.row?.flips.flatMap { $0.total > 0 ? ShareText.value($0) : nil }
    },
    CaptionValue("effect", layer: "how far a layer is from itself without dropout (Effect page)") {
      state, layer in
      state.observation.downstream.layers.first { $0.name == layer }?.change
        .map { NumberText.percent($0) }
    },
  ]

  private static let samples: [CaptionValue] = [
    CaptionValue("samples", "how many samples are accumulated") {
      $0.samples.map { NumberText.grouped($0.count) }
    },
    CaptionValue("error", count: "of the mean map after N samples: 8, 16, 32, …") { state, count in
      state.samples?.errors.first { $0.count == count }.map { ShareText.probability($0.error) }
    },
    CaptionValue("probability.mean", "of the class named without dropout, over the samples") {
      state in
      guard let label = state.cleanClasses?.label, let classes = state.samples?.classes,
        classes.count > 0
      else { return nil }
      return ShareText.probability(classes.meanProbabilities[label])
    },
    CaptionValue("se", "the standard error of that mean") { state in
      guard let label = state.cleanClasses?.label, let classes = state.samples?.classes,
        classes.count > 1
      else { return nil }
      return NumberText.fixed(classes.standardErrors[label], 4).withoutLeadingZero
    },
    CaptionValue("loss.mean", "cross-entropy over the samples, for the class of the input") {
      state in
      guard let label = state.trueClass, let classes = state.samples?.classes, classes.count > 0
      else { return nil }
      return loss(-classes.meanLogProbabilities[label])
    },
  ]

  private static let texts: [CaptionValue] = [
    CaptionValue("written", "what the network writes without dropout") { $0.writes.clean },
    CaptionValue("written.after", "what it writes with the mask shown") { $0.writes.masked },
    CaptionValue("letters.changed", "how many letters differ between the two, of how many") {
      guard let clean = $0.writes.clean, let masked = $0.writes.masked else { return nil }
      return "\(zip(clean, masked).count { $0 != $1 }) of \(clean.count)"
    },
    CaptionValue("written.same", "the share of samples that write what is written without dropout")
    {
      guard let text = $0.samples?.text, text.count > 0 else { return nil }
      return ShareText.probability(Double(text.same) / Double(text.count))
    },
    CaptionValue("words.dropped", "words of the text that are gone from the embedding's table") {
      $0.droppedWords
    },
  ]

  private static let places: [CaptionValue] = [
    CaptionValue("dice", "overlap of what is found with what is true, without dropout") {
      $0.segmentation.flatMap { $0.dice($0.clean) }.map(ShareText.probability)
    },
    CaptionValue("dice.after", "the same with the mask shown") { state in
      let network = state.experiment.subject.network
      guard let sums = state.segmentation, let masked = network.segmentation(state.observation.run)
      else { return nil }
      return sums.dice(masked).map(ShareText.probability)
    },
    CaptionValue("dice.mean", "the mean of the single samples' overlaps") {
      $0.segmentation?.meanDice.map { ShareText.probability($0.mean) }
    },
    CaptionValue("dice.of.mean", "the overlap of the samples' mean map") {
      $0.segmentation.flatMap { $0.dice($0.mean) }.map(ShareText.probability)
    },
    CaptionValue("errors.uncertain", "wrong places in the tenth that varies most, of all wrong") {
      $0.segmentation?.errorsWhereUncertain.map { "\($0.count) of \($0.total)" }
    },
  ]

  private static func ratio(_ value: Double?, _ state: State) -> String? {
    guard let value, value.isFinite else { return nil }
    return "\(state.theme.glyphs.times)\(NumberText.fixed(value, 2))"
  }

  private static func loss(_ value: Double) -> String {
    NumberText.value(Float(value)).withoutLeadingZero
  }
}

extension State {
  /// The cell under the cursor.
  fileprivate var cursorOffset: Int? { plane.offset(y: cursor.row, x: cursor.column) }

  /// Max-pooling, then average pooling, under both orders.
  fileprivate func pool(_ index: Int) -> PoolOrder.Pool? {
    guard case .success(let order) = observation.poolOrder else { return nil }
    return order.pools[index]
  }

  fileprivate var cleanClasses: Classification? {
    experiment.subject.network.classification(experiment.clean)
  }

  fileprivate var maskedClasses: Classification? {
    // Where nothing acts above the classes they are what they were.
    experiment.subject.network.classification(observation.run) ?? cleanClasses
  }

  /// The class of the input: as its file says, else as the network does.
  fileprivate var trueClass: Int? {
    guard let classes = cleanClasses else { return nil }
    let said = experiment.subject.label.flatMap { Int($0) }
    return said.flatMap { classes.logits.indices.contains($0) ? $0 : nil } ?? classes.label
  }

  fileprivate var samples: Ensemble? { ensemble?.sum as? Ensemble }

  /// What is known of the places of the picture; of no masks where none were added up.
  fileprivate var segmentation: SegmentationSums? {
    if let sums = samples?.segmentation { return sums }
    let subject = experiment.subject
    return subject.network.segmentation(experiment.clean)
      .map { SegmentationSums(clean: $0, truth: subject.truth) }
  }

  /// The words of the text whose row of the embedding's table is dropped, each once.
  fileprivate var droppedWords: String? {
    let (mask, subject) = (observation.mask, experiment.subject)
    guard observation.drawn.target == .embedding, let words = subject.words else { return nil }
    var gone: [String] = []
    for (word, token) in zip(words, subject.input.elements) {
      // Rows of the table are channels of its layout.
      guard !word.isEmpty, (0..<mask.layout.c).contains(Int(token)), !gone.contains(word),
        !mask.kept[mask.layout.offset(n: 0, c: Int(token), y: 0, x: 0)]
      else { continue }
      gone.append(word)
    }
    return gone.isEmpty ? "none" : gone.map { $0 == " " ? "blank" : $0 }.joined(separator: ", ")
  }

  /// What is written without dropout and with it.
  fileprivate var writes: (clean: String?, masked: String?) {
    let clean = experiment.subject.text(of: observation.cleanOutput)
    return (clean, experiment.subject.text(of: observation.output) ?? clean)
  }
}
