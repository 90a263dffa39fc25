import Foundation
import TestSupport
import Testing

/// Sources/ARCHITECTURE.md is the true picture of Package.swift.
struct ArchitectureTests {
  /// Targets of Package.swift with the targets of the package they depend on; test targets left out.
  private static func targets() throws -> [String: Set<String>] {
    let package = try Repository.text("Package.swift")
    let list = try #require(package.range(of: "  targets: ["))
    let declaration = try Regex(
      #"(?:library|program|system)\(\s*"(\w+)"|\.(?:target|executableTarget)\(\s*name: "(\w+)""#)
    var found: [(name: String, start: String.Index)] = []
    let body = package[list.upperBound...]
    for match in body.matches(of: declaration) {
      let name = match.output[1].substring ?? match.output[2].substring ?? ""
      found.append((String(name), match.range.lowerBound))
    }
    let names = Set(found.map(\.name))
    // What a declaration quotes besides its own name is what it depends on, as far as it is a target.
    var ends = found.dropFirst().map(\.start)
    ends.append(body.range(of: "    // Tests, and what they share")?.lowerBound ?? body.endIndex)
    var targets: [String: Set<String>] = [:]
    for (target, end) in zip(found, ends) {
      let own = body[target.start..<max(target.start, end)]
      let quoted = own.matches(of: try Regex(#""(\w+)""#)).compactMap { $0.output[1].substring }
      targets[target.name] = names.intersection(quoted.map(String.init)).subtracting([target.name])
    }
    return targets
  }

  @Test("the table lists the package's targets, and imports point down")
  func theTableIsTrue() throws {
    let page = try Repository.text("Sources/ARCHITECTURE.md")
    let targets = try Self.targets()
    #expect(targets.count > 15)
    var floors: [String: Int] = [:]
    for match in page.matches(of: try Regex(#"(?m)^\| (\d) \| `(\w+)` \|"#)) {
      let (floor, name) = (match.output[1].substring, match.output[2].substring)
      floors[String(try #require(name))] = Int(try #require(floor))
    }
    for name in floors.keys { #expect(targets[name] != nil, "\(name) is no target") }
    for name in targets.keys { #expect(page.contains("`\(name)`"), "\(name) is not on the page") }
    for (name, dependencies) in targets {
      guard let floor = floors[name] else { continue }
      for below in dependencies {
        if let its = floors[below] { #expect(its < floor, "\(name) leans on \(below)") }
      }
    }
  }

  @Test("the folders it names are there")
  func foldersAreThere() throws {
    let page = try Repository.text("Sources/ARCHITECTURE.md")
    let folders = page.matches(of: try Regex(#"(?m)^\| `(\w+)` \|"#))
      .compactMap { $0.output[1].substring }
    #expect(folders.count >= 4)
    for folder in folders {
      let path = Repository.path("Sources/NeuralNet/\(folder)")
      #expect(FileManager.default.fileExists(atPath: path), "\(folder)")
    }
  }
}
