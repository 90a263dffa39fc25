"""Prints words of Philox4x32-10 for Tests/TensorCoreTests/RandomTests.swift.

Written from the paper's description (Salmon et al., SC 2011, section 4.3) with Python's unbounded
integers; it first checks itself against the three known-answer vectors published with Random123.
"""


def philox(counter, key):
    c, k = list(counter), list(key)
    for r in range(10):
        if r:
            k = [(k[0] + 0x9E3779B9) % 2**32, (k[1] + 0xBB67AE85) % 2**32]
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [b >> 32 ^ c[1] ^ k[0], b % 2**32, a >> 32 ^ c[3] ^ k[1], a % 2**32]
    return c


def word(seed, site, sample, step, index):
    """The word a RandomStream gives: counter (block, sample, site, step), key = seed."""
    return philox((index // 4, sample, site, step), (seed % 2**32, seed >> 32))[index % 4]


assert philox([0] * 4, [0] * 2) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
assert philox([2**32 - 1] * 4, [2**32 - 1] * 2) == [
    0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
assert philox([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0]) == [
    0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]

for at in [
    (7, 0, 0, 0, 0), (7, 0, 0, 0, 5), (0x0123456789ABCDEF, 3, 2, 1, 1001),
    (2**64 - 1, 2**32 - 1, 2**32 - 1, 2**32 - 1, 2**34 - 1), (1, 0x811C9DC5, 9, 4, 2**33 + 6),
]:
    print(at, hex(word(*at)))
