"""Writes kinds_torch.txt: what torch, torchvision and timm make of activations.

torch's own layers draw inside C++, so each is called twice from one seed: on ones, which shows the
mask, and on x. torchvision's and timm's draw with Tensor.bernoulli_, which is replaced by one that
compares a given field: q is met where u < q, or, for a probability of keeping, where u >= 1 - q.
Their files are loaded by themselves, for torchvision's compiled operators are of no use here.

One case a line: library, kind, rate, block, N, C, H, W | x | field or "-" | mask | y, numbers as hex
words, the mask as 1 kept, 0 dropped.

pip install torch==2.13.0 numpy timm==1.0.31 && pip install --no-deps torchvision==0.28.0
"""
import importlib.util
import pathlib
import sys
import types

import numpy as np
import torch
import torch.nn.functional as F


def load(package, file):
    """A module of an installed package, without what the package does when imported."""
    places = (pathlib.Path(place) / package for place in sys.path)
    root = next(place for place in places if (place / "__init__.py").exists())
    parent = ".".join([package] + file.split("/")[:-1])
    for name in (package, parent, package + ".utils"):
        stub = sys.modules.setdefault(name, types.ModuleType(name))
        stub.__path__ = []
    sys.modules[package + ".utils"]._log_api_usage_once = lambda *_: None
    name = f"{parent}.{pathlib.Path(file).stem}"
    spec = importlib.util.spec_from_file_location(name, root / file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(tensor):
    values = np.asarray(tensor, dtype=np.float32).ravel().view(np.uint32)
    return " ".join(f"{w:x}" for w in values)


def line(library, kind, p, block, x, field, mask, y):
    mask = "".join("1" if kept else "0" for kept in np.asarray(mask).ravel())
    head = f"{library} {kind} {p} {block} {' '.join(map(str, x.shape))}"
    field = "-" if field is None else words(field)
    return f"{head} | {words(x)} | {field} | {mask} | {words(y)}"


rng = np.random.default_rng(20240612)
lines = []

layers = {
    "element": torch.nn.Dropout, "spatial": torch.nn.Dropout2d,
    "alpha": torch.nn.AlphaDropout, "feature-alpha": torch.nn.FeatureAlphaDropout,
}
for kind, layer in layers.items():
    for p in (0.1, 0.5, 0.75, 1.0):
        x = torch.tensor(rng.standard_normal((2, 3, 4, 5)), dtype=torch.float32)
        torch.manual_seed(5)
        shown = layer(p)(torch.full_like(x, 100.0))
        torch.manual_seed(5)
        y = layer(p)(x)
        lines.append(line("torch", kind, p, 0, x, None, shown > 50, y))

drop_block = load("torchvision", "ops/drop_block.py")
depth = load("torchvision", "ops/stochastic_depth.py")
drop = load("timm", "layers/drop.py")


def with_field(field, keeps, body):
    """Runs body while bernoulli_ takes its numbers from field."""
    original = torch.Tensor.bernoulli_

    def bernoulli_(self, q):
        met = field >= 1 - q if keeps else field < q
        return self.copy_(met.reshape(self.shape).to(self.dtype))

    torch.Tensor.bernoulli_ = bernoulli_
    try:
        return body()
    finally:
        torch.Tensor.bernoulli_ = original


def uniforms(*shape):
    return torch.tensor(rng.integers(0, 1 << 24, shape) * 2.0**-24, dtype=torch.float32)


for b, h, w in ((1, 3, 4), (3, 6, 7), (5, 6, 8), (7, 7, 7), (2, 4, 5), (4, 7, 6), (6, 6, 7)):
    for p in (0.2, 0.7):
        x = torch.tensor(rng.standard_normal((1, 2, h, w)), dtype=torch.float32)
        u = uniforms(1, 2, h, w)
        if b % 2:
            # A seed is drawn for each place of a block; ours are known by the block's middle.
            seeds = u[..., b // 2:b // 2 + h - b + 1, b // 2:b // 2 + w - b + 1].contiguous()
            y = with_field(seeds, False, lambda: drop_block.drop_block2d(x, p, b))
            lines.append(line("torchvision", "block-paper", p, b, x, u, y != 0, y))
        y = with_field(
            u, False, lambda: drop.drop_block_2d(x, p, b, couple_channels=False))
        lines.append(line("timm", "block-timm", p, b, x, u, y != 0, y))

for p in (0.1, 0.5, 0.9):
    x = torch.tensor(rng.standard_normal((6, 2, 2, 3)), dtype=torch.float32)
    u = uniforms(6, 1, 1, 1)
    y = with_field(u, True, lambda: depth.stochastic_depth(x, p, "row"))
    lines.append(line("torchvision", "path", p, 0, x, u, y != 0, y))
    y = with_field(u, True, lambda: drop.drop_path(x, p, True))
    lines.append(line("timm", "path", p, 0, x, u, y != 0, y))

path = pathlib.Path(__file__).with_name("kinds_torch.txt")
path.write_text("\n".join(lines) + "\n")
print(path.name, len(lines), "cases,", path.stat().st_size, "bytes")


def attempt(name, body):
    try:
        y = body()
        print(f"  {name}: zeros {float((y == 0).float().mean()):.3f}, NaN {bool(y.isnan().any())}")
    except Exception as error:
        print(f"  {name}: {type(error).__name__}: {str(error).splitlines()[0]}")


# What the libraries do at the ends and beyond; Sources/Masks/Rules quotes it.
ones = torch.ones(1, 2, 26, 26)
infinite = torch.full((1, 2, 26, 26), float("inf"))
for p in (0.0, 1.0, 1.5):
    print("p =", p)
    for kind, layer in layers.items():
        attempt(f"torch {kind}", lambda: layer(p)(ones))
        attempt(f"torch {kind} of inf", lambda: layer(p)(infinite))
    attempt("torchvision block", lambda: drop_block.drop_block2d(ones, p, 7))
    attempt("torchvision even block", lambda: drop_block.drop_block2d(ones, p, 4))
    attempt("torchvision path", lambda: depth.stochastic_depth(ones, p, "row"))
    attempt("torchvision path of inf", lambda: depth.stochastic_depth(infinite, p, "row"))
    attempt("timm block", lambda: drop.drop_block_2d(ones, p, 7))
    attempt("timm block of inf", lambda: drop.drop_block_2d(infinite, p, 7))
    attempt("timm block of 1", lambda: drop.drop_block_2d(ones, p, 1))
    attempt("timm path", lambda: drop.drop_path(ones, p, True))
    attempt("timm path of inf", lambda: drop.drop_path(infinite, p, True))
