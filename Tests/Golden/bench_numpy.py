"""NumPy's speed at what `Benchmarks mask-element` and `mask-spatial` do, for comparison.

Run by hand with nothing else at work: python3 Tests/Golden/bench_numpy.py
"""
import time

import numpy as np

x = np.random.default_rng(1).random((32, 64, 48, 48), dtype=np.float32)
generators = {
    "Philox": np.random.Generator(np.random.Philox(7)),
    "SFC64 (NumPy's fastest)": np.random.Generator(np.random.SFC64(7)),
}


def drop(rng, shape):
    keep = rng.random(shape, dtype=np.float32) >= np.float32(0.5)
    return np.where(keep, x * np.float32(2), np.float32(0)), keep


for kind, shape in [("element", x.shape), ("spatial", x.shape[:2] + (1, 1))]:
    for name, rng in generators.items():
        drop(rng, shape)
        times = []
        for _ in range(9):
            start = time.perf_counter()
            drop(rng, shape)
            times.append(time.perf_counter() - start)
        rate = x.size / sorted(times)[len(times) // 2]
        print(f"{kind:8} {rate / 1e6:7.0f} M elements/s   {name}, NumPy {np.__version__}")

times = []
y = np.empty_like(x)
for _ in range(9):
    start = time.perf_counter()
    np.copyto(y, x)
    times.append(time.perf_counter() - start)
print(f"copy     {x.size / sorted(times)[4] / 1e6:7.0f} M elements/s")
