"""Golden values of what is made of the numbers along axes (see operator_cases.py).

Run by hand: pip install onnx==1.22.0 onnxruntime numpy && python make_operators_reductions.py
"""

import numpy as np

from operator_cases import INF, case, f32, i64, r, rng, write

FUNCTIONS = {
    "ReduceL1": lambda x, a: np.sum(np.abs(x), axis=a),
    "ReduceL2": lambda x, a: np.sqrt(np.sum(np.square(x), axis=a)),
    "ReduceSumSquare": lambda x, a: np.sum(np.square(x), axis=a),
    "ReduceLogSum": lambda x, a: np.log(np.sum(x, axis=a)),
    "ReduceLogSumExp": lambda x, a: np.log(np.sum(np.exp(x.astype(np.float64)), axis=a)),
    "ReduceProd": lambda x, a: np.prod(x, axis=a)}
for op, function in FUNCTIONS.items():
    def numbers(*shape):
        x = np.asarray(r(*shape))
        return np.asarray(np.abs(x) + np.float32(0.125)) if op == "ReduceLogSum" else x
    x = numbers(2, 3, 4)
    case(op, 11, [x], axes=[1], keepdims=0, check=function(x, 1))
    case(op, 1, [numbers(2, 3, 4)], axes=[0, 2])
    case(op, 13, [numbers(3, 2)])
    case(op, 18, [numbers(2, 3, 4), i64(-1)], keepdims=0)
    case(op, 18, [numbers(2, 3, 4), i64(2, 0)])
    case(op, 18, [numbers(2, 3)])
    x = numbers(2, 3)
    case(op, 18, [x, np.zeros(0, dtype=np.int64)], noop_with_empty_axes=1,
         expect=[function(x.reshape(2, 3, 1), 2).astype(np.float32)])
    case(op, 13, [numbers()])
for op in ["ReduceL1", "ReduceSumSquare", "ReduceProd"]:
    x = rng.integers(-5, 5, (2, 3, 2)).astype(np.int32)
    case(op, 13, [x], axes=[1], expect=[FUNCTIONS[op](x, 1).astype(np.int32).reshape(2, 1, 2)])
case("ReduceL2", 13, [i64(3, 4)], expect=[i64(5)])
case("ReduceProd", 13, [f32(1, 0, 3, 2).reshape(2, 2)], axes=[1])
case("ReduceLogSumExp", 13, [f32(1000, 1001)])
case("ReduceLogSumExp", 13, [f32(-INF, -INF)], expect=[f32(-INF)])
case("ReduceLogSumExp", 13, [f32(-INF, 0)])
for op in ["ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceProd", "ReduceLogSum",
           "ReduceLogSumExp"]:
    nothing = {"ReduceProd": 1.0, "ReduceLogSum": -INF, "ReduceLogSumExp": -INF}.get(op, 0.0)
    case(op, 18, [r(2, 0), i64(1)], expect=[np.full((2, 1), nothing, dtype=np.float32)])

# Places ----------------------------------------------------------------------------------------
for op in ["ArgMax", "ArgMin"]:
    case(op, 11, [r(2, 3, 4)], axis=1)
    case(op, 1, [r(2, 3, 4)])
    case(op, 13, [r(2, 3, 4)], axis=-1, keepdims=0)
    x = f32(1, 3, 3, 1, 1, 2).reshape(2, 3)
    case(op, 13, [x], axis=1)
    case(op, 13, [x], axis=1, select_last_index=1)
    case(op, 13, [x], axis=0, select_last_index=1)
    case(op, 13, [r(0, 3)], axis=1)
    for kind in [np.int8, np.int32, np.uint8]:
        case(op, 13, [np.array([3, 1, 100, 100, 1], dtype=kind)])

# Sums up to each place -------------------------------------------------------------------------
for attributes in [{}, {"exclusive": 1}, {"reverse": 1}, {"exclusive": 1, "reverse": 1}]:
    case("CumSum", 11, [r(2, 3, 4), np.array(1)], **attributes)
    case("CumSum", 14, [r(2, 3), i64(-1)], **attributes)
    case("CumSum", 14, [np.array([100, 100, 27], dtype=np.int32), np.array(0)], **attributes)
case("CumSum", 14, [r(0, 3), np.array(0)])
case("CumSum", 14, [i64(1, 2, 3), np.array(0)])

# The largest -----------------------------------------------------------------------------------
case("TopK", 1, [r(2, 5)], outputs=2, k=3)
case("TopK", 10, [r(2, 5, 2), i64(3)], outputs=2, axis=1)
case("TopK", 11, [r(4, 3), i64(2)], outputs=2, axis=0, largest=0)
case("TopK", 11, [f32(1, 2, 2, 1, 3), i64(4)], outputs=2)
case("TopK", 11, [f32(1, 2, 2, 1, 3), i64(4)], outputs=2, largest=0)
case("TopK", 11, [i64(5, -3, 7, 7), i64(3)], outputs=2)
case("TopK", 24, [np.array([200, 7, 255], dtype=np.uint8), i64(2)], outputs=2)
case("TopK", 11, [r(2, 3), i64(0)], outputs=2)

write()
