#!/usr/bin/env python3
"""Makes font-10x20.bin from 10x20.pcf.gz of Debian's xfonts-base.

The font is misc-fixed 10x20 of the X Window System
(-Misc-Fixed-Medium-R-Normal--20-200-75-75-C-100-ISO10646-1). Its notice, in full:

    Public domain font.  Share and enjoy.

Only the scalars that the program can show are kept. The format is described in
Sources/TerminalUI/BitmapFont.swift.

    python3 assets/make_font.py [10x20.pcf.gz] > assets/font-10x20.bin
"""
import gzip
import struct
import sys

SOURCE = "/usr/share/fonts/X11/misc/10x20.pcf.gz"
WIDTH, HEIGHT = 10, 20
RANGES = [
    (0x20, 0x7E), (0xA0, 0xFF), (0x370, 0x3FF), (0x2010, 0x2027), (0x2030, 0x203A),
    (0x2070, 0x209C), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2500, 0x25FF), (0x2610, 0x2613),
    (0x2713, 0x2718),
]
PCF_METRICS, PCF_BITMAPS, PCF_BDF_ENCODINGS, PCF_ACCELERATORS = 1 << 2, 1 << 3, 1 << 5, 1 << 1
COMPRESSED_METRICS = 0x100


def tables(data):
    assert data[:4] == b"\x01fcp", "not a PCF file"
    (count,) = struct.unpack_from("<I", data, 4)
    found = {}
    for i in range(count):
        kind, form, size, offset = struct.unpack_from("<4I", data, 8 + 16 * i)
        found[kind] = data[offset : offset + size]
        assert struct.unpack_from("<I", found[kind])[0] == form
    return found


def order(form):
    return ">" if form & 4 else "<"


def metrics(table):
    (form,) = struct.unpack_from("<I", table)
    if form & COMPRESSED_METRICS:
        (count,) = struct.unpack_from(order(form) + "H", table, 4)
        return [tuple(b - 0x80 for b in table[6 + 5 * i : 11 + 5 * i]) for i in range(count)]
    (count,) = struct.unpack_from(order(form) + "I", table, 4)
    return [struct.unpack_from(order(form) + "5h", table, 8 + 12 * i) for i in range(count)]


def bitmaps(table):
    """The rows of every glyph, each row a list of bytes padded as the file says."""
    (form,) = struct.unpack_from("<I", table)
    o = order(form)
    (count,) = struct.unpack_from(o + "I", table, 4)
    offsets = struct.unpack_from(o + f"{count}I", table, 8)
    start = 8 + 4 * count + 16
    assert form & 8, "expected the most significant bit first"
    unit = 1 << (form >> 4 & 3)
    assert unit == 1 or form & 4, "expected the most significant byte first"
    return table[start:], offsets, 1 << (form & 3)


def encodings(table):
    (form,) = struct.unpack_from("<I", table)
    o = order(form)
    low2, high2, low1, high1, _ = struct.unpack_from(o + "5H", table, 4)
    columns = high2 - low2 + 1
    found = {}
    for byte1 in range(low1, high1 + 1):
        for byte2 in range(low2, high2 + 1):
            at = 14 + 2 * ((byte1 - low1) * columns + byte2 - low2)
            (glyph,) = struct.unpack_from(o + "H", table, at)
            if glyph != 0xFFFF:
                found[byte1 << 8 | byte2] = glyph
    return found


def main():
    data = gzip.open(sys.argv[1] if len(sys.argv) > 1 else SOURCE).read()
    parts = tables(data)
    (form,) = struct.unpack_from("<I", parts[PCF_ACCELERATORS])
    (ascent,) = struct.unpack_from(order(form) + "i", parts[PCF_ACCELERATORS], 12)
    boxes = metrics(parts[PCF_METRICS])
    pixels, offsets, pad = bitmaps(parts[PCF_BITMAPS])
    glyphs = {}
    for scalar, index in encodings(parts[PCF_BDF_ENCODINGS]).items():
        if not any(low <= scalar <= high for low, high in RANGES):
            continue
        left, right, advance, up, down = boxes[index]
        assert advance == WIDTH, hex(scalar)
        stride = -(-((right - left + 7) // 8) // pad) * pad
        rows = [0] * HEIGHT
        for y in range(up + down):
            line = pixels[offsets[index] + y * stride :][:stride]
            for x in range(right - left):
                if line[x // 8] >> (7 - x % 8) & 1:
                    assert 0 <= left + x < WIDTH and 0 <= ascent - up + y < HEIGHT, hex(scalar)
                    rows[ascent - up + y] |= 0x8000 >> (left + x)
        glyphs[scalar] = rows
    out = b"DSF1" + struct.pack("<BBH", WIDTH, HEIGHT, len(glyphs))
    out += struct.pack(f"<{len(glyphs)}H", *sorted(glyphs))
    for scalar in sorted(glyphs):
        out += struct.pack(f"<{HEIGHT}H", *glyphs[scalar])
    sys.stdout.buffer.write(out)


main()
