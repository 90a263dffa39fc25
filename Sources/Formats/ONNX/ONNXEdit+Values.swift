import NeuralNet
import SwiftProtobuf
import TensorCore

extension ONNXEdit {
  /// The file's input where the graph still has it, with the graph's type and sizes; an input that is
  /// a constant too stays with it.
  mutating func input(_ field: WireReader.Field) throws(FormatError) -> ByteRope {
    let name = try wire.text(1, in: field.content)
    if graph.constants[name] != nil {
      return document.constants[name] == nil ? ByteRope() : ByteRope(source, field.whole)
    }
    guard let input = inputs[name] else { return ByteRope() }
    guard let old = document.inputs[name], old != input else {
      return ByteRope(source, field.whole)
    }
    var info = try message(field)
    if input.type != old.type { info.type.tensorType.elemType = Int32(input.type.onnx) }
    if !input.hasShape { info.type.tensorType.clearShape() }
    if input.hasShape {
      var dims = info.type.tensorType.shape.dim
      if dims.count != input.dims.count {
        dims = input.dims.map { _ in Onnx_TensorShapeProto.Dimension() }
      }
      for (axis, size) in input.dims.enumerated() {
        let name = input.dimNames.indices.contains(axis) ? input.dimNames[axis] : nil
        let isSame =
          old.dims.count == dims.count && old.dims[axis] == size && old.dimNames[axis] == name
        guard !isSame else { continue }
        dims[axis].value = size.map { .dimValue(Int64($0)) } ?? name.map { .dimParam($0) }
      }
      info.type.tensorType.shape.dim = dims
    }
    return try rope(11, info)
  }

  /// The inputs that the file does not have. Before IR version 4 new constants are among them.
  func addedInputs() -> ByteRope {
    var rope = ByteRope()
    for input in graph.inputs where document.inputs[input.name] == nil {
      rope.append(
        11, ONNXWriter.info(input.name, input.type, input.hasShape ? input.dims : nil))
    }
    if document.irVersion < 4 {
      for (name, value) in addedConstants {
        rope.append(11, ONNXWriter.info(name, value.type, value.shape.dims))
      }
    }
    return rope
  }

  /// What stands in the place of each of the file's outputs; where the graph has others, all stand in
  /// the place of the first. One that has a new name keeps what the file says of it.
  mutating func outputs() throws(FormatError) -> [ByteRope] {
    let fields = document.graph.filter { $0.isBlock(12) }
    let infos = infosThatChange
    guard graph.outputs != document.outputs else {
      return try fields.map { field throws(FormatError) in try info(field, as: [nil], infos) }
    }
    var declared: [String: WireReader.Field] = [:]
    for field in document.graph where field.isBlock(13) {
      declared[try wire.text(1, in: field.content)] = field
    }
    for (name, field) in zip(document.outputs, fields) { declared[name] = field }
    for (old, new) in renamed where declared[new] == nil { declared[new] = declared[old] }
    var rope = ByteRope()
    var shapes: OutputShapes?
    for (place, name) in graph.outputs.enumerated() {
      // The dropout that is put on an output makes the output that stands in its place.
      let same = graph.outputs.count == fields.count ? fields[place] : nil
      if let field = declared[name] ?? same {
        rope.append(try info(field, as: [name], infos, number: 12))
      } else {
        let known = shapes ?? OutputShapes(graph)
        shapes = known
        rope.append(12, ONNXWriter.info(name, known.type(name), known.dims(name)))
      }
    }
    return [rope] + fields.dropFirst().map { _ in ByteRope() }
  }

  /// What the file says of a value where the graph has it, under its new name where it has one. A
  /// value that was given to another node to make, so that a node could be put behind its maker, is
  /// described under both names.
  mutating func info(
    _ field: WireReader.Field, _ infos: OutputShapes?
  ) throws(FormatError) -> ByteRope {
    let name = try wire.text(1, in: field.content)
    // The file may describe values of its functions too.
    guard values.before.contains(name) else { return ByteRope(source, field.whole) }
    var names: [String?] = values.now.contains(name) ? [nil] : []
    if let new = renamed[name], values.now.contains(new) { names.append(new) }
    return try info(field, as: names, infos)
  }

  /// What the file says of the numbers that a quantised value stands for.
  mutating func annotation(_ field: WireReader.Field) throws(FormatError) -> ByteRope {
    let name = try wire.text(1, in: field.content)
    guard values.before.contains(name), !values.now.contains(name) else {
      return ByteRope(source, field.whole)
    }
    guard let new = renamed[name] else { return ByteRope() }
    var message = ByteRope()
    for part in try fields(of: field) {
      if part.isBlock(1) {
        message.append(1, new.utf8)
      } else {
        message.append(source, part.whole)
      }
    }
    var rope = ByteRope()
    rope.append(14, message)
    return rope
  }

  /// The shapes of values the file declares, where the graph's inputs are other than the file's: what
  /// the file says of sizes may not hold then.
  var infosThatChange: OutputShapes? {
    let isSame = graph.inputs.allSatisfy { document.inputs[$0.name] ?? $0 == $0 }
    return isSame ? nil : OutputShapes(graph, of: Array(values.now))
  }

  /// A ValueInfoProto under names, nil for its own, with sizes that still hold.
  mutating func info(
    _ field: WireReader.Field, as names: [String?], _ infos: OutputShapes?, number: UInt64? = nil
  ) throws(FormatError) -> ByteRope {
    var rope = ByteRope()
    let own = try wire.text(1, in: field.content)
    for name in names {
      let new = name ?? own
      let dims = infos?.dims(new)
      guard new != own || dims != nil || number ?? field.number != field.number else {
        rope.append(source, field.whole)
        continue
      }
      var info = try message(field)
      if new != own { info.name = new }
      if let dims, dims.count == info.type.tensorType.shape.dim.count {
        for (axis, size) in dims.enumerated() {
          guard case .dimValue(let declared)? = info.type.tensorType.shape.dim[axis].value,
            size != Int(declared)
          else { continue }
          info.type.tensorType.shape.dim[axis].value = size.map { .dimValue(Int64($0)) }
        }
      }
      rope.append(try self.rope(number ?? field.number, info))
    }
    return rope
  }

  /// A ValueInfoProto with all its fields, known or not.
  private func message(_ field: WireReader.Field) throws(FormatError) -> Onnx_ValueInfoProto {
    do {
      return try Onnx_ValueInfoProto(serializedBytes: try source.bytes(field.content))
    } catch let error as FormatError {
      throw error
    } catch {
      throw FormatError(source.name, expected: "an ONNX model", found: "\(error)")
    }
  }

  private func rope(
    _ number: UInt64, _ info: Onnx_ValueInfoProto
  ) throws(FormatError) -> ByteRope {
    do {
      var rope = ByteRope()
      rope.append(number, try info.serializedBytes() as [UInt8])
      return rope
    } catch {
      throw FormatError(.cannotWrite, file: file, .failure("\(error)"))
    }
  }
}
