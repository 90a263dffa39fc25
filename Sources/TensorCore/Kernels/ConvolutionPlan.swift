internal import CKernels

/// The convolution of one batch cut into products or maps that threads share. No result depends on
/// their number.
struct ConvolutionPlan {
  let window: Window
  let groups: Int
  let (channels, height, width): (Int, Int, Int)
  let (samples, outChannels, outHeight, outWidth): (Int, Int, Int, Int)

  init(_ window: Window, groups: Int, input: Shape, output: Shape) {
    self.window = window
    self.groups = groups
    (channels, height, width) = (input[1] / groups, input[2], input[3])
    (samples, outChannels) = (output[0], output[1] / groups)
    (outHeight, outWidth) = (output[2], output[3])
  }

  /// Numbers that each output cell is a sum of.
  var taps: Int { channels * window.kernel.h * window.kernel.w }
  /// Cells of an output map.
  var cells: Int { outHeight * outWidth }

  /// A 1×1 kernel that visits every cell reads the input as the matrix it already is.
  var isPointwise: Bool {
    window.kernel == .init(1, 1) && window.stride == .init(1, 1)
      && window.padBefore == .init(0, 0) && window.padAfter == .init(0, 0)
  }

  /// Below a million multiply-adds a second thread costs more than it brings; below a sixth of that where
  /// each channel is by itself, for there they take longer.
  var worthwhileThreads: Int {
    let cost = Double(samples * groups * outChannels) * Double(taps) * Double(cells)
    return cost < (channels == 1 && groups > 1 ? 0x1p17 : 0x1p20) ? 1 : Parallel.threads
  }

  /// Writes the result and what the epilogue makes of it.
  func run(
    x: UnsafePointer<Float>?, weights: Tensor, kept: KeptWeights?, bias: UnsafePointer<Float>?,
    epilogue: Epilogue, out: UnsafeMutablePointer<Float>
  ) {
    let maps = outChannels * groups
    // Where no cell but padding is ever read, the sums are empty.
    guard let x, samples * groups * channels * height * width > 0 else {
      out.update(repeating: 0, count: samples * maps * cells)
      return finish(bias, epilogue, out)
    }
    weights.withElements { w in
      let w = w.baseAddress!
      if isDepthwise {
        runDepthwise(x: x, weights: w, bias: bias, epilogue: epilogue, out: out)
      } else {
        // Packing counts where there are few cells to multiply with.
        let packed: [PackedMatrix]? = cells > 4096 ? nil : kept?.form(of: weights) { pack(w) }
        let lefts =
          packed?.map(\.left)
          ?? (0..<groups).map {
            ProductTasks.Left(w + $0 * outChannels * taps, rowStep: taps, termStep: 1)
          }
        runProducts(x: x, lefts: lefts, bias: bias, epilogue: epilogue, out: out)
      }
    }
  }

  private func pack(_ weights: UnsafePointer<Float>) -> [PackedMatrix] {
    (0..<groups).map {
      PackedMatrix(left: weights + $0 * outChannels * taps, rows: outChannels, terms: taps)
    }
  }

  /// One product for each sample and group; its columns are the cells of the result.
  func runProducts(
    x: UnsafePointer<Float>, lefts: [ProductTasks.Left], bias: UnsafePointer<Float>?,
    epilogue: Epilogue, out: UnsafeMutablePointer<Float>
  ) {
    let tasks = ProductTasks(
      rows: outChannels, columns: cells, terms: taps, count: samples * groups)
    epilogue.withKernel(rowBias: bias, columns: cells) { kernel in
      nonisolated(unsafe) let (x, out, kernel) = (x, out, kernel)
      let readsItself = readsItselfPadded && tasks.areWhole
      tasks.run(lefts: lefts) { image, job, run in
        let (group, rows) = (image % groups, outChannels)
        var own = kernel
        own.row_bias = kernel.row_bias.map { $0 + group * rows }
        own.row_scale = kernel.row_scale.map { $0 + group * rows }
        own.row_shift = kernel.row_shift.map { $0 + group * rows }
        own.residual = kernel.residual.map { $0 + image * rows * cells }
        let sample = x + image * channels * height * width
        (job.values, job.step) = (out + image * rows * cells, cells)
        withUnsafePointer(to: &own) { own in
          job.epilogue = own
          if isPointwise {
            job.right = ck_right(matrix: sample, termStep: cells, columnStep: 1)
            run(&job)
          } else if readsItself {
            padded(sample) { job.run(patches: $0, run) }
          } else {
            job.run(patches: patches(sample), run)
          }
        }
      }
    }
  }

  /// One group's channels of one sample as the kernels see them.
  func patches(_ x: UnsafePointer<Float>) -> ck_patches {
    ck_patches(
      values: x, channels: channels, depth: 1, height: height, width: width, kernel_depth: 1,
      kernel_height: window.kernel.h, kernel_width: window.kernel.w, stride_depth: 1,
      stride_height: window.stride.h, stride_width: window.stride.w, dilation_depth: 1,
      dilation_height: window.dilation.h, dilation_width: window.dilation.w, pad_front: 0,
      pad_top: window.padBefore.h, pad_left: window.padBefore.w, out_depth: 1,
      out_height: outHeight, out_width: outWidth)
  }

  /// Whether a sample's padding is written out before the product: with few rows of it and steps of
  /// 1 along long rows of cells, kernels then read the sample itself instead of gathering patches.
  var readsItselfPadded: Bool {
    let (before, after) = (window.padBefore, window.padAfter)
    let pads = [before.h, before.w, after.h, after.w]
    let wide = (outWidth + 31) / 32 * 32
    guard (2...16).contains(outChannels), taps <= CK_CUT, window.stride.w == 1,
      3 * wide <= 4 * outWidth, pads.allSatisfy({ $0 >= 0 }), pads.contains(where: { $0 > 0 })
    else { return false }
    let rows = Double(outHeight - 1) * Double(window.stride.h) + Double(window.reach.h)
    return Double(channels) * rows * Double(outWidth - 1 + window.reach.w)
      <= Double(Scratch.mostOfAKernel)
  }

  /// Calls `body` with patches of a copy that has its padding around it.
  private func padded(_ x: UnsafePointer<Float>, _ body: (ck_patches) -> Void) {
    let rows = (outHeight - 1) * window.stride.h + window.reach.h
    let columns = outWidth - 1 + window.reach.w
    let (top, left) = (window.padBefore.h, window.padBefore.w)
    // Windows that are far apart may reach no row of the sample.
    let inside = max(0, min(height, rows - top))
    Scratch.with(channels * rows * columns) { copy in
      copy.update(repeating: 0, count: channels * rows * columns)
      for channel in 0..<channels {
        for row in 0..<inside {
          (copy + (channel * rows + top + row) * columns + left).update(
            from: x + (channel * height + row) * width, count: width)
        }
      }
      var patches = patches(copy)
      (patches.height, patches.width) = (rows, columns)
      (patches.pad_top, patches.pad_left) = (0, 0)
      body(patches)
    }
  }

  /// Whether every channel is by itself, and there is room to do it so.
  var isDepthwise: Bool {
    var shape = depthwise
    return channels == 1 && groups > 1 && ck_depthwise_room(&shape) <= Scratch.mostOfAKernel
  }

  /// The same where every channel is by itself.
  var depthwise: ck_depthwise {
    ck_depthwise(
      channels: groups, multiplier: outChannels, height: height, width: width,
      kernel_height: window.kernel.h, kernel_width: window.kernel.w, stride_height: window.stride.h,
      stride_width: window.stride.w, dilation_height: window.dilation.h,
      dilation_width: window.dilation.w, pad_top: window.padBefore.h,
      pad_left: window.padBefore.w, out_height: outHeight, out_width: outWidth)
  }

  private func runDepthwise(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    epilogue: Epilogue, out: UnsafeMutablePointer<Float>
  ) {
    epilogue.withKernel(rowBias: bias, columns: cells) { kernel in
      nonisolated(unsafe) let (x, weights, out, kernel) = (x, weights, out, kernel)
      runDepthwise(maps: samples * groups * outChannels, each: cells * taps) { shape, maps, room in
        var kernel = kernel
        ck_depthwise_forward(
          ck_chosen(), &shape, x, weights, &kernel, out, maps.lowerBound, maps.upperBound, room)
      }
    }
  }

  /// Runs `body` for parts of so many maps, each of so many multiply-adds, with the kernels' shape and
  /// room.
  func runDepthwise(
    maps: Int, each cost: Int,
    _ body: @Sendable (inout ck_depthwise, Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let part = max(1, (1 << 15) / max(1, cost))
    Parallel.run(tasks: (maps + part - 1) / part, threads: worthwhileThreads) { task in
      var shape = depthwise
      Scratch.with(ck_depthwise_room(&shape)) {
        body(&shape, task * part..<min(maps, (task + 1) * part), $0)
      }
    }
  }

  /// The epilogue of sums that are there.
  private func finish(
    _ bias: UnsafePointer<Float>?, _ epilogue: Epilogue, _ out: UnsafeMutablePointer<Float>
  ) {
    let maps = outChannels * groups
    epilogue.withKernel(rowBias: bias, columns: cells) { kernel in
      var kernel = kernel
      ck_finish_rows(ck_chosen(), &kernel, out, cells, maps, out, 0, samples * maps)
    }
  }
}

extension ck_product_job {
  /// Computes a part of the job with patches as its right operand.
  mutating func run(patches: ck_patches, _ run: ProductTasks.PartOfJob) {
    withUnsafePointer(to: patches) {
      right = ck_right(kind: CK_PATCHES, values: nil, term_step: 0, column_step: 0, patches: $0)
      run(&self)
    }
  }
}
