"""What PyTorch's two exporters write of networks in evaluation."""
import io
import warnings

import onnx

from .shelf import maker, needs, numbers, scratch


def networks():
    """name → (module, example inputs, names of inputs)."""
    torch = needs("torch")
    nn = torch.nn

    class Convolutions(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
            self.norm = nn.BatchNorm2d(8)
            self.conv2 = nn.Conv2d(8, 8, 3, padding=1)
            self.drop = nn.Dropout2d(0.2)
            self.dense = nn.Linear(8, 5)

        def forward(self, image):
            x = torch.relu(self.norm(self.conv1(image)))
            x = x + torch.relu(self.conv2(self.drop(x)))
            x = nn.functional.max_pool2d(x, 2).mean((2, 3))
            return torch.log_softmax(self.dense(x), 1)

    class Recurrent(nn.Module):
        def __init__(self, kind):
            super().__init__()
            self.embedding = nn.Embedding(20, 6)
            self.cell = kind(6, 7, num_layers=2, batch_first=True)
            self.dense = nn.Linear(7, 4)

        def forward(self, words):
            y, _ = self.cell(self.embedding(words))
            return self.dense(y[:, -1])

    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True, activation="gelu")

        def forward(self, x):
            return self.layer(x)

    class TwoEnds(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(6, 8), nn.Linear(4, 8)

        def forward(self, left, right):
            h = torch.tanh(self.a(left) + self.b(right))
            return h, h.sum(1), h.argmax(1)

    class Branch(nn.Module):
        def __init__(self):
            super().__init__()
            self.dense = nn.Linear(6, 6)

        def forward(self, x):
            h = torch.relu(self.dense(x))
            return torch.cond(h.sum() > 1, lambda h: h * 2, lambda h: h - 1, (h,))

    torch.manual_seed(7)
    mlp = nn.Sequential(nn.Linear(10, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
    words = torch.arange(10).reshape(2, 5) * 2 % 20
    made = {
        "mlp": (mlp, (torch.from_numpy(numbers((4, 10))),), ["x"]),
        "convolutions": (Convolutions(), (torch.from_numpy(numbers((2, 3, 8, 8))),), ["image"]),
        "lstm": (Recurrent(nn.LSTM), (words,), ["words"]),
        "gru": (Recurrent(nn.GRU), (words,), ["words"]),
        "encoder": (Encoder(), (torch.from_numpy(numbers((2, 5, 8))),), ["x"]),
        "two_ends": (TwoEnds(), (torch.from_numpy(numbers((3, 6))),
                                 torch.from_numpy(numbers((3, 4), 8))), ["left", "right"]),
        "branch": (Branch(), (torch.from_numpy(numbers((3, 6))),), ["x"]),
    }
    return {k: (m.eval(), a, n) for k, (m, a, n) in made.items()}


def value_of(model, op, which=0, output=0):
    """The name of the value that the graph's which-th node of this operator makes."""
    found = [n for n in model.graph.node if n.op_type == op]
    if which >= len(found):
        raise ValueError(f"no {op} among {sorted({n.op_type for n in model.graph.node})}")
    return found[which].output[output]


def node_of(model, op, which=0):
    return [n for n in model.graph.node if n.op_type == op][which].name


def export(module, arguments, names, **more):
    torch = needs("torch")
    buffer = io.BytesIO()
    if more.get("dynamo"):
        more |= {"verbose": False, "external_data": False}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, arguments, buffer, input_names=names, **more)
    return buffer.getvalue()


@maker
def torchscript(shelf):
    torch = needs("torch")
    exporter = f"torch {torch.__version__} TorchScript"

    def one(name, key, habit, site, kind="element", half=False, notes="", **more):
        def make():
            module, arguments, names = networks()[key]
            if half:
                module, arguments = module.half(), tuple(a.half() for a in arguments)
            data = export(module, arguments, names, dynamo=False, **more)
            model = onnx.load_from_string(data)
            shelf.add(f"ts_{name}", data, exporter=exporter, habit=habit, site=site(model),
                      kind=kind, notes=notes,
                      inputs={n: a.numpy() for n, a in zip(names, arguments)})
        shelf.attempt(f"ts_{name}", make)

    one("mlp_opset9", "mlp", "opset 9, node names with slashes", lambda m: node_of(m, "Relu"),
        opset_version=9)
    one("mlp_kept_inputs", "mlp", "initialisers are inputs too (keep_initializers_as_inputs)",
        lambda m: value_of(m, "Relu"), opset_version=11, keep_initializers_as_inputs=True)
    one("convolutions_opset11", "convolutions", "opset 11, batch normalisation folded",
        lambda m: node_of(m, "Relu"), kind="spatial", opset_version=11)
    one("convolutions_opset17", "convolutions", "opset 17, two readers of the site",
        lambda m: node_of(m, "Relu"), opset_version=17)
    one("convolutions_unfolded", "convolutions", "constants left as nodes, batch open",
        lambda m: node_of(m, "MaxPool"), kind="spatial", opset_version=13,
        do_constant_folding=False, training=torch.onnx.TrainingMode.PRESERVE,
        dynamic_axes={"image": {0: "batch", 2: "rows", 3: "columns"}})
    one("lstm", "lstm", "LSTM with Transpose, Slice and Squeeze about it",
        lambda m: value_of(m, "LSTM"), opset_version=14)
    one("gru", "gru", "GRU, open batch", lambda m: value_of(m, "Gather"), opset_version=16,
        dynamic_axes={"words": {0: "batch", 1: "time"}})
    one("encoder", "encoder", "transformer block", lambda m: value_of(m, "Softmax"),
        opset_version=17)
    one("two_ends", "two_ends", "two inputs, three outputs, the site is an output",
        lambda m: m.graph.output[0].name, opset_version=17,
        output_names=["hidden", "total", "largest"])
    one("mlp_half", "mlp", "float16 throughout", lambda m: node_of(m, "Relu"), half=True,
        opset_version=17)
    one("mlp_training", "mlp", "weights not folded, a Dropout that acts",
        lambda m: value_of(m, "Gemm"), opset_version=17,
        training=torch.onnx.TrainingMode.EVAL)

    def scripted():
        class Steps(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.dense = torch.nn.Linear(6, 6)

            def forward(self, x, n: int):
                h = torch.relu(self.dense(x))
                total = h
                for _ in range(n):
                    total = total * 0.5 + h
                return total if bool(total.sum() > 0) else -total

        torch.manual_seed(7)
        module = torch.jit.script(Steps().eval())
        x = torch.from_numpy(numbers((3, 6)))
        data = export(module, (x, torch.tensor(3)), ["x", "n"], dynamo=False, opset_version=15)
        model = onnx.load_from_string(data)
        shelf.add("ts_script_loop", data, exporter=exporter,
                  habit="Loop and If whose bodies read the site", site=value_of(model, "Relu"),
                  inputs={"x": x.numpy(), "n": torch.tensor(3).numpy()})
    shelf.attempt("ts_script_loop", scripted)


@maker
def dynamo(shelf):
    torch, _ = needs("torch", "onnxscript")
    exporter = f"torch {torch.__version__} dynamo"

    def one(name, key, habit, site, kind="element", cast=None, open_sizes=None, **more):
        def make():
            module, arguments, names = networks()[key]
            if cast is not None:
                module = module.to(cast)
                arguments = tuple(a.to(cast) for a in arguments)
            if open_sizes:
                more["dynamic_shapes"] = tuple(
                    {k: torch.export.Dim(v) for k, v in sizes.items()} for sizes in open_sizes)
            data = export(module, arguments, names, dynamo=True, **more)
            model = onnx.load_from_string(data)
            shelf.add(f"dynamo_{name}", data, exporter=exporter, habit=habit, site=site(model),
                      kind=kind, inputs={n: a.numpy() for n, a in zip(names, arguments)})
        shelf.attempt(f"dynamo_{name}", make)

    one("mlp", "mlp", "metadata on every node, value_info of all", lambda m: node_of(m, "Relu"))
    one("convolutions", "convolutions", "convolution with batch normalisation",
        lambda m: node_of(m, "Relu"), kind="spatial")
    one("convolutions_open", "convolutions", "open batch", lambda m: node_of(m, "Relu"),
        open_sizes=[{0: "batch"}])
    one("convolutions_raw", "convolutions", "not optimised: Constant nodes, BatchNormalization",
        lambda m: value_of(m, "BatchNormalization"), optimize=False)
    one("lstm", "lstm", "LSTM", lambda m: value_of(m, "Gather"))
    one("encoder", "encoder", "transformer block with LayerNormalization",
        lambda m: value_of(m, "LayerNormalization"))
    one("two_ends", "two_ends", "two inputs, three outputs, the site is an output",
        lambda m: value_of(m, "Tanh"), output_names=["hidden", "total", "largest"])
    one("branch", "branch", "If whose bodies read the site (torch.cond)",
        lambda m: value_of(m, "Relu"))
    one("mlp_half", "mlp", "float16", lambda m: node_of(m, "Relu"), cast=torch.float16)
    one("mlp_double", "mlp", "float64", lambda m: node_of(m, "Relu"), cast=torch.float64)

    def external():
        module, arguments, names = networks()["convolutions"]
        with scratch() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            path = f"{folder}/dynamo_external.onnx"
            torch.onnx.export(module, arguments, path, dynamo=True, external_data=True,
                              verbose=False, input_names=names)
            model = onnx.load(path, load_external_data=False)
            kept = {e.value for t in model.graph.initializer for e in t.external_data
                    if e.key == "location"}
            for location in kept:
                (shelf.folder / location).write_bytes(open(f"{folder}/{location}", "rb").read())
            shelf.add("dynamo_external", path, exporter=exporter,
                      habit=f"weights beside the model ({', '.join(sorted(kept))})",
                      site=node_of(model, "Relu"), inputs={"image": arguments[0].numpy()})
    shelf.attempt("dynamo_external", external)
