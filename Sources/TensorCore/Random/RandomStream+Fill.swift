extension RandomStream {
  /// Writes the words `start ..< start + out.count` of the stream: what `word(at:)` gives for each.
  public func fillWords(_ out: UnsafeMutableBufferPointer<UInt32>, from start: Int = 0) {
    let end = start + out.count
    precondition(start >= 0 && end <= 1 << 34, "words \(start)..<\(end) of 2³⁴")
    // Only whole blocks come in bulk; up to three words lie before them and up to three behind.
    let first = min(end, (start + 3) & ~3)
    let last = max(first, end & ~3)
    for i in start..<first { out[i - start] = word(at: i) }
    if first < last {
      Philox.fill(
        UnsafeMutableBufferPointer(rebasing: out[first - start..<last - start]),
        counter: counter(UInt32(first >> 2)), key: key)
    }
    guard last < end else { return }
    let block = Philox.block(counter: counter(UInt32(last >> 2)), key: key)
    for i in last..<end { out[i - start] = block[i - last] }
  }

  /// Writes the uniforms `start ..< start + out.count` of the stream.
  public func fillUniforms(_ out: UnsafeMutableBufferPointer<Float>, from start: Int = 0) {
    // A word is as large as the uniform it becomes: made in place, in parts that stay in cache.
    let part = 4096
    out.withMemoryRebound(to: UInt32.self) { words in
      for begin in Swift.stride(from: 0, to: words.count, by: part) {
        let some = UnsafeMutableBufferPointer(
          rebasing: words[begin..<min(begin + part, words.count)])
        fillWords(some, from: start + begin)
        for i in some.indices { some[i] = RandomStream.uniform(some[i]).bitPattern }
      }
    }
  }
}
