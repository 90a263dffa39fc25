import Formats
import NeuralNet
import Program
import TensorCore
import TestNetworks

extension FuzzEntry {
  /// States of trainings, with length and checksum set right: what is read is written to the same
  /// bytes, and a trainer takes it or says why not.
  static let state = FuzzEntry(
    "state", readers: ["Checkpoint", "TrainingState"], longest: 4096, share: 15
  ) { bytes in
    _ = try? Checkpoint(bytes, named: "raw.state")
    let mended = StateFile.mended(bytes)
    guard let state = try? Checkpoint(mended, named: "x.state") else { return }
    let written = state.bytes
    guard let again = try? Checkpoint(written, named: "y.state") else {
      return expect(false, "what was written cannot be read")
    }
    expect(again.bytes == written, "the state changed")
    NamelessFile.with(mended) { path in
      guard let training = try? TrainingState.read(path), var trainer = StateFile.trainer else {
        return
      }
      _ = try? trainer.restore(training.snapshot)
      let batch = Batch(Tensor([2, 1, 8, 8], repeating: 0.5), .labels([0, 2]))
      _ = try? trainer.step(batch)
      guard let bytes = try? training.bytes else { return }
      expect((try? Checkpoint(bytes, named: "z.state")) != nil, "a state that cannot be read")
    }
  }
}

/// States whose length and sum are right, and what could go on from them.
enum StateFile {
  static let magic = Array("dropscope state 1\n".utf8)

  /// The file that has the body of these bytes: what stands between length and checksum.
  static func mended(_ bytes: [UInt8]) -> [UInt8] {
    let body =
      bytes.starts(with: magic)
      ? bytes.dropFirst(magic.count + 8).dropLast(bytes.count >= magic.count + 40 ? 32 : 0)
      : bytes[...]
    let file = magic + littleEndian(UInt64(magic.count + 8 + body.count + 32)) + body
    return file + SHA256.digest(of: file)
  }

  /// A trainer of a small network before its first step.
  static let trainer: Trainer? = (try? SmallNetwork.trainable()).flatMap { graph in
    try? Trainer(graph, optimizer: SGD(learningRate: 0.1, momentum: 0.9))
  }
}
