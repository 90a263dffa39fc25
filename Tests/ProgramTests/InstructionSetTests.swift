import Formats
import Foundation
import TensorCore
import TestSupport
import Testing

/// What is computed does not depend on the processor: sets of instructions with fused multiply-adds give
/// the same bits.
@Suite struct InstructionSetTests {
  @Test func trainsToTheSameBits() throws {
    guard InstructionSet.chosen == "avx512" else {
      print("skipped: one set alone has fused multiply-adds here, \(InstructionSet.chosen)")
      return
    }
    try TemporaryFolder.with { folder in
      var files: [[UInt8]] = []
      for set in ["avx512", "avx2"] {
        let out = folder.path("\(set).onnx")
        let result = try Program.run(
          [
            "train", "digits", "--data", "synthetic", "--limit=192", "--holdout=32", "--epochs=1",
            "--batch=32", "--seed=5", "-o", out,
          ], environment: ["DROPSCOPE_ISA": set])
        #expect(result.status == 0, "\(result.err)")
        files.append(try FileBytes.read(out))
      }
      #expect(files[0] == files[1])
    }
  }

  @Test func convolvesWithoutWinogradWhereAsked() throws {
    try TemporaryFolder.with { folder in
      func exported(_ variables: [String: String]) throws -> Tensor {
        let out = folder.path("conv2.npy")
        let result = try Program.run(
          ["export", "seven", "--layer", "conv2", "--stage", "clean", "-o", out],
          environment: variables)
        #expect(result.status == 0, "\(result.err)")
        return try NPY.tensor(from: FileBytes.read(out), named: out)
      }
      let (usual, plain) = (try exported([:]), try exported(["DROPSCOPE_WINOGRAD": "0"]))
      #expect(usual.shape == plain.shape)
      for (a, b) in zip(usual.elements, plain.elements) { #expect(abs(a - b) < 1e-4) }
      #expect(usual != plain, "Winograd's convolution took part")
    }
  }
}
