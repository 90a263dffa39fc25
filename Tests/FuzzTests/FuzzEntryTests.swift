import Foundation
import FuzzEntries
import TestSupport
import Testing

/// The corpus that is kept is gone through without a fuzzer: what was once found stays mended.
@Suite struct FuzzEntryTests {
  private static let names = FuzzEntry.all.map(\.name)

  @Test func namesAreUnique() { #expect(Set(Self.names).count == Self.names.count) }

  @Test(arguments: names)
  func theCorpusIsHarmless(name: String) throws {
    let entry = try #require(FuzzEntry.named(name))
    let folder = Repository.path("Tests/Fuzz/Corpus/\(name)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(!files.isEmpty, "no seeds in \(folder)")
    for file in files.sorted() {
      let bytes = try Repository.bytes("Tests/Fuzz/Corpus/\(name)/\(file)")
      entry.run(bytes)
      // Cut and empty files are what readers meet most.
      entry.run(Array(bytes.prefix(bytes.count / 2)))
    }
    entry.run([])
  }

  @Test func everyFolderOfSeedsHasAnEntry() throws {
    for (folder, suffix) in [("Corpus", ""), ("Dictionaries", ".dict")] {
      let path = Repository.path("Tests/Fuzz/\(folder)")
      for file in try FileManager.default.contentsOfDirectory(atPath: path) {
        #expect(Self.names.map { $0 + suffix }.contains(file), "\(folder)/\(file)")
      }
    }
  }
}
