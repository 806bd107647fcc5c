"""No error hides another one: independent errors are reported together."""

import copy
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import tomlkit

from study.errors import PipelineError
from study.spec.load import load_pipeline, read_pipeline
from tests.spec.refused import mistakes

Table: TypeAlias = dict[str, Any]

BASE: Table = {
    "name": "x",
    "datasets": {
        "linear": {"generator": "linear", "samples": 40},
        "held": {"generator": "linear", "test_fraction": 0.5},
        "file": {"generator": "csv", "path": "file.csv", "features": ["a"], "target": "b"},
    },
    "model": {"loss": "mse"},
    "training": {"epochs": 30},
    "search": {
        "repetitions": 7,
        "objective": {"metric": "final_train_loss"},
        "parameters": {
            "lr": [0.1, 1.0],
            "hidden": [[4], [8]],
            "activation": ["tanh", "none"],
            "optimizer": ["sgd", "adam"],
            "momentum": {"choices": [0.0, 0.9], "when": {"optimizer": "sgd"}},
        },
        "exclude": [{"where": {"lr": 1.0, "optimizer": "adam"}, "reason": "known"}],
    },
    "execution": {"workers": 1},
    "hypotheses": [
        {
            "id": "a", "claim": "A", "metric": "final_train_loss", "expect": "lower",
            "where": {"lr": 0.1, "momentum": 0.9},
            "compare": {"parameter": "optimizer", "value": "adam", "with": "sgd"},
        },
        {"id": "b", "claim": "B", "metric": "diverged", "expect": {"is": True}},
        {"id": "c", "claim": "C", "metric": "final_train_loss", "expect": {"at_most": 1.0}},
        {
            "id": "d", "claim": "D", "metric": "final_train_loss", "expect": "lower",
            "compare": {"value": {"hidden": [4], "lr": 0.1}, "with": {"hidden": [8], "lr": 1.0}},
        },
    ],
}  # fmt: skip


def put(place: str, value: object) -> Callable[[Table], None]:
    """Return what writes a value at a place, such as hypotheses.0.metric."""

    def write(table: Any) -> None:  # noqa: ANN401
        *steps, last = (int(step) if step.isdigit() else step for step in place.split("."))
        for step in steps:
            table = table[step]
        if isinstance(table, list) and last == len(table):
            table.append(value)
        else:
            table[last] = value

    return write


WRONG = {
    "name": put("name", 3),
    "top": put("serach", 1),
    "samples": put("datasets.linear.samples", 1.5),
    "generator": put("datasets.other", {"generator": "linaer"}),
    "file": put("datasets.file.target", "c"),
    "loss": put("model.loss", "mze"),
    "given": put("model.hidden", [4]),
    "epochs": put("training.epochs", 0),
    "given too": put("training.lr", 0.5),
    "repetitions": put("search.repetitions", 0),
    "trials": put("search.trials", 9),
    "objective": put("search.objective.metric", "diverged_at"),
    "range": put("search.parameters.batch_size", {"low": 4, "high": 2, "step": 1}),
    "initializer": put("search.parameters.initializer", ["hee"]),
    "beta1": put("search.parameters.beta1", {"choices": [0.5], "when": {"lr": 7.0}}),
    "strange": put("search.exclude.0.where.lr", 5.0),
    "never": put("search.exclude.1", {"where": {"optimizer": "adam", "momentum": 0.9},
                                      "reason": "x"}),
    "workers": put("execution.workers", 0),
    "metric": put("hypotheses.0.metric", "los"),
    "dataset": put("hypotheses.0.datasets", ["lineer"]),
    "margin": put("hypotheses.0.margin", 1.0),
    "id": put("hypotheses.1.id", "a"),
    "untrained": put("hypotheses.1.where", {"lr": 1.0, "optimizer": "adam"}),
    "unheld": put("hypotheses.2.metric", "final_test_loss"),
    "share": put("hypotheses.2.expect.share", 2),
    "setting": put("hypotheses.3.compare.value.lr", 0.2),
    "idle": put("hypotheses.2.where", {"optimizer": "adam", "momentum": 0.9}),
}  # fmt: skip

FILE = "a,b\n1,0\n2,1\n3,0\n4,1\n"

FOLLOWS = {
    ("generator", "dataset"), ("strange", "untrained"),
}  # fmt: skip
"""Pairs where one changes the subject of the other: the datasets, or exclusions."""


def errors_of(folder: Path, *wrong: str) -> set[str]:
    """Return the errors of a pipeline with some changes."""
    table = copy.deepcopy(BASE)
    for name in wrong:
        WRONG[name](table)
    path = folder / "x.toml"
    path.write_text(tomlkit.dumps(table), encoding="utf-8")
    (folder / "file.csv").write_text(FILE, encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        load_pipeline(path)
    assert len(set(caught.value.mistakes)) == len(caught.value.mistakes)
    return {error.removeprefix(f"{path}: ") for error in caught.value.mistakes}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return the sentence of each error as the only one."""
    folder = tmp_path_factory.mktemp("alone")
    return {name: errors_of(folder, name) for name in WRONG}


def test_the_base_is_valid_and_each_change_is_one_error(
    tmp_path: Path, alone: dict[str, set[str]]
) -> None:
    (tmp_path / "file.csv").write_text(FILE, encoding="utf-8")
    assert read_pipeline(tomlkit.dumps(BASE), tmp_path / "x.toml").name == "x"
    assert {name: len(errors) for name, errors in alone.items()} == dict.fromkeys(WRONG, 1)


@pytest.mark.parametrize("one", WRONG)
def test_of_two_errors_both_are_reported(
    one: str, alone: dict[str, set[str]], tmp_path: Path
) -> None:
    for other in WRONG:
        if one < other and not {(one, other), (other, one)} & FOLLOWS:
            assert errors_of(tmp_path, one, other) == alone[one] | alone[other], other


def test_all_errors_are_reported_at_once(alone: dict[str, set[str]], tmp_path: Path) -> None:
    hidden = set(itertools.chain(*FOLLOWS))
    many = [name for name in WRONG if name not in hidden]
    assert errors_of(tmp_path, *many) == set().union(*(alone[name] for name in many))


def test_a_fixed_parameter_is_reported_together_with_its_wrong_range() -> None:
    text = (
        'name = "x"\n[datasets.a]\ngenerator = "xor"\n[model]\nhidden = [8]\n'
        '[search]\nmethod = "random"\ntrials = 3\n'
        "[search.parameters]\nhidden = {layers = [1], width = {low = 9, high = 3}}\n"
    )
    assert mistakes(text) == [
        "model.hidden: is given here and searched in [search.parameters]; one of them must go",
        "search.parameters.hidden.width: low must be less than high, got 9 and 3",
    ]


def test_conditions_in_a_circle_hide_nothing_else() -> None:
    text = (
        'name = "x"\n[datasets.a]\ngenerator = "xor"\n[search.parameters]\n'
        "lr = {choices = [0.1, 1], when = {hidden = [4]}}\n"
        "hidden = {choices = [[4], [8]], when = {lr = 0.1}}\n"
        'activation = ["tanh"]\n[[search.exclude]]\nwhere = {activation = "relu"}\nreason = "x"\n'
    )
    assert mistakes(text) == [
        "search.parameters.lr.when: goes round in a circle: lr depends on itself",
        "search.parameters.hidden.when: goes round in a circle: hidden depends on itself",
        (
            "search.exclude[0].where.activation: 'relu' is not in this study, whose activation is "
            "'tanh'"
        ),
    ]


MISSPELT = {
    "search.paramters": ("search.parameters", "did you mean 'parameters'?"),
    "search.parameters.optimzer": ("search.parameters.optimizer", "did you mean 'optimizer'?"),
    "search.excude": ("search.exclude", "did you mean 'exclude'?"),
    "hypotheses.0.margn": (None, "did you mean 'margin'?"),
    "hypotheses.2.expect.at_mots": ("hypotheses.2.expect.at_most", "did you mean 'at_most'?"),
    "serach": ("search", "did you mean 'search'?"),
}


@pytest.mark.parametrize(("place", "expected"), MISSPELT.items())
def test_a_misspelt_key_causes_no_other_errors(
    place: str, expected: tuple[str | None, str], tmp_path: Path
) -> None:
    """A study with its optimizers under a wrong key gets no error about Adam."""
    table = copy.deepcopy(BASE)
    old, message = expected
    value: object = 1.0
    if old is not None:
        *steps, last = (int(step) if step.isdigit() else step for step in old.split("."))
        holder: Any = table
        for step in steps:
            holder = holder[step]
        value = holder.pop(last)
    if place == "hypotheses.0.margn":
        table["hypotheses"][0]["expect"] = "equal"
    put(place, value)(table)
    table["execution"]["workers"] = 0
    (tmp_path / "file.csv").write_text(FILE, encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        read_pipeline(tomlkit.dumps(table), tmp_path / "x.toml")
    told_of = [line for line in caught.value.mistakes if "workers" not in line]
    assert len(told_of) == 1 == len(caught.value.mistakes) - 1
    assert message in told_of[0]
