import Formats
import Masks
import NeuralNet
import Scope
import Studies
import TensorCore

extension ViewOptions {
  /// Reads the files and checks the options against them.
  /// - Throws: `Failure` or `FormatError`, each one line.
  func open() throws -> OpenedView {
    let chosenRate = try rate.map(ViewOptions.rate)
    var opened = try Experiment(try subject())
    if let truth { opened = opened.judged(by: try TruthFile.read(truth, for: opened, fit: fit)) }
    do {
      var experiment = try opened.naming(axes)
      func reach(_ name: String) throws(GraphError) -> Experiment.Layer {
        let reached = try experiment.reaching(name)
        experiment = reached.experiment
        return reached.layer
      }
      let layer = try layer.map(reach) ?? experiment.firstLayer
      let isNowhere = at.map(experiment.isNowhere) ?? false
      let site = isNowhere ? nil : try at.map(reach)
      var setting = Setting(
        layer: layer.value, pinnedSite: site?.value, kind: kind ?? "element",
        rate: chosenRate ?? Rate(clamping: 0.5), seed: seed ?? 7, scaling: scale ?? .inverted,
        mode: mode,
        kinds: try kindOptions.settings)
      setting.isPlaced = !isNowhere
      let names =
        [self.layer, isNowhere ? nil : at].compactMap { $0 }
        + addDropout.compactMap { $0.split(separator: "=").first.map(String.init) }
      setting.others = try addDropout.map { text in
        try PlacedDropout(parsing: text, as: "add-dropout") { try reach($0).value }
      }
      setting.isModelDropoutActive = modelDropout == .on
      for name in disableDropout { setting.silenced.insert(try experiment.ownDropout(named: name)) }
      if let rule { setting.rule = try RuleRegistry.make(rule).name }
      if kind == nil, let kind = kindOptions.kind { setting.kind = kind }
      if let mask {
        try apply(mask: mask, at: site ?? layer, rateIsGiven: chosenRate != nil, to: &setting)
      } else if kind == "manual" {
        throw Failure(usage: "kind manual: expected a mask with --mask FILE, found none")
      }
      _ = try KindRegistry.make(setting.kind, setting.kinds)
      return OpenedView(
        experiment: experiment, setting: setting, channel: channel,
        sweep: try sweep.map { try SweepFolder(path: $0).view() },
        followedLog: try follow.map { try FollowedLog($0) },
        openRace: raceOpener(
          data: data, normalize: experiment.subject.network.graph.metadata["normalize"]),
        warnings: names.compactMap(experiment.warning(ofName:)))
    } catch let error as GraphError {
      throw Failure(asked: error)
    } catch let error as TensorError {
      throw Failure(usage: error.description)
    }
  }

  private static func rate(_ text: String) throws -> Rate {
    do {
      return try Rate(parsing: text)
    } catch {
      throw Failure(usage: error.description)
    }
  }

  /// A mask of one's own turns the kind to manual. Unless a rate is given, the nominal rate is what
  /// the mask really drops, so that inverted scaling makes up for just that.
  private func apply(
    mask path: String, at site: Experiment.Layer, rateIsGiven: Bool, to setting: inout Setting
  ) throws {
    guard kind == nil || kind == "manual" else {
      throw Failure(usage: "--mask brings its own mask: expected --kind manual, found \(kind!)")
    }
    let painted = try MaskFile.read(path, layout: site.layout, site: site.name)
    setting.kind = "manual"
    setting.kinds.painted = painted
    if !rateIsGiven {
      setting.rate = Rate(clamping: Double(painted.dropped) / Double(painted.layout.count))
    }
  }
}
