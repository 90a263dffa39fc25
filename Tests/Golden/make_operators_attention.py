"""Golden values of contractions, attention, normalisations, losses and draws (see operator_cases.py).

Run by hand: pip install onnx==1.22.0 onnxruntime numpy && python make_operators_attention.py
"""

from statistics import NormalDist

import numpy as np

from operator_cases import case, f32, i64, r, rng, shaped, write
from streams import uniforms


def s(*shape):
    return r(*shape, scale=0.5)


for equation, shapes in [
        ("ij,jk->ik", [(2, 3), (3, 4)]), ("ij->ji", [(2, 3)]), ("ij->", [(2, 3)]),
        ("ij->i", [(2, 3)]), ("ii->i", [(3, 3)]), ("ii", [(3, 3)]), ("bij,bjk->bik", [(2, 3, 4), (2, 4, 2)]),
        ("...ij,...jk->...ik", [(2, 3, 4), (2, 4, 2)]), ("bhqd,bhkd->bhqk", [(2, 2, 3, 4), (2, 2, 5, 4)]),
        ("i,j->ij", [(3,), (4,)]), ("ij,jk,kl->il", [(2, 3), (3, 4), (4, 2)]), ("ba,ca", [(2, 3), (4, 3)]),
        ("ij,ij->ij", [(2, 3), (2, 3)]), ("ij , jk -> k i", [(2, 3), (3, 4)]), ("iij,j->i", [(2, 2, 3), (3,)])]:
    arrays = [r(*shape) for shape in shapes]
    case("Einsum", 12, arrays, equation=equation,
         check=np.einsum(equation.replace(" ", ""), *arrays))

# Normalisations --------------------------------------------------------------------------------
for opset, count in [(18, 2), (21, 4)]:
    for shape in [(2, 4, 3), (1, 4, 2, 3)]:
        x, scale, bias = r(*shape), r(count), r(count)
        rows = x.reshape(shape[0], 2, -1).astype(np.float64)
        y = (rows - rows.mean(-1, keepdims=True)) / np.sqrt(rows.var(-1, keepdims=True) + 1e-5)
        each = (1, 4) + (1,) * (len(shape) - 2)
        wide = [np.repeat(p, 4 // count).reshape(each) for p in (scale, bias)]
        y = (y.reshape(shape) * wide[0] + wide[1]).astype(np.float32)
        case("GroupNormalization", opset, [x, scale, bias], expect=[y], num_groups=2)
for attributes, shape, scale in [({}, (2, 3, 4), (4,)), ({"axis": 1}, (2, 3, 4), (3, 4)),
                                 ({"epsilon": 0.125}, (2, 3), (3,)), ({"axis": -2}, (2, 3, 4), (4,))]:
    case("RMSNormalization", 23, [r(*shape), r(*scale)], **attributes)
for p in [1, 2]:
    case("LpNormalization", 1, [r(2, 3, 4)], p=p)
    case("LpNormalization", 22, [r(2, 3, 4)], p=p, axis=1)
    case("LpNormalization", 22, [f32(0, 0, 3, 4).reshape(2, 2)], p=p, expect=[
        f32(0, 0, 3 / 7, 4 / 7).reshape(2, 2) if p == 1 else f32(0, 0, 0.6, 0.8).reshape(2, 2)])
case("MeanVarianceNormalization", 9, [r(2, 3, 2, 4)])
case("MeanVarianceNormalization", 13, [r(2, 3, 4)], axes=[1])
case("MeanVarianceNormalization", 13, [r(2, 3, 4)], axes=[0, 2])
for opset, axis in [(1, 1), (11, 0), (13, -1), (13, 0)]:
    case("Hardmax", opset, [r(2, 3, 4)], axis=axis)
case("Hardmax", 13, [f32(1, 3, 3, 2)])

# Attention -------------------------------------------------------------------------------------
Q, K, V = s(2, 2, 3, 4), s(2, 2, 5, 4), s(2, 2, 5, 3)
flat = [s(2, 3, 8), s(2, 5, 8), s(2, 5, 6)]
case("Attention", 23, [Q, K, V])
case("Attention", 23, [Q, K, V], scale=0.25, softcap=1.5)
case("Attention", 23, [Q, K, V], is_causal=1)
case("Attention", 23, [Q, K, V, s(3, 5)])
case("Attention", 23, [Q, K, V, np.tile(np.arange(5) < 4, (2, 1, 3, 1))])
case("Attention", 23, flat, q_num_heads=2, kv_num_heads=2)
case("Attention", 23, [s(1, 4, 2, 4), s(1, 2, 3, 4), s(1, 2, 3, 2)])
for mode in range(4):
    case("Attention", 23, [Q, K, V, s(3, 7), s(2, 2, 2, 4), s(2, 2, 2, 3)], outputs=4,
         qk_matmul_output_mode=mode, softcap=2.0)
case("Attention", 24, [Q, K, V, None, None, None, i64(5, 2)])
for attributes, x, width in [({}, s(2, 2, 3, 4), 2), ({"interleaved": 1}, s(2, 2, 3, 4), 2),
                             ({"rotary_embedding_dim": 2}, s(2, 2, 3, 4), 1),
                             ({"num_heads": 2}, s(2, 3, 8), 2)]:
    case("RotaryEmbedding", 23, [x, s(5, width), s(5, width), shaped((2, 3), 0, 1, 4, 2, 3, 3)],
         **attributes)
case("RotaryEmbedding", 23, [s(2, 2, 3, 4), s(2, 3, 2), s(2, 3, 2)])

# Places of a grid ------------------------------------------------------------------------------
for mode in ["nearest", "linear", "cubic"]:
    for padding in ["zeros", "border", "reflection"]:
        for align in [0, 1]:
            case("GridSample", 20, [r(1, 2, 4, 3), r(1, 2, 3, 2, scale=0.7) + np.float32(0.01)],
                 mode=mode, padding_mode=padding, align_corners=align)
case("GridSample", 16, [r(1, 1, 3, 3), r(1, 2, 2, 2, scale=0.5)], mode="bilinear")
case("GridSample", 22, [r(1, 1, 2, 3, 2), r(1, 1, 2, 2, 3, scale=0.5)], mode="linear")

# Losses ----------------------------------------------------------------------------------------
labels = shaped((2, 3), 0, 2, 1, 3, 1, 0)
for op in ["NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"]:
    for reduction in ["none", "sum", "mean"]:
        case(op, 13, [r(3, 4), i64(1, 0, 1)], reduction=reduction)
        case(op, 13, [r(2, 4, 3), labels, np.abs(r(4)) + np.float32(0.5)], reduction=reduction,
             ignore_index=1)
    case(op, 12, [r(3, 4), i64(1, 0, 1)])
case("SoftmaxCrossEntropyLoss", 13, [r(3, 4), i64(1, -1, 1)], outputs=2, ignore_index=-1)

# Types -----------------------------------------------------------------------------------------
for like in [f32(0), i64(0), np.array([True]), np.array([0], dtype=np.int32)]:
    case("CastLike", 19, [f32(-1.5, 0, 2.75), like], expect=[f32(-1.5, 0, 2.75).astype(like.dtype)])
case("CastLike", 15, [i64(1, 0), f32(0)], expect=[f32(1, 0)])

# Draws, from the stream of seed 0 at site 0 ------------------------------------------------------
u = uniforms((2, 5), 0, 0)
case("RandomUniform", 1, [], shape=[2, 5], expect=[u])
case("RandomUniform", 22, [], shape=[2, 5], low=-1.0, high=3.0, dtype=1, expect=[4 * u - 1])
case("RandomUniformLike", 1, [r(2, 5)], high=2.0, expect=[2 * u])
case("RandomUniformLike", 22, [np.zeros((2, 5), dtype=np.int32)], dtype=1, expect=[u])
normal = NormalDist()
z = np.array([normal.inv_cdf(float(x) + 2**-25) for x in u.ravel()]).reshape(2, 5)
case("RandomNormal", 1, [], shape=[2, 5], expect=[z.astype(np.float32)])
case("RandomNormalLike", 22, [r(2, 5)], mean=1.0, scale=0.5,
     expect=[(1 + 0.5 * z).astype(np.float32)])
x = np.round(rng.uniform(0, 1, (2, 5)) * 8).astype(np.float32) / 8
case("Bernoulli", 15, [x], expect=[(u < x).astype(np.float32)])
case("Bernoulli", 22, [x], dtype=9, expect=[u < x])

write()
