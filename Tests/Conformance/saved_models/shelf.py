"""Where models are laid down: one folder, one manifest.json, inputs beside each model.

An entry of the manifest has
    model     file, relative to the folder
    exporter  the program that wrote it, with its version
    habit     what is particular about the file
    purpose   "edit" (a dropout is added at `site`), "refuse" (it cannot be) or "random dropout"
              (`sites` are to be recognised)
    site      a value's or node's name; `value` is the value that this means, `kind` what is added
    inputs    .npz of the graph's inputs, by name (":" and "/" written as they are); absent with
              `cannot_run`, which says why onnxruntime does not run the model
    may_refuse  true where it is as right to refuse the edit as to make it
    opset     of the default domain; `ir` the file's IR version
"""
import json
import pathlib
import random
import shutil
import tempfile

import numpy as np
import onnx

MAKERS = []


class Skip(Exception):
    """An exporter is not installed, or cannot write this model."""


def maker(function):
    """Registers a function (shelf) → None that adds models to a shelf."""
    MAKERS.append(function)
    return function


def needs(*modules):
    """Imports the modules; Skip names the first that is absent."""
    import importlib

    found = []
    for module in modules:
        try:
            found.append(importlib.import_module(module))
        except ImportError as error:
            raise Skip(f"{module} is not installed ({error})") from None
    return found[0] if len(found) == 1 else found


class Shelf:
    def __init__(self, folder, only=None):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.only = only
        self.failures = []
        self.manifest = self.folder / "manifest.json"
        self.entries = {}
        if self.manifest.exists():
            self.entries = {e["model"]: e for e in json.loads(self.manifest.read_text())}

    def wants(self, name):
        return self.only is None or name.startswith(self.only)

    def attempt(self, name, function, *arguments, **named):
        """Runs one export; what fails is told and kept apart, the others go on."""
        if not self.wants(name):
            return
        try:
            function(*arguments, **named)
        except Exception as error:  # an exporter may raise anything
            line = " ".join(str(error).split())[:200]
            self.failures.append((name, f"{type(error).__name__}: {line}"))
            print(f"  {name}: not made: {type(error).__name__}: {line}")

    def add(self, name, model, *, exporter, habit, inputs=None, site=None, kind="element",
            purpose="edit", notes="", cannot_run=None, sites=None, may_refuse=False):
        """Writes `model` (a ModelProto, bytes as the exporter wrote them, or the path of a file)
        and its inputs, and enters it. Numbers of `inputs` are NumPy arrays by name."""
        if not self.wants(name):
            return
        path = self.folder / f"{name}.onnx"
        if isinstance(model, onnx.ModelProto):
            path.write_bytes(model.SerializeToString())
        elif isinstance(model, bytes):
            path.write_bytes(model)
        elif pathlib.Path(model) != path:
            shutil.copyfile(model, path)
        proto = onnx.load(path, load_external_data=False)
        opset = next((o.version for o in proto.opset_import if o.domain in ("", "ai.onnx")), None)
        entry = {"model": path.name, "exporter": exporter, "habit": habit, "purpose": purpose,
                 "opset": opset, "ir": proto.ir_version, "notes": notes}
        if purpose == "edit":
            entry |= {"site": site, "value": value_at(proto.graph, site), "kind": kind}
        elif purpose == "refuse":
            entry |= {"site": site, "kind": kind}
        if sites is not None:
            entry["sites"] = sites
        if may_refuse:
            entry["may_refuse"] = True
        if inputs is not None:
            np.savez(self.folder / f"{name}.npz", **inputs)
            entry["inputs"] = f"{name}.npz"
        if cannot_run:
            entry["cannot_run"] = cannot_run
        else:
            try:
                run(path, inputs)
            except Exception:
                path.unlink()
                raise
        self.entries[path.name] = entry
        self.save()
        print(f"  {path.name}: {habit}")

    def save(self):
        text = json.dumps([self.entries[k] for k in sorted(self.entries)], indent=1)
        self.manifest.write_text(text + "\n")


def value_at(graph, site):
    """The value that `site` names: a node's first output, or a value of that name."""
    for node in graph.node:
        if node.name == site and node.output:
            return next(o for o in node.output if o)
    made = {o for n in graph.node for o in n.output if o}
    if site in made or site in {i.name for i in graph.input}:
        return site
    raise ValueError(f"site {site!r}: no node and no value of that name")


def run(path, inputs):
    """Runs the model once, so that what lies on the shelf is known to run."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session.run(None, feeds(session, inputs))


def feeds(session, inputs):
    """The numbers for each input of a session: those stored, lists for sequence inputs."""
    return {i.name: inputs[i.name] for i in session.get_inputs() if i.name in inputs}


def numbers(shape, seed=7, dtype=np.float32):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def seed_all(seed=7):
    random.seed(seed)
    np.random.seed(seed)


def scratch():
    return tempfile.TemporaryDirectory(prefix="saved_models_")
