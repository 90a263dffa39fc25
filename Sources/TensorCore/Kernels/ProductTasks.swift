internal import CKernels

/// Products of one size cut into tasks for threads: several side by side, such as those of a batch's
/// samples, and large ones by columns and rows. No result depends on the cut.
struct ProductTasks {
  let (rows, columns, terms): (Int, Int, Int)
  /// How many products there are.
  let count: Int
  private let set = ck_chosen()

  init(rows: Int, columns: Int, terms: Int, count: Int = 1) {
    (self.rows, self.columns, self.terms, self.count) = (rows, columns, terms, count)
  }

  /// A left operand: as it lies, or packed.
  struct Left {
    let operand: ck_left

    init(_ values: UnsafePointer<Float>, rowStep: Int, termStep: Int) {
      operand = ck_left(values: values, row_step: rowStep, term_step: termStep, packed: 0)
    }

    init(packed values: UnsafePointer<Float>) {
      operand = ck_left(values: values, row_step: 0, term_step: 0, packed: 1)
    }
  }

  /// Below a million multiply-adds a second thread costs more than it brings.
  private var threads: Int {
    Double(count) * Double(rows) * Double(columns) * Double(terms) < 0x1p20 ? 1 : Parallel.threads
  }

  /// Into how many tasks each product is to be cut: enough for a neighbour's load to even out, and
  /// none so small that packing outweighs it.
  private var wanted: Int {
    let threads = threads
    return threads == 1 ? 1 : max(1, (8 * threads + count - 1) / count)
  }

  /// Whether a task does a whole product.
  var areWhole: Bool { wanted == 1 }

  /// Computes a part of a job.
  typealias PartOfJob = (_ job: inout ck_product_job) -> Void

  /// Runs the products. `body` completes the job of one of them (its right operand, where the result
  /// goes, its epilogue) and calls `run`, once for each part of it.
  /// - Parameter lefts: left operands; product i takes `lefts[i % lefts.count]`
  func run(
    lefts: [Left],
    _ body: @Sendable (_ product: Int, _ job: inout ck_product_job, _ run: PartOfJob) -> Void
  ) {
    guard rows > 0, columns > 0, count > 0 else { return }
    let threads = threads
    // A single task packs what it needs; several would each pack the whole.
    let isVector = rows == 1 || columns == 1
    let usesLeftAgain = (threads > 1 || count > lefts.count) && !isVector && rows > 8
    if usesLeftAgain, lefts.contains(where: { $0.operand.packed == 0 }), lefts.count <= 64 {
      packing(lefts, threads) { cut($0, threads, body) }
    } else {
      cut(lefts, threads, body)
    }
  }

  /// Runs one product on one thread.
  static func runAlone(_ job: inout ck_product_job) {
    let set = ck_chosen()
    Scratch.with(ck_product_room(set, &job)) { ck_product_all(set, &job, $0) }
  }

  private func cut(
    _ lefts: [Left], _ threads: Int,
    _ body: @Sendable (_ product: Int, _ job: inout ck_product_job, _ run: PartOfJob) -> Void
  ) {
    let panels = ck_left_panels(set, rows)
    let blocks = (columns + Int(CK_COLUMNS) - 1) / Int(CK_COLUMNS)
    let wanted = wanted
    let across = min(blocks, wanted)
    let down = across >= wanted ? 1 : min((panels + 3) / 4, (wanted + across - 1) / across)
    nonisolated(unsafe) let lefts = lefts
    Parallel.run(tasks: count * across * down, threads: threads) { task in
      let (product, part) = task.quotientAndRemainder(dividingBy: across * down)
      let (row, column) = part.quotientAndRemainder(dividingBy: across)
      var job = ck_product_job(rows: rows, columns: columns, terms: terms, to: nil, step: 0)
      job.left = lefts[product % lefts.count].operand
      let first = blocks * column / across * Int(CK_COLUMNS)
      let last = min(columns, blocks * (column + 1) / across * Int(CK_COLUMNS))
      body(product, &job) { job in
        Scratch.with(ck_product_room(set, &job)) { room in
          ck_product(
            set, &job, panels * row / down, panels * (row + 1) / down, first, last, room)
        }
      }
    }
  }

  /// Packs left operands on all threads before the products.
  private func packing(_ lefts: [Left], _ threads: Int, _ body: ([Left]) -> Void) {
    let size = (ck_left_count(set, rows, terms) + 15) / 16 * 16
    let panels = ck_left_panels(set, rows)
    Scratch.returned(size * lefts.count) { room in
      nonisolated(unsafe) let (lefts, room) = (lefts, room)
      let part = max(1, (1 << 16) / max(1, (rows + panels - 1) / panels * terms))
      let parts = (panels + part - 1) / part
      Parallel.run(tasks: lefts.count * parts, threads: threads) { task in
        let (index, own) = task.quotientAndRemainder(dividingBy: parts)
        var left = lefts[index].operand
        ck_pack_left(
          set, &left, rows, terms, room + index * size, own * part, min(panels, (own + 1) * part))
      }
      body(lefts.indices.map { Left(packed: room + $0 * size) })
    }
  }
}

/// An operand of many products in the order in which kernels read it, made once.
final class PackedMatrix: Sendable {
  private nonisolated(unsafe) let values: UnsafeMutablePointer<Float>

  private static func room(_ count: Int) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: count)
  }

  /// Packs `rows` rows of `terms` numbers without gaps as a left operand.
  init(left matrix: UnsafePointer<Float>, rows: Int, terms: Int) {
    let set = ck_chosen()
    values = PackedMatrix.room(ck_left_count(set, rows, terms))
    var left = ProductTasks.Left(matrix, rowStep: terms, termStep: 1).operand
    ck_pack_left(set, &left, rows, terms, values, 0, ck_left_panels(set, rows))
  }

  /// Packs a right operand of `terms` rows of `columns` numbers without gaps, or of `columns` rows of
  /// `terms` numbers where it lies transposed.
  init(right matrix: UnsafePointer<Float>, columns: Int, terms: Int, transposed: Bool = false) {
    let set = ck_chosen()
    values = PackedMatrix.room(ck_right_count(set, columns, terms))
    var right = ck_right(
      matrix: matrix, termStep: transposed ? 1 : columns, columnStep: transposed ? terms : 1)
    ck_pack_right(set, &right, columns, terms, values, 0, ck_right_panels(set, columns))
  }

  var left: ProductTasks.Left { ProductTasks.Left(packed: values) }

  var right: ck_right {
    ck_right(kind: CK_PACKED, values: values, term_step: 0, column_step: 0, patches: nil)
  }

  deinit { values.deallocate() }
}
