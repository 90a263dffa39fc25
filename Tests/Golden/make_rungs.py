"""Writes rungs.json: what `dropscope export --stage ladder` measures, worked out in NumPy.

Every usual site of assets/digits.onnx in float64, one dropout at a time while the model's own Dropout
nodes rest. Masks are streams.py's: seed 7, a stream named after the site, mask t at step t.

- rungs: the columns of the program's table by their names, a line for each site. A pooled cell is
  lowered where it is below its clean value times the scale by more than float32's rounding.
- orders: the value that the max-pool reads, under dropout before and after a 2x2 pool of either sort,
  over the masks 0 ... 7: mean before / mean without, the largest difference, the sum of squares.

pip install numpy onnx
"""
import json
import pathlib

import numpy as np
import onnx

from streams import uniforms

SEED, MASKS, ORDERS = 7, 64, 8
CASES = [
    (7, "element", 0.5), (7, "spatial", 0.25), (2, "element", 0.9), (2, "row", 0.5), (4, "spatial", 0.5),
    (4, "row", 0.1),
]
here = pathlib.Path(__file__).parent
assets = here / "../../assets"
model = onnx.load(assets / "digits.onnx")
w = {c.name: onnx.numpy_helper.to_array(c).astype(float) for c in model.graph.initializer}
settings = {entry.key: entry.value for entry in model.metadata_props}
digits = np.frombuffer((assets / "digits.idx").read_bytes()[16:], np.uint8).reshape(-1, 28, 28)


def conv(x, name, pad):
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    rows, columns = x.shape[2] - 2, x.shape[3] - 2
    taps = [
        np.einsum("oc,nchw->nohw", w[name + ".weight"][:, :, i, j], x[:, :, i : i + rows, j : j + columns])
        for i in range(3) for j in range(3)
    ]
    return sum(taps) + w[name + ".bias"][:, None, None]


def dense(x, name):
    return x.reshape(len(x), -1) @ w[name + ".weight"].T + w[name + ".bias"]


def corners(x):
    return [x[:, :, i::2, j::2] for i in (0, 1) for j in (0, 1)]


POOLS = {"max": lambda x: np.maximum.reduce(corners(x)), "average": lambda x: sum(corners(x)) / 4}
# What the graph says, checked below, but for its Dropout nodes.
LAYERS = {
    "conv1": lambda x: conv(x, "conv1", 0), "relu1": lambda x: np.maximum(x, 0),
    "conv2": lambda x: conv(x, "conv2", 1), "relu2": lambda x: np.maximum(x, 0),
    "pool1": POOLS["max"], "dense1": lambda x: dense(x, "dense1"), "relu3": lambda x: np.maximum(x, 0),
    "dense2": lambda x: dense(x, "dense2"),
}
chain = ["input", *LAYERS]
kept_nodes = [n.output[0] for n in model.graph.node if n.op_type not in ("Dropout", "Flatten")]
assert kept_nodes == list(LAYERS), kept_nodes


def run(site, x):
    """The values from a site on that holds x."""
    values = {site: x}
    for name in chain[chain.index(site) + 1 :]:
        x = values[name] = LAYERS[name](x)
    return values


def kept(kind, site, shape, rate, masks):
    """The masks over [1, ...], one after another."""
    own = list(shape[1:])
    # Features are maps of one cell.
    shared = {"element": len(own), "spatial": 1, "row": 2}[kind]
    units = own[:shared] + [1] * (len(own) - min(shared, len(own)))
    u = np.stack([uniforms(units, SEED, site, step=t) for t in range(masks)])
    return np.broadcast_to(u.astype(float) >= rate, (masks, *own))


def image(digit):
    mean, deviation = map(float, settings["normalize"].split(","))
    return ((digits[digit] / 255 - mean) / deviation)[None, None]


def rung(clean, site, kind, rate):
    x = clean[site]
    mask = kept(kind, site, x.shape, rate, MASKS)
    dropped = np.where(mask, x / (1 - rate), 0)
    values = run(site, dropped)
    following, logits = chain[chain.index(site) + 1], chain[-1]
    dead = (dropped.reshape(*dropped.shape[:2], -1) == 0).all(-1)
    alive = (x.reshape(*x.shape[:2], -1) != 0).any(-1)
    made = {
        "site": site, "dead_maps": (dead & alive).mean(),
        "flips": (values[logits].argmax(1) != clean[logits].argmax()).mean(),
    }
    for name, value in (("next", following), ("output", logits)):
        made[name + "_mean"] = values[value].mean() / clean[value].mean()
        made[name + "_variance"] = values[value].var() / clean[value].var()
    if following == "pool1":
        before, after = clean[following], values[following] * (1 - rate)
        live = np.broadcast_to(before != 0, after.shape)
        lost = (before - after) / before.max()
        assert not ((lost > 1e-8) & (lost < 2e-6) & live).any(), "a pooled cell lost next to nothing"
        made["pooled_lowered"] = (lost > 1e-6)[live].mean()
        made["pooled_zeroed"] = (after == 0)[live].mean()
    return made


def order(clean, kind, rate):
    site = "relu2"
    x = clean[site]
    dropped = np.where(kept(kind, site, x.shape, rate, ORDERS), x / (1 - rate), 0)
    made = {}
    for name, pool in POOLS.items():
        once = pool(x)
        first = pool(dropped)
        second = np.where(kept(kind, site, once.shape, rate, ORDERS), once / (1 - rate), 0)
        apart = first - second
        made[name] = {
            "inflation": first.mean() / once.mean(), "largest": np.abs(apart).max(),
            "squares": (apart**2).sum(),
        }
    return made


def rounded(made):
    if isinstance(made, dict):
        return {key: rounded(value) for key, value in made.items()}
    if isinstance(made, list):
        return [rounded(value) for value in made]
    return float(f"{made:.9g}") if isinstance(made, float) else made


cases = []
for digit, kind, rate in CASES:
    clean = run("input", image(digit))
    assert clean["dense2"].argmax() == digit
    sites = [name for name in chain if name not in ("dense1", "dense2")]
    cases.append({
        "digit": digit, "kind": kind, "rate": rate,
        "rungs": [rung(clean, site, kind, rate) for site in sites],
        "order": order(clean, kind, rate),
    })
path = here / "rungs.json"
golden = {"seed": SEED, "masks": MASKS, "orders": ORDERS, "cases": cases}
path.write_text(json.dumps(rounded(golden), indent=1) + "\n")
for case in cases:
    print(case["digit"], case["kind"], case["rate"], {k: v["largest"] for k, v in case["order"].items()})
print(path.name, path.stat().st_size, "bytes")
