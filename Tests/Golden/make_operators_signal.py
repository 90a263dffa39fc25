#!/usr/bin/env python3
"""Golden values of operators on signals, on grids and regions, of attention with a state, and of what was
left of older operator sets, into operators/*.json: see operator_cases.py.

    pip install onnx==1.22.0 onnxruntime==1.32.0 numpy
    python3 Tests/Golden/make_operators_signal.py
"""
import numpy as np

from operator_cases import case, f32, i64, r, rng, write

# Running ---------------------------------------------------------------------------------------
for exclusive in [0, 1]:
    for reverse in [0, 1]:
        case("CumProd", 26, [r(2, 3, 2), np.array(1)], exclusive=exclusive, reverse=reverse)
case("CumProd", 26, [i64(1, -2, 3, 0, 5), np.array(0)])
case("CumProd", 26, [r(3, 2), np.array(-2, dtype=np.int32)])

# Moved -----------------------------------------------------------------------------------------
case("Scatter", 9, [r(4, 3), i64(1, 0, 2, 3, 2, 1).reshape(2, 3), r(2, 3)])
case("Scatter", 10, [r(1, 5), i64(1, -2).reshape(1, 2), r(1, 2)], axis=1)
case("CenterCropPad", 18, [r(5, 4), i64(3, 7)])
case("CenterCropPad", 18, [r(2, 4, 3), i64(5, 2)], axes=[0, -1])
case("CenterCropPad", 18, [i64(1, 2, 3, 4), i64(1)])
case("CenterCropPad", 18, [r(2, 2), np.array([5, 0], dtype=np.int32)])
for mode, starts in [("linear", i64(1, 2)), ("circular", i64(3, 1))]:
    case("TensorScatter", 24, [r(2, 4, 3), r(2, 2, 3), starts], mode=mode)
case("TensorScatter", 24, [r(2, 2, 3), r(2, 2, 1)], axis=-1)
case("TensorScatter", 24, [rng.integers(0, 9, (1, 3, 2)), rng.integers(0, 9, (1, 1, 2)), i64(2)], axis=1)
places = np.array([[[[0, 3], [8, 10]]]], dtype=np.int64)
case("MaxUnpool", 11, [r(1, 1, 2, 2), places], kernel_shape=[2, 2], strides=[2, 2])
# Places are those in what was pooled, as ONNX's reference has it; onnxruntime takes them in the longer result.
x, pooled, longer = r(1, 1, 2, 2), np.zeros(16, dtype=np.float32), np.zeros((1, 1, 5, 6), dtype=np.float32)
pooled[places.ravel()] = x.ravel()
longer[0, 0, :4, :4] = pooled.reshape(4, 4)
case("MaxUnpool", 9, [x, places, i64(1, 1, 5, 6)], kernel_shape=[2, 2], strides=[2, 2], expect=[longer])
case("MaxUnpool", 22, [r(1, 2, 3), np.array([[[0, 3, 4], [1, 2, 5]]], dtype=np.int64) + [[[0], [6]]]],
     kernel_shape=[2], strides=[2])
case("Col2Im", 18, [r(1, 12, 6), i64(3, 3), i64(2, 3)], strides=[1, 2], pads=[0, 1, 1, 1])
case("Col2Im", 18, [r(2, 8, 9), i64(4, 4), i64(2, 2)])
case("Col2Im", 18, [r(1, 4, 16), i64(5, 5), i64(2, 2)], dilations=[1, 1], pads=[0, 0, 0, 0])
case("Col2Im", 18, [r(1, 2, 2), i64(5), i64(2)], dilations=[3])
for x in [f32(2, 1, 1, 3, 4, 3), i64(5, -1, 5, 0), np.array([True, False, True])]:
    for sorted in [0, 1]:
        case("Unique", 11, [x], outputs=4, sorted=sorted)
rows = f32(1, 0, 0, 1, 0, 0, 2, 3, 4).reshape(3, 3)
case("Unique", 11, [rows], outputs=4, axis=0)
case("Unique", 11, [f32(1, 1, 0, 1, 1, 0, 2, 2, 2).reshape(3, 3)], outputs=2, axis=1, sorted=0)
case("Unique", 11, [rows], outputs=1)

# Bits ------------------------------------------------------------------------------------------
case("BitCast", 26, [f32(1, -2.5, 0, np.inf)], to=6,
     expect=[f32(1, -2.5, 0, np.inf).view(np.int32)])
case("BitCast", 26, [np.array([0x3F800000, -1082130432], dtype=np.int32)], to=1,
     expect=[np.array([0x3F800000, -1082130432], dtype=np.int32).view(np.float32)])
case("BitCast", 26, [np.array([-1, 5], dtype=np.int8)], to=2,
     expect=[np.array([255, 5], dtype=np.uint8)])
case("BitCast", 26, [np.array([65535, 7], dtype=np.uint16)], to=5,
     expect=[np.array([-1, 7], dtype=np.int16)])
case("BitCast", 26, [np.array([True, False])], to=2, expect=[np.array([1, 0], dtype=np.uint8)])
case("OptionalHasElement", 18, [r(2)])
case("OptionalHasElement", 18, [], expect=[np.array(False)])
case("OptionalGetElement", 18, [r(2, 3)])
case("OptionalGetElement", 18, [i64(3)])

# Signals ---------------------------------------------------------------------------------------
for op in ["HannWindow", "HammingWindow", "BlackmanWindow"]:
    for periodic in [0, 1]:
        case(op, 17, [np.array(7)], periodic=periodic)
    case(op, 17, [np.array(4, dtype=np.int32)], output_datatype=1)
    case(op, 17, [np.array(0)])
case("MelWeightMatrix", 17,
     [np.array(8), np.array(16), np.array(8192), np.array(0, dtype=np.float32),
      np.array(4096, dtype=np.float32)])
case("MelWeightMatrix", 17,
     [np.array(3), np.array(31), np.array(8000), np.array(100, dtype=np.float32),
      np.array(3000, dtype=np.float32)])


def transform(x, axis, opset=20, length=None, inverse=0, onesided=0):
    """In double precision, which onnxruntime's transforms are not."""
    signal = x[..., 0] + 1j * x[..., 1] if x.shape[-1] == 2 else x[..., 0]
    made = (np.fft.ifft if inverse else np.fft.fft)(signal.astype(np.complex128), n=length, axis=axis)
    if onesided:
        made = made.take(range(made.shape[axis] // 2 + 1), axis=axis)
    made = np.stack([made.real, made.imag], -1).astype(np.float32)
    flags = {k: v for k, v in {"inverse": inverse, "onesided": onesided}.items() if v}
    given = None if length is None else np.array(length)
    if opset >= 20:
        case("DFT", opset, [x, given, np.array(axis)], expect=[made], **flags)
    else:
        case("DFT", opset, [x] if given is None else [x, given], axis=axis, expect=[made], **flags)


for x, axis in [(r(1, 6, 1), 1), (r(2, 5, 2), 1), (r(3, 2, 1), 0), (r(2, 7, 3, 2), 1)]:
    transform(x, axis)
    transform(x, axis, inverse=1)
transform(r(1, 6, 1), 1, onesided=1)
transform(r(1, 7, 1), 1, onesided=1)
transform(r(1, 6, 1), 1, length=9)
transform(r(1, 6, 2), 1, length=4)
transform(r(1, 5, 3, 1), 2, opset=17)
transform(r(1, 5, 3, 2), 1, opset=17, inverse=1)
case("DFT", 20, [np.zeros((1, 4, 1), dtype=np.float32)])
half = r(2, 4, 2)
for count in [6, 7]:
    signal = np.fft.irfft(half[..., 0] + 1j * half[..., 1], n=count, axis=1)
    case("DFT", 20, [half, np.array(count)], inverse=1, onesided=1,
         expect=[signal[..., None].astype(np.float32)])


def frames(x, step, window, length, onesided=1):
    """In double precision too."""
    signal = x[..., 0] + 1j * x[..., 1] if x.shape[-1] == 2 else x[..., 0]
    weights = np.ones(length) if window is None else window
    cut = [np.fft.fft(signal[:, s:s + length].astype(np.complex128) * weights)
           for s in range(0, x.shape[1] - length + 1, step)]
    made = np.stack(cut, 1)[..., :length // 2 + 1 if onesided else length]
    made = np.stack([made.real, made.imag], -1).astype(np.float32)
    case("STFT", 17, [x, np.array(step), window] + ([np.array(length)] if window is None else []),
         expect=[made], onesided=onesided)


frames(r(2, 16, 1), 4, r(8), 8)
frames(r(1, 16, 1), 3, None, 5)
frames(r(1, 9, 2), 4, r(4), 4, onesided=0)

# Grids and regions -----------------------------------------------------------------------------
for corners in [0, 1]:
    case("AffineGrid", 20, [r(2, 2, 3), i64(2, 1, 3, 4)], align_corners=corners)
    case("AffineGrid", 20, [r(1, 3, 4), i64(1, 2, 2, 3, 2)], align_corners=corners)
for x in [r(3, 3), r(2, 4, 4), r(1, 1), np.zeros((2, 2), dtype=np.float32)]:
    case("Det", 11, [x])
regions = f32(0, 0, 5, 4, 1, 2, 6, 6, -1, 0.5, 2.5, 9).reshape(3, 4)
maps = r(2, 2, 6, 7)
for mode in ["avg", "max"]:
    for ratio in [0, 2]:
        case("RoiAlign", 16, [maps, regions, i64(0, 1, 1)], mode=mode, output_height=2,
             output_width=3, sampling_ratio=ratio, spatial_scale=0.5)
case("RoiAlign", 10, [maps, regions, i64(0, 1, 1)], output_height=2, output_width=2,
     spatial_scale=1.0)
case("RoiAlign", 16, [maps, regions, i64(1, 0, 0)],
     coordinate_transformation_mode="output_half_pixel", sampling_ratio=1)

# Attention by a state --------------------------------------------------------------------------
def short(*shape):
    return (r(*shape, scale=0.4)).astype(np.float32)


for rule, extra in [("linear", []), ("gated", ["decay"]), ("delta", ["beta"]),
                    ("gated_delta", ["decay", "beta"])]:
    for shared in [1, 2]:
        decay = -np.abs(short(2, 3, 2 if shared == 1 else 4)) if "decay" in extra else None
        beta = np.abs(short(2, 3, 2 if shared == 1 else 1)) if "beta" in extra else None
        state = short(2, 2, 2, 3) if shared == 2 else None
        case("LinearAttention", 27,
             [short(2, 3, 4 * shared), short(2, 3, 4), short(2, 3, 6), state, decay, beta],
             outputs=2, q_num_heads=2 * shared, kv_num_heads=2, update_rule=rule,
             **({"scale": 0.75} if shared == 2 else {}))
for bias, state, activation in [(0, 0, "none"), (1, 1, "silu"), (1, 0, "swish")]:
    case("CausalConvWithState", 27,
         [r(2, 3, 5), r(3, 1, 4), r(3) if bias else None, r(2, 3, 3) if state else None], outputs=2,
         activation=activation)
case("CausalConvWithState", 27, [r(1, 2, 1), r(2, 1, 1)], outputs=1)

# Words -----------------------------------------------------------------------------------------
pool = {"ngram_counts": [0, 4], "ngram_indexes": [0, 1, 2, 3, 4, 5, 6],
        "pool_int64s": [2, 3, 5, 4, 5, 6, 7, 8, 6, 7]}
for mode in ["TF", "IDF", "TFIDF"]:
    for skip in [0, 5]:
        case("TfIdfVectorizer", 9, [i64(1, 1, 3, 3, 3, 7, 8, 6, 7, 5, 6, 8)], mode=mode,
             min_gram_length=1 if skip == 0 else 2, max_gram_length=2, max_skip_count=skip,
             weights=[1.0, 0.5, 2.0, 3.0, 4.0, 1.5, 0.25], **pool)
case("TfIdfVectorizer", 9, [np.array([[1, 1, 3, 3, 3, 7], [8, 6, 7, 5, 6, 8]], dtype=np.int32)],
     mode="TF", min_gram_length=2, max_gram_length=2, max_skip_count=0, **pool)

write()
