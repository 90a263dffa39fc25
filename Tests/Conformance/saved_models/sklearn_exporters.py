"""What skl2onnx and onnxmltools write: ai.onnx.ml operators, maps, strings, double."""
import numpy as np

from .shelf import maker, needs, numbers
from .torch_exporters import value_of


def table(rows=60, columns=6, classes=3):
    x = numbers((rows, columns))
    y = (np.abs(x[:, 0]) + x[:, 1] > 0.5).astype(int) + (x[:, 2] > 0.7)
    return x, np.minimum(y, classes - 1)


@maker
def skl2onnx(shelf):
    sklearn, skl = needs("sklearn", "skl2onnx")
    from skl2onnx.common.data_types import (DoubleTensorType, FloatTensorType, Int64TensorType,
                                            StringTensorType)
    from sklearn.compose import ColumnTransformer
    from sklearn.decomposition import PCA
    from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    from sklearn.svm import SVC

    exporter = f"skl2onnx {skl.__version__} (scikit-learn {sklearn.__version__})"
    x, y = table()

    def one(name, estimator, habit, site, target=y, type_=FloatTensorType, dtype=np.float32,
            options=None, opset=17, fitted=x, **more):
        def make():
            estimator.fit(fitted, target)
            kwargs = {}
            if options:
                kwargs["options"] = {id(estimator): options}
            model = skl.convert_sklearn(
                estimator, name, initial_types=[("x", type_([None, 6]))],
                target_opset={"": opset, "ai.onnx.ml": 3}, **kwargs)
            shelf.add(f"skl_{name}", model.SerializeToString(), exporter=exporter, habit=habit,
                      site=site(model), inputs={"x": x[:7].astype(dtype)}, **more)
        shelf.attempt(f"skl_{name}", make)

    one("logistic", make_pipeline(StandardScaler(), LogisticRegression()),
        "Scaler, LinearClassifier, ZipMap: the output is a sequence of maps",
        lambda m: value_of(m, "Scaler"))
    one("logistic_columns", LogisticRegression(), "zipmap off, the site is an output",
        lambda m: m.graph.output[1].name, options={"zipmap": False})
    one("mlp", MLPClassifier((8,), max_iter=20, random_state=7), "MLP as MatMul and Add, ZipMap",
        lambda m: value_of(m, "Relu"))
    one("mlp_double", make_pipeline(StandardScaler(), MLPRegressor(
        hidden_layer_sizes=(8,), max_iter=20, random_state=7)),
        "double input and weights", lambda m: value_of(m, "MatMul"),
        type_=DoubleTensorType, dtype=np.float64)
    one("mlp_opset9", MLPRegressor(
        hidden_layer_sizes=(8,), max_iter=20, random_state=7), "opset 9",
        lambda m: value_of(m, "Relu"), opset=9)
    one("pca", make_pipeline(PCA(4), LogisticRegression()), "PCA", lambda m: value_of(m, "MatMul"))
    one("forest", make_pipeline(StandardScaler(), RandomForestClassifier(5, random_state=7)),
        "TreeEnsembleClassifier with long attribute lists", lambda m: value_of(m, "Scaler"))
    one("boosting", make_pipeline(StandardScaler(), GradientBoostingRegressor(n_estimators=5)),
        "TreeEnsembleRegressor", lambda m: value_of(m, "Scaler"), target=y.astype(float))
    one("svc", make_pipeline(StandardScaler(), SVC(probability=True, random_state=7)),
        "SVMClassifier", lambda m: value_of(m, "Scaler"), opset=12)
    one("names_of_classes", make_pipeline(StandardScaler(), LogisticRegression()),
        "classes are strings", lambda m: value_of(m, "Scaler"),
        target=np.array(["ant", "bee", "ça va"])[y])
    one("neighbours", KNeighborsClassifier(3), "Scan whose body measures distances",
        lambda m: value_of(m, "Scan", output=1), options={"zipmap": False}, opset=12)

    def columns():
        kinds = np.array([["red", "a"], ["blue", "b"], ["green", "a"]] * 20, dtype=object)
        mixed = np.concatenate([kinds, x[:60].astype(object)], 1)
        split = ColumnTransformer([("words", OneHotEncoder(), [0, 1]),
                                   ("numbers", StandardScaler(), list(range(2, 8)))])
        pipe = make_pipeline(split, LogisticRegression()).fit(mixed, y)
        types = [("colour", StringTensorType([None, 1])), ("letter", StringTensorType([None, 1]))]
        types += [(f"n{i}", FloatTensorType([None, 1])) for i in range(6)]
        model = skl.convert_sklearn(pipe, initial_types=types,
                                    target_opset={"": 15, "ai.onnx.ml": 3})
        inputs = {"colour": kinds[:3, :1].astype(str), "letter": kinds[:3, 1:].astype(str)}
        inputs |= {f"n{i}": x[:3, i:i + 1] for i in range(6)}
        shelf.add("skl_columns", model.SerializeToString(), exporter=exporter,
                  habit="string inputs, one-hot, columns side by side",
                  site=value_of(model, "Scaler"), inputs=inputs)
    shelf.attempt("skl_columns", columns)

    def words():
        from sklearn.feature_extraction.text import TfidfVectorizer

        lines = np.array(["the cat sat", "a dog sat down", "the dog ran", "cats run"] * 5)
        target = np.arange(20) % 2
        pipe = make_pipeline(TfidfVectorizer(lowercase=False), LogisticRegression())
        pipe.fit(lines, target)
        model = skl.convert_sklearn(pipe, initial_types=[("text", StringTensorType([None, 1]))],
                                    target_opset={"": 17, "ai.onnx.ml": 3})
        shelf.add("skl_words", model.SerializeToString(), exporter=exporter,
                  habit="text to TF-IDF, strings in attributes",
                  site=value_of(model, "TfIdfVectorizer"), inputs={"text": lines[:4, None]})
    shelf.attempt("skl_words", words)

    def refused():
        classifier = LogisticRegression().fit(x, y)
        model = skl.convert_sklearn(classifier, initial_types=[("x", Int64TensorType([None, 6]))],
                                    target_opset={"": 17, "ai.onnx.ml": 3})
        shelf.add("refuse_label", model.SerializeToString(), exporter=exporter,
                  habit="the site holds int64 labels: no dropout fits", purpose="refuse",
                  site=model.graph.output[0].name, inputs={"x": x[:3].astype(np.int64)})
    shelf.attempt("refuse_label", refused)


@maker
def onnxmltools(shelf):
    tools, lightgbm = needs("onnxmltools", "lightgbm")
    from onnxmltools.convert.common.data_types import FloatTensorType

    def boosted():
        x, y = table(200)
        booster = lightgbm.LGBMClassifier(n_estimators=4, num_leaves=4, verbose=-1,
                                          random_state=7).fit(x, y)
        model = tools.convert_lightgbm(booster, initial_types=[("x", FloatTensorType([None, 6]))],
                                       target_opset=15, zipmap=False)
        shelf.add("lightgbm_classes", model.SerializeToString(),
                  exporter=f"onnxmltools {tools.__version__} (LightGBM {lightgbm.__version__})",
                  habit="trees whose output is the site", site=model.graph.output[1].name,
                  inputs={"x": x[:5]})
    shelf.attempt("lightgbm_classes", boosted)
