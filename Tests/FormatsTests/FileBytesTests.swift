import Glibc
import Testing
import TestSupport

@testable import Formats

@Suite struct FileBytesTests {
  let folder = try! TemporaryFolder()

  @Test func readsBackWhatWasWritten() throws {
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let path = folder.path("a")
    try FileBytes.write(bytes, to: path)
    #expect(try FileBytes.read(path) == bytes)
    #expect(folder.names == ["a"])
    try FileBytes.write([], to: path)
    #expect(try FileBytes.read(path) == [])
  }

  @Test func saysWhyAFileCannotBeRead() {
    let missing = folder.path("none")
    let error = formatError(missing) { _ = try FileBytes.read(missing) }
    #expect(error?.kind == .missingInput)
    #expect(error?.description == "\(missing): cannot open: No such file or directory")
    let directory = formatError(folder.path) { _ = try FileBytes.read(folder.path) }
    #expect(directory?.description == "\(folder.path): expected a file, found a directory")
    #expect(directory?.kind == .missingInput)
    #expect(formatError("a\0b") { _ = try FileBytes.read("a\0b") }?.kind == .missingInput)
  }

  @Test func stopsAtTheLimit() throws {
    let path = folder.path("big")
    try FileBytes.write([UInt8](repeating: 1, count: 101), to: path)
    #expect(
      formatError(path) { _ = try FileBytes.read(path, limit: 100) }?.description
        == "\(path): expected a file of at most 100 bytes, found more")
    #expect(try FileBytes.read(path, limit: 101).count == 101)
    // A device has no size to ask for and no end.
    #expect(
      formatError("/dev/zero") { _ = try FileBytes.read("/dev/zero", limit: 5_000_000) }?.kind
        == .badData)
  }

  @Test func keepsTheOldFileWhereTheNewOneCannotBeMade() throws {
    let path = folder.path("locked/a")
    let error = formatError(path) { try FileBytes.write([1], to: path) }
    #expect(error?.kind == .cannotWrite)
    #expect(error?.description == "\(path): cannot write: No such file or directory")
    #expect(
      formatError(folder.path) { try FileBytes.write([1], to: folder.path) }?.description
        == "\(folder.path): expected a file, found a directory")
    #expect(formatError("") { try FileBytes.write([1], to: "") }?.kind == .cannotWrite)
  }

  @Test func fullDeviceIsAnErrorAndDevicesStayDevices() throws {
    let error = formatError("/dev/full") { try FileBytes.write([1, 2, 3], to: "/dev/full") }
    #expect(error?.description == "/dev/full: cannot write: No space left on device")
    #expect(error?.kind == .cannotWrite)
    try FileBytes.write([1, 2, 3], to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func keepsModeAndFollowsLinks() throws {
    let (target, link) = (folder.path("target"), folder.path("link"))
    try FileBytes.write([1], to: target)
    #expect(chmod(target, 0o640) == 0 && symlink("target", link) == 0)
    try FileBytes.write([2], to: link)
    var status = stat()
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(target, &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(try FileBytes.read(target) == [2])
    // A link to nothing makes what it points to.
    let dangling = folder.path("dangling")
    #expect(symlink("made", dangling) == 0)
    try FileBytes.write([3], to: dangling)
    #expect(try FileBytes.read(folder.path("made")) == [3])
  }

  @Test func writesIntoAPipe() throws {
    let path = folder.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let end = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(end) }
    try FileBytes.write([1, 2, 3], to: path)
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(end, &bytes, 8) == 3)
    #expect(bytes.prefix(3) == [1, 2, 3])
  }
}

@Suite struct GzipTests {
  private let plain = (0..<2000).map { "\($0)\n" }.joined()

  @Test(arguments: ["numbers.csv.gz", "members.csv.gz"]) func inflates(_ name: String) throws {
    let bytes = try Gzip.inflate(try golden(name), named: name)
    #expect(String(decoding: bytes, as: UTF8.self) == plain)
  }

  @Test func refusesMoreThanTheLimit() throws {
    let bytes = try golden("numbers.csv.gz")
    let error = formatError("a.gz") { _ = try Gzip.inflate(bytes, named: "a.gz", limit: 1000) }
    #expect(error?.description == "a.gz: gzip: expected at most 1,000 bytes inside, found more")
  }

  @Test func refusesWhatFollowsButNotPadding() throws {
    let bytes = try golden("numbers.csv.gz")
    #expect(try Gzip.inflate(bytes + [0, 0, 0], named: "a").count == plain.utf8.count)
    #expect(formatError("a") { _ = try Gzip.inflate(bytes + [1], named: "a") } != nil)
  }

  @Test func refusesDamage() throws {
    let bytes = try golden("numbers.csv.gz")
    refusesCuts(bytes, cuts: 400) { _ = try Gzip.inflate($0, named: $1) }
    readDamaged(bytes) { _ = try Gzip.inflate($0, named: $1) }
    let cut = formatError("a") { _ = try Gzip.inflate(Array(bytes.dropLast(9)), named: "a") }
    #expect(
      cut?.description
        == "a: gzip: expected more compressed data, found the end of the file at byte "
        + grouped(bytes.count - 9))
  }
}
