"""Golden values of operators on single elements and pairs of them (see operator_cases.py).

Run by hand: pip install onnx==1.22.0 onnxruntime numpy && python make_operators_elementwise.py
"""

import numpy as np

from operator_cases import INF, NAN, case, f32, i64, r, rng, write

KINDS = [np.int8, np.int32, np.int64, np.uint8]

# Functions of one number -----------------------------------------------------------------------
EVERYWHERE = ["Sin", "Cos", "Tan", "Atan", "Sinh", "Cosh", "Asinh"]
SINCE = {"Sinh": 9, "Cosh": 9, "Asinh": 9, "Acosh": 9, "Atanh": 9, "Floor": 6, "Ceil": 6,
         "Round": 11, "Reciprocal": 6}
for op in EVERYWHERE + ["Floor", "Ceil", "Round", "Reciprocal"]:
    since = SINCE.get(op, 7)
    x = r(2, 3, 4) + np.float32(0.0625)
    case(op, since, [x])
    case(op, 22 if since in (7, 9, 11) else 13, [r(5) + np.float32(0.0625)])
    case(op, 13, [np.array(0.75, dtype=np.float32)])
    case(op, 13, [r(0, 3)])
    case(op, 13, [f32(INF, -INF, NAN, -0.5, 0.5)] if op not in ("Sin", "Cos", "Tan")
         else [f32(-0.5, 0.5)])
case("Round", 13, [f32(0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.499, 1e9)])
case("Reciprocal", 13, [f32(0, -0.0)], expect=[f32(INF, -INF)])
for op, low, high in [("Asin", -1, 1), ("Acos", -1, 1), ("Atanh", -0.9, 0.9), ("Acosh", 1, 4)]:
    since = SINCE.get(op, 7)
    for shape in [(2, 3, 4), (5,), (), (0, 2)]:
        x = np.round(rng.uniform(low, high, shape) * 64) / 64
        case(op, since, [np.asarray(x, dtype=np.float32)])
    case(op, 22, [f32(-3, NAN) if op != "Acosh" else f32(0.5, NAN)])

for op in ["Neg", "Abs", "Sign"]:
    for opset in {"Sign": [9, 13]}.get(op, [6, 13]):
        case(op, opset, [r(2, 3, 4)])
    case(op, 13, [f32(-0.0, INF, -INF)])
    for kind in KINDS:
        if op == "Neg" and kind is np.uint8:
            continue
        ends = np.iinfo(kind)
        x = np.array([ends.min, ends.min + 1, 0, 3, ends.max], dtype=kind)
        with np.errstate(over="ignore"):
            case(op, 13, [x], expect=[{"Neg": np.negative, "Abs": np.abs, "Sign": np.sign}[op](x)])

# Activations -----------------------------------------------------------------------------------
for shape in [(2, 3, 4), (), (0, 2)]:
    case("Mish", 18, [r(*shape)])
    case("Celu", 12, [r(*shape)], alpha=2.0)
    case("ThresholdedRelu", 10, [r(*shape)], alpha=0.5)
    case("Shrink", 9, [r(*shape)], bias=0.25, lambd=1.0)
for attributes in [{}, {"alpha": 0.5}]:
    x = r(2, 3)
    y = x / (1 + np.exp(-x.astype(np.float64) * attributes.get("alpha", 1.0)))
    case("Swish", 24, [x], expect=[y.astype(np.float32)], **attributes)
for a, b in [((2, 3), (2, 3)), ((2, 3, 4), (3, 1)), ((), (2,))]:
    case("Mean", 13, [np.asarray(r(*a)), r(*b), r(1)])
case("Mean", 1, [r(2, 2), r(2, 2)])
case("Mean", 8, [r(3)])
case("Mish", 18, [f32(-100, 100, 0)])
case("Celu", 12, [r(3)])
case("ThresholdedRelu", 22, [f32(1, 1.5, -3)])
case("Shrink", 9, [r(7)])
case("Shrink", 9, [i64(-4, -1, 0, 2, 9)], bias=1.0, lambd=1.5)
case("Shrink", 9, [np.array([-4, -1, 0, 2, 9], dtype=np.int32)], lambd=1.5)

# Comparisons -----------------------------------------------------------------------------------
SHAPES = [((2, 3, 4), (2, 3, 4)), ((2, 3, 4), ()), ((), (3,)), ((2, 3, 2, 2), (3, 1, 1)),
          ((3, 1), (1, 4)), ((0, 3), (1, 3))]
COMPARISONS = {"Less": np.less, "LessOrEqual": np.less_equal, "Greater": np.greater,
               "GreaterOrEqual": np.greater_equal}
for op, function in COMPARISONS.items():
    for a, b in SHAPES:
        case(op, 13, [r(*a), r(*b)])
    case(op, 16, [f32(NAN, 1, INF, -0.0), f32(NAN, 1, INF, 0)])
    for kind in KINDS:
        case(op, 16, [np.array([1, 2, 100], dtype=kind), np.array([2, 2, 3], dtype=kind)],
             expect=[function(np.array([1, 2, 100]), np.array([2, 2, 3]))])
    if "Equal" not in op:
        a, b = r(2, 3, 4), r(3)
        case(op, 6, [a, b], expect=[function(a, b.reshape(3, 1))], broadcast=1, axis=1)
        case(op, 1, [a, a], expect=[function(a, a)])

# Truths ----------------------------------------------------------------------------------------
TRUTHS = {"And": np.logical_and, "Or": np.logical_or, "Xor": np.logical_xor}
for op, function in TRUTHS.items():
    for a, b in SHAPES:
        case(op, 7, [rng.integers(0, 2, a) > 0, rng.integers(0, 2, b) > 0])
    a, b = rng.integers(0, 2, (2, 3, 4)) > 0, np.array([True, False, True])
    case(op, 1, [a, b], expect=[function(a, b.reshape(3, 1))], broadcast=1, axis=1)
case("Not", 1, [rng.integers(0, 2, (2, 3)) > 0])
case("Not", 1, [np.array(True)])
case("IsNaN", 9, [f32(NAN, 1, INF, -INF).reshape(2, 2)])
case("IsNaN", 13, [r(0, 2)])
x = f32(NAN, 1, INF, -INF)
case("IsInf", 10, [x])
case("IsInf", 10, [x], detect_positive=0)
case("IsInf", 20, [x.reshape(2, 2)], detect_negative=0)
case("IsInf", 20, [x], detect_positive=0, detect_negative=0)

# Bits ------------------------------------------------------------------------------------------
BITS = {"BitwiseAnd": np.bitwise_and, "BitwiseOr": np.bitwise_or, "BitwiseXor": np.bitwise_xor}
for op, function in BITS.items():
    for kind in KINDS:
        ends = np.iinfo(kind)
        a = rng.integers(ends.min, ends.max, (2, 3), dtype=kind)
        b = rng.integers(ends.min, ends.max, (3,), dtype=kind)
        case(op, 18, [a, b], expect=[function(a, b)])
for kind in KINDS:
    ends = np.iinfo(kind)
    x = rng.integers(ends.min, ends.max, (2, 3), dtype=kind)
    case("BitwiseNot", 18, [x], expect=[np.bitwise_not(x)])
for direction, function in [("LEFT", np.left_shift), ("RIGHT", np.right_shift)]:
    a, b = np.array([[1, 7, 255], [16, 128, 0]], dtype=np.uint8), np.array([1, 2, 7], dtype=np.uint8)
    case("BitShift", 11, [a, b], check=function(a, b), direction=direction)
    a = np.array([1, 3, 2**32 - 1], dtype=np.uint32)
    b = np.array([31, 32, 40], dtype=np.uint32)
    whole = a.astype(np.uint64)
    moved = whole << b if direction == "LEFT" else whole >> b
    case("BitShift", 11, [a, b], expect=[(moved & 0xFFFFFFFF).astype(np.uint32)],
         direction=direction)

# What is left of a division --------------------------------------------------------------------
for kind in [np.int8, np.int32, np.int64]:
    a, b = np.array([-7, 7, -7, 7, 6], dtype=kind), np.array([3, 3, -3, -3, 2], dtype=kind)
    case("Mod", 10, [a, b], check=np.mod(a, b))
    case("Mod", 13, [a, b], check=np.fmod(a, b), fmod=1)
case("Mod", 13, [np.array([200, 7], dtype=np.uint8), np.array([7], dtype=np.uint8)])
for a, b in SHAPES:
    right = r(*b)
    right = np.where(right == 0, np.float32(0.5), right).astype(np.float32)
    case("Mod", 13, [r(*a), right], fmod=1)

write()
