"""Writes ladder.json: what dropout does at sites of the model `digits`, worked out in NumPy.

The program's `LadderRow` is derived a second time: the graph and weights of assets/digits.onnx in
float64, masks by streams.py (seed 7, a stream named after the site, run t at step t, 64 runs). As in
the program, only what lies below the site is computed again, and there the model's own Dropout nodes
act too, on streams named after their output; everything above is as at evaluation.

- inflation: mean of the max-pool behind inverted element dropout / its mean without, over all cells
  and masks, for each digit. The site is the value the pool reads.
- commuting: the largest |pool(drop(x)) - drop(pool(x))| over masks and cells, where a pooled cell
  shares the fate of the cell that won it.
- rows: moments of the next layer and of the logits, dead maps, pooled cells lowered and zeroed,
  labels flipped. A pooled cell is `tied` where the mask took one of several equal winners: nothing
  is lost then, but in float32 the equal ones need not be.

pip install numpy onnx
python3 make_ladder.py [train-images-idx3-ubyte.gz of MNIST]

Without MNIST's images the section made from them stays as it is in the file.
"""
import functools
import gzip
import json
import pathlib
import sys

import numpy as np
import onnx

from streams import uniforms, words

SEED, MASKS = 7, 64
RATES = (0.1, 0.25, 0.5, 0.75, 0.9)
MNIST = range(48)
# A digit and its paper's grain: bytes below that are added to its pixels. On plain paper whole windows
# of a pool hold equal cells.
ROW_IMAGES = ((2, 0), (4, 16))
COMMUTING_DIGITS = (2, 7)
ROW_SITES = {
    "input": ["element"], "relu1": ["element", "spatial"], "relu2": ["element", "spatial"],
    "dropout1": ["element", "spatial"], "pool1": ["element", "spatial"], "relu3": ["element"],
}

here = pathlib.Path(__file__).parent
assets = here / "../../assets"
model = onnx.load(assets / "digits.onnx")
graph = model.graph
constants = {c.name: onnx.numpy_helper.to_array(c).astype(np.float64) for c in graph.initializer}
metadata = {entry.key: entry.value for entry in model.metadata_props}
logits = graph.output[0].name
pooled_site = next(n.input[0] for n in graph.node if n.op_type == "MaxPool")


def idx(data):
    """The items of an IDX file of unsigned bytes."""
    assert data[:3] == b"\0\0\x08", "unsigned bytes"
    axes = data[3]
    sizes = np.frombuffer(data, ">u4", axes, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(sizes)


def conv(x, weight, bias, kernel_shape, pads):
    top, left, bottom, right = pads
    x = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    patches = np.lib.stride_tricks.sliding_window_view(x, kernel_shape, axis=(2, 3))
    y = np.tensordot(patches, weight, axes=((1, 4, 5), (1, 2, 3)))
    return np.moveaxis(y, 3, 1) + bias[:, None, None]


def windows(x, kernel_shape, strides):
    """The cells of each window that lies whole in the maps, along the last axis."""
    assert kernel_shape == strides == [2, 2]
    n, c, h, w = x.shape
    x = x[:, :, : h // 2 * 2, : w // 2 * 2].reshape(n, c, h // 2, 2, w // 2, 2)
    return x.transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h // 2, w // 2, 4)


OPERATORS = {
    "Conv": conv,
    "Relu": lambda x: np.maximum(x, 0),
    "MaxPool": lambda x, **window: windows(x, **window).max(-1),
    "Flatten": lambda x: x.reshape(len(x), -1),
    "Gemm": lambda x, weight, bias, transB: x @ weight.T + bias,
}


@functools.cache
def draw(name, count):
    """The uniforms of the runs, [T, count]."""
    runs = [uniforms((count,), SEED, name, step=t) for t in range(MASKS)]
    return np.stack(runs).astype(np.float64)


def factors(kind, name, shape, rate):
    """What a run multiplies an activation of [1, ...] by: 0 or 1/(1-p), [T, ...]."""
    units = shape[1:] if kind == "element" else (shape[1],) + (1,) * (len(shape) - 2)
    u = draw(name, int(np.prod(units))).reshape(MASKS, *units)
    return np.where(u >= rate, 1 / (1 - rate), 0)


def attributes(node):
    return {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}


def compute(node, inputs, train):
    if node.op_type == "Dropout":
        x, ratio = inputs
        # .1 is stored as 0.100000001: the decimal its author meant.
        rate = float(str(np.float32(ratio)))
        return x * factors("element", "node of " + node.output[0], x.shape, rate) if train else x
    return OPERATORS[node.op_type](*inputs, **attributes(node))


def evaluate(pixels):
    """All values of one image of bytes, at evaluation."""
    mean, deviation = map(float, metadata["normalize"].split(","))
    values = {graph.input[0].name: (pixels[None, None] / 255 - mean) / deviation}
    for node in graph.node:
        inputs = [values[v] if v in values else constants[v] for v in node.input]
        values[node.output[0]] = compute(node, inputs, train=False)
    return values


def run(site, dropped):
    """What lies below a site that holds `dropped`, in training, all runs side by side."""
    below = {site: dropped}
    for node in graph.node:
        if node.input[0] in below:
            inputs = [below[node.input[0]]] + [constants[v] for v in node.input[1:]]
            below[node.output[0]] = compute(node, inputs, train=True)
    return below


def reader(value):
    """The node that reads a value."""
    return next(n for n in graph.node if n.input[0] == value)


def next_layer(value):
    """The result of the node that reads a value, past those that only reshape or drop."""
    node = reader(value)
    while node.op_type in ("Flatten", "Dropout"):
        node = reader(node.output[0])
    return node.output[0]


def ratios(train, evaluation):
    return {"mean": train.mean() / evaluation.mean(), "variance": train.var() / evaluation.var()}


def grainy(pixels, grain):
    grains = words(pixels.size, SEED, "grain").reshape(pixels.shape) % max(1, grain)
    return np.minimum(255, pixels + grains)


def check_signs(values):
    """Counts are the same in float32 only where nothing lies near a decision."""
    for node in graph.node:
        if node.op_type == "Relu":
            assert np.abs(values[node.input[0]]).min() > 1e-4, f"{node.input[0]}: a cell near 0"


def pool_damage(x, scaled, clean, pooled, window):
    live = np.broadcast_to(clean != 0, pooled.shape)
    lost = 1 - pooled / np.where(clean == 0, 1, clean * scaled.max())
    assert not (live & (lost > 1e-7) & (lost < 1e-4)).any(), "a pooled cell lost next to nothing"
    cells = windows(x, **window)
    wins = cells > cells.max(-1, keepdims=True) * (1 - 1e-7)
    gone = windows(np.broadcast_to(scaled, (MASKS,) + x.shape[1:]), **window) == 0
    return {
        "live": int(live.sum()), "lowered": int((live & (lost > 1e-7)).sum()),
        "zeroed": int((live & (pooled == 0)).sum()),
        "tied": int((live & (lost <= 1e-7) & (wins & gone).any(-1)).sum()),
    }


def row(digit, grain, values, site, kind, rate):
    x = values[site]
    scaled = factors(kind, site, x.shape, rate)
    below = run(site, x * scaled)
    following = next_layer(site)
    maps = (x * scaled).reshape(MASKS, x.shape[1], -1)
    alive = (x.reshape(1, x.shape[1], -1) != 0).any(-1)
    best = np.sort(below[logits], 1)
    assert (best[:, -1] - best[:, -2]).min() > 1e-4, "two labels all but equal"
    flipped = below[logits].argmax(1) != values[logits].argmax()
    made = {
        "digit": digit, "grain": grain, "site": site, "kind": kind, "rate": rate, "next": following,
        "nextRatios": ratios(below[following], values[following]),
        "outputRatios": ratios(below[logits], values[logits]),
        "deadMaps": [int((alive & (maps == 0).all(-1)).sum()), alive.size * MASKS],
        "flips": [int(flipped.sum()), MASKS],
    }
    if reader(site).op_type == "MaxPool":
        window = attributes(reader(site))
        made["pool"] = pool_damage(x, scaled, values[following], below[following], window)
    return made


def inflation(images):
    """For each rate the mean over digits, and the ratio of each digit."""
    made = []
    for rate in RATES:
        each = []
        for values in images:
            x = values[pooled_site]
            dropped = x * factors("element", pooled_site, x.shape, rate)
            pool = next_layer(pooled_site)
            each.append(run(pooled_site, dropped)[pool].mean() / values[pool].mean())
        made.append({"rate": rate, "mean": np.mean(each), "each": each})
    return made


def commuting(digit, values, kind, rate):
    x = values[pooled_site]
    window = attributes(reader(pooled_site))
    scaled = np.broadcast_to(factors(kind, pooled_site, x.shape, rate), (MASKS,) + x.shape[1:])
    cells = windows(x, **window)
    winner = np.broadcast_to(cells.argmax(-1)[..., None], (MASKS,) + cells.shape[1:-1] + (1,))
    fate = np.take_along_axis(windows(scaled, **window), winner, -1)[..., 0]
    apart = np.abs(windows(x * scaled, **window).max(-1) - cells.max(-1) * fate).max()
    return {"digit": digit, "kind": kind, "rate": rate, "largest": apart}


def rounded(made):
    """Nine digits of every number: the program computes in float32."""
    if isinstance(made, dict):
        return {key: rounded(value) for key, value in made.items()}
    if isinstance(made, (list, tuple)):
        return [rounded(value) for value in made]
    return float(f"{made:.9g}") if isinstance(made, float) else made


path = here / "ladder.json"
pixels = idx((assets / "digits.idx").read_bytes())
digits = [evaluate(image) for image in pixels]
assert [int(values[logits].argmax()) for values in digits] == list(range(10))
rows = []
for digit, grain in ROW_IMAGES:
    values = evaluate(grainy(pixels[digit], grain))
    check_signs(values)
    for at, kinds in ROW_SITES.items():
        rows += [row(digit, grain, values, at, kind, rate) for kind in kinds for rate in (0.25, 0.5)]
golden = {
    "seed": SEED, "masks": MASKS, "site": pooled_site,
    "builtIn": inflation(digits),
    "commuting": [
        commuting(digit, digits[digit], kind, rate)
        for digit in COMMUTING_DIGITS for kind in ("spatial", "element") for rate in (0.25, 0.5)
    ],
    "rows": rows,
}
if len(sys.argv) > 1:
    images = idx(gzip.decompress(pathlib.Path(sys.argv[1]).read_bytes()))
    golden["mnist"] = inflation([evaluate(images[i]) for i in MNIST])
elif path.exists():
    golden["mnist"] = json.loads(path.read_text())["mnist"]
path.write_text(json.dumps(rounded(golden), indent=1) + "\n")

for part in ("builtIn", "mnist"):
    print(part, [f"x{entry['mean']:.3f}" for entry in golden.get(part, [])])
print(path.name, path.stat().st_size, "bytes,", len(golden["rows"]), "rows")
