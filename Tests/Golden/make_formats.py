"""Makes the small files in Golden/formats that FormatsTests reads: NPY, gzip and IDX.

Run by hand in this folder with numpy installed; the output is committed.
"""

import gzip
import pathlib

import numpy as np
from safetensors.numpy import save_file

OUT = pathlib.Path(__file__).parent / "formats"
OUT.mkdir(exist_ok=True)


def npy():
    # Every element type in both byte orders; signed types hold negative numbers.
    for code in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]:
        values = {
            "f": [[0.5, -1.5, 2], [np.inf, 100, -0.25]],
            "i": [[0, -1, 2], [-128, 100, 127]],
            "u": [[0, 1, 2], [200, 100, 255]],
            "b": [[0, 1, 1], [1, 0, 0]],
        }[code[0]]
        for order, word in [("<", "little"), (">", "big")]:
            if code[1] == "1" and order == ">":
                continue
            np.save(OUT / f"{code}_{word}.npy", np.array(values, dtype=order + code))
    counted = np.arange(24, dtype="<f4").reshape(2, 3, 4)
    np.save(OUT / "fortran.npy", np.asfortranarray(counted))
    np.save(OUT / "fortran_i2.npy", np.asfortranarray(counted.astype("<i2")))
    for version in [(2, 0), (3, 0)]:
        with open(OUT / f"version{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, counted, version=version)
    np.save(OUT / "scalar.npy", np.float32(7.5))
    np.save(OUT / "row.npy", np.array([1, 2, 3], "<f4"))
    np.save(OUT / "empty.npy", np.zeros((0, 3), "<f4"))
    np.save(OUT / "structured.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
    np.save(OUT / "complex.npy", np.zeros(2, dtype="<c8"))
    np.savez(OUT / "two.npz", a=counted, b=counted)
    np.savez_compressed(OUT / "deflated.npz", maps=counted.astype("<f4"))
    save_file(
        {"conv1": counted.astype("<f4"), "half": counted.astype("<f2"), "words": counted.astype("<i8")},
        OUT / "acts.safetensors", metadata={"format": "pt"})


def gz():
    text = b"".join(b"%d\n" % i for i in range(2000))
    (OUT / "numbers.csv.gz").write_bytes(gzip.compress(text, mtime=0))
    # Two members, as `cat a.gz b.gz` makes them.
    halves = gzip.compress(text[:3000], mtime=0) + gzip.compress(text[3000:], mtime=0)
    (OUT / "members.csv.gz").write_bytes(halves)


def idx():
    """Every element type; `u` counts over 3 images of 2x4, `labels` are 5 digits."""
    images = np.arange(24).reshape(3, 2, 4)
    codes = {"u1": 0x08, "i1": 0x09, "i2": 0x0B, "i4": 0x0C, "f4": 0x0D, "f8": 0x0E}
    for code, type in codes.items():
        array = images if code == "u1" else images - 12
        header = bytes([0, 0, type, 3]) + np.array(array.shape, ">u4").tobytes()
        content = header + array.astype(">" + code).tobytes()
        (OUT / f"{code}.idx").write_bytes(content)
        if code == "u1":
            (OUT / "images-idx3-ubyte.gz").write_bytes(gzip.compress(content, mtime=0))
    labels = bytes([0, 0, 8, 1, 0, 0, 0, 5]) + bytes([5, 0, 4, 1, 9])
    (OUT / "labels.idx").write_bytes(labels)


npy()
gz()
idx()
