import Masks
import NeuralNet
import Studies
import TensorCore

/// What the axes of layers are called. Names decide which cells share a unit and how a layer is seen;
/// what the network computed stays as it is.
extension State {
  /// Names axes as the user wrote; for no text says what those of the layer shown are called. Where it
  /// makes no sense nothing changes but the message.
  mutating func nameAxes(_ text: String) {
    guard !text.isEmpty else {
      message = "the axes of \(layer.name) are \(layer.layout.axes.text)"
      return
    }
    do {
      let (named, value) = try experiment.naming(AxisNaming(parsing: text), shown: layer)
      take(named, of: value)
    } catch {
      message = "\(error)"
    }
  }

  /// Names the axes of the layer shown by its next reading, where the network does not know them.
  mutating func nextAxes() {
    let readings = experiment.readings(of: layer)
    guard readings.count > 1 else {
      message =
        "the axes of \(layer.name) are known: \(layer.layout.axes.text); :axes names them anew"
      return
    }
    let now = layer.layout.axes.letters
    let index = readings.firstIndex { $0.letters == now } ?? -1
    let next = (index + 1) % readings.count
    var names = experiment.axisNames
    // The first is what the network says by itself.
    names[layer.value] = next == 0 ? nil : readings[next].map { Axis($0.name) }
    take(experiment.naming(names), of: layer.value)
    message = (message ?? "") + "  (reading \(next + 1) of \(readings.count))"
  }

  /// Goes on with other names of axes, and says which.
  private mutating func take(_ named: Experiment, of value: String) {
    let known = Set(experiment.subject.network.axisConflicts.map(\.description))
    rename(named)
    let layout = named.clean[value].map { named.layout(of: value, shape: $0.shape) }
    message = "the axes of \(named.name(of: value)) are \(layout?.axes.text ?? "named")"
    let conflicts = named.subject.network.axisConflicts.map(\.description)
    if let new = conflicts.first(where: { !known.contains($0) }) { message = new }
  }

  /// Takes over an experiment that differs in the names of axes.
  mutating func rename(_ named: Experiment) {
    let before = layer.layout
    setting.renameMasks(from: experiment, to: named)
    comparison?.other.renameMasks(from: experiment, to: named)
    experiment = named
    isStale = true
    let after = layer.layout
    channel = min(channel, channels - 1)
    if (before.h, before.w) == (after.h, after.w) { clampCursor() } else { centreCursor() }
  }
}

extension Setting {
  /// Masks of the user's own over the axes as they are called now.
  fileprivate mutating func renameMasks(from old: Experiment, to new: Experiment) {
    func renamed(_ mask: Mask?, at site: String) -> Mask? {
      guard let mask, let shape = old.clean[site]?.shape,
        mask.layout == old.layout(of: site, shape: shape)
      else { return mask }
      return Mask(layout: new.layout(of: site, shape: shape), kept: mask.kept, noise: mask.noise)
    }
    kinds.painted = renamed(kinds.painted, at: old.site(of: self))
    for index in others.indices {
      others[index].kinds.painted = renamed(others[index].kinds.painted, at: others[index].site)
    }
  }
}
