extension ViewOptions {
  /// Opens the view with what the configuration says where no option says otherwise. A kind that
  /// cannot act on this layer is passed over and reported: another file would have taken it.
  func open(_ config: inout Config) throws -> OpenedView {
    var options = self
    options.seed = seed ?? config.seed
    options.scale = scale ?? config.scale
    // A mask of one's own brings its rate and kind along, settings of a kind that kind.
    if mask == nil { options.rate = rate ?? config.rate.map { "\($0)" } }
    guard let kind = config.kind, self.kind == nil, mask == nil, kindOptions.kind == nil
    else { return try options.open() }
    do {
      options.kind = kind
      let view = try options.open()
      _ = try view.observe()
      return view
    } catch {
      options.kind = nil
      let view = try options.open()
      config.problems.append(Config.Problem(text: "kind \(kind): \(error)"))
      return view
    }
  }
}
