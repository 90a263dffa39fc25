"""Golden values of operators that choose, move and repeat elements (see operator_cases.py).

Run by hand: pip install onnx==1.22.0 onnxruntime numpy && python make_operators_movement.py
"""

import numpy as np

from operator_cases import case, f32, i64, r, rng, shaped, write

# Chosen by indices -----------------------------------------------------------------------------
for x in [r(3, 4), rng.integers(-9, 9, (3, 4)), rng.integers(0, 2, (3, 4)) > 0,
          rng.integers(-9, 9, (3, 4)).astype(np.int8)]:
    case("GatherElements", 13, [x, shaped((2, 3), 0, -1, 2, 1, 1, 0)])
    case("GatherND", 13, [x, shaped((3, 2), 0, -1, 2, 3, 0, 0)])
case("GatherElements", 11, [r(2, 3, 2), shaped((2, 4, 1), *[0, 1, 2, -3] * 2)], axis=1)
case("GatherElements", 11, [r(4), i64(3, 3, 0)], axis=-1)
case("GatherElements", 13, [r(2, 3), np.zeros((0, 3), dtype=np.int64)])
case("GatherND", 11, [r(2, 3, 4), shaped((3, 1), 1, 0, -1)])
case("GatherND", 12, [r(2, 3, 4), shaped((2, 2, 1), 0, 2, 1, 1)], batch_dims=1)
case("GatherND", 13, [r(2, 3, 4), shaped((2, 3, 1), 0, 3, 1, 1, 2, 0)], batch_dims=2)
case("GatherND", 13, [r(3, 2), i64(2, 1)])
x = r(3, 4)
for reduction in ["none", "add", "mul", "max", "min"]:
    twice = reduction != "none"
    case("ScatterElements", 18, [x, shaped((2, 3), 0, 1, 2, 0 if twice else 2, 2, 0), r(2, 3)],
         reduction=reduction)
    case("ScatterND", 18, [x, shaped((3, 1), 0, -1, 0 if twice else 1), r(3, 4)],
         reduction=reduction)
case("ScatterElements", 11, [r(2, 5), shaped((2, 2), 1, -2, 0, 4), r(2, 2)], axis=1)
case("ScatterElements", 16, [i64(1, 2, 3), i64(0, 0), i64(5, 6)], reduction="add")
case("ScatterElements", 13, [np.array([True, False]), i64(1), np.array([True])])
case("ScatterElements", 18, [np.array([1, 200], dtype=np.uint8), i64(1, 1),
                             np.array([100, 3], dtype=np.uint8)], reduction="max")
case("ScatterND", 11, [r(2, 3, 4), shaped((3, 2), 0, 1, 1, -1, 0, 2), r(3, 4)])
case("ScatterND", 13, [i64(1, 2, 3), shaped((2, 1), 2, 0), i64(9, 8)])
case("ScatterND", 16, [r(4), shaped((3, 1), 1, 1, 1), r(3)], reduction="add")

x = r(3, 4)
case("Compress", 9, [x, np.array([True, False, True])], axis=0)
case("Compress", 11, [x, np.array([False, True, True, True])], axis=-1)
case("Compress", 11, [x, np.array([False, True, True])])
case("Compress", 11, [rng.integers(-9, 9, (4,)), np.array([True, False, False, True])], axis=0)
boxes = np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [0, 10, 1, 11],
                  [0, 10.1, 1, 11.1], [0, 100, 1, 101]], dtype=np.float32)[None]
scores = np.array([[0.9, 0.75, 0.6, 0.95, 0.5, 0.3], [0.1, 0.75, 0.75, 0.2, 0.5, 0.6]],
                  dtype=np.float32)[None]
for most, opset in [(3, 10), (2, 11), (1, 11), (9, 11)]:
    case("NonMaxSuppression", opset, [boxes, scores, i64(most), f32(0.5), f32(0.25)])
case("NonMaxSuppression", 11, [boxes, scores[:, :1], i64(3), f32(0.5)])
case("NonMaxSuppression", 11, [boxes, scores, i64(3), f32(0.25), f32(0)], center_point_box=1)
case("NonMaxSuppression", 11, [boxes, scores])

# Repeated --------------------------------------------------------------------------------------
for x in [r(2, 3), rng.integers(-9, 9, (2, 3)), rng.integers(0, 2, (2, 3)) > 0]:
    case("Tile", 13, [x, i64(2, 3)])
case("Tile", 6, [r(2, 1, 3), i64(1, 4, 1)])
case("Tile", 13, [r(2, 3), i64(0, 2)])
case("Tile", 13, [r(4), i64(3)])
x = r(2, 3)
case("Tile", 1, [x, f32(2), f32(1)], expect=[np.tile(x, (1, 2))])

# Numbers ---------------------------------------------------------------------------------------


def scalars(kind, *numbers):
    return [np.array(n, dtype=kind) for n in numbers]


case("Range", 11, scalars(np.int64, 3, 9, 3))
case("Range", 11, scalars(np.int64, 10, 4, -2))
case("Range", 11, scalars(np.int64, 3, 1, 1))
case("Range", 11, scalars(np.int32, 1, 8, 3))
case("Range", 11, scalars(np.float32, 0.5, 3, 0.75))
case("Range", 11, scalars(np.float32, 1, -1, -0.5))
for x in [r(4, 3), rng.integers(-9, 9, (4, 3)), rng.integers(0, 2, (3, 3)) > 0]:
    case("Trilu", 14, [x])
    case("Trilu", 14, [x], upper=0)
case("Trilu", 14, [r(2, 3, 4), np.array(1)])
case("Trilu", 14, [r(2, 3, 4), np.array(-1)], upper=0)
case("Trilu", 14, [r(3, 4), np.array(9)])
case("Trilu", 14, [r(0, 3)])
for x in [np.array([[1, 0, -2], [0, 0, 3]], dtype=np.float32), i64(0, 5, 0, 7),
          np.array([[True, False], [True, True]])]:
    case("NonZero", 13, [x])
case("NonZero", 9, [np.zeros((2, 2), dtype=np.float32)])
case("NonZero", 13, [np.array([[0, 4]], dtype=np.int32)])
case("OneHot", 11, [i64(0, 2, -1, 5), np.array(3), f32(0, 1)],
     expect=[np.array([[1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 0, 0]], dtype=np.float32)])
case("OneHot", 9, [shaped((2, 2), 0, 1, 2, 3), np.array([4]), f32(-1, 2)], axis=0)
case("OneHot", 11, [shaped((2, 2), 0, 1, 2, 3), np.array(4), i64(7, 9)], axis=1)
case("OneHot", 11, [f32(1, 0), np.array(2, dtype=np.float32), f32(0, 1)])
case("OneHot", 11, [i64(1, 0), np.array(2), np.array([0, 1], dtype=np.int32)],
     expect=[np.array([[0, 1], [1, 0]], dtype=np.int32)])
for k in [0, 1, -1]:
    case("EyeLike", 9, [r(3, 4)], k=k)
case("EyeLike", 9, [r(2, 2)], dtype=7)
case("EyeLike", 9, [i64(1, 2).reshape(1, 2)])
case("EyeLike", 22, [np.zeros((2, 3), dtype=np.int32)], dtype=1)
for x in [r(2, 3, 4), r(), r(0, 2), np.array([True])]:
    case("Size", 13, [np.asarray(x)])

# Moved -----------------------------------------------------------------------------------------
case("ReverseSequence", 10, [r(4, 3), i64(1, 3, 4)])
case("ReverseSequence", 10, [r(3, 4, 2), i64(4, 2, 1)], batch_axis=0, time_axis=1)
case("ReverseSequence", 10, [rng.integers(-9, 9, (2, 2)), i64(2, 1)])
for mode in ["DCR", "CRD"]:
    case("DepthToSpace", 11, [r(2, 8, 2, 3)], blocksize=2, mode=mode)
case("DepthToSpace", 1, [r(1, 9, 1, 2)], blocksize=3)
case("DepthToSpace", 13, [r(1, 2, 2, 2)], blocksize=1)
case("SpaceToDepth", 1, [r(1, 2, 4, 6)], blocksize=2)
case("SpaceToDepth", 13, [r(2, 1, 3, 3)], blocksize=3)
for mode in ["nearest", "linear"]:
    case("Upsample", 7, [r(1, 2, 2, 3)], mode=mode, scales=[1.0, 1.0, 2.0, 3.0])
    case("Upsample", 9, [r(1, 1, 2, 2), f32(1, 1, 2, 2)], mode=mode)
x = r(1, 1, 2, 2)
case("Upsample", 1, [x], expect=[x.repeat(2, axis=2).repeat(3, axis=3)], height_scale=2.0,
     width_scale=3.0)

write()
