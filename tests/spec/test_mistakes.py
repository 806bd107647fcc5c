"""Errors in a pipeline file: each has its location and sentence, and all come at once."""

import pytest

import nn_core
from study.datasets import DATASETS
from study.errors import PipelineError
from study.metrics import OF_RUNS
from study.samplers.methods import METHODS
from study.space import Model
from study.spec.load import read_pipeline
from tests.spec.refused import mistakes

DATA = 'name = "x"\n[datasets.linear]\ngenerator = "linear"\n'
IMAGES = 'name = "x"\n[datasets.a]\ngenerator = "stripes"\nside = 4\n'
ACTIVATIONS, GENERATORS, FOUND = (
    ", ".join(sorted(table)) for table in (nn_core.ACTIVATIONS, DATASETS, METHODS)
)
SEVERAL = ", ".join(name for name, method in METHODS.items() if method.several)

MISTAKES = {
    # names and tables
    "": ["name: is missing", "datasets: is missing"],
    "name = 3\n" + DATA.partition("\n")[2]: ["name: must be text, got 3"],
    DATA.replace('"x"', '"x/y"'): ["name: a name is made of letters, digits, - and _, got 'x/y'"],
    DATA.replace('"x"', f'"{101 * "x"}"'): ["name: a name has at most 100 characters, got 101"],
    'title = ""\n' + DATA: ["title: must not be empty"],
    'name = "x"\ndatasets = {}': ["datasets: must not be empty"],
    'name = "x"\ndatasets = 3': ["datasets: must be a table, got 3"],
    DATA + "[serach]": ["serach: unknown key (did you mean 'search'?)"],
    DATA + "[execution]\nspeed = 9": [
        "execution.speed: unknown key; there are workers, executor, timeout"
    ],
    # datasets
    'name = "x"\ndatasets.a = 3': ["datasets.a: must be a table, got 3"],
    'name = "x"\ndatasets.a.samples = 3': [
        f"datasets.a.generator: is missing; there are {GENERATORS}"
    ],
    DATA.replace('"linear"', '"linaer"'): [
        f"datasets.linear.generator: 'linaer' is not one of {GENERATORS} (did you mean 'linear'?)"
    ],
    'name = "x"\n[datasets."a b"]\ngenerator = "xor"': [
        'datasets."a b": a name is made of letters, digits, - and _, got \'a b\''
    ],
    DATA + 'draw = "eech"': [
        "datasets.linear.draw: 'eech' is not one of each, once (did you mean 'each'?)"
    ],
    DATA + "samples = 1.5\ntest_fraction = 1": [
        "datasets.linear.samples: must be a whole number, got 1.5",
        "datasets.linear.test_fraction: must be less than 1, got 1",
    ],
    # model, training, execution
    DATA + '[model]\nactivation = "tahn"': [
        f"model.activation: 'tahn' is not one of {ACTIVATIONS} (did you mean 'tanh'?)"
    ],
    DATA + "[model]\nhidden = 8\nlr = 1\nwidth = 3": [
        "model.hidden: must be a list of widths, such as [128, 64], got 8",
        "model.lr: belongs in [training]",
        f"model.width: unknown key; there are {', '.join(Model.file_keys())}",
    ],
    DATA + '[model]\nlayers = ["flaten", {convolution = {channels = 0, kernel = [3, 3]}}, 3]': [
        "model.layers[0]: must be 'flatten' or {convolution = {…}}, got 'flaten'",
        "model.layers[1].convolution.channels: must be at least 1, got 0",
        "model.layers[2]: must be 'flatten' or {convolution = {…}}, got 3",
    ],
    DATA + '[model]\nloss = "binary_cross_entropy"\nactivation = "none"': [
        ("model.output_activation: loss = 'binary_cross_entropy' takes logits, so this must be "
        "'none', got 'same'"),
    ],
    DATA + '[training]\nepochs = 0\nprecision = "float16"\ndivergence_limit = nan\nlr = 0': [
        "training.epochs: must be at least 1, got 0",
        "training.precision: 'float16' is not one of float32, float64",
        "training.divergence_limit: must be more than 0, got nan",
        "training.lr: must be positive and finite, got 0",
    ],
    DATA + '[training]\nepochs = "10"\nlr = "fast"\nmomentum = true\nbatch_size = 0': [
        "training.epochs: must be a whole number, got '10'",
        "training.lr: must be a number, got 'fast'",
        "training.momentum: must be a number, got true",
        "training.batch_size: must be 'full' or a whole number of at least 1, got 0",
    ],
    DATA + f"[training]\nlr = {10**400}\nepochs = {2**63}": [
        "training.lr: must be positive and finite, got 0x" + f"{10**400:x}"[:57] + "…",
        "training.epochs: must be at most 2147483647, got 0x8000000000000000",
    ],
    DATA + '[execution]\nworkers = 0\nexecutor = "proceses"\ntimeout = inf': [
        "execution.workers: must be at least 1, got 0",
        ("execution.executor: must be 'inline', 'processes' or 'tcp://HOST:PORT', got 'proceses' "
        "(did you mean 'processes'?)"),
        "execution.timeout: must be finite, got inf",
    ],
    # search
    DATA + '[search]\nmethod = "gird"\nrepetitions = true\nseed = -1\nrepetition = 3': [
        f"search.method: 'gird' is not one of {FOUND} (did you mean 'grid'?)",
        "search.repetitions: must be a whole number, got true",
        "search.seed: must be at least 0, got -1",
        "search.repetition: unknown key (did you mean 'repetitions'?)",
    ],
    DATA + '[search.objective]\nmetric = "loss"\ngoal = "up"\nquantile = 1.5': [
        f"search.objective.metric: 'loss' is not one of {', '.join(sorted(OF_RUNS))}",
        "search.objective.goal: 'up' is not one of maximize, minimize",
        "search.objective.quantile: must be at most 1, got 1.5",
    ],
    DATA + '[search.objective]\nmetric = "final_test_loss"': [
        "search.objective.metric: 'final_test_loss' needs test_fraction > 0 in datasets.linear"
    ],
    DATA + '[search]\nmethod = "cmaes"\ntrials = 8\nconfirm = 9\npopulation = 8': [
        "search.trials: must be more than population, 8, or nothing would be searched, got 8",
        "search.confirm: must be at most trials, 8, got 9",
    ],
    DATA + '[search]\nmethod = "nsga2"\ntrials = 16': [
        "search.trials: must be more than population, 16, or nothing would be searched, got 16"
    ],
    DATA + '[search.pruner]\nmethod = "median"\nrungs = [10, 5]\nfactor = 3': [
        "search.pruner: is not for method = 'grid', which tries every combination once",
        "search.pruner.rungs: must rise, got [10, 5]",
        "search.pruner.factor: belongs to method = 'successive_halving' alone",
    ],
    DATA + "[search]\nobjective = {}\nobjectives = [{}, {}]": [
        "search.objectives: must not be used together with [search.objective]",
        f"search.objectives: need a method for several: {SEVERAL}, got 'grid'",
    ],
    DATA + "[search]\nobjectives = [{}]": [
        "search.objectives: must have at least 2 entries, got [{}]",
        f"search.objectives: need a method for several: {SEVERAL}, got 'grid'",
    ],
    DATA + "[search]\ntrials = 9\nbatch = 3\npopulation = 4\noptions = {}\ninclude = []": [
        f"search.{key}: is not for method = 'grid', which tries every combination once"
        for key in ("trials", "batch", "population", "options", "include")
    ],
    # other ways to write it
    DATA + "[training]\nlearning_rate = 0.1\nbatch = 16": [
        "training.learning_rate: unknown key: the learning rate is called lr",
        "training.batch: unknown key (did you mean 'batch_size'?)",
    ],
    DATA + '[model]\nactivation = "TanH"\nhidden = "128x64"': [
        f"model.activation: 'TanH' is not one of {ACTIVATIONS} (did you mean 'tanh'?)",
        "model.hidden: must be a list of widths, such as [128, 64], got '128x64'",
    ],
    DATA + '[hypotheses]\nid = "a"': [
        "hypotheses: must be a list of tables: write two brackets, [[…]], got {id = 'a'}"
    ],
    DATA + "[[training]]\nepochs = 1": [
        "training: must be a table: write one bracket, […], got [{epochs = 1}]"
    ],
    'name = "x"\n[[datasets]]\ngenerator = "xor"': [
        "datasets: must be a table: write one bracket, […], got [{generator = 'xor'}]"
    ],
    DATA + "[search]\nmethod = 'random'\ntrials = 100_000_000\nrepetitions = 1": [
        ("search: a study has at most 2,000,000 runs, got 100,000,000: trials 100,000,000 × "
        "datasets 1 × repetitions 1")
    ],
    DATA + "[search]\nmethod = 'random'\ntrials = 9\n"
    "[search.parameters]\nlr = {min = 1, max = 2}": [
        f"search.parameters.lr.{key}"
        for key in (
            "min: unknown key; there are low, high, log, step, when",
            "max: unknown key; there are low, high, log, step, when",
            "low: is missing", "high: is missing",
        )
    ],
    DATA + "[model]\nactivation = tanh": [
        "line 5, column 14: invalid value; text needs quotes"
    ],
    DATA + "[model]\nhidden = True": ["line 5, column 10: invalid value; write true"],
    DATA + "[training]\nlr = 0,01": [
        ("line 5, column 7: expected newline or end of document after a statement; a decimal sign "
        "is a point")
    ],
    DATA + "[training]\nlr = 1\nlr = 2": [
        "line 6, column 7: this key or table is already defined above"
    ],
    DATA + "[training]\nlr = 1\n[training]": [
        "line 6, column 10: [training] is declared for the second time"
    ],
    # the network as printed
    IMAGES + '[model]\nimplementation = "as_printed"\noutput_activation = "none"': [
        "datasets.a: the network as printed takes no images",
        ("model.output_activation: the network as printed has one activation for all places, "
        "so this must be 'same', got 'none'"),
    ],
    # convolution
    DATA + '[model]\nlayers = [{convolution = {channels = 4, kernel = [3, 3]}}, "flatten"]': [
        "model.layers: is for images, and the samples of datasets.linear are none",
    ],
    IMAGES + '[model]\nlayers = [{convolution = {channels = 4, kernel = [5, 3]}}, "flatten"]': [
        "model.layers: the kernels of 4@5x3 do not fit datasets.a, 4x4 pixels",
    ],
    IMAGES + '[model]\nlayers = ["flatten", {convolution = {channels = 4, kernel = [2, 2]}}]': [
        "model.layers: are convolutions, and then 'flatten' before the hidden layers",
    ],
    IMAGES + '[model]\nconvolution = "none"\nlayers = ["flatten"]': [
        "model.layers: repeats convolution; remove one of them",
    ],
    IMAGES + '[model]\nlayers = ["flatten"]\n[search.parameters]\nconvolution = ["none"]': [
        "model.layers: repeats convolution in [search.parameters]; remove one of them",
    ],
    IMAGES + "[model]\nconvolution = [{channels = 4}]": [
        ("model.convolution: must be 'none', or a list of tables such as "
        "{channels = 4, kernel = [3, 3]}, got [{channels = 4}]"),
    ],
    IMAGES + "[model]\nconvolution = []": [
        "model.convolution: must not be an empty list; 'none' means no convolution",
    ],
    IMAGES
    + "[search.parameters]\nconvolution = ['none', {channels = 2, kernel = [3, 3]}, "
    "[{channels = 2, kernel = [3, 3]}, {channels = 2, kernel = [3, 1]}]]": [
        ("search.parameters.convolution[2]: the kernels of 2@3x3+2@3x1 do not fit datasets.a, "
        "4x4 pixels"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MISTAKES.items())
def test_an_error_is_reported_with_its_location_and_its_remedy(
    text: str, expected: list[str]
) -> None:
    assert mistakes(text) == expected


def test_the_message_has_a_line_for_each_error() -> None:
    with pytest.raises(PipelineError) as caught:
        read_pipeline("name = 1\nnam = 2", "x.toml")
    assert len(caught.value.mistakes) == 3
    text = "".join(f"{line}\n" for line in str(caught.value).splitlines() if line[0] != " ")
    for place, mistake in zip((":1:1", ":2:1", ""), caught.value.mistakes, strict=True):
        assert mistake.replace("x.toml", f"x.toml{place}", 1) in text.splitlines()
