import Synchronization

/// A node's weights in the order in which kernels read them, made once for as long as they stay the same:
/// packed for a product, or transformed by Winograd.
public final class KeptWeights: Sendable {
  private let known = Mutex<(weights: Tensor, form: any Sendable)?>(nil)

  /// None yet.
  public init() {}

  /// The form of these weights, made where other ones, or another form, were kept; nil, and nothing
  /// kept, where the memory for it is not to be had twice over: results need theirs more.
  func form<Form: Sendable>(of weights: Tensor, _ make: () -> Form?) -> Form? {
    known.withLock { known in
      // An array that is held here lies where no other does.
      if let known, known.weights.hasStorage(of: weights), let form = known.form as? Form {
        return form
      }
      known = nil
      // Winograd's transform has 36 numbers for a kernel's nine.
      let bytes = weights.count.multipliedReportingOverflow(by: 4 * 4)
      guard !bytes.overflow, MemoryBudget.hasRoom(for: 2 * bytes.partialValue) else { return nil }
      let form = make()
      known = form.map { (weights, $0) }
      return form
    }
  }
}

extension NDArray {
  /// Whether both are the same elements in memory.
  func hasStorage(of other: NDArray) -> Bool {
    withElements { own in
      other.withElements { own.baseAddress == $0.baseAddress && own.count == $0.count }
    }
  }
}
