"""What tf2onnx and Keras's own export write."""
import numpy as np
import onnx

from .shelf import maker, needs, numbers, scratch
from .torch_exporters import value_of


def keras_networks(keras):
    """name → (model, input)."""
    layers = keras.layers
    image = keras.Input((8, 8, 3), name="image")
    x = layers.Conv2D(6, 3, padding="same", activation="relu", name="edges")(image)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.SpatialDropout2D(0.2)(x)
    x = layers.MaxPooling2D(name="pool")(x)
    x = layers.SeparableConv2D(4, 3, activation="relu", name="separable")(x)
    x = layers.GlobalAveragePooling2D()(x)
    convolutions = keras.Model(image, layers.Dense(5, activation="softmax", name="classes")(x))

    words = keras.Input((6,), dtype="int32", name="words")
    x = layers.Embedding(20, 5, name="embedding")(words)
    x = layers.LSTM(7, return_sequences=True, dropout=0.2, recurrent_dropout=0.1, name="lstm")(x)
    x = layers.GRU(4, name="gru")(x)
    recurrent = keras.Model(words, layers.Dense(3, name="dense")(x))

    features = keras.Input((10,), name="features")
    x = layers.Dense(12, activation="swish", name="dense1")(features)
    x = layers.Dropout(0.3)(x)
    x = layers.LayerNormalization(name="norm")(x)
    dense = keras.Model(features, layers.Dense(2, name="dense2")(x))
    return {"convolutions": (convolutions, numbers((2, 8, 8, 3))),
            "recurrent": (recurrent, (np.arange(12, dtype=np.int32).reshape(2, 6) * 3) % 20),
            "dense": (dense, numbers((4, 10)))}


@maker
def tf2onnx_keras(shelf):
    tf, tf2onnx, keras = needs("tensorflow", "tf2onnx", "tf_keras")
    exporter = f"tf2onnx {tf2onnx.__version__} (TensorFlow {tf.__version__})"

    def one(name, key, opset, habit, site, kind="element", **more):
        def make():
            keras.utils.set_random_seed(7)
            network, x = keras_networks(keras)[key]
            model, _ = tf2onnx.convert.from_keras(network, opset=opset, **more)
            feed = x
            if more.get("inputs_as_nchw"):
                feed = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
            shelf.add(f"tf2onnx_{name}", model.SerializeToString(), exporter=exporter, habit=habit,
                      site=site(model), kind=kind, inputs={model.graph.input[0].name: feed})
        shelf.attempt(f"tf2onnx_{name}", make)

    one("convolutions", "convolutions", 13, "channels last between Transposes, names with colons",
        lambda m: value_of(m, "Relu"))
    one("convolutions_opset9", "convolutions", 9, "opset 9", lambda m: value_of(m, "MaxPool"))
    one("convolutions_opset18", "convolutions", 18, "opset 18, pooled maps",
        lambda m: value_of(m, "MaxPool"), kind="spatial")
    one("convolutions_nchw", "convolutions", 15, "inputs_as_nchw", lambda m: value_of(m, "Relu"),
        inputs_as_nchw=["image"])
    one("recurrent", "recurrent", 13, "LSTM and GRU found by rewriters",
        lambda m: value_of(m, "Gather"))
    one("dense", "dense", 17, "int32 constants beside float", lambda m: value_of(m, "MatMul"))

    def loop():
        keras.utils.set_random_seed(7)
        dense = keras.layers.Dense(6)

        @tf.function(input_signature=[tf.TensorSpec((3, 6), tf.float32, name="x"),
                                      tf.TensorSpec((), tf.int32, name="n")])
        def f(x, n):
            h = tf.nn.relu(dense(x))
            _, total = tf.while_loop(lambda i, t: i < n, lambda i, t: (i + 1, t * 0.5 + h), [0, h])
            return tf.cond(tf.reduce_sum(total) > 1e3, lambda: total * 2.0, lambda: total - h)

        f(tf.zeros((3, 6)), 1)
        model, _ = tf2onnx.convert.from_function(f, input_signature=f.input_signature, opset=15)
        shelf.add("tf2onnx_loop", model.SerializeToString(), exporter=exporter,
                  habit="Loop and If whose bodies read the site", site=value_of(model, "Relu"),
                  inputs={"x": numbers((3, 6)), "n": np.array(3, np.int32)})
    shelf.attempt("tf2onnx_loop", loop)

    def several():
        @tf.function(input_signature=[tf.TensorSpec((None, 6), tf.float32, name="left"),
                                      tf.TensorSpec((None, 6), tf.float32, name="right")])
        def f(left, right):
            h = tf.sigmoid(left) * right
            return {"hidden": h, "best": tf.argmax(h, 1), "highest": tf.reduce_max(h, 1)}

        model, _ = tf2onnx.convert.from_function(f, input_signature=f.input_signature, opset=16)
        shelf.add("tf2onnx_outputs", model.SerializeToString(), exporter=exporter,
                  habit="several outputs, the site is one of them and is read on",
                  site=value_of(model, "Mul"),
                  inputs={"left": numbers((3, 6)), "right": numbers((3, 6), 8)})
    shelf.attempt("tf2onnx_outputs", several)

    def lite():
        keras.utils.set_random_seed(7)
        network, x = keras_networks(keras)["dense"]
        converter = tf.lite.TFLiteConverter.from_keras_model(network)
        with scratch() as folder:
            path = f"{folder}/m.tflite"
            with open(path, "wb") as file:
                file.write(converter.convert())
            model, _ = tf2onnx.convert.from_tflite(path, opset=15)
        shelf.add("tf2onnx_lite", model.SerializeToString(), exporter=exporter + ", from TFLite",
                  habit="from a TFLite file", site=value_of(model, "MatMul"),
                  inputs={model.graph.input[0].name: x[:1]})
    shelf.attempt("tf2onnx_lite", lite)


@maker
def keras_export(shelf):
    keras, tf, _ = needs("keras", "tensorflow", "tf2onnx")
    exporter = f"keras {keras.__version__} Model.export"
    for key, op, kind in (("convolutions", "Relu", "element"), ("dense", "MatMul", "element"),
                          ("recurrent", "Gather", "element")):
        def make():
            keras.utils.set_random_seed(7)
            network, x = keras_networks(keras)[key]
            network(x)
            with scratch() as folder:
                path = f"{folder}/m.onnx"
                network.export(path, format="onnx", verbose=False)
                model = onnx.load(path)
                shelf.add(f"keras_{key}", path, exporter=exporter,
                          habit="Model.export(format='onnx')", site=value_of(model, op), kind=kind,
                          inputs={model.graph.input[0].name: x})
        shelf.attempt(f"keras_{key}", make)
