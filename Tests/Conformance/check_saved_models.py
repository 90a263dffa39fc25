#!/usr/bin/env python3
"""Adds one dropout to every model of make_saved_models.py with a program, and checks the files.

    python3 Tests/Conformance/check_saved_models.py DIR --program PATH [--only PART] [--json]

For each model the program runs as `PATH edit MODEL --at SITE=KIND,RATE -o OUT`. Then
  checker   onnx.checker accepts what it wrote, in full where it accepts the original in full
  outputs   onnxruntime's outputs at evaluation are bit-equal, with graph optimisations off and by
            default (onnx.reference stands in where onnxruntime cannot run the original)
  fields    every field of the protobuf is as before but the new nodes and names
  acts      with `--training-input` besides: fed true it drops about the rate and scales the rest,
            fed false the outputs are bit-equal (opset 12 and up). Looked at with optimisations
            off: by default onnxruntime 1.32 removes every Dropout whose output is no output of
            the graph, though its training_mode is true
  files     the original and its external data are untouched, nothing else is left in the folder
onnxruntime has few float16 kernels on the CPU: it casts to float32 and leaves out casts between
neighbours, so that a new node can change where it rounds. A difference that two Neg nodes in the
Dropout's place make as well, bit for bit, is told and not a failure.
Models of purpose "refuse" have to be refused with one line and without a file.

Packages: onnx==1.22.0 onnxruntime numpy ml_dtypes. One line a model; exit 1 on any failure.
"""
import argparse
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import onnx

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from saved_models import behaviour  # noqa: E402
from saved_models.compare import compare  # noqa: E402

RATE = 0.3
TRAINING = "dropout_training"
TRAPS = {132, 133, 134, 136, 139}


def checked(path):
    """How far onnx.checker goes with a file: "full", "plain", or None; and what it says."""
    said = ""
    for full in (True, False):
        try:
            onnx.checker.check_model(str(path), full_check=full)
            return ("full" if full else "plain"), said
        except Exception as error:  # the checker raises of several modules
            said = " ".join(str(error).split())[:160]
    return None, said


def run_program(program, model, site, kind, out, *more):
    command = [program, "edit", str(model), "--at", f"{site}={kind},{RATE}", *more, "-o", str(out)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL)


def ended_well(done):
    return 0 <= done.returncode and done.returncode not in TRAPS


def said(done):
    lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return f"exit {done.returncode}: {lines[0][:200] if lines else '(nothing said)'}"


def data_files(model):
    """Files of external data that a model names."""
    tensors = list(model.graph.initializer)
    return {e.value for t in tensors for e in t.external_data if e.key == "location"}


def digest(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(folder.iterdir()) if p.is_file()}


class Check:
    def __init__(self, folder, entry, program, work):
        self.entry, self.program, self.work = entry, program, work
        self.problems, self.notes = [], []
        self.at_evaluation = None
        self.path = work / entry["model"]
        shutil.copyfile(folder / entry["model"], self.path)
        self.original = onnx.load(self.path, load_external_data=False)
        for name in data_files(self.original):
            shutil.copyfile(folder / name, work / name)
        self.inputs = dict(np.load(folder / entry["inputs"])) if entry.get("inputs") else {}
        self.kind = entry.get("kind", "element")

    def result(self):
        return {"model": self.entry["model"], "exporter": self.entry["exporter"],
                "habit": self.entry["habit"], "ok": not self.problems, "problems": self.problems,
                "notes": self.notes}

    def refuse(self):
        out = self.work / "out.onnx"
        done = run_program(self.program, self.path, self.entry["site"], self.kind, out)
        if done.returncode == 0:
            self.problems.append("was not refused")
        elif not ended_well(done):
            self.problems.append(f"crashed, {said(done)}")
        elif len(done.stderr.strip().splitlines()) != 1:
            self.problems.append(f"expected one line, found {done.stderr.strip()!r}")
        else:
            self.notes.append(f"refused, {said(done)}")
        if out.exists():
            self.problems.append("refused, but wrote a file")

    def edit(self):
        before = digest(self.work)
        out = self.work / "out.onnx"
        done = run_program(self.program, self.path, self.entry["site"], self.kind, out)
        if done.returncode != 0 or not out.exists():
            if self.entry.get("may_refuse") and ended_well(done) and not out.exists():
                self.notes.append(f"refused, {said(done)}")
            else:
                self.problems.append(said(done) if done.returncode else "wrote no file")
            return
        after = digest(self.work)
        after.pop(out.name)
        if after != before:
            changed = sorted(k for k in before.keys() | after.keys()
                             if before.get(k) != after.get(k))
            self.problems.append(f"files beside the model changed: {changed}")
        self.checker(out)
        edit = self.fields(out)
        self.outputs(out, edit)
        if edit.dropped and not self.problems:
            self.acts()
        if data_files(self.original):
            self.elsewhere()

    def checker(self, out):
        before, _ = checked(self.path)
        after, why = checked(out)
        rank = {None: 0, "plain": 1, "full": 2}
        if rank[after] < rank[before]:
            self.problems.append(f"checker: {before} before, {after or 'refused'} after: {why}")
        self.notes.append(f"checker {after or 'refuses both'}")

    def fields(self, out, training=None):
        edited = onnx.load(out, load_external_data=False)
        edit = compare(self.original, edited, self.entry["value"], self.kind, RATE, training)
        self.problems += [f"fields: {p}" for p in edit.problems]
        if not edit.problems and not training:
            self.notes.append(f"new: {len(edit.nodes)} nodes, {len(edit.initializers)} "
                              f"initialisers")
        return edit

    def outputs(self, out, edit):
        if self.entry.get("cannot_run"):
            try:
                before = behaviour.by_reference(self.path, self.inputs)
            except behaviour.NotRun as reason:
                self.notes.append(f"not run ({reason})")
                return
            try:
                after = behaviour.by_reference(out, self.inputs)
            except behaviour.NotRun as reason:
                self.problems.append(f"outputs: the reference runs the original only: {reason}")
                return
            if behaviour.equal(before, after):
                self.notes.append("bit-equal (reference)")
            else:
                self.problems.append("outputs: differ by "
                                     f"{behaviour.distance(before, after):g} (reference)")
            return
        for level in (behaviour.OFF, behaviour.DEFAULT):
            old = self.entry["opset"] < 7 and level == behaviour.OFF
            try:
                before = behaviour.by_onnxruntime(self.path, self.inputs, level)
                after = behaviour.by_onnxruntime(out, self.inputs, level)
            except Exception as error:  # whatever onnxruntime raises
                line = " ".join(str(error).split())
                if old and "implementation for Dropout(6)" in line:
                    self.notes.append("onnxruntime has no Dropout of opset 6 (off)")
                else:
                    self.problems.append(f"outputs: onnxruntime ({level}): {line[:200]}")
                continue
            if level == behaviour.OFF:
                self.at_evaluation = before
            if behaviour.equal(before, after):
                self.notes.append(f"bit-equal ({level})")
                continue
            if level == behaviour.OFF and self.kind == "element" and edit.dropped:
                control = behaviour.by_onnxruntime(behaviour.negated_twice(out, edit), self.inputs,
                                                   level)
                if behaviour.equal(control, after):
                    self.notes.append("onnxruntime rounds float16 elsewhere next to any node (off)")
                    self.at_evaluation = after
                    continue
            self.problems.append(f"outputs: differ by {behaviour.distance(before, after):g} "
                                 f"({level})")

    def acts(self):
        opset = self.entry["opset"]
        if opset < 12:
            self.notes.append(f"opset {opset} has no training_mode")
            return
        out = self.work / "training.onnx"
        done = run_program(self.program, self.path, self.entry["site"], self.kind, out,
                           "--training-input", TRAINING)
        if done.returncode != 0 or not out.exists():
            self.problems.append(f"acts: with --training-input {said(done)}")
            return
        edit = self.fields(out, TRAINING)
        reference = bool(self.entry.get("cannot_run"))
        feeds = self.inputs | {TRAINING: np.array(False)}
        try:
            if reference:
                before = behaviour.by_reference(self.path, self.inputs)
                after = behaviour.by_reference(out, feeds)
            else:
                before = self.at_evaluation
                after = behaviour.by_onnxruntime(out, feeds, behaviour.OFF)
            if not behaviour.equal(before, after):
                self.problems.append("acts: fed false, the outputs differ by "
                                     f"{behaviour.distance(before, after):g}")
        except behaviour.NotRun:
            pass  # told of by outputs(); what leads to the site may run all the same
        try:
            dropped, units = behaviour.dropped_share(out, self.inputs, edit, TRAINING, self.kind,
                                                     RATE, reference)
        except behaviour.NotRun as reason:
            self.notes.append(f"not run in training ({reason})")
            return
        except Exception as error:  # ValueError of dropped_share, or the runtime's own
            self.problems.append(f"acts: {' '.join(str(error).split())[:200]}")
            return
        if not units:
            self.notes.append("the site is 0 throughout")
            return
        independent = units / (6 if self.kind in ("row", "column") else 1)
        band = 5 * (RATE * (1 - RATE) / independent) ** 0.5
        told = f"{dropped}/{units} = {dropped / units:.3f} ±{band:.3f}"
        if abs(dropped / units - RATE) > band:
            self.problems.append(f"acts: dropped {told}, expected {RATE}")
        else:
            self.notes.append(f"dropped {told}")

    def elsewhere(self):
        """External data is found by its folder: a file written into another must still load."""
        other = self.work / "other"
        other.mkdir()
        out = other / "out.onnx"
        done = run_program(self.program, self.path, self.entry["site"], self.kind, out)
        if done.returncode != 0:
            if not ended_well(done):
                self.problems.append(f"into another folder: crashed, {said(done)}")
            self.notes.append(f"into another folder: refused, {said(done)}")
            return
        try:
            before = behaviour.by_onnxruntime(self.path, self.inputs, behaviour.OFF)
            after = behaviour.by_onnxruntime(out, self.inputs, behaviour.OFF)
            if not behaviour.equal(before, after):
                self.problems.append("into another folder: outputs differ")
        except Exception as error:
            self.problems.append("into another folder: written without its data: "
                                 f"{' '.join(str(error).split())[:120]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--program", required=True)
    parser.add_argument("--only", metavar="PART", help="models whose name begins so")
    parser.add_argument("--json", action="store_true", help="results as JSON instead of lines")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    results = []
    for entry in json.loads((options.folder / "manifest.json").read_text()):
        if entry["purpose"] not in ("edit", "refuse"):
            continue
        if options.only and not entry["model"].startswith(options.only):
            continue
        with tempfile.TemporaryDirectory() as work:
            check = Check(options.folder, entry, program, pathlib.Path(work))
            try:
                getattr(check, entry["purpose"])()
            except subprocess.TimeoutExpired:
                check.problems.append("the program did not end within 300 s")
        result = check.result()
        results.append(result)
        if not options.json:
            mark = "ok  " if result["ok"] else "FAIL"
            print(f"{mark} {entry['model']}: {'; '.join(result['problems'] + result['notes'])}",
                  flush=True)
    failed = [r for r in results if not r["ok"]]
    if options.json:
        print(json.dumps(results, indent=1))
    else:
        exporters = {r["exporter"] for r in results}
        exact = sum(all(f"bit-equal ({level})" in r["notes"] for level in ("off", "default"))
                    for r in results)
        print(f"{len(results)} models of {len(exporters)} exporters: {exact} bit-equal with "
              f"optimisations off and by default")
        print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
