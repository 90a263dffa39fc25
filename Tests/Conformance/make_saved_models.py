#!/usr/bin/env python3
"""Makes models as different exporters save them: what an edit of a file has to leave alone.

    python3 Tests/Conformance/make_saved_models.py DIR [--only NAME]

DIR gets NAME.onnx, NAME.npz (inputs) and manifest.json (see saved_models/shelf.py). Nothing of it
is kept in the repository: every model has a fixed seed and is small. What is not installed is
skipped and said; entries that DIR's manifest has of another run stay, so the two environments that
the exporters need (TensorFlow's and the others' versions of protobuf and onnx differ) fill one DIR
one after the other:
    python3 -m venv torch-env && torch-env/bin/pip install torch onnxscript onnx==1.22.0 \\
        onnxruntime skl2onnx onnxconverter-common onnxmltools lightgbm onnxslim onnx-graphsurgeon \\
        spox sympy
    python3 -m venv tensorflow-env && tensorflow-env/bin/pip install tensorflow-cpu tf_keras \\
        keras tf2onnx onnx onnxruntime
    torch-env/bin/python Tests/Conformance/make_saved_models.py DIR
    tensorflow-env/bin/python Tests/Conformance/make_saved_models.py DIR --only tf2onnx
    tensorflow-env/bin/python Tests/Conformance/make_saved_models.py DIR --only keras
    tensorflow-env/bin/python Tests/Conformance/make_saved_models.py DIR --only random_tf2onnx
Last made with torch 2.15.0, onnxscript 0.7.2, onnx 1.22.0 (TensorFlow's: 1.23.2), onnxruntime
1.32.0, skl2onnx 1.20.0, onnxconverter-common 1.16.0, onnxmltools 1.16.0, lightgbm 4.7.0, onnxslim
0.1.98, onnx-graphsurgeon 0.6.1, spox 0.18.2; tensorflow-cpu 2.21.0, keras 3.15.1, tf_keras 2.21.0,
tf2onnx 1.17.0.
"""
import argparse
import collections
import importlib
import logging
import os
import pathlib
import sys
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(pathlib.Path(__file__).parent))

from saved_models.shelf import MAKERS, Shelf, Skip, seed_all  # noqa: E402

PARTS = ("torch_exporters", "tensorflow_exporters", "sklearn_exporters", "rewriters",
         "hand_written", "hand_written_types", "hand_written_files", "random_dropout")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--only", metavar="NAME", help="models whose name begins so")
    options = parser.parse_args()
    for part in PARTS:
        importlib.import_module(f"saved_models.{part}")
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    shelf = Shelf(options.folder, options.only)
    skipped = []
    for make in MAKERS:
        print(f"{make.__module__.split('.')[-1]}.{make.__name__}")
        seed_all()
        try:
            make(shelf)
        except Skip as reason:
            print(f"  skipped: {reason}")
            skipped.append(str(reason))
    for reason in sorted(set(skipped)):
        print(f"skipped: {reason}")
    for name, reason in shelf.failures:
        print(f"not made: {name}: {reason[:120]}")
    entries = shelf.entries.values()
    count = collections.Counter(e["purpose"] for e in entries)
    exporters = {e["exporter"] for e in entries if e["purpose"] == "edit"}
    print(f"{count['edit']} models of {len(exporters)} exporters to edit, {count['refuse']} to "
          f"refuse, {count['random dropout']} with dropout in random operators")
    return 0 if entries else 1


if __name__ == "__main__":
    sys.exit(main())
