public import TensorCore

/// One cell of a convolution: Σ over the channels that feed it of patch × kernel, + bias.
public struct PatchSum: Equatable, Sendable {
  /// One product of the sum.
  public struct Tap: Equatable, Sendable {
    /// The row of the input's cell; outside of the input where the tap meets padding.
    public let row: Int
    /// The column of the input's cell; outside of the input where the tap meets padding.
    public let column: Int
    /// The input's cell; nil in the padding, which counts as 0.
    public let value: Float?
    /// The kernel's number.
    public let weight: Float
    /// The two multiplied.
    public let product: Double
  }

  /// What one channel of the input brings.
  public struct Channel: Equatable, Sendable {
    /// The channel of the input; of a volume, channel × slices + slice.
    public let index: Int
    /// The products, row by row of the kernel; empty beyond `mostListed`.
    public let taps: [Tap]
    /// The sum of all products, listed or not.
    public let sum: Double
  }

  /// The most products that are listed one by one; sums go over all of them all the same.
  public static let mostListed = 4096

  /// The name of the value that is convolved.
  public let input: String
  /// The kernel's size, strides, dilations and pads, worked out; one row for `[N,C,L]`.
  public let window: Window
  /// Groups of channels; the cell is fed by its own group alone.
  public let groups: Int
  /// The channels that feed the cell, in order.
  public let channels: [Channel]
  /// The bias; nil where there is none.
  public let bias: Double?
  /// Σ of the products.
  public let sum: Double
  /// The sum of the sizes of everything added.
  public let magnitude: Double

  /// What the cell is.
  public var total: Double { sum + (bias ?? 0) }
}
