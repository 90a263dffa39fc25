public import Studies

/// A log that the Train tab follows.
public struct FollowedLog: Sendable {
  /// What it is called.
  public let name: String
  /// Reads it.
  public let read: FollowWork.Reader

  /// A log.
  public init(name: String, read: @escaping FollowWork.Reader) {
    (self.name, self.read) = (name, read)
  }
}
