"""A model written in Python with onnxscript: two functions of its own, an If and a Loop."""
from onnxscript import FLOAT, opset18 as op, script, values

mine = values.Opset("mine", 1)


@script(mine, default_opset=op)
def swish(x, beta: float = 1.0):
    return x * op.Sigmoid(op.Mul(x, op.Constant(value_float=beta)))


@script(mine, default_opset=op)
def twice(x):
    return swish(swish(x, beta=0.5))


@script(default_opset=op)
def network(x: FLOAT["n", 4]) -> FLOAT["n", 4]:
    h = twice(x)
    if op.ReduceSum(h, keepdims=0) > 0.0:
        y = h * 2.0
    else:
        y = op.Neg(h)
    for i in range(3):
        y = y + h
    return y
