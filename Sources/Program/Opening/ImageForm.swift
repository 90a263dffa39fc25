import Formats
import NeuralNet
import TensorCore

/// How an input takes images: which of its axes are rows, columns, channels and samples, and what its
/// numbers stand for.
struct ImageForm {
  let wanted: Graph.Input
  let axes: [Axis]
  private let row: Int
  private let column: Int
  private let channel: Int?
  private let sample: Int?

  /// Nil where the input takes no image of one or three channels.
  init?(_ wanted: Graph.Input, axes: [Axis]) {
    let names = axes.map(\.name)
    guard let row = names.firstIndex(of: .row), let column = names.firstIndex(of: .column),
      wanted.type.computed != nil, wanted.type != .int8
    else { return nil }
    (self.wanted, self.axes) = (wanted, axes)
    (self.row, self.column) = (row, column)
    // What is multiplied by weights first is called features.
    channel = names.firstIndex(of: .channel) ?? names.firstIndex(of: .feature)
    sample = names.firstIndex(of: .sample)
    let others = axes.indices.filter { ![row, column, channel, sample].contains($0) }
    guard others.allSatisfy({ [nil, 1].contains(size($0)) }),
      channel == nil || [nil, 1, 3].contains(size(channel!)),
      [row, column, sample ?? row].allSatisfy({ size($0) ?? 1 > 0 })
    else { return nil }
  }

  /// A size the model says; nil where it leaves it open.
  private func size(_ axis: Int) -> Int? {
    axis < wanted.dims.count ? wanted.dims[axis] : nil
  }

  /// Channels, rows and columns; nil where the model leaves them open.
  var channels: Int? { channel.map(size) ?? 1 }
  var rows: Int? { size(row) }
  var columns: Int? { size(column) }
  /// Samples of the fixed batch; 1 where it is open.
  var samples: Int { sample.flatMap(size) ?? 1 }

  /// The shape of the input for one image.
  func shape(channels: Int, rows: Int, columns: Int) -> Shape {
    Shape(
      axes.indices.map { axis in
        switch axis {
        case row: rows
        case column: columns
        case channel: channels
        case sample: samples
        default: 1
        }
      })
  }

  /// An image `[C,H,W]` where the input has it: its axes in the input's order, once for each sample.
  func placed(_ image: Tensor) -> Tensor {
    let (c, h, w) = (image.shape[0], image.shape[1], image.shape[2])
    let shape = self.shape(channels: c, rows: h, columns: w)
    let strides = shape.strides
    func stride(_ axis: Int?) -> Int { axis.map { strides[$0] } ?? 0 }
    let (samples, sampleStride, channelStride) = (samples, stride(sample), stride(channel))
    return Tensor(shape) { out in
      for n in 0..<samples {
        for channel in 0..<c {
          for y in 0..<h {
            var place = n * sampleStride + channel * channelStride + y * strides[row]
            for x in 0..<w {
              out[place] = image[(channel * h + y) * w + x]
              place += strides[column]
            }
          }
        }
      }
    }
  }

  /// Numbers of 0…1 in the input's type: floats as they are, whole numbers 0…255, true above the middle.
  /// - Throws: `TensorError` never in practice: all of them fit.
  func value(_ image: Tensor) throws(TensorError) -> Value {
    switch wanted.type.computed {
    case .int64: try Value(.int64(image.map { Int64(($0 * 255).rounded()) }), as: wanted.type)
    case .bool: .bool(image.map { $0 > 0.5 })
    default: try Value(.float32(image), as: wanted.type)
    }
  }

  /// What is worth saying of how an image was laid into the input.
  var notes: [String] {
    let isLast = channel.map { $0 > row && $0 > column } ?? false
    return (isLast && axes.contains(where: \.isGuess) ? ["taken as \(axes.text)"] : [])
      + (samples > 1 ? ["repeated to fill the batch of \(samples)"] : [])
  }
}

/// The names of an input's axes. An input whose shape the model does not say is taken for
/// `[N,C,H,W]`, which is a guess.
func inputAxes(of input: Graph.Input, in network: Network) -> [Axis] {
  if !input.hasShape {
    let names: [Axis.Name] = [.sample, .channel, .row, .column]
    return names.map { Axis($0, isGuess: true) }
  }
  return network.axes[input.name] ?? input.dims.map { _ in .unknown }
}
