"""Random graphs of one operator or of a few, valid by construction, for differential.py.

`make(random, operator)` gives a `Case`: a node with its attributes, the arrays it reads and the
operator set it obeys. Every operator of dropscope's registry has one function here, named after it;
sizes of 0 and 1, broadcasting, negative axes, every attribute and several operator sets are drawn.
"""
import dataclasses

import ml_dtypes
import numpy as np

FLOATS = [np.float32, np.float16, np.float64, ml_dtypes.bfloat16]
INTEGERS = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64]
OPSETS = list(range(7, 25))


@dataclasses.dataclass
class Case:
    """A node. `inputs` are arrays, None for one left out; those in `constant` are initialisers."""
    operator: str
    opset: int
    inputs: list
    attributes: dict = dataclasses.field(default_factory=dict)
    outputs: int = 1
    constant: set = dataclasses.field(default_factory=set)
    # Whether results are sums, whose error grows with the terms and not with the result.
    sums: bool = False
    # The nodes of a graph of several, each (operator, names read, attributes, name made).
    nodes: list = None


class Draw:
    """Draws sizes, numbers and attributes."""

    def __init__(self, random):
        self.random = random

    def chance(self, p):
        return self.random.random() < p

    def one(self, values):
        return values[int(self.random.integers(len(values)))]

    def int(self, low, high):
        """From low to high, both included."""
        return int(self.random.integers(low, high + 1))

    def opset(self, since=7, before=99):
        return self.one([v for v in OPSETS if since <= v < before])

    def size(self, zero=0.04):
        if self.chance(zero):
            return 0
        return self.one([1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 9, 13])

    def shape(self, low=0, high=5, zero=0.04):
        shape = [self.size(zero) for _ in range(self.int(low, high))]
        while np.prod(shape, dtype=int) > 4000:
            shape[int(np.argmax(shape))] = 2
        return shape

    def type(self, floats=True, integers=False, other=0.3):
        """float32 most often; the other float types and whole numbers where they are asked for."""
        if not self.chance(other):
            return np.float32
        return self.one((FLOATS if floats else []) + (INTEGERS if integers else []) or [np.float32])

    def floats(self, shape, type=np.float32, special=0.06, scale=None):
        count = int(np.prod(shape, dtype=int))
        scale = scale or self.one([1, 1, 1, 3, 0.1, 100])
        values = self.random.normal(size=count) * scale
        if self.chance(0.3):
            values = np.round(values * 2) / 2
        if count and self.chance(special):
            places = self.random.integers(count, size=max(1, count // 6))
            extremes = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e30, -1e30, 1e-40, 3e38, 65504.0]
            values[places] = [self.one(extremes) for _ in places]
        with np.errstate(all="ignore"):
            # Numbers that a float32 holds, for that is what dropscope computes float64 in.
            return values.reshape(shape).astype(np.float32).astype(type)

    def integers(self, shape, type=np.int64, low=None, high=None):
        info = np.iinfo(type)
        if low is None:
            if self.chance(0.5):
                low, high = (max(info.min, -9), 9)
            else:
                low, high = info.min, info.max
        return self.random.integers(low, high, size=shape, dtype=type, endpoint=True)

    def array(self, shape, type=np.float32, **more):
        if type == np.bool_:
            return self.random.random(size=shape) < 0.5
        if type in INTEGERS:
            return self.integers(shape, type)
        return self.floats(shape, type, **more)

    def any_type(self):
        return self.one([np.float32, np.float32, np.bool_] + FLOATS + INTEGERS)

    def broadcast(self, count, high=4):
        """Shapes that broadcast together."""
        full = self.shape(0, high)
        shapes = []
        for _ in range(count):
            rank = self.int(0, len(full)) if self.chance(0.5) else len(full)
            own = full[len(full) - rank:]
            shapes.append([1 if self.chance(0.25) else n for n in own])
        shapes[self.int(0, count - 1)] = full
        return shapes

    def axis(self, rank):
        return self.int(-rank, rank - 1)

    def axes(self, rank, least=0):
        """Different axes in any order, some counted from the end."""
        chosen = self.random.permutation(rank)[:self.int(min(least, rank), rank)]
        return [int(a) - rank if self.chance(0.4) else int(a) for a in chosen]

    def maybe(self, attributes, name, make, p=0.6):
        if self.chance(p):
            attributes[name] = make()


def int64(values):
    return np.array(values, dtype=np.int64)


# Element by element

def unary(operator, since=7, **attributes):
    def make(d):
        drawn = {}
        for name, values in attributes.items():
            d.maybe(drawn, name, lambda v=values: d.one(v))
        return Case(operator, d.opset(since), [d.array(d.shape(), d.type())], drawn)
    return make


SLOPES = [0.0, 0.01, 0.5, 1.0, 2.0, -0.3]


def relu(d):
    type = d.type(integers=True)
    return Case("Relu", d.opset(14 if type in INTEGERS else 7), [d.array(d.shape(), type)])


def arithmetic(operator):
    def make(d):
        type = d.type(integers=True, other=0.6)
        a, b = d.broadcast(2)
        return Case(operator, d.opset(), [d.array(a, type), d.array(b, type)])
    return make


def div(d):
    case = arithmetic("Div")(d)
    b = case.inputs[1]
    if b.dtype.type in INTEGERS:
        b = np.where(b == 0, b.dtype.type(1), b)  # by 0 is open in ONNX
        # and so is the least number by −1, a trap in C
        least = np.iinfo(b.dtype).min
        if least < 0 and (case.inputs[0] == least).any():
            b = np.where(b == -1, b.dtype.type(1), b)
        case.inputs[1] = b
    return case


def pow_(d):
    a, b = d.broadcast(2)
    if d.chance(0.7):
        base = d.floats(a, d.type(other=0.2), scale=2)
        power = d.one([np.float32([2]), np.float32([0.5]), d.floats(b, scale=2)])
        return Case("Pow", d.opset(), [base, power.astype(base.dtype)])
    type = d.one([np.int32, np.int64, np.float32])
    base = d.array(a, np.float32, scale=2) if type == np.float32 else d.integers(a, type, -5, 5)
    return Case("Pow", d.opset(12), [base, d.integers(b, d.one([np.int32, np.int64]), 0, 4)])


def variadic(operator):
    def make(d):
        type = d.type(integers=operator != "Sum", other=0.4)
        opset = d.opset(12 if type in INTEGERS else 7)
        shapes = d.broadcast(d.int(1, 4))
        if opset < 8:
            shapes = [shapes[0]] * len(shapes)
        return Case(operator, opset, [d.array(s, type) for s in shapes], sums=operator == "Sum")
    return make


def clip(d):
    type = d.type(integers=True, other=0.5)
    opset = d.opset(12 if type in INTEGERS else 6)
    x = d.array(d.shape(), type)
    bounds = sorted(d.array([2], type).tolist())
    if any(b != b for b in bounds):
        bounds = [-1.0, 1.0]
    if opset < 11:
        attributes = {}
        d.maybe(attributes, "min", lambda: float(bounds[0]))
        d.maybe(attributes, "max", lambda: float(bounds[1]))
        return Case("Clip", opset, [x], attributes)
    low, high = (np.array(b).astype(type) if d.chance(0.7) else None for b in bounds)
    return Case("Clip", opset, [x, low, high])


def prelu(d):
    x = d.shape(0, 4)
    slope = [1 if d.chance(0.3) else n for n in x[d.int(0, len(x)):]]
    type = d.type()
    return Case("PRelu", d.opset(), [d.array(x, type), d.array(slope, type)])


def where(d):
    type = d.any_type()
    c, a, b = d.broadcast(3)
    return Case("Where", d.opset(9), [d.array(c, np.bool_), d.array(a, type), d.array(b, type)])


def cast(d):
    names = {np.float32: 1, np.uint8: 2, np.int8: 3, np.uint16: 4, np.int16: 5, np.int32: 6,
             np.int64: 7, np.bool_: 9, np.float16: 10, np.float64: 11, np.uint32: 12,
             np.uint64: 13, ml_dtypes.bfloat16: 16}
    source, target = d.one(list(names)), d.one(list(names))
    x = d.array(d.shape(), source)
    if target in INTEGERS and (source in FLOATS):
        # What no whole number of the type is near to is open in ONNX.
        info = np.iinfo(target)
        x = d.floats(x.shape, np.float32, special=0, scale=20)
        x = np.clip(x, max(info.min, -1000), min(info.max, 1000)).astype(source)
    return Case("Cast", d.opset(13), [x], {"to": names[target]})


# Along axes

def reduce(operator, axes_input):
    def make(d):
        opset = d.opset()
        x = d.array(d.shape(), d.type(other=0.2))
        attributes, inputs = {}, [x]
        d.maybe(attributes, "keepdims", lambda: d.int(0, 1))
        if d.chance(0.75):
            axes = d.axes(x.ndim)
            if opset < axes_input:
                if axes:
                    attributes["axes"] = axes
            else:
                inputs.append(int64(axes))
        if opset >= axes_input:
            d.maybe(attributes, "noop_with_empty_axes", lambda: d.int(0, 1), 0.3)
        return Case(operator, opset, inputs, attributes, constant={1},
                    sums=operator in ("ReduceSum", "ReduceMean"))
    return make


def softmax(operator):
    def make(d):
        type = d.type()
        # With an infinity onnxruntime's float64 and float32 differ themselves.
        more = {"special": 0} if type == np.float64 else {}
        x = d.floats(d.shape(1), type, **more)
        attributes = {}
        d.maybe(attributes, "axis", lambda: d.axis(x.ndim), 0.7)
        opset = d.opset()
        if opset < 11 and attributes.get("axis", 1) < 0:
            attributes["axis"] += x.ndim
        if opset < 13 and "axis" not in attributes and x.ndim < 2:
            attributes["axis"] = 0
        return Case(operator, opset, [x], attributes)
    return make


def lrn(d):
    # onnxruntime slides its sums along, so that one infinite square spoils all after it.
    x = d.floats(d.shape(4, 4), scale=1, special=0)
    attributes = {"size": d.one([1, 3, 5, 7])}
    d.maybe(attributes, "alpha", lambda: d.one([1e-4, 0.5, 1.0]))
    d.maybe(attributes, "beta", lambda: d.one([0.75, 0.5, 1.0]))
    d.maybe(attributes, "bias", lambda: d.one([1.0, 2.0]))
    return Case("LRN", d.opset(), [x], attributes)


def positive(d, shape):
    return np.abs(d.floats(shape, special=0)) + np.float32(0.01)


def batch_normalization(d):
    opset = d.opset()
    x = d.floats(d.shape(2), scale=2)
    c = x.shape[1]
    attributes = {}
    d.maybe(attributes, "epsilon", lambda: d.one([1e-5, 1e-3, 0.1]))
    d.maybe(attributes, "momentum", lambda: d.one([0.9, 0.5]))
    outputs = 1
    inputs = [x] + [d.floats([c], special=0) for _ in range(3)] + [positive(d, [c])]
    if opset >= 14 and d.chance(0.25) and x.size:
        attributes["training_mode"] = 1
        outputs = 3
    return Case("BatchNormalization", opset, inputs, attributes, outputs)


def instance_normalization(d):
    x = d.floats(d.shape(3), scale=2, special=0.02)
    attributes = {}
    d.maybe(attributes, "epsilon", lambda: d.one([1e-5, 1e-3, 0.1]))
    return Case("InstanceNormalization", d.opset(), [x, d.floats([x.shape[1]]),
                d.floats([x.shape[1]])], attributes)


def layer_normalization(d):
    x = d.floats(d.shape(1), scale=2, special=0.02)
    attributes = {}
    d.maybe(attributes, "axis", lambda: d.axis(x.ndim))
    d.maybe(attributes, "epsilon", lambda: d.one([1e-5, 1e-3, 0.1]))
    shape = x.shape[attributes.get("axis", -1):]
    bias = d.floats(shape) if d.chance(0.6) else None
    return Case("LayerNormalization", d.opset(17), [x, d.floats(shape), bias], attributes,
                d.one([1, 1, 3]))


# Windows

def window(d, spatial, kernel, attributes, dilates=True, padding=True):
    """Strides, dilations and pads of windows that fit, or auto_pad."""
    rank = len(spatial)
    strides = [d.int(1, 3) for _ in spatial]
    dilations = [d.one([1, 1, 2, 3]) if dilates else 1 for _ in spatial]
    if d.chance(0.5):
        attributes["strides"] = strides
    if dilates and d.chance(0.4):
        attributes["dilations"] = dilations
    else:
        dilations = [1] * rank
    way = d.one(["pads", "pads", "none", "SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"])
    reach = [(k - 1) * s + 1 for k, s in zip(kernel, dilations)]
    short = [max(0, r - n) for r, n in zip(reach, spatial)]
    if way.startswith("SAME") and padding:
        attributes["auto_pad"] = way
        return
    if way == "NOTSET":
        attributes["auto_pad"] = way
    if way == "pads" or way == "NOTSET" or any(short):
        before = [d.int(0, k - 1) for k in kernel]
        after = [max(d.int(0, k - 1), s - b) for k, s, b in zip(kernel, short, before)]
        if all(a < k for a, k in zip(after, kernel)):
            attributes["pads"] = before + after
    elif way == "VALID":
        attributes["auto_pad"] = way


def maps(d, high=3, zero=0.02):
    rank = d.int(1, high)
    sizes = [d.size(zero)] + [d.size(zero)] + [d.one([1, 3, 5, 6, 7, 8, 11]) for _ in range(rank)]
    while np.prod(sizes, dtype=int) > 4000:
        sizes[int(np.argmax(sizes))] = 3
    return sizes


def pool(operator):
    def make(d):
        shape = maps(d)
        opset = d.opset()
        kernel = [d.int(1, min(4, max(1, n))) for n in shape[2:]]
        attributes = {"kernel_shape": kernel}
        since = {"MaxPool": 10, "AveragePool": 19, "LpPool": 18}[operator]
        window(d, shape[2:], kernel, attributes, dilates=opset >= since)
        ceil = {"MaxPool": 10, "AveragePool": 10, "LpPool": 18}[operator]
        if opset >= ceil:
            d.maybe(attributes, "ceil_mode", lambda: d.int(0, 1), 0.5)
        outputs = 1
        if operator == "AveragePool":
            d.maybe(attributes, "count_include_pad", lambda: d.int(0, 1), 0.5)
        if operator == "LpPool":
            d.maybe(attributes, "p", lambda: d.int(1, 4))
        x = d.floats(shape, special=0.03)
        if operator == "MaxPool":
            if opset >= 8 and d.chance(0.3):
                outputs = 2
                d.maybe(attributes, "storage_order", lambda: d.int(0, 1), 0.5)
            if opset >= 12 and d.chance(0.1):
                x = d.integers(shape, d.one([np.int8, np.uint8]))
        return Case(operator, opset, [x], attributes, outputs, sums=operator != "MaxPool")
    return make


def global_pool(operator):
    def make(d):
        return Case(operator, d.opset(), [d.floats(maps(d))], sums=operator != "GlobalMaxPool")
    return make


def conv(d):
    shape = maps(d)
    group = d.one([1, 1, 2, 3])
    shape[1] = group * d.int(1, 3)
    kernel = [d.int(1, min(4, max(1, n))) for n in shape[2:]]
    if d.chance(0.25):
        kernel = [3] * len(kernel)
    outputs = group * d.int(1, 3)
    weights = [outputs, shape[1] // group] + kernel
    attributes = {}
    d.maybe(attributes, "kernel_shape", lambda: kernel, 0.7)
    if group > 1 or d.chance(0.2):
        attributes["group"] = group
    window(d, shape[2:], kernel, attributes)
    bias = d.floats([outputs], special=0) if d.chance(0.6) else None
    case = Case("Conv", d.opset(), [d.floats(shape, special=0.02), d.floats(weights, special=0),
                bias], attributes, sums=True)
    if d.chance(0.6):
        case.constant = {1, 2}
    return case


def conv_transpose(d):
    shape = maps(d)
    group = d.one([1, 1, 2, 3])
    shape[1] = group * d.int(1, 3)
    kernel = [d.int(1, 4) for _ in shape[2:]]
    weights = [shape[1], d.int(1, 3)] + kernel
    attributes = {}
    d.maybe(attributes, "kernel_shape", lambda: kernel, 0.7)
    if group > 1:
        attributes["group"] = group
    strides = [d.int(1, 3) for _ in kernel]
    dilations = [d.one([1, 1, 2]) for _ in kernel]
    attributes["strides"] = strides
    attributes["dilations"] = dilations
    way = d.one(["pads", "none", "output_padding", "SAME_UPPER", "SAME_LOWER", "output_shape"])
    if any((k - 1) * dl + 1 < s for k, s, dl in zip(kernel, strides, dilations)):
        # Such a kernel leaves gaps, and onnxruntime makes fewer cells than ONNX's input × stride.
        way = way.replace("SAME_UPPER", "none").replace("SAME_LOWER", "none")
    full = [(n - 1) * s + (k - 1) * dl + 1
            for n, s, k, dl in zip(shape[2:], strides, kernel, dilations)]
    if way == "pads":
        before = [d.int(0, (f - 1) // 2) for f in full]
        after = [d.int(0, max(0, min(k, f - 1 - b))) for f, b, k in zip(full, before, kernel)]
        attributes["pads"] = before + after
    elif way == "output_padding":
        attributes["output_padding"] = [d.int(0, max(s, dl) - 1) for s, dl in zip(strides, dilations)]
    elif way.startswith("SAME"):
        attributes["auto_pad"] = way
    elif way == "output_shape":
        attributes["output_shape"] = [max(1, f - d.int(0, min(2, f - 1))) for f in full]
    bias = d.floats([weights[1] * group], special=0) if d.chance(0.6) else None
    case = Case("ConvTranspose", d.opset(), [d.floats(shape, special=0.02),
                d.floats(weights, special=0), bias], attributes, sums=True)
    if d.chance(0.6):
        case.constant = {1, 2}
    return case


def resize(d):
    opset = d.opset(10)
    rank = d.int(1, 4)
    shape = [d.one([1, 2, 3, 4, 5, 7]) for _ in range(rank)]
    attributes = {}
    mode = d.one(["nearest", "linear", "cubic"]) if rank in (2, 4) else d.one(["nearest", "linear"])
    if opset == 10 and mode == "cubic":
        mode = "linear"
    attributes["mode"] = mode
    roi = None
    inner = [1] * (rank - 2) if mode != "nearest" and rank > 2 else []
    along = rank - len(inner)
    scales = inner + [d.one([0.5, 0.6, 1, 1.5, 2, 2.5, 3]) for _ in range(along)]
    sizes = [max(1, int(n * s)) for n, s in zip(shape, scales)]
    if opset >= 11:
        ways = ["half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"]
        if opset >= 19 and mode != "nearest":
            # Its places lie on ties, where the last bit decides.
            ways.append("half_pixel_symmetric")
        d.maybe(attributes, "coordinate_transformation_mode", lambda: d.one(ways), 0.8)
        if mode == "nearest":
            d.maybe(attributes, "nearest_mode", lambda: d.one(
                ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]), 0.8)
        if mode == "cubic":
            d.maybe(attributes, "cubic_coeff_a", lambda: d.one([-0.5, -0.75]), 0.5)
            d.maybe(attributes, "exclude_outside", lambda: d.int(0, 1), 0.4)
    if opset >= 18 and mode != "nearest":
        d.maybe(attributes, "antialias", lambda: 1, 0.25)
    x = d.floats(shape, special=0, scale=1)
    scale = np.array(scales, dtype=np.float32)
    if opset == 10:
        inputs = [x, scale]
    elif d.chance(0.5):
        inputs = [x, roi, scale]
    else:
        inputs = [x, roi, None, int64(sizes)]
    return Case("Resize", opset, inputs, attributes, constant={1, 2, 3}, sums=True)


# Products

def matmul(d):
    m, k, n = d.size(), d.size(), d.size()
    stack_a, stack_b = d.broadcast(2, 2)
    a, b = stack_a + [m, k], stack_b + [k, n]
    if d.chance(0.15):
        a = [k]
    if d.chance(0.15):
        b = [k]
    type = d.type(other=0.2)
    return Case("MatMul", d.opset(), [d.array(a, type, special=0.02), d.array(b, type, special=0.02)],
                sums=True)


def gemm(d):
    m, k, n = d.size(), d.size(), d.size()
    attributes = {}
    d.maybe(attributes, "transA", lambda: d.int(0, 1))
    d.maybe(attributes, "transB", lambda: d.int(0, 1))
    d.maybe(attributes, "alpha", lambda: d.one([0.0, 0.5, 1.0, 2.0, -1.0]))
    d.maybe(attributes, "beta", lambda: d.one([0.0, 0.5, 1.0, 2.0]))
    a = [k, m] if attributes.get("transA") else [m, k]
    b = [n, k] if attributes.get("transB") else [k, n]
    opset = d.opset()
    c = d.one([[m, n], [1, n], [m, 1], [n], [1], []])
    inputs = [d.floats(a, special=0.02), d.floats(b, special=0.02), d.floats(c, special=0.02)]
    if opset >= 11 and d.chance(0.25):
        inputs = inputs[:2]
    return Case("Gemm", opset, inputs, attributes, sums=True)


# Shapes

def reshape(d):
    type = d.any_type()
    shape = d.shape()
    x = d.array(shape, type)
    opset = d.opset()
    attributes = {}
    if 0 in shape:
        target = list(d.random.permutation(shape))
        if opset >= 14:
            attributes["allowzero"] = 1
        else:
            target = [0] * len(shape)
    else:
        count, target = x.size, []
        for _ in range(d.int(0, 4)):
            divisors = [n for n in range(1, count + 1) if count % n == 0]
            target.append(d.one(divisors))
            count //= target[-1]
        target.append(count)
        if d.chance(0.4):
            target[d.int(0, len(target) - 1)] = -1
        elif d.chance(0.3):
            for i in range(min(len(target), len(shape))):
                if target[i] == shape[i]:
                    target[i] = 0
    return Case("Reshape", opset, [x, int64(target)], attributes, constant={1})


def flatten(d):
    x = d.array(d.shape(0), d.any_type())
    attributes = {}
    opset = d.opset(9)
    low = -x.ndim if opset >= 11 else 0
    if x.ndim:
        d.maybe(attributes, "axis", lambda: d.int(low, x.ndim))
    else:
        attributes["axis"] = 0
    return Case("Flatten", opset, [x], attributes)


def squeeze(d):
    shape = d.shape()
    for i in range(len(shape)):
        if d.chance(0.4):
            shape[i] = 1
    x = d.array(shape, d.any_type())
    opset = d.opset()
    ones = [i for i, n in enumerate(shape) if n == 1]
    way = d.one(["all", "some", "some", "empty"])
    axes = [i - (len(shape) if opset >= 11 and d.chance(0.4) else 0) for i in ones if d.chance(0.6)]
    if way == "empty":
        axes = []
    if way == "all" or (opset < 13 and not axes):
        return Case("Squeeze", opset, [x])
    if opset < 13:
        return Case("Squeeze", opset, [x], {"axes": axes})
    return Case("Squeeze", opset, [x, int64(axes)], constant={1})


def unsqueeze(d):
    x = d.array(d.shape(0, 3), d.any_type())
    opset = d.opset()
    more = d.int(1, 3)
    rank = x.ndim + more
    axes = [int(a) for a in d.random.permutation(rank)[:more]]
    if opset >= 11:
        axes = [a - rank if d.chance(0.4) else a for a in axes]
    if opset < 13:
        return Case("Unsqueeze", opset, [x], {"axes": axes})
    return Case("Unsqueeze", opset, [x, int64(axes)], constant={1})


def expand(d):
    a, b = d.broadcast(2)
    return Case("Expand", d.opset(8), [d.array(a, d.any_type()), int64(b)], constant={1})


def transpose(d):
    x = d.array(d.shape(), d.any_type())
    attributes = {}
    d.maybe(attributes, "perm", lambda: [int(a) for a in d.random.permutation(x.ndim)], 0.8)
    if not attributes.get("perm", True):
        attributes = {}
    return Case("Transpose", d.opset(), [x], attributes)


def concat(d):
    shape = d.shape(1)
    axis = d.axis(len(shape))
    opset = d.opset(11 if axis < 0 else 7)
    type = d.any_type()
    inputs = []
    for _ in range(d.int(1, 4)):
        own = list(shape)
        own[axis] = d.size()
        inputs.append(d.array(own, type))
    return Case("Concat", opset, inputs, {"axis": axis})


def split(d):
    x = d.array(d.shape(1), d.any_type())
    opset = d.opset()
    attributes = {}
    d.maybe(attributes, "axis", lambda: d.axis(x.ndim) if opset >= 11 else d.int(0, x.ndim - 1))
    size = x.shape[attributes.get("axis", 0)]
    parts = d.int(1, 4)
    inputs = [x]
    cuts = sorted(d.int(0, size) for _ in range(parts - 1))
    sizes = [b - a for a, b in zip([0] + cuts, cuts + [size])]
    even = [n for n in range(1, 5) if size and size % n == 0]
    if opset >= 18 and d.chance(0.4) and size:
        parts = d.int(1, min(4, size))
        # The last part may be smaller, not missing.
        while -(-size // parts) * (parts - 1) >= size and parts > 1:
            parts -= 1
        attributes["num_outputs"] = parts
    elif even and opset < 18 and d.chance(0.4):
        parts = d.one(even)
    elif opset < 13:
        attributes["split"] = sizes
    else:
        inputs.append(int64(sizes))
    return Case("Split", opset, inputs, attributes, parts, constant={1})


def slice_(d):
    x = d.array(d.shape(1), d.any_type())
    opset = d.opset()
    axes = d.axes(x.ndim, 1)
    if opset < 10:
        axes = [a % x.ndim for a in axes]
    far = [2**31 - 1, -2**31, 2**63 - 1, -2**63]

    def index(n):
        return d.one(far) if opset >= 10 and d.chance(0.15) else d.int(-n - 2, n + 2)
    starts = [index(x.shape[a]) for a in axes]
    ends = [index(x.shape[a]) for a in axes]
    if opset < 10:
        attributes = {"starts": starts, "ends": ends, "axes": axes}
        if axes == list(range(len(axes))) and d.chance(0.5):
            del attributes["axes"]
        return Case("Slice", opset, [x], attributes)
    type = d.one([np.int64, np.int64, np.int32])
    if type == np.int32:
        starts, ends = ([max(-2**31, min(2**31 - 1, v)) for v in part] for part in (starts, ends))
    inputs = [x, np.array(starts, type), np.array(ends, type)]
    in_order = axes == list(range(len(axes)))
    if not in_order or d.chance(0.5):
        inputs.append(np.array(axes, type))
    if d.chance(0.6):
        while len(inputs) < 4:
            inputs.append(None)
        inputs.append(np.array([d.one([1, 2, 3, -1, -2, 50, -50]) for _ in axes], type))
    return Case("Slice", opset, inputs, constant={1, 2, 3, 4})


def gather(d):
    x = d.array(d.shape(1), d.any_type())
    opset = d.opset()
    axis = d.axis(x.ndim)
    size = x.shape[axis]
    shape = d.shape(0, 2) if size else [0]
    type = d.one([np.int64, np.int32])
    low = -size if opset >= 11 else 0
    indices = d.integers(shape, type, low, max(size - 1, low))
    return Case("Gather", opset, [x, indices], {"axis": axis} if axis or d.chance(0.5) else {},
                constant={1} if d.chance(0.5) else set())


def pad(d):
    opset = d.opset()
    mode = d.one(["constant", "constant", "reflect", "edge"] + (["wrap"] if opset >= 19 else []))
    shape = d.shape(1, 4, zero=0.03 if mode == "constant" else 0)
    type = d.type(integers=True, other=0.4) if opset >= 13 else np.float32
    x = d.array(shape, type)
    axes = list(range(len(shape)))
    attributes = {}
    d.maybe(attributes, "mode", lambda: mode, 1 if mode != "constant" else 0.5)
    inputs = [x]
    if opset >= 18 and d.chance(0.4):
        axes = d.axes(len(shape), 1)

    def amount(n):
        most = n - 1 if mode == "reflect" else n if mode == "wrap" else 4
        least = -min(1, max(0, n - 1)) if mode == "constant" and d.chance(0.2) else 0
        return d.int(least, max(0, min(4, most)))
    pads = [amount(shape[a]) for a in axes] + [max(0, amount(shape[a])) for a in axes]
    if opset < 11:
        attributes["pads"] = pads
        d.maybe(attributes, "value", lambda: d.one([0.0, 1.5, -2.0]))
        return Case("Pad", opset, [x], attributes)
    inputs.append(int64(pads))
    if mode == "constant" and d.chance(0.6):
        inputs.append(d.array([], type))
    if axes != list(range(len(shape))):
        while len(inputs) < 3:
            inputs.append(None)
        inputs.append(int64(axes))
    return Case("Pad", opset, inputs, attributes, constant={1, 2, 3})


def shape_(d):
    x = d.array(d.shape(), d.any_type())
    opset = d.opset()
    attributes = {}
    if opset >= 15:
        d.maybe(attributes, "start", lambda: d.int(-x.ndim - 1, x.ndim + 1))
        d.maybe(attributes, "end", lambda: d.int(-x.ndim - 1, x.ndim + 1))
    return Case("Shape", opset, [x], attributes)


def constant(d):
    import onnx
    opset = d.opset(12)
    way = d.one(["value", "value_float", "value_int", "value_floats", "value_ints"])
    value = {
        "value": lambda: onnx.numpy_helper.from_array(d.array(d.shape(), d.any_type())),
        "value_float": lambda: float(d.floats([])), "value_int": lambda: int(d.integers([])),
        "value_floats": lambda: d.floats([d.int(1, 4)]).tolist(),
        "value_ints": lambda: d.integers([d.int(1, 4)]).tolist(),
    }[way]()
    return Case("Constant", opset, [], {way: value})


def constant_of_shape(d):
    import onnx
    attributes = {}
    d.maybe(attributes, "value",
            lambda: onnx.numpy_helper.from_array(d.array([1], d.one([np.float32, np.int64, np.bool_,
                    np.int32, np.float64, np.uint8]))))
    return Case("ConstantOfShape", d.opset(9), [int64(d.shape(0, 4))], attributes,
                constant={0} if d.chance(0.8) else set())


def identity(d):
    return Case("Identity", d.opset(), [d.array(d.shape(), d.any_type())])


def dropout(d):
    opset = d.opset()
    x = d.array(d.shape(), d.type(other=0.2))
    attributes, inputs = {}, [x]
    if opset < 12:
        d.maybe(attributes, "ratio", lambda: d.one([0.0, 0.3, 0.5]))
    else:
        d.maybe(attributes, "seed", lambda: d.int(0, 9), 0.3)
        if d.chance(0.6):
            inputs.append(np.float32(d.one([0.0, 0.3, 0.9])))
            if d.chance(0.4):
                inputs.append(np.bool_(False))
    return Case("Dropout", opset, inputs, attributes, d.one([1, 1, 2]), constant={1, 2})


def chain(d):
    """Two to seven nodes, each of which reads an earlier one: what a plan may fuse or share."""
    shape = [d.int(1, 3), d.int(1, 4), d.one([1, 4, 6, 7]), d.one([3, 5, 8])]
    arrays, nodes, values = [d.floats(shape, special=0, scale=1)], [], [("x0", shape)]
    opset = d.opset(13)

    def array(values):
        arrays.append(values)
        return f"x{len(arrays) - 1}"

    def weights(shape):
        return array(d.floats(shape, special=0, scale=0.5))

    def add(operator, reads, attributes, shape):
        nodes.append((operator, reads, attributes, f"t{len(nodes)}"))
        values.append((nodes[-1][3], shape))

    for _ in range(d.int(2, 7)):
        name, s = values[-1] if d.chance(0.75) else d.one(values)
        maps = len(s) == 4
        kind = d.one(["conv", "conv", "norm", "pool", "unary", "unary", "add", "add", "concat",
                      "transpose", "dense", "softmax", "flatten", "reduce", "dropout", "bias"])
        if kind == "conv" and maps:
            k = d.one([1, 3])
            made = d.int(1, 4)
            reads = [name, weights([made, s[1], k, k])]
            if d.chance(0.5):
                reads.append(weights([made]))
            add("Conv", reads, {"pads": [k // 2] * 4}, [s[0], made, s[2], s[3]])
            if d.chance(0.5):
                add("Relu", [values[-1][0]], {}, values[-1][1])
        elif kind == "norm" and maps:
            c = [s[1]]
            add("BatchNormalization", [name, weights(c), weights(c), weights(c),
                array(np.abs(d.floats(c, special=0, scale=1)) + np.float32(0.5))], {}, s)
        elif kind == "pool" and maps and min(s[2:]) >= 2:
            add(d.one(["MaxPool", "AveragePool"]), [name],
                {"kernel_shape": [2, 2], "strides": [2, 2]}, s[:2] + [n // 2 for n in s[2:]])
        elif kind == "unary":
            add(d.one(["Relu", "Sigmoid", "Tanh", "LeakyRelu", "Identity", "Softplus"]), [name], {}, s)
        elif kind == "add":
            same = [v for v, other in values if other == s]
            add(d.one(["Add", "Mul", "Sub", "Max"]), [name, d.one(same)], {}, s)
        elif kind == "bias":
            add(d.one(["Add", "Mul"]), [name, weights([s[1], 1, 1] if maps else s[-1:])], {}, s)
        elif kind == "concat":
            add("Concat", [name, name], {"axis": 1}, [s[0], 2 * s[1]] + s[2:])
        elif kind == "transpose":
            order = [int(a) for a in d.random.permutation(len(s))]
            add("Transpose", [name], {"perm": order}, [s[a] for a in order])
        elif kind == "dense":
            n = d.int(1, 5)
            add("MatMul", [name, weights([s[-1], n])], {}, s[:-1] + [n])
        elif kind == "softmax":
            add("Softmax", [name], {"axis": d.axis(len(s))}, s)
        elif kind == "flatten":
            add("Flatten", [name], {}, [s[0], int(np.prod(s[1:], dtype=int))])
        elif kind == "reduce":
            add("ReduceSum", [name, array(int64([-1]))], {"keepdims": 1}, s[:-1] + [1])
        elif kind == "dropout":
            add("Dropout", [name], {}, s)
    if not nodes:
        add("Relu", ["x0"], {}, shape)
    # The last value, and some of those on the way.
    outputs = [n[3] for n in nodes if n is nodes[-1] or d.chance(0.3)]
    case = Case("(chains)", opset, arrays, nodes=nodes, constant=set(range(1, len(arrays))))
    case.outputs = outputs
    return case


OPERATORS = {
    "(chains)": chain,
    "Add": arithmetic("Add"), "AveragePool": pool("AveragePool"),
    "BatchNormalization": batch_normalization, "Cast": cast, "Clip": clip, "Concat": concat,
    "Constant": constant, "ConstantOfShape": constant_of_shape, "Conv": conv,
    "ConvTranspose": conv_transpose, "Div": div, "Dropout": dropout,
    "Elu": unary("Elu", alpha=SLOPES), "Erf": unary("Erf", 9), "Exp": unary("Exp"), "Expand": expand, "Flatten": flatten,
    "Gather": gather, "Gelu": unary("Gelu", 20, approximate=["none", "tanh"]), "Gemm": gemm,
    "GlobalAveragePool": global_pool("GlobalAveragePool"),
    "GlobalMaxPool": global_pool("GlobalMaxPool"),
    "HardSigmoid": unary("HardSigmoid", alpha=SLOPES, beta=SLOPES),
    "HardSwish": unary("HardSwish", 14), "Identity": identity,
    "InstanceNormalization": instance_normalization, "LRN": lrn,
    "LayerNormalization": layer_normalization, "LeakyRelu": unary("LeakyRelu", alpha=SLOPES),
    "Log": unary("Log"), "LogSoftmax": softmax("LogSoftmax"), "LpPool": pool("LpPool"),
    "MatMul": matmul, "Max": variadic("Max"), "MaxPool": pool("MaxPool"), "Min": variadic("Min"),
    "Mul": arithmetic("Mul"), "PRelu": prelu, "Pad": pad, "Pow": pow_,
    "ReduceMax": reduce("ReduceMax", 18), "ReduceMean": reduce("ReduceMean", 18),
    "ReduceMin": reduce("ReduceMin", 18), "ReduceSum": reduce("ReduceSum", 13), "Relu": relu,
    "Reshape": reshape, "Resize": resize, "Selu": unary("Selu", alpha=SLOPES, gamma=SLOPES),
    "Shape": shape_, "Sigmoid": unary("Sigmoid"), "Slice": slice_,
    "Softmax": softmax("Softmax"), "Softplus": unary("Softplus"), "Softsign": unary("Softsign"),
    "Split": split, "Sqrt": unary("Sqrt"), "Squeeze": squeeze, "Sub": arithmetic("Sub"),
    "Sum": variadic("Sum"), "Tanh": unary("Tanh"), "Transpose": transpose, "Unsqueeze": unsqueeze,
    "Where": where,
}


def make(random, operator):
    """A case of an operator."""
    return OPERATORS[operator](Draw(random))
