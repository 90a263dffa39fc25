#!/usr/bin/env python3
"""What ONNX lays down for every operator of dropscope's registry, by version, into schemas.json.

    pip install onnx==1.22.0
    python3 Tests/Golden/make_schemas.py > Tests/Golden/schemas.json

Of each version of an operator: its attributes with their kinds and whether one must be there, the
least and the largest number of inputs and outputs, and the element types that each input may have.
Types that dropscope's ElementType does not name are left out; "sequence" is an input that takes nothing
else.
"""
import json
import pathlib
import re

import onnx.defs

TYPES = {"float": "float32", "double": "float64"}
NAMED = {"float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64", "uint8",
         "uint16", "uint32", "uint64", "bool", "string"}
MANY = 2**31 - 1


def operators():
    folder = pathlib.Path(__file__).parents[2] / "Sources/NeuralNet/Operators"
    registry = (folder / "StandardOperators.swift").read_text()
    for name in re.findall(r"(\w+)\.self,", registry):
        for file in folder.rglob("*.swift"):
            text = file.read_text()
            if re.search(rf"struct {name}\b", text):
                domain = re.search(r'domain = "([\w.]+)"', text)
                name = re.search(r'opType = "(\w+)"', text).group(1)
                yield name, domain.group(1) if domain else ""


def types(schema, text):
    for constraint in schema.type_constraints:
        if constraint.type_param_str == text:
            return constraint.allowed_type_strs
    return [text]


def names(allowed):
    if allowed and all(t.startswith("seq(") for t in allowed):
        return ["sequence"]
    inner = [re.fullmatch(r"tensor\((\w+)\)", t) for t in allowed]
    own = {TYPES.get(m.group(1), m.group(1)) for m in inner if m}
    return sorted(own & NAMED)


def version(schema):
    return {
        "since": schema.since_version,
        "attributes": {
            a.name: {"kind": a.type.name.lower(), "required": a.required}
            for a in sorted(schema.attributes.values(), key=lambda a: a.name)},
        "inputs": [
            {"types": names(types(schema, i.type_str)), "option": i.option.name.lower()}
            for i in schema.inputs],
        "least_inputs": schema.min_input,
        "most_inputs": None if schema.max_input >= MANY else schema.max_input,
        "least_outputs": schema.min_output,
        "most_outputs": None if schema.max_output >= MANY else schema.max_output,
    }


def main():
    every = onnx.defs.get_all_schemas_with_history()
    made = {}
    for name, domain in sorted(operators()):
        versions = [s for s in every if s.name == name and s.domain == domain and not s.deprecated]
        made[name] = [version(s) for s in sorted(versions, key=lambda s: s.since_version)]
    print("{")
    lines = []
    for name, versions in made.items():
        rows = ",\n  ".join(json.dumps(v, separators=(",", ":")) for v in versions)
        lines.append(f'"{name}": [\n  {rows}]')
    print(",\n".join(lines))
    print("}")


if __name__ == "__main__":
    main()
