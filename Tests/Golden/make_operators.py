"""Golden values of the operators: one JSON file each in operators/, from single-node ONNX models run
by onnxruntime, or by onnx's reference implementation where onnxruntime does not know the operator
set, or by NumPy below where neither does. Each case says which ("from").

Run by hand: pip install onnx==1.22.0 onnxruntime numpy && python make_operators.py
"""

import numpy as np

from operator_cases import INF, NAN, case, f32, i64, r, rng, shaped, write

# Element by element ----------------------------------------------------------------------------
for op in ["Relu", "Sigmoid", "Tanh"]:
    for opset in [6, 13]:
        case(op, opset, [r(2, 3, 4)])
    case(op, 13, [np.array(0.5, dtype=np.float32)])
    case(op, 13, [r(0, 3)])
    case(op, 13, [f32(0, -0.0, 1e-3, -1e-3, 10, -10, 100, -100, INF, -INF)])
case("Relu", 13, [f32(NAN, 1)], expect=[f32(NAN, 1)])

x = r(3, 4)
case("Clip", 6, [x], min=-1.0, max=1.5)
case("Clip", 6, [x], max=0.5)
case("Clip", 11, [x, np.array(-1, dtype=np.float32), np.array(1, dtype=np.float32)])
case("Clip", 13, [x, None, np.array(1, dtype=np.float32)])
case("Clip", 13, [x, np.array(0, dtype=np.float32)])
case("Clip", 13, [x])
case("Clip", 13, [x, np.array(1, dtype=np.float32), np.array(-1, dtype=np.float32)],
     expect=[np.full((3, 4), -1, dtype=np.float32)])
case("Clip", 12, [i64(-5, 0, 5, 9), np.array(-1), np.array(6)])

# Arithmetic ------------------------------------------------------------------------------------
FUNCTIONS = {"Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Div": np.divide}
for op, function in FUNCTIONS.items():
    for a, b in [((2, 3, 4, 5), (2, 3, 4, 5)), ((2, 3, 4), ()), ((), (3,)), ((), ()),
                 ((2, 3, 2, 2), (3, 1, 1)), ((1, 3, 1, 2), (4, 1, 2, 1)), ((3, 1), (1, 4)),
                 ((0, 3), (1, 3)), ((2, 1, 3), (2, 5, 1)), ((2, 3), (0, 2, 3))]:
        left, right = r(*a), r(*b)
        right = np.where(right == 0, np.float32(0.5), right).astype(np.float32)
        case(op, 13, [left, right])
    case(op, 7, [r(2, 3), r(3) + np.float32(0.0625)])
    case(op, 14, [i64(7, -7, 9), i64(2, 2, -4)])
    case(op, 14, [shaped((2, 1), 10, -11), i64(3, -4, 5)])
    # Before opset 7 B is laid along A from `axis` on, where `broadcast` says so.
    a, b = r(2, 3, 4, 5), r(3, 4) + np.float32(0.0625)
    aligned = function(a, b.reshape(3, 4, 1))
    case(op, 6, [a, b], expect=[aligned], broadcast=1, axis=1)
    case(op, 6, [a, b], expect=[aligned], broadcast=1, axis=-3)
    b = r(4, 5) + np.float32(0.0625)
    case(op, 6, [a, b], expect=[function(a, b)], broadcast=1)
    case(op, 1, [a, np.array(3, dtype=np.float32)], expect=[function(a, np.float32(3))], broadcast=1)
    case(op, 6, [a, a + np.float32(9)], expect=[function(a, a + np.float32(9))])
case("Div", 13, [f32(1, -1, 0), f32(0, 0, 0)])

# Shapes ----------------------------------------------------------------------------------------
everything = [r(2, 3, 4), rng.integers(-9, 9, (2, 3, 4)), rng.integers(0, 2, (2, 3, 4)) > 0]
for x in everything + [r(), r(0, 2)]:
    case("Identity", 13, [x])
case("Identity", 1, [r(3)])
for x in everything:
    case("Transpose", 13, [x])
    case("Transpose", 13, [x], perm=[1, 0, 2])
    case("Transpose", 13, [x], perm=[2, 0, 1])
case("Transpose", 1, [r(2, 3, 4, 5)], perm=[0, 3, 1, 2])
case("Transpose", 13, [r(5)])
case("Transpose", 13, [r()])
case("Transpose", 13, [r(2, 0, 3)], perm=[2, 1, 0])
case("Transpose", 13, [r(1, 3, 1, 2)], perm=[3, 2, 1, 0])
for x in everything:
    case("Flatten", 13, [x], axis=2)
case("Flatten", 1, [r(2, 3, 4)])
case("Flatten", 9, [r(2, 3, 4)], axis=0)
case("Flatten", 9, [r(2, 3, 4)], axis=3)
case("Flatten", 11, [r(2, 3, 4)], axis=-1)
case("Flatten", 13, [r()], axis=0)
case("Flatten", 13, [r(0, 3, 2)])
for x in everything:
    case("Reshape", 13, [x, i64(4, -1)])
case("Reshape", 1, [r(2, 3, 4)], shape=[0, -1])
case("Reshape", 5, [r(2, 3, 4), i64(0, 0, 2, 2)])
case("Reshape", 8, [r(1, 2, 2, 2), i64(1, 8)])
case("Reshape", 13, [r(1), np.zeros(0, dtype=np.int64)])
case("Reshape", 13, [r(), i64(1, 1)])
case("Reshape", 14, [r(0, 3), i64(3, 0, 2)], allowzero=1)
case("Reshape", 14, [r(0, 3), i64(0, 6)], expect=[r(0, 6)])
for x in [r(1, 3, 1, 2), rng.integers(-9, 9, (1, 3, 1)), rng.integers(0, 2, (1, 3, 1)) > 0]:
    case("Squeeze", 13, [x, i64(0, 2)])
    case("Squeeze", 13, [x])
    case("Unsqueeze", 13, [x, i64(0, -1)])
case("Squeeze", 1, [r(1, 3, 1, 2)], axes=[0])
case("Squeeze", 11, [r(1, 3, 1, 2)], axes=[-2, 0])
case("Squeeze", 11, [r(1, 1)])
case("Squeeze", 13, [r(2, 1, 0), i64(1)])
case("Unsqueeze", 1, [r(3, 2)], axes=[0, 2])
case("Unsqueeze", 11, [r(3, 2)], axes=[-1, 1])
case("Unsqueeze", 13, [r(), i64(0, 1)])
case("Unsqueeze", 13, [r(0), i64(1)])
for x in everything:
    case("Concat", 13, [x, x[:, :1], x[:, 1:]], axis=1)
a, b = r(2, 3), r(2, 1)
case("Concat", 1, [a, b], expect=[np.concatenate([a, b], axis=1)])
case("Concat", 4, [r(2, 3), r(1, 3)], axis=0)
case("Concat", 11, [r(2, 3, 2), r(2, 3, 5), r(2, 3, 0)], axis=-1)
case("Concat", 13, [r(0, 3), r(2, 3)], axis=0)
case("Concat", 13, [i64(2), i64(-1), i64(3, 4)], axis=0)
case("Concat", 13, [r(4)], axis=0)
for x in everything:
    case("Constant", 13, [], value=x)
case("Constant", 1, [], value=r(2, 2))
case("Constant", 13, [], value=r(0, 2))
case("Constant", 12, [], value_float=1.5)
case("Constant", 12, [], value_floats=[1.5, -2.0])
case("Constant", 12, [], value_int=7)
case("Constant", 13, [], value_ints=[1, -1, 28])

# Products --------------------------------------------------------------------------------------
for opset in [7, 9, 11, 13]:
    case("Gemm", opset, [r(3, 4), r(4, 5), r(5)])
case("Gemm", 6, [r(3, 4), r(4, 5), r(5)], broadcast=1)
case("Gemm", 13, [r(3, 4), r(4, 5)])
case("Gemm", 13, [r(4, 3), r(4, 5), r(3, 5)], transA=1, alpha=0.5, beta=2.0)
case("Gemm", 13, [r(3, 4), r(5, 4), r(3, 1)], transB=1, alpha=-1.0)
case("Gemm", 13, [r(4, 3), r(5, 4), r(1, 5)], transA=1, transB=1, beta=0.5)
case("Gemm", 13, [r(3, 4), r(4, 5), r()])
case("Gemm", 13, [r(3, 4), r(4, 5), r(3, 5)], beta=0.0)
case("Gemm", 13, [r(1, 9), r(7, 9), r(7)], transB=1)
case("Gemm", 13, [r(0, 4), r(4, 5), r(5)])
empty = r(5)
case("Gemm", 13, [r(3, 0), r(0, 5), empty], expect=[np.tile(empty, (3, 1))])
for a, b in [((3, 4), (4, 5)), ((4,), (4, 5)), ((3, 4), (4,)), ((4,), (4,)),
             ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)), ((3, 4), (2, 4, 5)),
             ((2, 1, 3, 4), (1, 3, 4, 2)), ((4,), (2, 4, 3)), ((2, 3, 4), (4,)),
             ((1, 256), (256, 10)), ((3, 4), (1, 1, 4, 2)), ((0, 4), (4, 2))]:
    left, right = r(*a), r(*b)
    case("MatMul", 13, [left, right], check=np.matmul(left, right))
case("MatMul", 1, [r(3, 2), r(2, 3)])
case("MatMul", 9, [r(2, 2), r(2, 2)])
case("MatMul", 13, [r(2, 0), r(0, 3)], expect=[np.zeros((2, 3), dtype=np.float32)])

# Softmax ---------------------------------------------------------------------------------------
for op in ["Softmax", "LogSoftmax"]:
    x = r(2, 3, 4)
    case(op, 1, [x])
    case(op, 11, [x])
    case(op, 11, [x], axis=2)
    case(op, 11, [x], axis=0)
    case(op, 11, [x], axis=-2)
    case(op, 13, [x])
    case(op, 13, [x], axis=0)
    case(op, 13, [x], axis=1)
    case(op, 13, [x], axis=-2)
    case(op, 13, [r(5)])
    case(op, 13, [f32(1000, 999, -1000).reshape(1, 3)])
    case(op, 13, [r(0, 3)])
    case(op, 11, [r(2, 10)])

# Convolution -----------------------------------------------------------------------------------
for opset in [1, 11, 22]:
    case("Conv", opset, [r(1, 1, 5, 5), r(1, 1, 3, 3)], kernel_shape=[3, 3])
case("Conv", 11, [r(2, 3, 6, 7), r(4, 3, 3, 2), r(4)])
case("Conv", 11, [r(1, 2, 6, 7), r(3, 2, 3, 3), r(3)], pads=[1, 0, 2, 1], strides=[2, 1])
case("Conv", 11, [r(1, 2, 8, 9), r(2, 2, 3, 2)], dilations=[2, 3], pads=[1, 2, 0, 3])
case("Conv", 11, [r(2, 4, 5, 5), r(6, 2, 3, 3), r(6)], group=2, pads=[1, 1, 1, 1])
case("Conv", 11, [r(1, 4, 5, 6), r(4, 1, 3, 3), r(4)], group=4, strides=[2, 2])
case("Conv", 11, [r(1, 3, 4, 4), r(6, 1, 2, 2)], group=3)
case("Conv", 11, [r(1, 3, 4, 5), r(5, 3, 1, 1), r(5)])
case("Conv", 11, [r(1, 3, 5, 5), r(2, 3, 1, 1)], strides=[2, 2])
for pad in ["SAME_UPPER", "SAME_LOWER", "VALID"]:
    case("Conv", 11, [r(1, 1, 7, 6), r(2, 1, 4, 4)], auto_pad=pad)
    case("Conv", 11, [r(1, 1, 7, 6), r(1, 1, 2, 3)], auto_pad=pad, strides=[2, 3])
    case("Conv", 11, [r(1, 2, 9), r(2, 2, 4)], auto_pad=pad, strides=[2])
case("Conv", 11, [r(1, 1, 7, 6), r(1, 1, 2, 3)], auto_pad="SAME_UPPER", dilations=[2, 1])
case("Conv", 11, [r(2, 3, 8), r(4, 3, 3), r(4)], pads=[1, 2], strides=[2], dilations=[2])
case("Conv", 11, [r(1, 4, 6), r(4, 1, 3)], group=4)
case("Conv", 11, [r(0, 2, 5, 5), r(3, 2, 3, 3), r(3)])

# Pooling ---------------------------------------------------------------------------------------


def pool(x, op, kernel, strides=(1, 1), pads=(0, 0, 0, 0), dilations=(1, 1), ceil_mode=0,
         count_include_pad=0):
    """Pooling by the definition, in double precision."""
    size = []
    for a in range(2):
        reach = dilations[a] * (kernel[a] - 1) + 1
        room = x.shape[2 + a] + pads[a] + pads[2 + a] - reach
        n = (-(-room // strides[a]) if ceil_mode else room // strides[a]) + 1
        if ceil_mode and (n - 1) * strides[a] >= x.shape[2 + a] + pads[a]:
            n -= 1
        size.append(n)
    y = np.zeros(x.shape[:2] + tuple(size), dtype=np.float32)
    for n, c, i, j in np.ndindex(*y.shape):
        cells, divisor = [], 0
        for k, l in np.ndindex(*kernel):
            v = i * strides[0] - pads[0] + k * dilations[0]
            h = j * strides[1] - pads[1] + l * dilations[1]
            inside = 0 <= v < x.shape[2] and 0 <= h < x.shape[3]
            padded = v < x.shape[2] + pads[2] and h < x.shape[3] + pads[3]
            if inside:
                cells.append(float(x[n, c, v, h]))
            divisor += inside or (padded and count_include_pad)
        y[n, c, i, j] = max(cells) if op == "MaxPool" else sum(cells) / divisor
    return y


GEOMETRIES = [
    dict(kernel_shape=[2, 2], strides=[2, 2]), dict(kernel_shape=[3, 2]),
    dict(kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]),
    dict(kernel_shape=[3, 3], strides=[2, 3], pads=[0, 1, 2, 0]),
    dict(kernel_shape=[1, 1], strides=[2, 2]), dict(kernel_shape=[7, 8])]
CEIL = [
    dict(kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
    dict(kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
    dict(kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1),
    dict(kernel_shape=[3, 3], strides=[3, 3], pads=[0, 0, 2, 1], ceil_mode=1),
    dict(kernel_shape=[2, 2], strides=[3, 3], pads=[1, 1, 1, 1], ceil_mode=1)]


def geometry(attributes):
    renamed = {("kernel" if k == "kernel_shape" else k): v for k, v in attributes.items()}
    return renamed


for op in ["MaxPool", "AveragePool"]:
    for attributes in GEOMETRIES:
        x = r(2, 2, 7, 8)
        case(op, 7, [x], check=pool(x, op, **geometry(attributes)), **attributes)
    for attributes in CEIL:
        x = r(1, 2, 7, 8)
        want = pool(x, op, **geometry(attributes))
        case(op, 19, [x], check=want, **attributes)
    for pad in ["SAME_UPPER", "SAME_LOWER", "VALID"]:
        case(op, 11, [r(1, 1, 7, 6)], auto_pad=pad, kernel_shape=[4, 3], strides=[2, 2])
    case(op, 11, [r(2, 3, 9)], kernel_shape=[3], strides=[2], pads=[1, 1])
    case(op, 11, [r(0, 2, 4, 4)], kernel_shape=[2, 2])
    case(op, 1, [r(1, 1, 4, 4)], kernel_shape=[2, 2])
    x = r(1, 2, 8, 9)
    for attributes in [dict(kernel_shape=[2, 3], dilations=[2, 2]),
                       dict(kernel_shape=[3, 2], dilations=[2, 3], pads=[1, 2, 2, 1],
                            strides=[2, 1])]:
        case(op, 19, [x], check=pool(x, op, **geometry(attributes)), **attributes)
for attributes in GEOMETRIES[2:4] + CEIL:
    x = r(1, 1, 7, 8)
    want = pool(x, "AveragePool", count_include_pad=1, **geometry(attributes))
    case("AveragePool", 19, [x], check=want, count_include_pad=1, **attributes)
for opset in [8, 12]:
    case("MaxPool", opset, [r(2, 2, 5, 6)], outputs=2, kernel_shape=[3, 2], strides=[2, 2],
         pads=[1, 0, 1, 1])
case("MaxPool", 12, [r(2, 2, 4, 6)], outputs=2, kernel_shape=[2, 2], strides=[2, 2],
     storage_order=1)
case("MaxPool", 12, [r(2, 2, 7)], outputs=2, kernel_shape=[3], strides=[2])
case("MaxPool", 12, [f32(*[-5] * 9).reshape(1, 1, 3, 3)], outputs=2, kernel_shape=[2, 2])

case("GlobalAveragePool", 1, [r(2, 3, 4, 5)])
case("GlobalAveragePool", 22, [r(2, 3, 7)])
case("GlobalAveragePool", 1, [r(1, 2, 2, 3, 2)])
case("GlobalAveragePool", 1, [r(1, 1, 1, 1)])
case("GlobalAveragePool", 1, [r(0, 3, 2, 2)])

# Normalisation ---------------------------------------------------------------------------------
for opset in [7, 9, 14, 15]:
    c = [r(3), r(3), r(3), np.abs(r(3)) + np.float32(0.125)]
    case("BatchNormalization", opset, [r(2, 3, 4, 2)] + c, epsilon=0.001)
c = [r(4), r(4), r(4), np.abs(r(4)) + np.float32(0.125)]
case("BatchNormalization", 15, [r(3, 4)] + c)
case("BatchNormalization", 15, [r(2, 4, 3)] + c, momentum=0.5, training_mode=0)
case("BatchNormalization", 15, [r(0, 4, 3)] + c)
for opset in [1, 6]:
    x = r(2, 4, 2, 2)
    s, b, m, v = [p.reshape(1, 4, 1, 1).astype(np.float64) for p in c]
    y = ((x - m) / np.sqrt(v + 1e-5) * s + b).astype(np.float32)
    case("BatchNormalization", opset, [x] + c, expect=[y], is_test=1)

# Dropout, at evaluation ------------------------------------------------------------------------
for opset in [1, 6, 7, 10, 12, 13, 22]:
    x = r(2, 3, 2, 2)
    attributes = {"ratio": 0.25} if opset < 12 else {}
    if opset < 7:
        attributes["is_test"] = 1
    inputs = [x] if opset < 12 else [x, np.array(0.25, dtype=np.float32), np.array(False)]
    ones = np.ones(x.shape, dtype=bool if opset >= 10 else np.float32)
    # The operator's text is silent on the mask of an evaluation before opset 12 (onnxruntime says
    # nothing is kept at 10); from 12 on everything is kept, so it is here before too.
    case("Dropout", opset, inputs, outputs=2, expect=[x, ones] if opset < 12 else None,
         **attributes)
    # Without is_test it would act.
    rest = {"is_test": 1} if opset < 7 else {}
    case("Dropout", opset, inputs[:1], expect=[x] if opset < 7 else None, **rest)
case("Dropout", 13, [r()])
case("Dropout", 13, [r(0, 2), np.array(0.5, dtype=np.float32)])

# Beside those of the recipes -------------------------------------------------------------------
for op in ["Exp", "Log", "Sqrt", "Softplus", "Softsign"]:
    x = np.abs(r(2, 3)) + np.float32(0.125) if op in ("Log", "Sqrt") else r(2, 3)
    case(op, 13 if op in ("Exp", "Log", "Sqrt") else 1, [x])
    case(op, 13 if op in ("Exp", "Log", "Sqrt") else 1, [r(0, 2)])
case("Exp", 13, [f32(-INF, 0, 100, NAN)])
case("Log", 13, [f32(0, -1, INF, 1)])
case("Sqrt", 13, [f32(0, -1, INF, 4)])
case("Softplus", 1, [f32(-100, 100, 0)])
case("HardSwish", 14, [f32(-4, -3, -1, 0, 1, 3, 4)])
case("LeakyRelu", 16, [r(2, 3)])
case("LeakyRelu", 6, [r(2, 3)], alpha=0.25)
case("Elu", 6, [r(2, 3)])
case("Elu", 6, [r(2, 3)], alpha=2.0)
case("Selu", 6, [r(2, 3)])
case("Selu", 6, [r(2, 3)], alpha=2.0, gamma=3.0)
x = r(2, 3)
case("Selu", 1, [x], expect=[np.where(x > 0, 1.0507 * x, 1.0507 * (1.6732 * np.expm1(x))).astype(np.float32)])
case("HardSigmoid", 6, [r(2, 5)])
case("HardSigmoid", 6, [r(2, 5)], alpha=0.5, beta=0.25)
for kind in ["none", "tanh"]:
    case("Gelu", 20, [r(2, 5)], approximate=kind)
case("PRelu", 16, [r(2, 3, 2), r(3, 1)])
case("PRelu", 7, [r(2, 3), r(1)])
x, slope = r(2, 3, 2), r(3)
case("PRelu", 6, [x, slope], expect=[np.where(x < 0, x * slope.reshape(1, 3, 1), x)])
for op, fold in [("Max", np.maximum), ("Min", np.minimum), ("Sum", np.add)]:
    case(op, 13, [r(2, 3), r(3), r(2, 1)])
    case(op, 13, [r(4)])
    a, b = r(2, 2), r(2, 2)
    case(op, 6, [a, b], expect=[fold(a, b)])
for op in ["Max", "Min"]:
    case(op, 13, [i64(1, 5, 3), i64(4, 2, 3)])
    case(op, 13, [f32(NAN, 1, 2), f32(1, NAN, 3)], expect=[f32(NAN, NAN, 3 if op == "Max" else 2)])
case("Pow", 13, [np.abs(r(2, 3)) + np.float32(0.5), r(3)])
case("Pow", 13, [r(2, 3), i64(2)])
case("Pow", 13, [i64(2, 3, -2), i64(3, 2, 3)])
case("Pow", 13, [f32(4, 9, 0), f32(0.5)])
case("Where", 16, [np.array([[True], [False]]), r(2, 3), r(3)])
case("Where", 9, [np.array([True, False]), i64(1, 2), i64(3, 4)])
for attributes in [{}, dict(start=1), dict(start=-2, end=-1), dict(end=9), dict(start=2, end=1)]:
    case("Shape", 15, [r(2, 3, 4)], **attributes)
case("ConstantOfShape", 9, [i64(2, 3)])
case("ConstantOfShape", 9, [i64(2)], value=i64(7))
case("ConstantOfShape", 9, [i64(0, 2)], value=np.array([True]))
case("Expand", 13, [r(3, 1), i64(2, 3, 4)])
case("Expand", 8, [r(3, 4), i64(1, 1)])
case("Expand", 8, [i64(1, 2), i64(2, 1)])
case("Cast", 13, [f32(1.75, -1.75, 0)], to=7)
case("Cast", 13, [f32(1.5, 0, NAN)], to=9)
case("Cast", 13, [i64(3, 0, -2)], to=1)
case("Cast", 13, [np.array([True, False])], to=7)
case("Gather", 13, [r(3, 4), shaped((2, 2), 0, 2, -1, 1)])
case("Gather", 13, [r(2, 3, 2), i64(2, 0)], axis=1)
case("Gather", 11, [i64(5, 6, 7), np.array(1)], axis=-1)
case("Slice", 13, [r(5, 6), i64(1, 0), i64(4, 6), i64(0, 1), i64(2, 3)])
case("Slice", 13, [r(5, 6), i64(-1), i64(-100), i64(1), i64(-2)])
case("Slice", 10, [r(5, 6), i64(2, 3), i64(2**62, -1)])
case("Slice", 11, [r(4), i64(3), i64(1)])
x = r(4, 5)
case("Slice", 1, [x], expect=[x[1:, 2:4]], starts=[1, 2], ends=[100, -1], axes=[0, 1])
case("Split", 13, [r(4, 3)], outputs=2)
case("Split", 13, [r(2, 5), i64(2, 3)], outputs=2, axis=1)
case("Split", 18, [r(7)], outputs=3, num_outputs=3)
case("Split", 11, [r(2, 5)], outputs=2, axis=-1, split=[4, 1])
for mode in ["constant", "reflect", "edge"]:
    case("Pad", 13, [r(3, 4), i64(1, 2, 2, 1)], mode=mode)
    case("Pad", 13, [r(3, 4), i64(-1, 1, 0, -2)] , mode=mode) if mode == "constant" else None
case("Pad", 19, [r(2, 3), i64(3, 1, 2, 4)], mode="wrap")
case("Pad", 13, [r(2, 2), i64(0, 1, 1, 0), np.array(2.5, dtype=np.float32)])
case("Pad", 18, [r(2, 3), i64(1, 1), None, i64(-1)])
x = r(2, 2)
case("Pad", 2, [x], expect=[np.pad(x, [(1, 0), (0, 2)], constant_values=0.5)], pads=[1, 0, 0, 2], value=0.5)
for op, fold in [("ReduceSum", np.sum), ("ReduceMean", np.mean), ("ReduceMax", np.max), ("ReduceMin", np.min)]:
    case(op, 11, [r(2, 3, 2)])
    case(op, 11, [r(2, 3, 2)], axes=[1], keepdims=0)
    case(op, 11, [r(2, 3, 2)], axes=[-1, 0])
    case(op, 13 if op == "ReduceSum" else 18, [r(2, 3, 2), i64(1)])
    case(op, 13 if op == "ReduceSum" else 18, [r(2, 2)], noop_with_empty_axes=1)
case("GlobalMaxPool", 1, [r(2, 3, 4, 5)])
case("GlobalMaxPool", 1, [r(2, 3, 7)])
for size in [3, 4, 1]:
    x = r(2, 5, 2, 2)
    # onnxruntime refuses even sizes, and onnx.reference 1.22.0 takes samples for channels there.
    sums = [np.square(x[:, max(0, c - (size - 1) // 2):c + size // 2 + 1]).sum(1) for c in range(5)]
    want = x / (2 + 0.5 / size * np.stack(sums, 1)) ** 0.6
    case("LRN", 13, [x], expect=[want.astype(np.float32)] if size == 4 else None,
         check=None if size == 4 else want, size=size, alpha=0.5, beta=0.6, bias=2.0)
case("LRN", 1, [r(1, 4, 3, 1)], size=3)
case("InstanceNormalization", 6, [r(2, 3, 3, 4), r(3), r(3)])
case("InstanceNormalization", 6, [r(2, 2, 6), r(2), r(2)], epsilon=0.01)
case("LayerNormalization", 17, [r(3, 6), r(6), r(6)])
case("LayerNormalization", 17, [r(2, 3, 4), r(3, 4)], axis=1, outputs=3)
for p in [1, 2, 3]:
    case("LpPool", 18, [r(1, 2, 5, 6)], p=p, kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 1, 1])
case("LpPool", 18, [r(1, 1, 7)], kernel_shape=[3], ceil_mode=1, strides=[3])
for attributes in [{}, dict(strides=[2, 3], pads=[1, 0, 1, 2], output_padding=[1, 1]),
                   dict(dilations=[2, 2]), dict(auto_pad="SAME_UPPER", strides=[2, 2]),
                   dict(auto_pad="SAME_LOWER", strides=[2, 2]), dict(output_shape=[7, 8], strides=[2, 2])]:
    case("ConvTranspose", 11, [r(1, 2, 3, 3), r(2, 2, 3, 3), r(2)], **attributes)
case("ConvTranspose", 11, [r(1, 4, 3, 2), r(4, 1, 2, 2)], group=2)
case("ConvTranspose", 11, [r(2, 2, 4), r(2, 3, 3), r(3)], strides=[2])
case("ConvTranspose", 11, [r(1, 1, 2, 2, 3), r(1, 2, 2, 1, 2)])
for mode in ["nearest", "linear", "cubic"]:
    case("Resize", 19, [r(1, 1, 3, 4), None, None, i64(1, 1, 5, 7)], mode=mode)
    case("Resize", 19, [r(1, 1, 4, 6), None, f32(1, 1, 0.6, 0.5)], mode=mode,
         coordinate_transformation_mode="asymmetric")
case("Resize", 19, [r(1, 1, 4, 4), None, None, i64(1, 1, 7, 3)], mode="linear",
     coordinate_transformation_mode="align_corners")
case("Resize", 19, [r(1, 1, 6, 6), None, f32(1, 1, 0.6, 0.6)], mode="linear", antialias=1)
case("Resize", 10, [r(1, 1, 2, 3), f32(1, 1, 2, 1.5)], mode="nearest")
case("Erf", 9, [r(4, 5)])
case("Erf", 13, [f32(-INF, -6, -1e-30, -0.0, 1e-30, 0.5, 0.875, 4, 6, INF, NAN)])
case("Equal", 13, [f32(1, NAN, 0, INF), f32(1, NAN, -0.0, -INF)])
case("Equal", 13, [i64(1, 2, 3), i64(2)])
case("Equal", 13, [i64(1, 2).reshape(2, 1), i64(1, 2, 3)])
case("Equal", 13, [np.array([True, False]), np.array([True, True])])

# Volumes, and whole numbers where most are floats ------------------------------------------------
case("Conv", 11, [r(2, 2, 4, 5, 6), r(3, 2, 2, 3, 2), r(3)])
case("Conv", 11, [r(1, 2, 5, 4, 6), r(4, 1, 3, 2, 3), r(4)], group=2, pads=[1, 0, 2, 2, 1, 0],
     strides=[2, 1, 2], dilations=[1, 2, 1])
case("Conv", 11, [r(1, 1, 6, 5, 4), r(2, 1, 2, 1, 3)], dilations=[3, 1, 1], pads=[2, 0, 1, 3, 0, 1],
     kernel_shape=[2, 1, 3])
for pad in ["SAME_UPPER", "SAME_LOWER", "VALID"]:
    case("Conv", 11, [r(1, 2, 5, 4, 3), r(2, 2, 2, 3, 2)], auto_pad=pad, strides=[2, 3, 1])
case("Conv", 11, [r(1, 3, 3, 3, 3), r(3, 1, 3, 3, 3)], group=3, pads=[1] * 6)
case("Conv", 11, [r(0, 1, 3, 3, 3), r(2, 1, 2, 2, 2), r(2)])
for order in [0, 1]:
    case("MaxPool", 12, [r(2, 2, 4, 5, 6)], outputs=2, kernel_shape=[2, 3, 2], strides=[2, 1, 2],
         pads=[1, 0, 1, 0, 2, 1], storage_order=order)
case("MaxPool", 12, [np.ones((1, 2, 3, 3, 3), np.float32)], outputs=2, kernel_shape=[2, 2, 2])
for kind in [np.int8, np.uint8]:
    low, high = np.iinfo(kind).min, np.iinfo(kind).max
    x = rng.integers(low, high, (1, 2, 5, 4), endpoint=True).astype(kind)
    case("MaxPool", 12, [x], kernel_shape=[2, 3], strides=[2, 1], pads=[1, 1, 0, 1])
    case("MaxPool", 12, [np.full((1, 1, 3, 3), low, kind)], kernel_shape=[2, 2])
    x = rng.integers(low, high, (1, 1, 3, 4, 3), endpoint=True).astype(kind)
    case("MaxPool", 12, [x], outputs=2, kernel_shape=[2, 2, 2])
for mode in ["constant", "reflect", "edge"]:
    case("Pad", 13, [rng.integers(-9, 9, (3, 4)), i64(1, 2, 2, 1)], mode=mode)
case("Pad", 13, [rng.integers(-9, 9, (2, 3)).astype(np.int32), i64(0, -1, 2, 1),
                 np.array(-7, dtype=np.int32)])
case("Pad", 13, [rng.integers(0, 255, (4,)).astype(np.uint8), i64(1, 2), np.array(200, dtype=np.uint8)])
case("Pad", 13, [np.array([[True, False], [False, True]]), i64(1, 0, 0, 1), np.array(True)])
case("Pad", 13, [np.array([True, False]), i64(1, 1)])
for kind in [np.int8, np.int32, np.int64]:
    ends = np.iinfo(kind)
    case("Relu", 14, [np.array([ends.min, -1, 0, 1, ends.max], dtype=kind)])

write()
