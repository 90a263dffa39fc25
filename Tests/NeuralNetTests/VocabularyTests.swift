import NeuralNet
import TensorCore
import Testing

@Suite struct VocabularyTests {
  @Test func letters() throws {
    let vocabulary = Vocabulary(words: ["", " ", "a", "b", "\n", "\\"])
    #expect(vocabulary.isOfLetters)
    #expect(try vocabulary.tokens(of: "ab A\n\\") == [2, 3, 1, 2, 4, 5])
    #expect(vocabulary.text(of: [2, 3, 0, 9]) == "ab#9")
    #expect(vocabulary.text == "\n \na\nb\n\\n\n\\\\\n")
    #expect(try Vocabulary(parsing: vocabulary.text) == vocabulary)
    let error = #expect(throws: TensorError.self) { try vocabulary.tokens(of: "abc") }
    #expect(error?.description == "text: expected letters of the model's vocabulary, found 'c'")
  }

  @Test func wordsAndMarks() throws {
    let vocabulary = try Vocabulary(
      parsing: "[PAD]\r\n<unk>\r\nthe\r\nThe\r\ncat\r\n,\r\ndon't\r\n")
    #expect(!vocabulary.isOfLetters)
    #expect(try vocabulary.tokens(of: "The CAT, don't dog") == [3, 4, 5, 6, 1])
    #expect(vocabulary.text(of: [3, 4]) == "The cat")
    #expect(throws: TensorError.self) { try Vocabulary(parsing: "") }
    let strict = Vocabulary(words: ["one", "two"])
    #expect(throws: TensorError.self) { try strict.tokens(of: "three") }
  }

  @Test func graphsBringTheirs() throws {
    let graph = try #require(RecipeRegistry.recipe("bahdanau")).graph(seed: 1)
    #expect(graph.vocabulary == DatePairs.letters)
    #expect(graph.outputVocabulary == DatePairs.digits)
    #expect(graph.metadata["example"] == "3rd of may 2017")
    let digits = try #require(RecipeRegistry.recipe("digits")).graph(seed: 1)
    #expect(digits.vocabulary == nil && digits.outputVocabulary == nil)
  }
}
