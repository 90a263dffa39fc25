internal import CKernels

extension ConvolutionPlan {
  /// Writes the gradient by the input.
  ///
  /// Where windows lie side by side it is a convolution itself, of dy with the weights turned round.
  /// Others, and few channels, go through a product with the transposed weights and col2im.
  func inputGradient(
    dy: UnsafeBufferPointer<Float>, weights: UnsafeBufferPointer<Float>,
    dx: UnsafeMutableBufferPointer<Float>
  ) {
    guard dx.count > 0 else { return }
    guard dy.count > 0 else {
      dx.update(repeating: 0)
      return
    }
    let (dy, w, dx) = (dy.baseAddress!, weights.baseAddress!, dx.baseAddress!)
    if isDepthwise {
      depthwiseInputGradient(dy: dy, weights: w, dx: dx)
    } else if isPointwise {
      let lefts = (0..<groups).map {
        ProductTasks.Left(w + $0 * outChannels * taps, rowStep: 1, termStep: taps)
      }
      turned.runProducts(x: dy, lefts: lefts, bias: nil, epilogue: Epilogue(), out: dx)
    } else if turnsRound, areFinite(weights) {
      turnedInputGradient(dy: dy, weights: w, dx: dx)
    } else {
      scatteredInputGradient(dy: dy, weights: w, dx: dx)
    }
  }

  /// Writes the gradient by the weights: for each group a sum over samples, cut into parts.
  func weightGradient(
    dy: UnsafeBufferPointer<Float>, x: UnsafeBufferPointer<Float>,
    dw: UnsafeMutableBufferPointer<Float>
  ) {
    guard dy.count > 0, x.count > 0 else {
      dw.update(repeating: 0)
      return
    }
    guard !isDepthwise else {
      return depthwiseWeightGradient(
        dy: dy.baseAddress!, x: x.baseAddress!, dw: dw.baseAddress!)
    }
    let (count, size) = (dw.count, outChannels * taps)
    let parts = min(samples, ConvolutionPlan.mostParts(of: count))
    // Few parts leave threads idle: rows or columns of a product are shared out too.
    let (readsRows, threads) = (readsRows, worthwhileThreads)
    let most = readsRows ? (outChannels + 7) / 8 : (taps + Int(CK_COLUMNS) - 1) / Int(CK_COLUMNS)
    let wanted = threads == 1 ? 1 : (8 * threads + parts * groups - 1) / (parts * groups)
    let pieces = min(most, wanted)
    // The first part's sums are the result's own place.
    Scratch.with((parts - 1) * count) { sums in
      nonisolated(unsafe) let (dy, x, out, sums) = (
        dy.baseAddress!, x.baseAddress!, dw.baseAddress!, sums
      )
      Parallel.run(tasks: parts * groups * pieces, threads: threads) { task in
        let (part, piece) = (task / (groups * pieces), task % pieces)
        let group = task / pieces % groups
        let to = (part == 0 ? out : sums + (part - 1) * count) + group * size
        let own = samples * part / parts..<samples * (part + 1) / parts
        let (first, step) = (own.lowerBound * groups + group, groups)
        let images = stride(from: first, to: own.upperBound * groups, by: step)
        if readsRows {
          let maps = outChannels * piece / pieces..<outChannels * (piece + 1) / pieces
          addRows(dy: dy, x: x, images, maps, to: to)
        } else {
          let blocks = most * piece / pieces..<most * (piece + 1) / pieces
          addProducts(dy: dy, x: x, images, blocks, to: to)
        }
      }
      ConvolutionPlan.add(sums, parts: parts - 1, to: out, count: count)
    }
  }

  /// Into how many parts a sum of gradients by `count` weights is cut: enough for many processors,
  /// and no more than 64 MB of parts, or the weights themselves twice.
  static func mostParts(of count: Int) -> Int { max(2, min(16, (1 << 24) / count)) }

  /// Adds parts that lie one after another to the first, in their order.
  static func add(
    _ parts: UnsafePointer<Float>, parts count: Int, to sum: UnsafeMutablePointer<Float>,
    count size: Int
  ) {
    let chunk = 1 << 14
    nonisolated(unsafe) let (parts, sum) = (parts, sum)
    let threads = count * size < elementwiseChunk ? 1 : Parallel.threads
    Parallel.run(tasks: (size + chunk - 1) / chunk, threads: threads) { task in
      let own = task * chunk..<min(size, (task + 1) * chunk)
      for part in 0..<count {
        let from = parts + part * size
        for i in own { sum[i] += from[i] }
      }
    }
  }
}

// The gradient by the weights.
extension ConvolutionPlan {
  /// Whether both operands are read along the rows of their maps instead of being packed for a
  /// product. Measured: a vector of a row that is not whole costs as much as a whole one, and each sum
  /// about three such at its end; packing costs sixteen a cell for each weight, six for each map.
  private var readsRows: Bool {
    let rows = Double(outHeight - 1) * Double(window.stride.h) + Double(window.reach.h)
    let columns = Double(outWidth + 32) * Double(window.stride.w) + Double(window.reach.w)
    guard outChannels <= 16 || taps <= 256,
      Double(channels) * rows * columns <= Double(Scratch.mostOfAKernel)
    else { return false }
    let vectors = Double((outWidth + 15) / 16 * outHeight)
    let packing = 1 / 0.95 + 16 / Double(outChannels) + 6 / Double(taps)
    return vectors / 0.85 + 3 < Double(cells) / 16 * packing
  }

  private func addRows(
    dy: UnsafePointer<Float>, x: UnsafePointer<Float>, _ images: StrideTo<Int>, _ maps: Range<Int>,
    to dw: UnsafeMutablePointer<Float>
  ) {
    var sample = patches(x)
    Scratch.with(ck_weight_gradient_room(&sample)) { room in
      var adds: Int32 = 0
      for image in images {
        sample.values = x + image * channels * height * width
        ck_weight_gradient(
          ck_chosen(), &sample, dy + (image * outChannels + maps.lowerBound) * cells, maps.count,
          adds, dw + maps.lowerBound * taps, room)
        adds = 1
      }
    }
  }

  /// A product for each image, whose columns are taps, gathered while they are packed. `blocks` of
  /// CK_COLUMNS of them are done.
  private func addProducts(
    dy: UnsafePointer<Float>, x: UnsafePointer<Float>, _ images: StrideTo<Int>,
    _ blocks: Range<Int>, to dw: UnsafeMutablePointer<Float>
  ) {
    let (set, block) = (ck_chosen(), Int(CK_COLUMNS))
    let columns = blocks.lowerBound * block..<min(taps, blocks.upperBound * block)
    var job = ck_product_job(rows: outChannels, columns: taps, terms: cells, to: dw, step: taps)
    var sample = patches(x)
    withUnsafeMutablePointer(to: &sample) { sample in
      job.right = ck_right(
        kind: CK_TAPS, values: nil, term_step: 0, column_step: 0, patches: sample)
      Scratch.with(ck_product_room(set, &job)) { room in
        for image in images {
          sample.pointee.values = x + image * channels * height * width
          if isPointwise {
            job.right = ck_right(
              matrix: sample.pointee.values, termStep: 1, columnStep: cells)
          }
          job.left = ck_left(
            values: dy + image * outChannels * cells, row_step: cells, term_step: 1, packed: 0)
          ck_product(
            set, &job, 0, ck_left_panels(set, outChannels), columns.lowerBound, columns.upperBound,
            room)
          job.adds = 1
        }
      }
    }
  }

  private func depthwiseWeightGradient(
    dy: UnsafePointer<Float>, x: UnsafePointer<Float>, dw: UnsafeMutablePointer<Float>
  ) {
    nonisolated(unsafe) let (dy, x, dw) = (dy, x, dw)
    runDepthwise(maps: groups * outChannels, each: samples * cells * taps) { shape, maps, room in
      ck_depthwise_weight_gradient(
        ck_chosen(), &shape, samples, x, dy, dw, maps.lowerBound, maps.upperBound, room)
    }
  }
}

// The gradient by the input.
extension ConvolutionPlan {
  /// The convolution of dy that makes it where windows lie side by side.
  private var turned: ConvolutionPlan {
    func rest(_ pad: Window.Pair) -> Window.Pair {
      Window.Pair(window.reach.h - 1 - pad.h, window.reach.w - 1 - pad.w)
    }
    var back = window
    (back.padBefore, back.padAfter) = (rest(window.padBefore), rest(window.padAfter))
    return ConvolutionPlan(
      back, groups: groups, input: [samples, groups * outChannels, outHeight, outWidth],
      output: [samples, groups * channels, height, width])
  }

  /// Whether it is done so. Measured, in vectors for each cell of the kernel: gathering a patch of dy
  /// costs four, and a product has no fewer rows than two; col2im costs sixteen a channel. Twice as
  /// fast is a product that gathers nothing.
  private var turnsRound: Bool {
    guard window.stride == .init(1, 1) else { return false }
    let turned = turned
    let turns =
      Double(height * width) * Double(outChannels) * Double(max(2, channels) + 4)
      / (turned.readsItselfPadded ? 2 : 1)
    return turns < Double(cells) * Double(channels) * Double(outChannels + 16)
  }

  /// Weights that are infinite or NaN must not meet the zeros around dy.
  private func areFinite(_ weights: UnsafeBufferPointer<Float>) -> Bool {
    var largest: UInt32 = 0
    for weight in weights { largest = max(largest, weight.bitPattern & 0x7f80_0000) }
    return largest < 0x7f80_0000
  }

  private func turnedInputGradient(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    let kernel = window.kernel.h * window.kernel.w
    let terms = outChannels * kernel
    Scratch.with(groups * channels * terms) { round in
      nonisolated(unsafe) let (weights, round) = (weights, round)
      let threads = groups * channels * terms < elementwiseChunk ? 1 : Parallel.threads
      Parallel.run(tasks: groups * channels, threads: threads) { task in
        let (group, channel) = task.quotientAndRemainder(dividingBy: channels)
        for m in 0..<outChannels {
          let from = weights + ((group * outChannels + m) * channels + channel) * kernel
          let to = round + task * terms + m * kernel
          for cell in 0..<kernel { to[cell] = from[kernel - 1 - cell] }
        }
      }
      let lefts = (0..<groups).map {
        ProductTasks.Left(round + $0 * channels * terms, rowStep: terms, termStep: 1)
      }
      turned.runProducts(x: dy, lefts: lefts, bias: nil, epilogue: Epilogue(), out: dx)
    }
  }

  private func depthwiseInputGradient(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    nonisolated(unsafe) let (dy, weights, dx) = (dy, weights, dx)
    runDepthwise(maps: samples * groups, each: outChannels * cells * taps) { shape, maps, room in
      ck_depthwise_input_gradient(
        ck_chosen(), &shape, dy, weights, dx, maps.lowerBound, maps.upperBound, room)
    }
  }
}
