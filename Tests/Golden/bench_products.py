"""NumPy's speed at the products of `Benchmarks sgemm sgemm-64x2304x576 …`, on one thread, for comparison.

Run by hand with nothing else at work:
OPENBLAS_NUM_THREADS=1 python3 Tests/Golden/bench_products.py        (OPENBLAS_CORETYPE=Haswell beside AVX2)
"""
import time

import numpy as np

rng = np.random.default_rng(1)
for m, n, k in [(1024, 1024, 1024), (64, 2304, 576), (256, 3136, 64), (32, 9216, 27), (512, 49, 4608)]:
    a, b = rng.random((m, k), dtype=np.float32), rng.random((k, n), dtype=np.float32)
    c = np.empty((m, n), np.float32)
    times = max(1, (1 << 28) // (2 * m * n * k))
    seconds = []
    for _ in range(18):
        start = time.perf_counter()
        for _ in range(times):
            np.matmul(a, b, out=c)
        seconds.append((time.perf_counter() - start) / times)
    seconds = sorted(seconds[3:])
    flop = 2 * m * n * k / 1e9
    print(f"{m}x{n}x{k}: {flop / seconds[len(seconds) // 2]:.0f} GFLOP/s at the median, "
          f"{flop / seconds[0]:.0f} at best, NumPy {np.__version__}")
