"""Dropout that exporters spell in random operators: what the recogniser has to know.

Each entry's `sites` tells what is to be found: the value that goes in, the one that comes out,
the rate, the noise shape (1: shared along that axis; a word: open), and the law: inverted, alpha
or gaussian. `acts` is false for a Dropout that rests all the same. `frozen` is true where the
exporter drew the mask and wrote it down as a constant: there is nothing left to draw, and nothing
to recognise as a dropout that acts.

Bernoulli gives 1 with probability p, so the document says; the function body that ONNX 1.22 has
for it compares the wrong way round, and onnxruntime 1.32, which runs that body, gives 1 with
1 − p.
"""
import io
import warnings

import onnx

from .shelf import Skip, maker, needs, numbers, scratch

DRAWS = {"Dropout", "Bernoulli", "RandomUniform", "RandomUniformLike", "RandomNormal",
         "RandomNormalLike"}
SHAPES = {"2d": (4, 10), "3d": (2, 5, 6), "4d": (2, 4, 6, 6)}


def torch_modules():
    """name → (module, shape, rate, noise shape): dropout alive whatever the mode says."""
    torch = needs("torch")
    F = torch.nn.functional

    class Live(torch.nn.Module):
        def __init__(self, drop, features=None):
            super().__init__()
            self.drop = drop

        def forward(self, x):
            return torch.relu(self.drop(torch.sin(x)))

    def rand_like(p, strict=True, scaled="div"):
        def drop(x):
            u = torch.rand_like(x)
            mask = ((u > p) if strict else (u >= p)).to(x.dtype)
            return x * mask / (1 - p) if scaled == "div" else mask * x * (1 / (1 - p))
        return drop

    def where(x):
        return torch.where(torch.rand_like(x) < 0.3, torch.zeros_like(x), x / 0.7)

    def masked_fill(x):
        return x.masked_fill(torch.rand_like(x) < 0.3, 0.0) / 0.7

    def bernoulli(x):
        return x * torch.bernoulli(torch.full_like(x, 0.7)) / 0.7

    def timm_drop_path(x, keep=0.8):
        shape = (x.shape[0],) + (1,) * (x.ndim - 1)
        mask = x.new_empty(shape).bernoulli_(keep)
        mask = mask.div_(keep)
        return x * mask

    def old_drop_path(x, keep=0.8):
        shape = (x.shape[0],) + (1,) * (x.ndim - 1)
        mask = keep + torch.rand(shape, dtype=x.dtype)
        mask = mask.floor()
        return x.div(keep) * mask

    def locked(x, p=0.25):
        mask = x.new_empty(x.size(0), 1, x.size(2)).bernoulli_(1 - p) / (1 - p)
        return x * mask

    def word(x, p=0.25):
        mask = torch.rand(x.size(0), x.size(1), 1) >= p
        return x * mask / (1 - p)

    def weight_free_gaussian(x, p=0.2):
        return x * (1 + (p / (1 - p)) ** 0.5 * torch.randn_like(x))

    made = {}
    for key, shape in SHAPES.items():
        made[f"dropout_{key}"] = (lambda x: F.dropout(x, 0.4, training=True), shape, 0.4, shape)
        made[f"rand_like_{key}"] = (rand_like(0.3), shape, 0.3, shape)
    made |= {
        "dropout_p0": (lambda x: F.dropout(x, 0.0, training=True), SHAPES["2d"], 0.0, SHAPES["2d"]),
        "dropout1d": (lambda x: F.dropout1d(x, 0.4, training=True), (2, 5, 6), 0.4, (2, 5, 1)),
        "dropout2d": (lambda x: F.dropout2d(x, 0.4, training=True), (2, 4, 6, 6), 0.4,
                      (2, 4, 1, 1)),
        "dropout2d_3d": (lambda x: F.dropout2d(x, 0.4, training=True), (2, 5, 6), 0.4, (2, 5, 1)),
        "dropout3d": (lambda x: F.dropout3d(x, 0.4, training=True), (2, 3, 4, 4, 4), 0.4,
                      (2, 3, 1, 1, 1)),
        "alpha": (lambda x: F.alpha_dropout(x, 0.4, training=True), (4, 10), 0.4, (4, 10)),
        "feature_alpha": (lambda x: F.feature_alpha_dropout(x, 0.4, training=True), (2, 4, 6, 6),
                          0.4, (2, 4, 1, 1)),
        "rand_like_ge": (rand_like(0.3, strict=False), (4, 10), 0.3, (4, 10)),
        "rand_like_mul": (rand_like(0.3, scaled="mul"), (4, 10), 0.3, (4, 10)),
        "where": (where, (4, 10), 0.3, (4, 10)),
        "masked_fill": (masked_fill, (4, 10), 0.3, (4, 10)),
        "bernoulli": (bernoulli, (4, 10), 0.3, (4, 10)),
        "timm_drop_path": (timm_drop_path, (4, 5, 6), 0.2, (4, 1, 1)),
        "old_drop_path": (old_drop_path, (4, 5, 6), 0.2, (4, 1, 1)),
        "locked": (locked, (2, 5, 6), 0.25, (2, 1, 6)),
        "word": (word, (2, 5, 6), 0.25, (2, 5, 1)),
        "gaussian": (weight_free_gaussian, (4, 10), 0.2, (4, 10)),
    }
    return {k: (Live(f).train(), *rest) for k, (f, *rest) in made.items()}


@maker
def torch_networks(shelf):
    """Whole networks in training: how many of their dropouts survive."""
    torch = needs("torch", "onnxscript")[0]
    from .torch_exporters import export, networks

    lstm = networks()["lstm"][0]
    lstm.cell.dropout = 0.3
    encoder = networks()["encoder"][0]
    for key, module in (("lstm", lstm), ("encoder", encoder), ("mlp", networks()["mlp"][0]),
                        ("convolutions", networks()["convolutions"][0])):
        for dynamo, label in ((True, "dynamo"), (False, "ts")):
            name = f"random_{label}_network_{key}"

            def make():
                _, arguments, names = networks()[key]
                more = {"dynamo": True} if dynamo else {"dynamo": False, "opset_version": 17}
                data = export(module.train(), arguments, names,
                              training=torch.onnx.TrainingMode.TRAINING, **more)
                model = onnx.load_from_string(data)
                known = {t.name: onnx.numpy_helper.to_array(t) for t in model.graph.initializer}
                known |= {n.output[0]: onnx.numpy_helper.to_array(n.attribute[0].t)
                          for n in model.graph.node if n.op_type == "Constant"}
                sites = [{"input": n.input[0], "output": n.output[0], "law": "inverted",
                          "rate": round(float(known[n.input[1]]), 6),
                          "acts": len(n.input) > 2 and bool(known[n.input[2]])}
                         for n in model.graph.node if n.op_type == "Dropout"]
                if key == "convolutions":  # its Dropout2d is spelled: Mul(x, Div(Cast(…), keep))
                    noise = next(n.output[0] for n in model.graph.node if n.op_type == "Div")
                    product = next(n for n in model.graph.node if noise in n.input)
                    sites = [{"input": next(i for i in product.input if i != noise),
                              "output": product.output[0], "rate": 0.2, "law": "inverted",
                              "noise_shape": ["2", "8", "1", "1"]}]
                shelf.add(name, data, exporter=f"torch {torch.__version__} "
                          f"{'dynamo' if dynamo else 'TorchScript'}",
                          habit=f"{key} in training: {len(sites)} dropouts",
                          purpose="random dropout", sites=sites,
                          inputs={n: a.numpy() for n, a in zip(names, arguments)})
            shelf.attempt(name, make)


@maker
def torch_in_half(shelf):
    """float16 throughout: the noise and its threshold have the value's type."""
    torch = needs("torch")
    for dynamo, label in ((False, "ts"), (True, "dynamo")):
        for key in ("dropout_2d", "rand_like_2d") + (("dropout2d",) if dynamo else ()):
            def export():
                module, shape, rate, noise = torch_modules()[key]
                x = torch.from_numpy(numbers(shape)).half()
                buffer = io.BytesIO()
                more = {"verbose": False, "external_data": False} if dynamo else {}
                torch.onnx.export(module, (x,), buffer, dynamo=dynamo, input_names=["x"],
                                  output_names=["y"], opset_version=18 if dynamo else 17,
                                  training=torch.onnx.TrainingMode.TRAINING, **more)
                keep(shelf, f"random_{label}_half_{key}", buffer.getvalue(),
                     f"torch {torch.__version__} {'dynamo' if dynamo else 'TorchScript'}",
                     f"{key} in float16", x.numpy(), rate, noise)
            shelf.attempt(f"random_{label}_half_{key}", export)


@maker
def torch_not_optimised(shelf):
    """The dynamo exporter without its optimiser: shapes are still computed by nodes."""
    torch = needs("torch")
    for key in ("dropout2d", "rand_like_2d", "timm_drop_path", "bernoulli", "word"):
        def export():
            module, shape, rate, noise = torch_modules()[key]
            x = torch.from_numpy(numbers(shape))
            buffer = io.BytesIO()
            torch.onnx.export(module, (x,), buffer, dynamo=True, optimize=False, verbose=False,
                              input_names=["x"], output_names=["y"], external_data=False,
                              training=torch.onnx.TrainingMode.TRAINING)
            keep(shelf, f"random_dynamo_raw_{key}", buffer.getvalue(),
                 f"torch {torch.__version__} dynamo", f"{key}, optimize=False", x.numpy(), rate,
                 noise)
        shelf.attempt(f"random_dynamo_raw_{key}", export)


@maker
def tensorflow_in_network(shelf):
    """Between channels-last convolutions, where tf2onnx moves its transposes about."""
    tf, tf2onnx, keras = needs("tensorflow", "tf2onnx", "tf_keras")
    exporter = f"tf2onnx {tf2onnx.__version__} (TensorFlow {tf.__version__})"
    layers = keras.layers
    drops = {"dropout": (lambda: layers.Dropout(0.4), (2, 6, 6, 4)),
             "spatial": (lambda: layers.SpatialDropout2D(0.4), (2, 1, 1, 4)),
             "rows": (lambda: layers.Dropout(0.4, noise_shape=(None, 6, 1, 1)), (2, 6, 1, 1))}
    for key, (drop, noise) in drops.items():
        for opset in (9, 13) if key == "dropout" else (13,):
            for open_size in (False, True):
                name = f"random_tf2onnx_conv_{key}_opset{opset}" + ("_open" if open_size else "")

                def export():
                    keras.utils.set_random_seed(7)
                    first = layers.Conv2D(4, 3, kernel_initializer="glorot_uniform")
                    second = layers.Conv2D(2, 3)
                    dropout = drop()
                    size = (None if open_size else 2, 8, 8, 3)

                    @tf.function(input_signature=[tf.TensorSpec(size, tf.float32, name="x")])
                    def f(x):
                        x = tf.sin(first(x))
                        return second(tf.nn.relu(dropout(x, training=True)))

                    f(tf.zeros((2, 8, 8, 3)))
                    model, _ = tf2onnx.convert.from_function(
                        f, input_signature=f.input_signature, opset=opset)
                    keep(shelf, name, model.SerializeToString(), exporter,
                         f"{key} between convolutions", numbers((2, 8, 8, 3)), 0.4,
                         ("batch", *noise[1:]) if open_size else noise)
                shelf.attempt(name, export)


def ends(model):
    """The values between which the dropout stands: Sin's output and Relu's input."""
    return {"input": next(n.output[0] for n in model.graph.node if n.op_type == "Sin"),
            "output": next(n.input[0] for n in model.graph.node if n.op_type == "Relu")}


def keep(shelf, name, data, exporter, habit, x, rate, noise):
    model = onnx.load_from_string(data)
    law = next((w for w in ("alpha", "gaussian") if w in name), "inverted")
    sites = [{**ends(model), "rate": rate, "noise_shape": [str(n) for n in noise], "law": law}]
    if not any(n.op_type in DRAWS for n in model.graph.node):
        sites[0]["frozen"] = True
    if sites[0]["input"] == sites[0]["output"]:
        sites = []  # left out by the exporter
    inputs = {model.graph.input[0].name: x}
    try:
        shelf.add(name, data, exporter=exporter, habit=habit, purpose="random dropout",
                  inputs=inputs, sites=sites)
    except Exception as error:
        shelf.add(name, data, exporter=exporter, habit=habit, purpose="random dropout",
                  inputs=inputs, sites=sites, cannot_run=" ".join(str(error).split())[:160])


@maker
def torch_both(shelf):
    torch = needs("torch")
    for dynamo, label, opsets in ((False, "ts", (13, 17)), (True, "dynamo", (18,))):
        exporter = f"torch {torch.__version__} {'dynamo' if dynamo else 'TorchScript'}"
        if dynamo:
            needs("onnxscript")
        for key, (module, shape, rate, noise) in torch_modules().items():
            for opset in opsets if key in ("dropout_4d", "rand_like_2d", "timm_drop_path") \
                    else opsets[-1:]:
                for dynamic in (False, True) if key in ("dropout2d", "dropout_4d",
                                                        "rand_like_2d", "locked") else (False,):
                    name = f"random_{label}_{key}_opset{opset}" + ("_open" if dynamic else "")

                    def export():
                        torch.manual_seed(7)
                        x = torch.from_numpy(numbers(shape))
                        with scratch() as folder, warnings.catch_warnings():
                            warnings.simplefilter("ignore")
                            path = f"{folder}/m.onnx"
                            more = {}
                            if dynamo:
                                if dynamic:
                                    more["dynamic_shapes"] = ({0: torch.export.Dim("batch")},)
                                more["external_data"] = False
                                more["verbose"] = False
                            else:
                                more["do_constant_folding"] = False
                                if dynamic:
                                    more["dynamic_axes"] = {"x": {0: "batch"}}
                            torch.onnx.export(
                                module, (x,), path, dynamo=dynamo, opset_version=opset,
                                input_names=["x"], output_names=["y"],
                                training=torch.onnx.TrainingMode.TRAINING, **more)
                            with open(path, "rb") as file:
                                data = file.read()
                        n = ("batch", *noise[1:]) if dynamic else noise
                        keep(shelf, name, data, exporter, f"{key} in training", x.numpy(),
                             rate, n)
                    shelf.attempt(name, export)


def tensorflow_functions(tf, keras):
    nn = tf.nn

    def floor_form(x):  # TensorFlow 1's own spelling
        keep = 0.6
        return tf.math.divide(x, keep) * tf.floor(keep + tf.random.uniform(tf.shape(x)))

    def by_hand(x):
        mask = tf.cast(tf.random.uniform(tf.shape(x)) >= 0.4, x.dtype)
        return x * mask / 0.6

    def by_where(x):
        return tf.where(tf.random.uniform(tf.shape(x)) < 0.4, 0.0, x / 0.6)

    layer = {"keras_dropout_2d": (keras.layers.Dropout(0.4), (4, 10), (4, 10)),
             "keras_dropout_4d": (keras.layers.Dropout(0.4), (2, 6, 6, 4), (2, 6, 6, 4)),
             "keras_dropout_seed": (keras.layers.Dropout(0.4, seed=3), (4, 10), (4, 10)),
             "keras_noise_shape": (keras.layers.Dropout(0.4, noise_shape=(None, 1, 6)), (2, 5, 6),
                                   (2, 1, 6)),
             "keras_spatial1d": (keras.layers.SpatialDropout1D(0.4), (2, 5, 6), (2, 1, 6)),
             "keras_spatial2d": (keras.layers.SpatialDropout2D(0.4), (2, 6, 6, 4), (2, 1, 1, 4)),
             "keras_spatial2d_first": (
                 keras.layers.SpatialDropout2D(0.4, data_format="channels_first"), (2, 4, 6, 6),
                 (2, 4, 1, 1)),
             "keras_spatial3d": (keras.layers.SpatialDropout3D(0.4), (2, 4, 4, 4, 3),
                                 (2, 1, 1, 1, 3)),
             "keras_gaussian_dropout": (keras.layers.GaussianDropout(0.4), (4, 10), (4, 10)),
             "keras_alpha": (keras.layers.AlphaDropout(0.4), (4, 10), (4, 10))}
    made = {k: (lambda x, l=l: l(x, training=True), s, 0.4, n) for k, (l, s, n) in layer.items()}
    made |= {
        "nn_dropout_2d": (lambda x: nn.dropout(x, 0.4), (4, 10), 0.4, (4, 10)),
        "nn_dropout_seed": (lambda x: nn.dropout(x, 0.4, seed=3), (4, 10), 0.4, (4, 10)),
        "nn_dropout_4d": (lambda x: nn.dropout(x, 0.4), (2, 6, 6, 4), 0.4, (2, 6, 6, 4)),
        "nn_dropout_noise": (lambda x: nn.dropout(x, 0.4, noise_shape=(2, 1, 6)), (2, 5, 6), 0.4,
                             (2, 1, 6)),
        "nn_dropout_noise_open": (
            lambda x: nn.dropout(x, 0.4, noise_shape=tf.stack([tf.shape(x)[0], 1, 1, 4])),
            (2, 6, 6, 4), 0.4, (2, 1, 1, 4)),
        "nn_dropout_rate_tensor": (lambda x: nn.dropout(x, tf.constant(0.4)), (4, 10), 0.4,
                                   (4, 10)),
        "general_dropout": (
            lambda x: nn.experimental.general_dropout(
                x, 0.4, lambda shape, dtype: tf.random.uniform(shape, dtype=dtype)), (4, 10), 0.4,
            (4, 10)),
        "stateless_dropout": (
            lambda x: nn.experimental.stateless_dropout(x, 0.4, seed=[1, 2]), (4, 10), 0.4,
            (4, 10)),
        "v1_dropout": (lambda x: tf.compat.v1.nn.dropout(x, keep_prob=0.6), (4, 10), 0.4, (4, 10)),
        "floor": (floor_form, (4, 10), 0.4, (4, 10)),
        "by_hand": (by_hand, (4, 10), 0.4, (4, 10)),
        "by_where": (by_where, (4, 10), 0.4, (4, 10)),
    }
    return made


@maker
def tensorflow(shelf):
    tf, tf2onnx, keras = needs("tensorflow", "tf2onnx", "keras")
    libraries = {"keras": keras}
    try:
        libraries["tf_keras"] = needs("tf_keras")
    except Skip as reason:
        print(f"  {reason}")
    exporter = f"tf2onnx {tf2onnx.__version__} (TensorFlow {tf.__version__})"
    for library, module in libraries.items():
        for key, (function, shape, rate, noise) in tensorflow_functions(tf, module).items():
            if library == "tf_keras":
                if not key.startswith("keras"):
                    continue
                key = f"tf_{key}"
            for opset in (11, 17) if key in ("nn_dropout_2d", "tf_keras_spatial2d") else (17,):
                for open_size in (False, True) if key in ("nn_dropout_2d", "tf_keras_spatial2d",
                                                          "tf_keras_dropout_2d") else (False,):
                    name = f"random_tf2onnx_{key}_opset{opset}" + ("_open" if open_size else "")

                    def export():
                        tf.random.set_seed(7)
                        size = (None, *shape[1:]) if open_size else shape

                        @tf.function(input_signature=[tf.TensorSpec(size, tf.float32, name="x")])
                        def f(x):
                            return tf.nn.relu(function(tf.sin(x)))

                        model, _ = tf2onnx.convert.from_function(
                            f, input_signature=f.input_signature, opset=opset)
                        n = ("batch", *noise[1:]) if open_size else noise
                        keep(shelf, name, model.SerializeToString(), exporter,
                             f"{key} in training", numbers(shape), rate, n)
                    shelf.attempt(name, export)
