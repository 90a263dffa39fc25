import Formats
import Masks
import Program
import TensorCore

extension FuzzEntry {
  /// A mask of the user's own for layers of several shapes.
  static let mask = FuzzEntry("mask", readers: ["MaskFile"], longest: 512, share: 6) { bytes in
    let layouts = [
      Layout(n: 1, c: 1, h: 2, w: 3), Layout(n: 2, c: 3, h: 1, w: 1),
      Layout(n: 1, c: 2, h: 2, w: 2),
    ]
    NamelessFile.with(bytes) { path in
      for layout in layouts {
        guard let mask = try? MaskFile.read(path, layout: layout, site: "site") else { continue }
        expect(mask.kept.count == layout.count && mask.layout == layout, "\(mask.kept.shape)")
        _ = try? Dropout(ManualDropout(mask), rate: Rate(clamping: 0.5))
          .mask(layout: layout, stream: RandomStream(seed: 1))
      }
    }
  }
}
