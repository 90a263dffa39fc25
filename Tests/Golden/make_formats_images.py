"""Makes the small images in Golden/formats that FormatsTests reads, and what they hold as NPY.

Run by hand in this folder with numpy and pillow installed; the output is committed. `NAME.npy` is
what Pillow decodes from `NAME.png` or `NAME.jpg`: 0…255, or 0…65535 where the name says 16.
"""

import io
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms, ImageOps

OUT = pathlib.Path(__file__).parent / "formats"
random = np.random.default_rng(5)


def gradient(height, width):
    """Smooth colours, so that JPEG keeps them."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([255 * x / (width - 1), 255 * y / (height - 1), 128 + 0 * x], axis=-1)
    return rgb.round().astype(np.uint8)


def expect(name, array):
    np.save(OUT / f"{name}.npy", array)


def png(name, image, **options):
    image.save(OUT / f"{name}.png", **options)


def chunk(type, content):
    return struct.pack(">I", len(content)) + type + content + struct.pack(
        ">I", zlib.crc32(type + content))


def raw_png(name, width, height, depth, colour, rows, before=b""):
    """Kinds that Pillow does not write."""
    data = b"".join(b"\0" + row for row in rows)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    (OUT / f"{name}.png").write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before
        + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b""))


def pngs():
    noise = random.integers(0, 256, (5, 7, 4), dtype=np.uint8)
    png("grey", Image.fromarray(noise[..., 0]))
    expect("grey", noise[..., 0])
    png("rgb", Image.fromarray(noise[..., :3]))
    expect("rgb", noise[..., :3])
    png("bits", Image.fromarray(noise[..., 0] > 127))
    expect("bits", (noise[..., 0] > 127) * np.uint8(255))
    palette = Image.fromarray(noise[..., :3]).quantize(6)
    png("palette", palette)
    expect("palette", np.asarray(palette.convert("RGB")))
    # Gamma and a profile change nothing.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    rows = [row.tobytes() for row in noise[..., 0]]
    raw_png("gamma", 7, 5, 8, 0, rows, chunk(b"gAMA", struct.pack(">I", 100000)))
    png("profile", Image.fromarray(noise[..., :3]), icc_profile=profile)
    deep = random.integers(0, 65536, (5, 7, 4)).astype(np.uint16)
    raw_png("grey16", 7, 5, 16, 0, [r.astype(">u2").tobytes() for r in deep[..., 0]])
    expect("grey16", deep[..., 0])
    raw_png("rgb16", 7, 5, 16, 2, [r.astype(">u2").tobytes() for r in deep[..., :3]])
    expect("rgb16", deep[..., :3])
    # Interlaced, written by hand: Adam7 of one row of one pixel is that pixel.
    Image.fromarray(gradient(32, 32)).save(OUT / "gradient.png", optimize=True)


def over(samples, alpha, background, top):
    mixed = samples.astype(np.float64) * alpha[..., None] / top
    return (mixed + background * (1 - alpha[..., None] / top)).round()


def transparent():
    alpha = random.integers(0, 256, (5, 7), dtype=np.uint8)
    alpha[0, :3] = [0, 255, 128]
    for name, low, background in [("dark", 0, 255), ("light", 156, 0)]:
        rgb = random.integers(low, low + 100, (5, 7, 3), dtype=np.uint8)
        png(f"{name}_alpha", Image.fromarray(np.dstack([rgb, alpha])))
        expect(f"{name}_alpha", over(rgb, alpha, background, 255).astype(np.uint8))
    grey = random.integers(156, 256, (5, 7), dtype=np.uint8)
    png("grey_alpha", Image.fromarray(np.dstack([grey, alpha]), mode="LA"))
    expect("grey_alpha", over(grey[..., None], alpha, 0, 255)[..., 0].astype(np.uint8))
    deep = random.integers(40000, 65536, (5, 7, 4)).astype(np.uint16)
    deep[..., 3] = random.integers(0, 65536, (5, 7))
    raw_png("deep_alpha16", 7, 5, 16, 6, [r.astype(">u2").tobytes() for r in deep])
    expect("deep_alpha16", over(deep[..., :3], deep[..., 3], 0, 65535).astype(np.uint16))


def jpegs():
    rgb = Image.fromarray(gradient(24, 40))
    for name, image, options in [
        ("colour", rgb, {}), ("progressive", rgb, {"progressive": True}),
        ("mono", rgb.convert("L"), {}), ("print", rgb.convert("CMYK"), {}),
    ]:
        image.save(OUT / f"{name}.jpg", quality=95, subsampling=0, **options)
        back = Image.open(OUT / f"{name}.jpg")
        expect(name, np.asarray(back.convert("RGB") if name == "print" else back))
    # A small picture turned and mirrored eight ways.
    blocks = np.kron(np.array([[0, 90, 180], [255, 40, 140]], np.uint8), np.ones((8, 8), np.uint8))
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        name = f"exif{orientation}"
        Image.fromarray(blocks).save(OUT / f"{name}.jpg", quality=95, exif=exif)
        upright = ImageOps.exif_transpose(Image.open(OUT / f"{name}.jpg"))
        expect(name, np.asarray(upright))


def resizes():
    """Float images resized by Pillow: BOX is the mean over an area where the ratio is whole."""
    source = random.integers(0, 65536, (12, 18)).astype(np.uint16)
    expect("resize_source", source)
    image = Image.fromarray(source.astype(np.float32))
    for name, size, how in [
        ("shrunk", (6, 4), Image.Resampling.BOX), ("grown", (31, 25), Image.Resampling.BILINEAR),
    ]:
        expect(f"resize_{name}", np.asarray(image.resize(size, how)))
    # An uneven ratio: every old pixel split into 5×7 and every new one the mean of 12×18 of those.
    fine = np.kron(source.astype(np.float64), np.ones((5, 7)))
    uneven = fine.reshape(5, 12, 7, 18).mean(axis=(1, 3))
    expect("resize_uneven", uneven.astype(np.float32))


pngs()
transparent()
jpegs()
resizes()
