import Formats

extension FuzzEntry {
  /// JPEG files, which have no checksums.
  static let jpeg = FuzzEntry("jpeg", readers: ["JPEG", "Exif"], longest: 2048, share: 60) {
    bytes in
    guard let picture = try? JPEG.picture(from: bytes, named: "x.jpg") else { return }
    use(picture)
  }
}
