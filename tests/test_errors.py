"""Error messages: how values are quoted, and which name is suggested."""

import pytest

from study.errors import PipelineError, ResultsError, StudyError, did_you_mean, not_one_of, quoted

QUOTED = {
    "'a'": "a",
    "true": True,
    "1": 1.0,
    "1e-08": 1e-8,
    "nan": float("nan"),
    "inf": float("inf"),
    "1e+300": 1e300,
    "[1, [true, 'a']]": [1, [True, "a"]],
    "{a = 1, b = {c = []}}": {"a": 1, "b": {"c": []}},
    "0x8000000000000000": 2**63,
    "'" + 58 * "x" + "…": 100 * "x",
}


@pytest.mark.parametrize(("expected", "value"), QUOTED.items())
def test_a_value_is_quoted_as_the_file_spells_it(expected: str, value: object) -> None:
    assert quoted(value) == expected


def test_a_far_word_is_not_offered() -> None:
    assert not_one_of("zzz", ["adam", "sgd"]) == "'zzz' is not one of adam, sgd"
    assert did_you_mean(3, ["adam"]) == ""


OPTIONS = {
    "activation": ["elu", "leaky_relu", "none", "relu", "sigmoid", "softsign", "tanh"],
    "optimizer": ["adagrad", "adam", "rmsprop", "sgd"],
    "loss": ["binary_cross_entropy", "mae", "mse", "softmax_cross_entropy"],
    "initializer": ["he", "standard_normal", "uniform", "xavier", "zeros"],
    "generator": [
        "blobs",
        "circles",
        "csv",
        "linear",
        "moons",
        "parquet",
        "sklearn",
        "spirals",
        "stripes",
        "xor",
    ],
    "method": ["cmaes", "grid", "nsga2", "qmc", "random", "tpe"],
    "precision": ["float32", "float64"],
    "expect": ["equal", "higher", "lower"],
    "goal": ["maximize", "minimize"],
    "implementation": ["as_printed", "exact"],
}
OTHERS = {
    "activation": "gelu selu celu silu glu relu6 prelu rrelu swish mish softplus "
    "softmax softmin hardtanh hard_sigmoid log_sigmoid Hardswish tanhshrink arctan sin linear",
    "optimizer": "adamw AdamW nadam radam adamax adadelta rprop lbfgs asgd lion lamb nag",
    "loss": "rmse msle mape l1 huber hinge nll cross_entropy categorical_cross_entropy",
    "initializer": "glorot_uniform xavier_uniform he_normal truncated_normal random_normal ones",
    "generator": "or and nor xnor tsv json excel gaussians mnist swiss_roll sine",
    "method": "nsga3 gp motpe bayesian hyperband sobol halton annealing",
    "precision": "float16 bfloat16 float128 float8 double",
    "expect": "unequal different less",
    "goal": "optimize",
    "implementation": "excel",
}
SLIPS = {
    "activation": "sigmod:sigmoid Tahn:tanh rleu:relu relo:relu sofsign:softsign nonw:none "
    "LeakyReLU:leaky_relu eluu:elu",
    "optimizer": "adm:adam sdg:sgd Adma:adam rmsprob:rmsprop rms-prop:rmsprop "
    "adagard:adagrad ada_grad:adagrad",
    "loss": "mes:mse binary_crossentropy:binary_cross_entropy binary_cros_entropy:"
    "binary_cross_entropy softmax_crossentropy:softmax_cross_entropy",
    "initializer": "xavir:xavier standard-normal:standard_normal standardnormal:standard_normal "
    "unifrom:uniform zero:zeros",
    "generator": "linaer:linear circle:circles moon:moons cvs:csv parqet:parquet blob:blobs "
    "skleran:sklearn",
    "method": "gird:grid nsga:nsga2 cma_es:cmaes randon:random",
    "precision": "flaot32:float32",
    "expect": "lowr:lower highr:higher",
    "goal": "minimise:minimize maximse:maximize",
    "implementation": "as-printed:as_printed",
}


@pytest.mark.parametrize("key", OTHERS)
def test_another_function_is_no_suggestion(key: str) -> None:
    for word in OTHERS[key].split():
        assert not_one_of(word, OPTIONS[key]).endswith(", ".join(OPTIONS[key])), word


@pytest.mark.parametrize("key", SLIPS)
def test_a_typing_error_is_distinguished_from_another_function(key: str) -> None:
    for slip in SLIPS[key].split():
        word, _, meant = slip.partition(":")
        assert not_one_of(word, OPTIONS[key]).endswith(f" (did you mean '{meant}'?)"), word


@pytest.mark.parametrize("key", ["beta3", "lr_decay", "train_fraction"])
def test_another_key_is_no_suggestion(key: str) -> None:
    assert did_you_mean(key, ["beta1", "beta2", "decay", "test_fraction"]) == ""


def test_a_pipeline_error_has_a_line_for_each_error() -> None:
    error = PipelineError(line for line in ("a", "b"))
    assert (error.mistakes, str(error)) == (("a", "b"), "a\nb")
    assert isinstance(error, StudyError)
    assert issubclass(ResultsError, StudyError)
