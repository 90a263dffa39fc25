import Formats
import NeuralNet
import Studies
import TensorCore

/// What a model's metadata says of its images and classes, under the keys that exporters write.
struct ModelMetadata {
  let graph: Graph
  /// What the model is called in messages.
  let modelName: String

  /// The names of the classes: `names` of Ultralytics, `{0: 'cat', 1: 'dog'}`, and `labels`, `classes`,
  /// `class_names`, `class_labels` and `id2label`, as JSON, a name a line, or between commas. Nil where there
  /// are none, or what stands there is no list of names.
  var classNames: [String]? {
    let keys = ["names", "labels", "classes", "class_names", "class_labels", "id2label"]
    return keys.lazy.compactMap { graph.metadata[$0].flatMap(ModelMetadata.names) }.first
  }

  /// Mean and standard deviation of images: dropscope's own `normalize`, or `mean` and `std` or
  /// `image_mean` and `image_std`, as lists, of bytes where a number is above 3.
  var normalization: (text: String, origin: String)? {
    if let own = graph.metadata["normalize"] { return (own, "\(modelName): metadata normalize") }
    for (mean, deviation) in [("mean", "std"), ("image_mean", "image_std")] {
      guard let means = graph.metadata[mean].flatMap(ModelMetadata.numbers),
        let deviations = graph.metadata[deviation].flatMap(ModelMetadata.numbers),
        means.count == deviations.count
      else { continue }
      let ofBytes = (means + deviations).contains { $0 > 3 }
      let numbers = (means + deviations).map { ofBytes ? $0 / 255 : $0 }
      return (
        numbers.map { "\($0)" }.joined(separator: ","),
        "\(modelName): metadata \(mean) and \(deviation)"
      )
    }
    return nil
  }

  /// Names in a text; nil where it is no list of two or more.
  static func names(_ text: String) -> [String]? {
    let names: [String]
    switch text.first(where: { !$0.isWhitespace }) {
    case "[": names = words(text)
    case "{":
      let words = words(text)
      guard words.count.isMultiple(of: 2) else { return nil }
      let pairs = stride(from: 0, to: words.count, by: 2).compactMap { place in
        Int(words[place]).map { (number: $0, name: words[place + 1]) }
      }.sorted { $0.number < $1.number }
      guard pairs.count == words.count / 2, pairs.map(\.number) == Array(0..<pairs.count) else {
        return nil
      }
      names = pairs.map(\.name)
    case nil: return nil
    default:
      if text.contains(where: \.isNewline) {
        names = (try? LabelFile.names(from: Array(text.utf8), named: "metadata")) ?? []
      } else {
        names = text.split(separator: ",", omittingEmptySubsequences: false).map {
          String($0.drop(while: \.isWhitespace))
        }
      }
    }
    return (2...LabelFile.most).contains(names.count) ? names : nil
  }

  private static func numbers(_ text: String) -> [Float]? {
    let words = words(text)
    let numbers = words.compactMap { Float($0) }
    return numbers.count == words.count && [1, 3].contains(numbers.count) ? numbers : nil
  }

  /// What stands in a list or a dictionary of JSON or Python, without its marks: `{0: 'a', "1": "b"}` is 0, a,
  /// 1, b.
  private static func words(_ text: String) -> [String] {
    var (words, word, quote, isEscaped) = ([String](), "", Character?.none, false)
    func end() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    for letter in text {
      if let open = quote {
        if isEscaped {
          word.append(letter)
          isEscaped = false
        } else if letter == "\\" {
          isEscaped = true
        } else if letter == open {
          words.append(word)
          (word, quote) = ("", nil)
        } else {
          word.append(letter)
        }
      } else if "'\"".contains(letter) {
        quote = letter
      } else if "[]{}(),:".contains(letter) || letter.isWhitespace {
        end()
      } else {
        word.append(letter)
      }
    }
    end()
    return words
  }
}

extension ModelMetadata {
  /// Whether an input takes pictures of three channels as they are: no normalisation of the network's own comes
  /// before its first layer.
  fileprivate func takesPicturesAsTheyAre(_ input: Graph.Input) -> Bool {
    guard input.type.isFloat, input.dims.contains(3) else { return false }
    var value = input.name
    while let reader = graph.readers(of: value).first {
      let node = graph.nodes[reader]
      switch node.opType {
      case "Transpose", "Cast", "Pad", "Identity", "Reshape", "QuantizeLinear", "DequantizeLinear":
        guard let next = node.result else { return false }
        value = next
      case "Conv", "FusedConv", "QLinearConv", "MatMul", "Gemm", "Slice", "SpaceToDepth":
        return true
      default: return false
      }
    }
    return false
  }
}

extension Subject {
  /// Takes what the model says of its classes, where it names as many as there are, and notes that networks of
  /// ImageNet, as far as a thousand classes tell, want a picture normalised that goes in as it is.
  mutating func take(_ metadata: ModelMetadata, picture: Graph.Input?) {
    let names = classNames.isEmpty ? metadata.classNames : nil
    let isAsItIs = picture.map(metadata.takesPicturesAsTheyAre) ?? false
    guard names != nil || isAsItIs else { return }
    let signature = network.signature(inputs: inputs.mapValues(\.shape))
    let shape = network.graph.outputs.first.flatMap { signature.values[$0]?.shape }
    let classes = shape.flatMap { $0.rank == 2 ? $0[1] : nil }
    if let names, names.count == classes { classNames = names }
    guard isAsItIs, classes == 1000 else { return }
    let own = "networks of ImageNet want --normalize imagenet as a rule"
    note = [note, own].compactMap { $0 }.joined(separator: "; ")
  }
}
