import TensorCore

extension Network {
  /// Runs without dropout whatever can be run: nodes that cannot be computed, and all below them,
  /// are left out.
  /// - Returns: the values, and the first reason why one is missing, nil where none is.
  /// - Throws: `GraphError` where an input is missing or misshapen.
  public func runAsFarAsPossible(
    _ inputs: [String: Value]
  ) throws(GraphError) -> (values: Activations, problem: GraphError?) {
    var broken: [Int: GraphError] = [:]
    for (index, operation) in operators.enumerated() {
      if case .failure(let error) = operation { broken[index] = error }
    }
    while true {
      do {
        let run = try run(inputs, wanted: reachable(without: broken.keys))
        return (run, broken.min { $0.key < $1.key }?.value)
      } catch {
        let culprit = graph.nodes.indices.first {
          graph.nodes[$0].name == error.node && broken[$0] == nil
        }
        guard let culprit else { throw error }
        broken[culprit] = error
      }
    }
  }

  /// The values that do not depend on the nodes left out.
  private func reachable(without broken: some Collection<Int>) -> [String] {
    let broken = Set(broken)
    var lost = Set<String>()
    var values: [String] = []
    for (index, node) in graph.nodes.enumerated() {
      if broken.contains(index) || node.inputs.contains(where: lost.contains) {
        lost.formUnion(node.outputs.filter { !$0.isEmpty })
      } else {
        values += node.outputs.filter { !$0.isEmpty }
      }
    }
    return values
  }
}
