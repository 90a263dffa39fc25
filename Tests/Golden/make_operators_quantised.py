"""Golden values of operators on quantised numbers (see operator_cases.py).

Run by hand: pip install onnx==1.22.0 onnxruntime numpy && python make_operators_quantised.py
"""

import numpy as np

from operator_cases import case, f32, r, rng, write


def whole(kind, *shape):
    ends = np.iinfo(kind)
    return rng.integers(ends.min, ends.max, shape, dtype=kind, endpoint=True)


def number(kind, value):
    return np.array(value, dtype=kind)


for kind in [np.int8, np.uint8]:
    case("QuantizeLinear", 10, [r(2, 3, scale=9), number(np.float32, 0.25), number(kind, 7)])
    case("QuantizeLinear", 13, [r(2, 3, 2, scale=90), f32(0.5, 1, 2), np.array([0, 3, 9], dtype=kind)])
    case("QuantizeLinear", 19, [r(2, 3, scale=9), f32(0.5, 0.25), np.array([1, 2], dtype=kind)], axis=0)
    case("QuantizeLinear", 21, [r(2, 6, scale=9), f32(0.5, 1, 2, 1, 0.5, 2).reshape(2, 3),
                                np.arange(6, dtype=kind).reshape(2, 3)], axis=1, block_size=2)
    case("DequantizeLinear", 10, [whole(kind, 2, 3), number(np.float32, 0.25), number(kind, 7)])
    case("DequantizeLinear", 13, [whole(kind, 2, 3, 2), f32(0.5, 1, 2), np.array([0, 3, 9], dtype=kind)])
    case("DequantizeLinear", 19, [whole(kind, 2, 3), f32(0.5, 0.25)], axis=0)
    case("DequantizeLinear", 21, [whole(kind, 4, 2), f32(0.5, 1, 2, 1).reshape(2, 2),
                                  np.array([[1, 2], [3, 4]], dtype=kind)], axis=0, block_size=2)
case("QuantizeLinear", 10, [f32(0.5, 1.5, 2.5, -0.5, 1e9, -1e9), number(np.float32, 1)])
case("QuantizeLinear", 21, [r(4, scale=99), number(np.float32, 1)], output_dtype=3)
case("QuantizeLinear", 21, [r(4, scale=9999), number(np.float32, 1), number(np.int16, 0)])
case("DequantizeLinear", 10, [whole(np.int32, 4), number(np.float32, 0.5)])
for x in [r(3, 4), np.abs(r(5)) + np.float32(1), -np.abs(r(5)) - np.float32(1), r(2, 2) * 0]:
    case("DynamicQuantizeLinear", 11, [x], outputs=3)

CONV = [dict(), dict(pads=[1, 1, 1, 1]), dict(strides=[2, 2], pads=[0, 1, 1, 0])]
for attributes in CONV:
    x, w = whole(np.uint8, 1, 2, 5, 4), whole(np.uint8, 3, 2, 3, 3)
    case("ConvInteger", 10, [x, w, number(np.uint8, 128)], **attributes)
case("ConvInteger", 10, [whole(np.uint8, 2, 4, 4, 4), whole(np.uint8, 4, 2, 2, 2)], group=2)
case("ConvInteger", 10, [whole(np.uint8, 1, 1, 3, 3), whole(np.uint8, 1, 1, 2, 2),
                         number(np.uint8, 1), number(np.uint8, 2)])
# More terms than single precision sums up exactly.
case("ConvInteger", 10, [np.full((1, 700, 1, 1), 255, dtype=np.uint8),
                         whole(np.uint8, 2, 700, 1, 1)])
for kind in [np.int8, np.uint8]:
    case("MatMulInteger", 10, [whole(np.uint8, 3, 4), whole(kind, 4, 2), number(np.uint8, 12),
                               number(kind, 3)])
    case("MatMulInteger", 10, [whole(np.uint8, 2, 3, 4), whole(kind, 4, 2)])
    a, b = whole(np.uint8, 3, 4), whole(kind, 4, 2)
    case("MatMulInteger", 10, [a, b, np.array([1, 2, 3], dtype=np.uint8), np.array([4, 5], dtype=kind)],
         expect=[((a.astype(np.int32) - np.array([[1], [2], [3]])) @ (b.astype(np.int32) - [4, 5]))
                 .astype(np.int32)])
    zero = number(kind, 1)
    case("QLinearConv", 10, [
        whole(kind, 1, 2, 4, 4), number(np.float32, 0.02), zero, whole(kind, 3, 2, 3, 3),
        number(np.float32, 0.03), zero, number(np.float32, 0.4), number(kind, 5),
        np.array([100, -200, 300], dtype=np.int32)], pads=[1, 1, 1, 1])
    case("QLinearConv", 10, [
        whole(kind, 1, 1, 4), number(np.float32, 0.02), zero, whole(kind, 2, 1, 2),
        f32(0.03, 0.05), np.array([1, 1], dtype=kind), number(np.float32, 0.4), number(kind, 5)])
    case("QLinearMatMul", 10, [
        whole(kind, 2, 4), number(np.float32, 0.02), zero, whole(kind, 4, 3),
        number(np.float32, 0.03), zero, number(np.float32, 0.4), number(kind, 5)])
    case("QLinearMatMul", 10, [
        whole(kind, 2, 2, 4), number(np.float32, 0.02), zero, whole(kind, 2, 4, 3),
        number(np.float32, 0.03), zero, number(np.float32, 0.4), number(kind, 5)])
case("MatMulInteger", 10, [np.full((1, 700), 255, dtype=np.uint8), whole(np.uint8, 700, 2)])

write()
