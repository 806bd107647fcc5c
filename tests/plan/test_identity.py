"""A run's id is the hash of its description: a flat map of all that acts on its numbers."""

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from study.plan.identity import NUMERICS, Identity
from study.plan.trials import planned
from study.space import PARAMETERS, Added, Model, Real, Value, canonical
from study.spec.load import load_pipeline, read_pipeline
from study.spec.pipeline import Pipeline
from tests.pipelines import small


def hashed(description: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(description, sort_keys=True).encode()).hexdigest()[:16]


def ids(pipeline: Pipeline) -> list[str]:
    return [run.run_id for run in planned(pipeline).runs]


def test_an_id_is_the_sha_256_of_the_sorted_json_of_one_flat_map() -> None:
    """Written by hand for one run: no key that does not act, no table within the table."""
    overrides = ["training.momentum=0.5", "search.seed=7", "datasets.linear.test_fraction=0.2"]
    pipeline = small(*overrides, 'search.parameters.optimizer=["sgd", "adam"]')
    common = {
        "dataset": "linear",
        "dataset.generator": "linear",
        "dataset.samples": pipeline.datasets["linear"].size,
        "dataset.draw": "each",
        "dataset.test_fraction": 0.2,
        "loss": pipeline.model.loss,
        "output_activation": pipeline.model.output_activation,
        "convolution": "none",
        "implementation": "exact",
        "initializer": pipeline.model.initializer,
        "epochs": 30,
        "precision": pipeline.training.precision,
        "divergence_limit": pipeline.training.divergence_limit,
        "batch_size": "full",
        "seed": 7,
        "numerics": NUMERICS,
    }
    own = {"sgd": {"momentum": 0.5}, "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}}
    seen = set()
    for run in planned(pipeline).runs:
        if run.dataset == "linear":
            optimizer = str(run.configuration["optimizer"])
            searched = {name: run.configuration[name] for name in ("hidden", "activation", "lr")}
            description = {**common, **searched, "optimizer": optimizer, **own[optimizer]}
            assert run.run_id == hashed({**description, "repetition": run.repetition})
            seen.add(optimizer)
    assert seen == {"sgd", "adam"}


def test_a_description_names_what_an_id_is_the_hash_of() -> None:
    pipeline = small()
    for run in planned(pipeline).runs:
        identity = Identity(pipeline, run.dataset)
        assert run.run_id == hashed(identity.description(run.configuration, run.repetition))


def test_a_repetition_has_the_same_id_whatever_else_is_planned() -> None:
    pipeline = small()
    configuration = planned(pipeline).trials[0].configuration
    identity = Identity(pipeline, "xor")
    all_of_them = list(identity.names(configuration, range(12)))
    assert len(set(all_of_them)) == 12
    assert list(identity.names(configuration, [11])) == all_of_them[11:]


def test_whether_a_value_is_searched_or_fixed_is_not_part_of_an_id() -> None:
    searched = small("search.parameters.initializer=['xavier']")
    assert ids(searched) == ids(small("model.initializer='xavier'"))
    assert ids(searched) != ids(small())


class Later(Model):
    """The table as a later release has it: one key more, with a neutral default."""

    extra: Annotated[float, Added("1.1")] = 0.0
    layout: Annotated[tuple[int, ...], Added("1.1"), Field(strict=False)] = ()


@pytest.mark.parametrize(
    ("given", "same"),
    [({}, True), ({"extra": 0.0}, True), ({"extra": 0.5}, False), ({"layout": [1]}, False)],
)
def test_a_key_that_is_added_counts_only_where_it_differs_from_its_default(
    given: dict[str, object], *, same: bool
) -> None:
    pipeline = small()
    later = pipeline.model_copy(update={"model": Later.model_validate(given)})
    assert (ids(later) == ids(pipeline)) == same


def test_two_spirals_have_the_ids_that_they_had_before_there_were_more() -> None:
    def spirals(more: str = "") -> Pipeline:
        text = f'name = "s"\n[datasets.s]\ngenerator = "spirals"\nnoise = 0.1\n{more}'
        return read_pipeline(text, "s.toml")

    pipeline = spirals()
    (run, *_) = planned(pipeline).runs
    description = Identity(pipeline, "s").description(run.configuration, run.repetition)
    of_data = {name: held for name, held in description.items() if name.startswith("dataset")}
    assert of_data == {
        "dataset": "s", "dataset.generator": "spirals", "dataset.samples": 100,
        "dataset.noise": 0.1, "dataset.turns": 1.5, "dataset.draw": "each",
        "dataset.test_fraction": 0.0,
    }  # fmt: skip
    assert ids(spirals("classes = 2")) == ids(pipeline)
    model = '[model]\nloss = "softmax_cross_entropy"\noutput_activation = "none"\n'
    three, four = (ids(spirals(f"classes = {k}\n{model}")) for k in (3, 4))
    assert not {*three} & {*four}


def test_a_parameter_that_is_added_counts_only_where_it_differs_from_its_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gain = Real(name="gain", meaning="factor", table="model", default=1.0, neutral=1.0)
    identity, configuration = Identity(small(), "xor"), canonical({})
    monkeypatch.setitem(PARAMETERS, "gain", gain)
    before = list(identity.names(configuration, [0]))

    def with_gain(value: Value | None) -> list[str]:
        return list(identity.names({**configuration, "gain": value}, [0]))

    assert before == with_gain(1.0) == with_gain(None)
    assert len({*before, *with_gain(2.0), *with_gain(0.5)}) == 3


def test_the_parameters_of_format_2_are_hashed_wherever_they_act() -> None:
    """Also at their defaults: so a default may change, and stored runs keep their ids."""
    assert {name for name, p in PARAMETERS.items() if p.neutral is None} == {
        "loss", "output_activation", "hidden", "convolution", "activation", "implementation",
        "initializer",
        "lr", "optimizer", "momentum", "beta1", "beta2", "epsilon", "decay", "batch_size",
    }  # fmt: skip


def test_minus_zero_is_zero() -> None:
    value = PARAMETERS["momentum"].read(-0.0)
    assert isinstance(value, float)
    assert math.copysign(1, value) == 1


HEAD = 'name = "own"\n[datasets.own]\ngenerator = "csv"\npath = "own.csv"\ntarget = "y"\n'


def own(folder: Path, header: str, more: str = "") -> Pipeline:
    """Return a study of one table under this header; `more` are keys of its dataset."""
    rows = "".join(f"{i},{i * i},{'ab'[i % 2]}\n" for i in range(8))
    (folder / "own.csv").write_text(f"{header}\n{rows}", encoding="utf-8")
    first, second, target = header.split(",")
    text = HEAD.replace('"y"', f'"{target}"') + f'features = ["{first}", "{second}"]\n{more}'
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return load_pipeline(folder / "own.toml")


def test_the_names_of_a_tables_columns_do_not_change_its_ids(tmp_path: Path) -> None:
    assert ids(own(tmp_path, "u,v,w")) == ids(own(tmp_path, "x0,x1,y"))


@pytest.mark.parametrize(("fraction", "same"), [("0.0", True), ("0.25", False)])
def test_how_a_table_is_split_acts_where_something_is_held_out(
    tmp_path: Path, fraction: str, *, same: bool
) -> None:
    each, once = (
        ids(own(tmp_path, "u,v,w", f'draw = "{draw}"\ntest_fraction = {fraction}\n'))
        for draw in ("each", "once")
    )
    assert (each == once) == same
