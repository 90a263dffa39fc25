#!/usr/bin/env python3
"""Makes models as different exporters save them.

    python3 Tests/Conformance/make_saved_models.py DIR [--only PART]

"""
import argparse
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
    parser.add_argument("--only", metavar="PART", help="models whose name begins so")
    options = parser.parse_args()
    for part in PARTS:
        if not (pathlib.Path(__file__).parent / "saved_models" / f"{part}.py").exists(): continue
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


main()
