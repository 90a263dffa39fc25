"""dropscope's random streams in NumPy: Philox4x32-10 keyed by (seed, site, sample, step).

What both sides of a golden file can draw for themselves need not be committed: weights, inputs,
labels and masks are the same numbers here and in the program.
"""
import numpy as np


def site(name):
    """32-bit FNV-1a of a name."""
    h = 0x811C9DC5
    for byte in name.encode():
        h = (h ^ byte) * 0x01000193 & 0xFFFFFFFF
    return h


def words(count, seed, name, sample=0, step=0):
    """The first `count` words of a stream, whose site has a name or is a number."""
    blocks = (count + 3) // 4
    c = [
        np.arange(blocks, dtype=np.uint64),
        np.full(blocks, sample, np.uint64),
        np.full(blocks, site(name) if isinstance(name, str) else name, np.uint64),
        np.full(blocks, step, np.uint64),
    ]
    low = np.uint64(0xFFFFFFFF)
    half = np.uint64(32)
    k0, k1 = seed & 0xFFFFFFFF, seed >> 32
    for _ in range(10):
        p0 = np.uint64(0xD2511F53) * c[0]
        p1 = np.uint64(0xCD9E8D57) * c[2]
        c = [(p1 >> half) ^ c[1] ^ np.uint64(k0), p1 & low, (p0 >> half) ^ c[3] ^ np.uint64(k1), p0 & low]
        k0, k1 = k0 + 0x9E3779B9 & 0xFFFFFFFF, k1 + 0xBB67AE85 & 0xFFFFFFFF
    return np.stack(c, 1).ravel()[:count].astype(np.uint32)


def uniforms(shape, *stream, **more):
    """Uniforms in [0, 1), multiples of 2^-24."""
    count = int(np.prod(shape))
    return ((words(count, *stream, **more) >> 8).astype(np.float32) * np.float32(2**-24)).reshape(shape)


def kept(shape, rate, seed, name, step):
    """What dropout keeps of a batch of `shape`: u >= rate, a stream for each sample."""
    return np.stack(
        [uniforms(shape[1:], seed, name, sample=n, step=step) >= np.float32(rate) for n in range(shape[0])]
    )


def initial(shape, name, seed, variance):
    """Uniform weights of a variance, as `Initializer` draws them."""
    u = uniforms(shape, seed, "initial " + name)
    return np.float32((3 * variance) ** 0.5) * (2 * u - np.float32(1))


def images(shape, seed, step):
    """A batch of images, uniform in [0, 1), and a label 0...9 for each."""
    x = np.stack([uniforms(shape[1:], seed, "golden images", sample=n, step=step) for n in range(shape[0])])
    return x, (words(shape[0], seed, "golden labels", step=step) % 10).astype(np.int64)
