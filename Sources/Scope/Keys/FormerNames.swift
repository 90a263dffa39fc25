/// What scripts, files of keys and the `:` line were first written with, and go on to be read with.
enum FormerNames {
  /// What each word is called now.
  static let words = [
    "ladder-sort-next": "table-sort-next", "ladder-sort-previous": "table-sort-previous",
    "ladder-reverse": "table-reverse", "ladder-all": "table-all", "ladder-save": "table-save",
    "ladder-sort-by": "table-sort-by", "ladder": "table",
  ]

  /// What a word is called now; itself where it always was.
  static func current(_ word: String) -> String { words[word] ?? word }
}
