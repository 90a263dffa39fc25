#!/usr/bin/env python3
"""What dropscope makes of the models that make_models.py made: run, view and edit, by family.

    swift build -c release --product dropscope
    python3 Tests/Exported/check_models.py FOLDER [--program .build/release/dropscope]
        [--family NAME] [--only TEXT]

Needs NumPy and onnxruntime. Of each model it is asked whether

- `run` gives what onnxruntime gave, to 1e-4 of the largest number (`half` to 1e-3; quantised ones to an
  eighth, which is what a step of eight bits comes to behind some layers, and the same class);
- `info` lists it;
- `render` shows it, those of images with a picture, the others with their own input;
- `edit` adds dropout at a site, and evaluation stays as it was, bit for bit, here and in onnxruntime.

Prints a line for each that falls short, and a table. Exits 1 if a value differs.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np


def plain(name):
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)


class Check:
    """One model."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.about = json.loads((folder / "about.json").read_text())
        self.model = str(folder / "model.onnx")
        self.files = {n: str(folder / f"in-{plain(n)}.npy") for n in self.about["inputs"]}
        self.complaints = []

    def call(self, *arguments):
        try:
            return subprocess.run(
                [self.program, *arguments], capture_output=True, text=True, timeout=600)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(arguments, 1, "", "timed out")

    def outputs(self, model, folder):
        """The outputs that `run` writes, or None."""
        named = [a for n, f in self.files.items() for a in ("--input", f"{n}={f}")]
        result = self.call("run", model, *named, "-o", folder, "--json")
        if result.returncode:
            self.complain("run", result)
            return None
        written = {o["name"]: o["file"] for o in json.loads(result.stdout)["outputs"]}
        return [np.load(os.path.join(folder, written[n])) for n in self.about["outputs"]
                if n in written]

    def complain(self, what, result):
        text = result.stderr.strip() if hasattr(result, "stderr") else result
        self.complaints.append(f"{what}: {text[:200]}")

    def runs(self, folder):
        made = self.outputs(self.model, os.path.join(folder, "out"))
        if made is None:
            return "no"
        for index, found in enumerate(made):
            wanted = np.load(self.folder / f"out-{index}.npy")
            if wanted.dtype.kind in "OU":
                continue
            difference = self.difference(found, wanted)
            if difference:
                self.complain("differs", f"output {index}: {difference}")
                return "differs"
        return "yes"

    def difference(self, found, wanted):
        if found.shape != wanted.shape:
            return f"shape {found.shape}, expected {wanted.shape}"
        if wanted.dtype.kind not in "f" or not wanted.size:
            return None if np.array_equal(found, wanted) else "other numbers"
        a, b = found.astype(np.float64), wanted.astype(np.float64)
        same = np.isfinite(b)
        if not np.array_equal(a[~same], b[~same], equal_nan=True):
            return "other infinities"
        scale = max(np.abs(b[same]).max(initial=0), 1e-30)
        largest = np.abs(a[same] - b[same]).max(initial=0) / scale
        bound = .125 if self.about["quantised"] else 1e-3 if wanted.dtype == np.float16 else 1e-4
        return f"{largest:.2g} of the largest" if largest > bound else None

    def lists(self):
        result = self.call("info", self.model, "--json")
        if result.returncode:
            self.complain("info", result)
            return "no", []
        return "yes", [site["node"] for site in json.loads(result.stdout)["sites"]]

    def shows(self, folder, picture):
        files = list(self.files.items())
        if self.about["picture"] and len(files) == 1:
            given = [picture]
        elif len(files) == 1:
            given = [files[0][1]]
        else:
            given = [a for n, f in files for a in ("--input", f"{n}={f}")]
        file = os.path.join(folder, "view.txt")
        result = self.call("render", *given, "--model", self.model, "--size", "100x30", "-o", file)
        if result.returncode:
            self.complain("view", result)
            return "no"
        return "yes"

    def edits(self, folder, sites):
        import onnxruntime as ort
        edited = os.path.join(folder, "edited.onnx")
        result = None
        for site in sites[len(sites) // 2:] + sites[:len(sites) // 2]:
            result = self.call(
                "edit", self.model, "--add-dropout", f"{site}=element,.3", "--force", "-o", edited)
            if result.returncode == 0:
                break
        if result is None:
            return "no site"
        if result.returncode:
            self.complain("edit", result)
            return "no"
        options = ort.SessionOptions()
        options.log_severity_level = 4
        # Without the optimiser, whose choices a node more may change.
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = 1
        given = {n: np.load(f) for n, f in self.files.items()}
        try:
            before = ort.InferenceSession(self.model, options).run(None, given)
            after = ort.InferenceSession(edited, options).run(None, given)
        except Exception as error:
            self.complain("edit", f"onnxruntime: {error}")
            return "differs"
        same = all(repr(a) == repr(b) if isinstance(a, list)
                   else np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
                   for a, b in zip(before, after))
        own = [self.outputs(m, os.path.join(folder, f"own{i}"))
               for i, m in enumerate([self.model, edited])]
        if own[0] is not None:
            same = same and own[1] is not None and all(
                a.tobytes() == b.tobytes() for a, b in zip(*own))
        if not same:
            self.complain("edit", f"evaluation is another with dropout at {site}")
        return "yes" if same else "differs"

    def all(self, picture):
        with tempfile.TemporaryDirectory() as folder:
            runs = self.runs(folder)
            lists, sites = self.lists()
            return {"runs": runs, "lists": lists, "shows": self.shows(folder, picture),
                    "edits": self.edits(folder, sites) if lists == "yes" else "no"}


def write_picture(path):
    """A picture with something in it: PPM would do for PIL; dropscope reads PNG."""
    import struct
    import zlib
    y, x = np.mgrid[0:96, 0:128]
    image = np.stack([x * 2, y * 2, (np.hypot(x - 64, y - 48) < 30) * 200], -1).astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in image)

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    header = struct.pack(">IIBBBBB", 128, 96, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--program", default=".build/release/dropscope")
    parser.add_argument("--family", action="append")
    parser.add_argument("--only", default="", help="models whose name has this in it")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    if not os.access(program, os.X_OK):
        sys.exit(f"{options.program}: not there; build it, or name one with --program")
    folders = [about.parent for about in sorted(options.folder.glob("*/*/about.json"))]
    folders = [f for f in folders if options.only in f.name
               and (not options.family or f.parent.name in options.family)]
    table = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as folder:
        picture = pathlib.Path(folder) / "picture.png"
        write_picture(picture)

        def checked(folder):
            check = Check(program, folder)
            return check, check.all(str(picture))

        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for folder, (check, found) in zip(folders, pool.map(checked, folders)):
                family = table[folder.parent.name]
                family["models"] += 1
                for what, answer in found.items():
                    family[what, answer] += 1
                for complaint in check.complaints:
                    print(f"{folder.parent.name}/{folder.name}: {complaint}", flush=True)
    whats = ["runs", "lists", "shows", "edits"]
    print(f"{'family':22}{'models':>8}" + "".join(f"{w:>8}" for w in whats) + f"{'no site':>9}")
    total = collections.Counter()
    for name, row in [*sorted(table.items()), ("all", total)]:
        if name != "all":
            total.update(row)
        print(f"{name:22}{row['models']:8}" + "".join(f"{row[w, 'yes']:8}" for w in whats)
              + f"{row['edits', 'no site']:9}")
    sys.exit(1 if any(answer == "differs" for _, answer in (k for k in total if k != "models"))
             else 0)


if __name__ == "__main__":
    main()
