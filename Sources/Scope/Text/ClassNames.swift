import Insight
import Studies

extension Subject {
  /// What a class is called; nil where it has no name.
  func className(_ index: Int) -> String? {
    classNames.indices.contains(index) && !classNames[index].isEmpty ? classNames[index] : nil
  }
}

extension Experiment {
  /// What does not fit between the names given and the network's classes; nil where there are no names,
  /// or one for each class.
  var classNamesNote: String? {
    let names = subject.classNames.count
    guard names > 0 else { return nil }
    guard let classes = subject.network.classification(clean)?.logits.count else {
      return "labels: the output is no vector of classes"
    }
    return names == classes ? nil : "labels: \(names) names for \(classes) classes"
  }
}
