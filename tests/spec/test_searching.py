"""The keys of a search: valid ones are read, and each error has its sentence."""

import pytest

from study.samplers.methods import METHODS
from study.spec.load import read_pipeline
from tests.spec.refused import mistakes

GENERATIONS = " and ".join(name for name, method in METHODS.items() if method.generations)
SEVERAL = ", ".join(name for name, method in METHODS.items() if method.several)
DATA = 'name = "x"\n[datasets.linear]\ngenerator = "linear"\n[training]\nepochs = 100\n'
TPE = DATA + '[search]\nmethod = "tpe"\ntrials = 9\n'
SPACE = (
    "[search.parameters]\nlr = {low = 1e-3, high = 1.0, log = true}\n"
    "hidden = {layers = [1, 3], width = {low = 4, high = 16, step = 4}}\n"
    'optimizer = ["sgd", "adam"]\nbatch_size = {low = 2, high = 32}\n'
    'momentum = {low = 0.0, high = 0.9, when = {optimizer = "sgd"}}\n'
)
INCLUDE = TPE + SPACE + "[[search.include]]\n"

MISTAKES = {
    DATA + '[search]\nmethod = "tpe"': [
        "search.trials: is missing: how many configurations tpe tries"
    ],
    DATA + '[search]\ncompare_with = "random"\nconfirm = 2\npruner = {method = "median", '
    "rungs = [9]}": [
        f"search.{key}: is not for method = 'grid', which tries every combination once"
        for key in ("compare_with", "confirm", "pruner")
    ],
    TPE + "options = {n_startup = 3, multivariate = 1, n_ei_candidates = 0, group = false}": [
        ("search.options.n_startup: is not an option of tpe; there are n_startup_trials, "
        "n_ei_candidates, multivariate, group, constant_liar"),
        "search.options.multivariate: must be true or false, got 1",
        "search.options.n_ei_candidates: must be a whole number of at least 1, got 0",
    ],
    DATA + '[search]\nmethod = "qmc"\ntrials = 9\noptions = {qmc_type = "sobel"}': [
        ("search.options.qmc_type: 'sobel' is not one of halton, sobol (did you mean 'sobol'?)")
    ],
    DATA + '[search]\nmethod = "random"\ntrials = 9\noptions = {n = 1}': [
        "search.options.n: is not an option of random"
    ],
    TPE + 'population = 4\nconfirm = 10\ncompare_with = "tpe"': [
        "search.population: is for cmaes and nsga2, got method = 'tpe'",
        "search.confirm: must be at most trials, 9, got 10",
        "search.compare_with: 'tpe' is not one of random",
        ],
    TPE + "options = {group = true, multivariate = false}": [
        "search.options.group: needs multivariate = true"
    ],
    DATA + '[search]\nmethod = "nsga2"\ntrials = 9\npopulation = 1\n'
    "options = {swapping_prob = 1.5}": [
        "search.population: must be at least 2 with nsga2, got 1",
        "search.options.swapping_prob: must be a number of at least 0 and at most 1, got 1.5",
    ],
    TPE + "population = 4\nconfirm = 10": [
        f"search.population: is for {GENERATIONS}, got method = 'tpe'",
        "search.confirm: must be at most trials, 9, got 10",
    ],
    DATA + '[search]\nmethod = "random"\ntrials = 9\ncompare_with = "random"': [
        "search.compare_with: must be another method than the one that is compared"
    ],
    DATA + '[search]\nmethod = "qmc"\ntrials = 9\nobjectives = [{}, {metric = "parameters"}]': [
        f"search.objectives: need a method for several: {SEVERAL}, got 'qmc'"
    ],
    DATA + '[search]\nmethod = "nsga2"\ntrials = 99\ncompare_with = "random"\n'
    "objectives = [{}, {metric = 'parameters'}]\npruner = {method = 'median', rungs = [9]}": [
        "search.compare_with: is not for several objectives",
        "search.pruner: is not for several objectives",
    ],
    TPE + 'pruner = {method = "median", rungs = [10, 100, 200]}': [
        "search.pruner.rungs[1]: must be less than epochs, 100, got 100",
        "search.pruner.rungs[2]: must be less than epochs, 100, got 200",
    ],
    TPE + 'pruner = {method = "median", rungs = [0]}': [
        "search.pruner.rungs[0]: must be at least 1, got 0"
    ],
    TPE + 'pruner = {method = "median", rungs = []}': [
        "search.pruner.rungs: must not be empty"
    ],
    TPE + 'objective = {metric = "diverged_at"}': [
        ("search.objective.metric: 'diverged_at' is known of runs that are never best, so it ranks "
        "nothing")
    ],
    TPE + 'objective = {metric = "epochs_to_loss_05"}\npruner = {method = "median", rungs = [5]}': [
        ("search.objective.metric: 'epochs_to_loss_05' is not known at a rung; with a pruner it is "
        "a loss or an accuracy, such as 'final_train_loss'")
    ],
    TPE + 'objective = {metric = "seconds"}': [
        "search.objective.metric: 'seconds' differ each time, so the search could not resume"
    ],
    TPE + "[search.parameters]\nlr = {low = 1, high = 0.1}\nmomentum = {low = 0, high = 1}\n"
    "hidden = {layers = [1, 1], width = {low = 0, high = 4}}\nbeta1 = {low = 0.1, high = 0.9, "
    "step = 2}": [
        "search.parameters.lr: low must be less than high, got 1 and 0.1",
        "search.parameters.momentum.high: must be at least 0 and less than 1, got 1",
        "search.parameters.hidden.layers[1]: 1 is listed twice",
        "search.parameters.hidden.width.low: must be at least 1, got 0",
        "search.parameters.beta1: step must be positive and at most high - low, got 2",
    ],
    DATA + "[search.parameters]\nlr = {low = 0.1, high = 1}": [
        "search.parameters.lr: method = 'grid' takes no ranges: give a list of values"
    ],
    INCLUDE + "lr = 2\nhidden = [8, 8]\noptimizer = 'rmsprop'\nbatch_size = 'full'": [
        "search.include[0].lr: 2 is not in this study, whose lr is from 0.001 to 1",
        ("search.include[0].hidden: [8, 8] is not in this study, whose hidden is 1 or 3 layers of "
        "4 to 16 units in steps of 4"),
        ("search.include[0].optimizer: 'rmsprop' is not in this study, whose optimizer is 'sgd', "
        "'adam'"),
        ("search.include[0].batch_size: 'full' is not in this study, whose batch_size is from 2 to "
        "32"),
    ],
    INCLUDE + "hidden = [6]": [
        ("search.include[0].hidden: [6] is not in this study, whose hidden is 1 or 3 layers of "
        "4 to 16 units in steps of 4")
    ],
    INCLUDE + "activation = 'sigmoid'": [
        "search.include[0].activation: is not searched, so it needs no value here"
    ],
    INCLUDE + "optimizer = 'adam'\nmomentum = 0.5": [
        "search.include[0]: matches no configuration of this study"
    ],
    INCLUDE + "lr = 0.1\n[[search.include]]\nlr = 0.1": [
        "search.include[1]: repeats search.include[0]"
    ],
    INCLUDE + 'lr = 0.1\n[[search.exclude]]\nwhere = {lr = 0.1}\nreason = "x"': [
        "search.include[0]: is excluded by [[search.exclude]]"
    ],
    TPE + SPACE + '[[search.exclude]]\nwhere = {lr = 2}\nreason = "x"': [
        "search.exclude[0].where.lr: 2 is not in this study, whose lr is from 0.001 to 1"
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), MISTAKES.items())
def test_an_error_is_reported_with_its_location_and_its_remedy(
    text: str, expected: list[str]
) -> None:
    assert mistakes(text) == expected


@pytest.mark.parametrize("method", [name for name, m in METHODS.items() if not m.finite])
def test_every_option_of_a_method_is_right_at_its_default(method: str) -> None:
    options = {key: option.default for key, option in METHODS[method].options.items()}
    written = ", ".join(
        f"{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}"
        for key, value in options.items()
    )
    text = f'{DATA}[search]\nmethod = "{method}"\ntrials = 99\noptions = {{{written}}}'
    assert read_pipeline(text, "x.toml").search.options == options


def test_values_inside_ranges_may_be_included_excluded_and_claimed_of() -> None:
    text = INCLUDE + (
        "lr = 0.1\nhidden = [8, 4, 16]\n"
        '[[search.exclude]]\nwhere = {lr = 0.1, optimizer = "adam"}\nreason = "x"\n'
        '[[hypotheses]]\nid = "a"\nclaim = "A"\nwhere = {hidden = [8]}\nexpect = "lower"\n'
        'metric = "final_train_loss"\n'
        'compare = {parameter = "optimizer", value = "adam", with = "sgd"}\n'
    )
    search = read_pipeline(text, "x.toml").search
    assert search.include == ({"lr": 0.1, "hidden": "8x4x16"},)
