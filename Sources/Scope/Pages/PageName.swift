/// The name of a page, by which actions mean it. Each page's folder has its own as a constant.
public struct PageName: Hashable, Sendable, CustomStringConvertible {
  /// The name as scripts, options and files of keys write it.
  public let text: String

  /// A name.
  public init(_ text: String) { self.text = text }

  public var description: String { text }
}
