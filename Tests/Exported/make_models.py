#!/usr/bin/env python3
"""Models as their exporters write them, with inputs and what onnxruntime makes of those.

    pip install torch torchvision timm tensorflow-cpu keras tf2onnx scikit-learn skl2onnx \\
        transformers onnx==1.22.0 onnxruntime
    python3 Tests/Exported/make_models.py FOLDER [--family NAME] [--only TEXT]
    python3 Tests/Exported/check_models.py FOLDER

Weights are drawn, not learned: nothing is downloaded. Each model gets a folder of its own,
FOLDER/FAMILY/NAME, with model.onnx, in-INPUT.npy for each input, out-INDEX.npy for each output, and
about.json: names of inputs and outputs, and whether a picture can be shown to it. What an exporter or
onnxruntime cannot do itself is told and left out. A model that is there already is not made again.
"""
import argparse
import json
import os
import pathlib
import shutil
import traceback
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402

FAMILIES = {}


def family(name):
    def add(function):
        FAMILIES[name] = function
        return function
    return add


def generator(text):
    return np.random.default_rng(sum(text.encode()))


def picture(text, *shape):
    return generator(text).normal(size=shape).astype(np.float32)


# PyTorch: what people write, through both exporters.

def torch_nets():
    """(name, module, inputs, whether it takes pictures, names of open sizes by input)"""
    import torch
    from torch import nn
    f = nn.functional

    class Fn(nn.Module):
        def __init__(self, function, **parts):
            super().__init__()
            self.function = function
            for name, part in parts.items():
                setattr(self, name, part)

        def forward(self, *x):
            return self.function(self, *x)

    image, image3 = torch.randn(1, 1, 28, 28), torch.randn(1, 3, 32, 32)
    tokens = torch.randint(0, 50, (2, 12))
    rows = torch.randn(2, 12, 16)

    class Attend(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = nn.MultiheadAttention(16, 4, dropout=.1, batch_first=True)

        def forward(self, x):
            return self.a(x, x, x)[0]

    class Flow(nn.Module):
        def forward(self, x, n: int):
            y = x
            for _ in range(n):
                if y.sum() > 0:
                    y = y * .5
                else:
                    y = y + 1
            return y

    class Gather(nn.Module):
        def forward(self, x):
            parts = []
            for row in x.unbind(1):
                parts.append(torch.relu(row) * len(parts))
            return torch.stack(parts, 1)

    class Pieces(nn.Module):
        def forward(self, x):
            a, b, c = torch.split(x, [3, 5, 8], dim=2)
            return torch.cat([c, a * 2, b], dim=2)

    class Grow(nn.Module):
        def forward(self, x, n: int):
            made = []
            for i in range(n):
                made.append(x[:, i] * 2)
            return torch.stack(made, 1)

    class UNet(nn.Module):
        def __init__(self):
            super().__init__()
            self.d1 = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
            self.d2 = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.Dropout2d(.3))
            self.up = nn.ConvTranspose2d(16, 8, 2, stride=2)
            self.o = nn.Conv2d(16, 1, 1)

        def forward(self, x):
            a = self.d1(x)
            b = self.up(self.d2(f.max_pool2d(a, 2)))
            return torch.sigmoid(self.o(torch.cat([a, b], 1)))

    def acts(*kinds):
        return nn.Sequential(nn.Conv2d(3, 4, 3), *kinds, nn.Flatten(), nn.Linear(4 * 900, 5))

    class Recurrent(nn.Module):
        def __init__(self, kind, **options):
            super().__init__()
            self.e = nn.Embedding(50, 16)
            self.r = kind(16, 24, batch_first=True, **options)
            self.d = nn.Linear(48 if options.get("bidirectional") else 24, 5)

        def forward(self, x):
            return self.d(self.r(self.e(x))[0])

    class Encoder(nn.Module):
        def __init__(self, activation):
            super().__init__()
            self.e = nn.Embedding(50, 32)
            layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True, activation=activation)
            self.t = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
            self.d = nn.Linear(32, 5)

        def forward(self, x):
            return self.d(self.t(self.e(x)))

    def cnn(drop):
        return nn.Sequential(
            nn.Conv2d(1, 8, 3), nn.ReLU(), drop(.25), nn.MaxPool2d(2), nn.Flatten(),
            nn.Dropout(.5), nn.Linear(8 * 169, 10), nn.Softmax(1))

    yield "mlp", nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Dropout(.5),
                               nn.Linear(64, 10)), (image,), True, True
    yield "cnn", cnn(nn.Dropout), (image,), True, True
    yield "cnn2d", cnn(nn.Dropout2d), (image,), True, True
    yield "alpha", nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.SELU(), nn.AlphaDropout(.2),
                                 nn.Linear(32, 10)), (image,), True, True
    yield "unet", UNet(), (image3,), True, True
    yield "norms", acts(nn.GroupNorm(2, 4), nn.InstanceNorm2d(4, affine=True), nn.BatchNorm2d(4),
                        nn.LayerNorm([4, 30, 30])), (image3,), True, False
    yield "activations", acts(nn.PReLU(), nn.ELU(), nn.SELU(), nn.Mish(), nn.Hardswish(),
                              nn.Hardsigmoid(), nn.SiLU(), nn.Softplus(), nn.LeakyReLU(),
                              nn.GELU(), nn.CELU(), nn.Softsign()), (image3,), True, False
    yield "shuffle", nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.PixelShuffle(2),
                                   nn.PixelUnshuffle(2)), (image3,), True, False
    yield "resize", Fn(lambda s, x: f.interpolate(
        f.interpolate(s.c(x), scale_factor=2, mode="bilinear", align_corners=False),
        size=(20, 20), mode="nearest"), c=nn.Conv2d(3, 4, 3)), (image3,), True, False
    yield "pools", nn.Sequential(nn.Conv2d(3, 4, 3), nn.AvgPool2d(3, 2, 1, ceil_mode=True),
                                 nn.MaxPool2d(3, 2, ceil_mode=True), nn.AdaptiveAvgPool2d(2),
                                 nn.Flatten()), (image3,), True, False
    yield "conv1d", nn.Sequential(nn.Conv1d(12, 8, 3, dilation=2), nn.ReLU(), nn.Dropout1d(.3),
                                  nn.Flatten(), nn.Linear(96, 4)), (rows,), False, True
    yield "conv3d", nn.Sequential(nn.Conv3d(1, 4, 3), nn.BatchNorm3d(4), nn.ReLU(),
                                  nn.Dropout3d(.3), nn.MaxPool3d(2), nn.Flatten()), (
        torch.randn(1, 1, 8, 10, 12),), False, True
    yield "lstm", Recurrent(nn.LSTM, num_layers=2, dropout=.3), (tokens,), False, True
    yield "bigru", Recurrent(nn.GRU, bidirectional=True), (tokens,), False, True
    yield "rnn", Recurrent(nn.RNN), (tokens,), False, True
    yield "encoder_relu", Encoder("relu"), (tokens,), False, True
    yield "encoder_gelu", Encoder("gelu"), (tokens,), False, True
    yield "attention", Attend(), (rows,), False, True
    yield "einsum", Fn(lambda s, x: torch.einsum("bti,oi->bto", x, s.w),
                       w=nn.Parameter(torch.randn(5, 16))), (rows,), False, False
    yield "pieces", Pieces(), (rows,), False, False
    yield "unbind", Gather(), (rows,), False, False
    yield "indices", Fn(lambda s, x: (torch.topk(x, 3).values, x.argmax(-1), torch.cumsum(x, 1),
                                      torch.where(x > 0, x, -x), x.sort(-1).values)), (
        rows,), False, False
    yield "sums", Fn(lambda s, x: (x.norm(dim=-1), torch.logsumexp(x, 1), x.std(-1), x.prod(1),
                                   x.amax((1, 2)), x.var(1, unbiased=False))), (rows,), False, False
    yield "masks", Fn(lambda s, x: x.masked_fill(torch.triu(torch.ones(12, 16), 1).bool(), -9.)), (
        rows,), False, False
    yield "grid", Fn(lambda s, x: f.grid_sample(x, f.affine_grid(
        torch.tensor([[[.8, .2, 0], [-.2, .8, .1]]]), [1, 3, 24, 24], align_corners=False),
        align_corners=False)), (image3,), True, False
    yield "scaled", Fn(lambda s, x: f.scaled_dot_product_attention(
        x[:, None], x[:, None], x[:, None], is_causal=True)), (rows,), False, False
    yield "flow", torch.jit.script(Flow()), (rows, 3), False, False
    yield "grow", torch.jit.script(Grow()), (rows, 3), False, False
    yield "half", nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Dropout(.3), nn.Flatten(),
                                nn.Linear(8 * 676, 10)).half(), (image.half(),), True, False
    yield "bfloat", nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(),
                                  nn.Linear(32, 10)).bfloat16(), (image.bfloat16(),), True, False


def torch_save(path, module, inputs, is_dynamo, is_open):
    import torch
    module.eval()
    names = [f"x{i}" if i else "x" for i in range(len(inputs))]
    options = {}
    if is_open and not is_dynamo:
        options["dynamic_axes"] = {"x": {0: "N"}}
    if is_open and is_dynamo:
        options["dynamic_shapes"] = ({0: torch.export.Dim.AUTO},)
    torch.onnx.export(module, inputs, path, input_names=names, dynamo=is_dynamo,
                      opset_version=18, verbose=False, **options)
    return [i.float().numpy() if getattr(i, "dtype", None) == torch.bfloat16 else np.asarray(i)
            for i in inputs]


@family("torch")
def torch_script(make):
    for name, module, inputs, takes_pictures, is_open in torch_nets():
        make(name, lambda p: torch_save(p, module, inputs, False, is_open), takes_pictures)


@family("torch-dynamo")
def torch_dynamo(make):
    for name, module, inputs, takes_pictures, is_open in torch_nets():
        if name not in ("flow", "grow"):
            make(name, lambda p: torch_save(p, module, inputs, True, is_open), takes_pictures)


VISION = """alexnet vgg11 resnet18 resnet50 squeezenet1_1 densenet121 inception_v3 googlenet mobilenet_v2
mobilenet_v3_small efficientnet_b0 efficientnet_v2_s shufflenet_v2_x0_5 mnasnet0_5 regnet_y_400mf
resnext50_32x4d convnext_tiny vit_b_32 swin_t swin_v2_t maxvit_t""".split()
SEGMENT = ["fcn_resnet50", "deeplabv3_mobilenet_v3_large", "lraspp_mobilenet_v3_large"]
DETECT = ["ssdlite320_mobilenet_v3_large", "fasterrcnn_mobilenet_v3_large_320_fpn"]


@family("torchvision")
def torchvision_models(make):
    import torch
    import torchvision.models as models

    def save(path, name, size, is_dynamo):
        torch.manual_seed(0)
        kind = models.detection if name in DETECT else models
        kind = models.segmentation if name in SEGMENT else kind
        options = {"weights_backbone": None} if name in SEGMENT + DETECT else {}
        if name in ("inception_v3", "googlenet"):
            options["init_weights"] = True
        module = getattr(kind, name)(weights=None, **options)
        return torch_save(path, module, (torch.randn(1, 3, size, size),), is_dynamo, False)

    for name in VISION + SEGMENT + DETECT:
        size = 299 if name == "inception_v3" else 320 if name in DETECT else 224
        make(name, lambda p: save(p, name, size, False), True)
    for name in ["resnet18", "mobilenet_v3_small", "vit_b_32"]:
        make(name + "_dynamo", lambda p: save(p, name, 224, True), True)


TIMM = """resnet10t vit_tiny_patch16_224 deit_tiny_patch16_224 efficientnet_lite0 mobilenetv3_small_050
ghostnet_050 convnext_atto convnextv2_atto levit_128s mixer_s32_224 mobilevit_xxs edgenext_xx_small repvgg_a0
tinynet_e lcnet_035 regnetx_002 rexnetr_200 fastvit_t8 poolformer_s12 seresnext26t_32x4d dla34 res2net50_26w_4s
hrnet_w18_small gmlp_ti16_224 resmlp_12_224 xcit_nano_12_p16_224 beit_base_patch16_224 cait_xxs24_224
pit_ti_224 mobileone_s0""".split()


@family("timm")
def timm_models(make):
    import timm
    import torch

    def save(path, name):
        torch.manual_seed(0)
        module = timm.create_model(name, pretrained=False, exportable=True)
        size = module.default_cfg["input_size"]
        return torch_save(path, module, (torch.randn(1, *size),), False, True)

    for name in TIMM:
        make(name, lambda p: save(p, name), True)


# Keras, by its own export and by tf2onnx, and TensorFlow.

def keras_save(path, model, x):
    import tensorflow as tf
    import tf2onnx
    inputs = [tf.TensorSpec((None,) + i.shape[1:], i.dtype, name=f"x{n}" if n else "x")
              for n, i in enumerate(x)]
    function = tf.function(
        lambda *x: model(x[0] if len(x) == 1 else list(x), training=False), input_signature=inputs)
    tf2onnx.convert.from_function(function, input_signature=inputs, opset=17, output_path=path)
    return x


KERAS = {"MobileNet": 128, "MobileNetV2": 96, "MobileNetV3Small": 96, "ResNet50": 96,
         "ResNet50V2": 96, "EfficientNetB0": 96, "EfficientNetV2B0": 96, "DenseNet121": 96,
         "InceptionV3": 96, "Xception": 96, "NASNetMobile": 224, "VGG16": 64, "ConvNeXtTiny": 96}


@family("keras-applications")
def keras_applications(make):
    import keras

    def save(path, name, size):
        keras.utils.set_random_seed(0)
        model = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3))
        x = picture(name, 1, size, size, 3)
        model(x)
        model.export(path, format="onnx", verbose=False)
        return [x]

    for name, size in KERAS.items():
        make(name, lambda p: save(p, name, size), True)


@family("keras")
def keras_layers(make):
    import keras
    from keras import layers as k

    image, rows = picture("keras", 1, 28, 28, 1), picture("rows", 2, 12, 16)
    tokens = generator("tokens").integers(0, 50, (2, 12)).astype(np.int32)

    def pictures(*layers):
        return lambda: keras.Sequential([keras.Input((28, 28, 1)), *layers])

    def words(*layers):
        return lambda: keras.Sequential(
            [keras.Input((12,), dtype="int32"), k.Embedding(50, 16), *layers, k.Dense(5)])

    def attention():
        i = keras.Input((12,), dtype="int32")
        e = k.Embedding(50, 32)(i)
        return keras.Model(i, k.Dense(5)(k.LayerNormalization()(
            e + k.MultiHeadAttention(4, 8, dropout=.1)(e, e))))

    def two():
        a, b = keras.Input((28, 28, 1)), keras.Input((4,))
        x = k.Concatenate()([k.Flatten()(k.Conv2D(4, 3, activation="relu")(a)), b])
        return keras.Model([a, b], k.Dense(3, activation="softmax")(k.Dropout(.5)(x)))

    every = {
        "mnist": (pictures(k.Conv2D(8, 3, activation="relu"), k.SpatialDropout2D(.2),
                           k.MaxPooling2D(), k.Flatten(), k.Dropout(.5),
                           k.Dense(10, activation="softmax")), [image], True),
        "same": (pictures(k.Conv2D(4, 5, strides=2, padding="same", activation="elu"),
                          k.DepthwiseConv2D(3, padding="same"), k.SeparableConv2D(6, 3),
                          k.BatchNormalization(), k.AveragePooling2D(2, padding="same"),
                          k.GlobalMaxPooling2D(), k.Dense(10)), [image], True),
        "autoencoder": (pictures(k.Conv2D(4, 3, strides=2, padding="same"), k.LeakyReLU(),
                                 k.Conv2DTranspose(4, 3, strides=2, padding="same"),
                                 k.UpSampling2D(), k.Cropping2D(2), k.ZeroPadding2D(1),
                                 k.Conv2D(1, 3, activation="sigmoid")), [image], True),
        "noise": (pictures(k.GaussianNoise(.1), k.Conv2D(4, 3), k.GaussianDropout(.2),
                           k.Activation("gelu"), k.Flatten(), k.Dense(8, activation="selu"),
                           k.AlphaDropout(.1), k.Dense(3)), [image], True),
        "normal": (pictures(k.Rescaling(1 / 255), k.Conv2D(4, 3), k.GroupNormalization(2),
                            k.LayerNormalization(), k.UnitNormalization(), k.PReLU(),
                            k.Resizing(14, 14), k.Flatten(), k.Dense(3)), [image], True),
        "lstm": (words(k.LSTM(24, return_sequences=True), k.Dropout(.3), k.LSTM(24)), [tokens],
                 False),
        "bigru": (words(k.Bidirectional(k.GRU(24, return_sequences=True))), [tokens], False),
        "rnn": (words(k.SimpleRNN(24)), [tokens], False),
        "attention": (attention, [tokens], False),
        "conv1d": (lambda: keras.Sequential(
            [keras.Input((12, 16)), k.Conv1D(8, 3, activation="swish"), k.SpatialDropout1D(.2),
             k.MaxPooling1D(), k.GlobalAveragePooling1D(), k.Dense(4)]), [rows], False),
        "timedistributed": (lambda: keras.Sequential(
            [keras.Input((12, 16)), k.TimeDistributed(k.Dense(8, activation="tanh")), k.Flatten(),
             k.Dense(4)]), [rows], False),
        "two": (two, [image, picture("second", 1, 4)], False),
    }

    def save(path, model, x):
        keras.utils.set_random_seed(0)
        return keras_save(path, model(), x)

    for name, (model, x, takes_pictures) in every.items():
        make(name, lambda p: save(p, model, x), takes_pictures)


@family("tf2onnx")
def tensorflow_functions(make):
    import tensorflow as tf
    import tf2onnx

    rows = picture("tf", 2, 12, 16)
    image = picture("image", 1, 24, 24, 3)
    kernel = picture("kernel", 3, 3, 3, 4)

    def loop(x):
        i, y = tf.constant(0), x
        return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(y) * 2), [i, y])[1]

    def scan(x):
        return tf.transpose(tf.scan(lambda a, b: a * .5 + b, tf.transpose(x, [1, 0, 2])), [1, 0, 2])

    every = {
        "convolution": (lambda x: tf.nn.relu6(tf.nn.conv2d(x, tf.constant(kernel), 2, "SAME")), [image]),
        "resize": (lambda x: tf.image.resize(x, (17, 31)), [image]),
        "depth": (lambda x: tf.nn.space_to_depth(x, 2), [image]),
        "while": (loop, [rows]),
        "scan": (scan, [rows]),
        "cond": (lambda x: tf.cond(tf.reduce_sum(x) > 0, lambda: x * 2, lambda: x - 1), [rows]),
        "gather": (lambda x: tf.gather_nd(x, [[0, 3], [1, 5]]) + tf.gather(x, 2, axis=1), [rows]),
        "segments": (lambda x: tf.concat([tf.one_hot(tf.argmax(x, -1), 16), tf.cumsum(x, 1)], -1),
                     [rows]),
        "einsum": (lambda x: tf.einsum("btf,bsf->bts", x, x), [rows]),
        "softmax": (lambda x: tf.nn.log_softmax(tf.nn.l2_normalize(x, -1)), [rows]),
        "topk": (lambda x: tf.math.top_k(x, 4).values, [rows]),
        "strided": (lambda x: x[:, ::-2, 1:9:3], [rows]),
    }

    def save(path, function, x):
        spec = [tf.TensorSpec(i.shape, i.dtype, name="x") for i in x]
        tf2onnx.convert.from_function(
            tf.function(function, input_signature=spec), input_signature=spec, opset=17,
            output_path=path)
        return x

    for name, (function, x) in every.items():
        make(name, lambda p: save(p, function, x), False)


@family("scikit-learn")
def scikit_learn(make):
    from sklearn import (cluster, decomposition, ensemble, linear_model, naive_bayes, neighbors,
                         neural_network, pipeline, preprocessing, svm, tree)
    from skl2onnx import to_onnx
    x = picture("sklearn", 200, 6)
    three = generator("three").integers(0, 3, 200)
    two, real = (x[:, 0] > 0).astype(int), (x @ np.arange(6)).astype(np.float32)
    join = pipeline.make_pipeline
    every = {
        "logistic": (join(preprocessing.StandardScaler(), linear_model.LogisticRegression()), three),
        "binary": (linear_model.LogisticRegression(), two),
        "linear": (linear_model.LinearRegression(), real),
        "ridge": (join(preprocessing.MinMaxScaler(), linear_model.Ridge()), real),
        "mlp": (neural_network.MLPClassifier((8,), max_iter=50), three),
        "mlp_regressor": (neural_network.MLPRegressor(hidden_layer_sizes=(8,), max_iter=50), real),
        "pca": (join(decomposition.PCA(3), preprocessing.Normalizer(),
                     linear_model.LogisticRegression()), three),
        "binarizer": (join(preprocessing.Binarizer(threshold=.1),
                           linear_model.LogisticRegression()), three),
        "sgd": (linear_model.SGDClassifier(loss="log_loss"), three),
        "tree": (tree.DecisionTreeClassifier(max_depth=5), three),
        "forest": (ensemble.RandomForestClassifier(10, max_depth=5), three),
        "forest_regressor": (ensemble.RandomForestRegressor(10, max_depth=5), real),
        "boosting": (ensemble.GradientBoostingClassifier(n_estimators=10), three),
        "svc": (svm.SVC(probability=True), three),
        "svr": (svm.SVR(), real),
        "bayes": (naive_bayes.GaussianNB(), three),
        "neighbours": (neighbors.KNeighborsClassifier(3), three),
        "kmeans": (cluster.KMeans(3), three),
        "polynomial": (join(preprocessing.PolynomialFeatures(2), linear_model.Ridge()), real),
    }

    def save(path, model, y, zipmap):
        model.fit(x, y)
        options = {id(model): {"zipmap": zipmap}} if hasattr(model, "predict_proba") else None
        made = to_onnx(model, x[:1], options=options, target_opset=17)
        pathlib.Path(path).write_bytes(made.SerializeToString())
        return [x[:5]]

    for name, (model, y) in every.items():
        make(name, lambda p: save(p, model, y, False), False)
    for name in ["logistic", "mlp"]:
        make(name + "_zipmap", lambda p: save(p, *every[name], True), False)


@family("quantised")
def quantised(make):
    import onnxruntime as ort
    from onnxruntime import quantization as q
    ort.set_default_logger_severity(4)

    class Reader(q.CalibrationDataReader):
        def __init__(self, name, shape):
            self.name, self.shape, self.left = name, shape, 3

        def get_next(self):
            self.left -= 1
            return {self.name: picture(f"q{self.left}", *self.shape)} if self.left >= 0 else None

    def static(path, source, x, form, **options):
        session = ort.InferenceSession(source)
        i = session.get_inputs()[0]
        q.quantize_static(source, path, Reader(i.name, x.shape), quant_format=form, **options)
        return [x]

    def optimised(path, source, x):
        options = ort.SessionOptions()
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(path)
        ort.InferenceSession(str(source), options)
        return [x]

    def dynamic(path, source, x):
        q.quantize_dynamic(source, path)
        return [x]

    sources = [("torchvision", n) for n in ("resnet18", "mobilenet_v2", "squeezenet1_1")]
    sources += [("timm", "vit_tiny_patch16_224"), ("torch", "cnn"), ("torch", "lstm"),
                ("torch", "encoder_gelu")]
    for origin, name in sources:
        source = make.folder.parent / origin / name
        if not source.exists():
            continue
        about = json.loads((source / "about.json").read_text())
        x = np.load(source / f"in-{about['inputs'][0]}.npy")
        shows, file = about["picture"], str(source / "model.onnx")
        if x.dtype == np.float32:
            make(name + "_qoperator", lambda p: static(p, file, x, q.QuantFormat.QOperator), shows,
                 True)
            make(name + "_qdq", lambda p: static(
                p, file, x, q.QuantFormat.QDQ, per_channel=True), shows, True)
        make(name + "_dynamic", lambda p: dynamic(p, file, x), shows, True)
        make(name + "_optimised", lambda p: optimised(p, file, x), shows)


# Hugging Face's transformers, as torch exports them and as onnxruntime's optimiser of transformers rewrites those.

@family("transformers")
def hugging_face(make):
    import torch
    import transformers as t
    from onnxruntime.transformers import optimizer

    class Fn(torch.nn.Module):
        def __init__(self, model, names):
            super().__init__()
            self.model, self.names = model, names

        def forward(self, *x):
            return self.model(**dict(zip(self.names, x)), return_dict=False)[0]

    bert = dict(vocab_size=50, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                intermediate_size=64, max_position_embeddings=20)
    sight = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
                 image_size=32, patch_size=8)
    eager = dict(attn_implementation="eager")
    tokens = {"input_ids": torch.randint(3, 50, (2, 8)), "attention_mask": torch.ones(2, 8, dtype=torch.int64)}
    tokens["attention_mask"][1, 5:] = 0
    pixels = {"pixel_values": torch.randn(1, 3, 32, 32)}
    nets = [
        ("bert", "bert", t.BertModel, t.BertConfig(**bert, **eager),
         {**tokens, "token_type_ids": torch.randint(0, 2, (2, 8))}),
        ("distilbert", "bert", t.DistilBertModel, t.DistilBertConfig(
            vocab_size=50, dim=32, n_layers=2, n_heads=4, hidden_dim=64, max_position_embeddings=16, **eager),
         tokens),
        ("roberta", "bert", t.RobertaModel, t.RobertaConfig(**bert, **eager), tokens),
        ("gpt2", "gpt2", t.GPT2Model, t.GPT2Config(
            vocab_size=50, n_positions=16, n_embd=32, n_layer=2, n_head=4, use_cache=False, **eager), tokens),
        ("llama", "gpt2", t.LlamaModel, t.LlamaConfig(**bert, num_key_value_heads=2, use_cache=False, **eager),
         tokens),
        ("t5_encoder", "t5", t.T5EncoderModel, t.T5Config(
            vocab_size=50, d_model=32, d_kv=8, num_layers=2, num_heads=4, d_ff=64), tokens),
        ("bart", "bart", t.BartModel, t.BartConfig(
            vocab_size=50, d_model=32, encoder_layers=1, decoder_layers=1, encoder_attention_heads=4,
            decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=32,
            use_cache=False, **eager), tokens),
        ("vit", "vit", t.ViTModel, t.ViTConfig(**sight, **eager), pixels),
        ("clip_vision", "clip", t.CLIPVisionModel, t.CLIPVisionConfig(**sight, **eager), pixels),
    ]
    for name, kind, model, config, inputs in nets:
        torch.manual_seed(sum(name.encode()))

        def export(path, model=model, config=config, inputs=inputs):
            torch.onnx.export(
                Fn(model(config).eval(), list(inputs)), tuple(inputs.values()), str(path),
                input_names=list(inputs), output_names=["y"], dynamo=False, opset_version=17)
            return [x.numpy() for x in inputs.values()]

        def optimise(path, name=name, kind=kind, inputs=inputs):
            source = make.folder / name / "model.onnx"
            made = optimizer.optimize_model(
                str(source), model_type=kind, num_heads=4, hidden_size=32, opt_level=0)
            made.save_model_to_file(str(path))
            return [x.numpy() for x in inputs.values()]

        make(name, export, inputs is pixels)
        make(name + "_optimised", optimise, inputs is pixels)


class Maker:
    """Makes the models of a family, and notes what onnxruntime makes of their inputs."""

    def __init__(self, root, name, only):
        self.folder, self.only = root / name, only
        self.made, self.left = 0, []

    def __call__(self, name, save, takes_pictures, is_quantised=False):
        import onnxruntime as ort
        folder = self.folder / name
        if self.only not in name or (folder / "about.json").exists():
            return
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        path = str(folder / "model.onnx")
        try:
            inputs = save(path)
            options = ort.SessionOptions()
            options.log_severity_level = 4
            if is_quantised:
                # What the file says: the optimiser rounds elsewhere.
                options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
            session = ort.InferenceSession(path, options)
            names = [i.name for i in session.get_inputs()]
            given = self.given(session, inputs)
            outputs = session.run(None, given)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            text = "".join(traceback.format_exception_only(error)).replace("\n", " ")
            self.left.append(f"{self.folder.name}/{name}: {text[:160]}")
            print("left out", self.left[-1], flush=True)
            shutil.rmtree(folder)
            return
        for i, value in given.items():
            np.save(folder / f"in-{plain(i)}.npy", value)
        for index, value in enumerate(outputs):
            if isinstance(value, list) and value and isinstance(value[0], dict):
                value = np.array([list(row.values()) for row in value], np.float32)
            np.save(folder / f"out-{index}.npy", np.asarray(value))
        about = {"inputs": names, "outputs": [o.name for o in session.get_outputs()],
                 "picture": takes_pictures, "quantised": is_quantised}
        (folder / "about.json").write_text(json.dumps(about))
        self.made += 1
        print("made", f"{self.folder.name}/{name}", flush=True)

    @staticmethod
    def given(session, inputs):
        """Inputs in the types the session takes; exporters may drop those that nothing reads."""
        types = {"tensor(float16)": np.float16, "tensor(float)": np.float32,
                 "tensor(int64)": np.int64, "tensor(int32)": np.int32}
        wanted = session.get_inputs()
        return {i.name: np.asarray(x).astype(types.get(i.type, np.asarray(x).dtype))
                for i, x in zip(wanted, inputs)}


def plain(name):
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--family", choices=FAMILIES, action="append")
    parser.add_argument("--only", default="", help="models whose name has this in it")
    options = parser.parse_args()
    made, left = 0, []
    for name in options.family or FAMILIES:
        maker = Maker(options.folder, name, options.only)
        try:
            FAMILIES[name](maker)
        except ImportError as error:
            print(f"left out {name}: {error}")
        made, left = made + maker.made, left + maker.left
    print(f"{made} made, {len(left)} left out")


if __name__ == "__main__":
    main()
