"""The laws of every parameter that came after format 2: neutral by default, and it acts."""

from collections.abc import Iterator

import numpy as np
import pytest

from study.plan.stacks import stacks
from study.plan.trials import planned
from study.space import PARAMETERS, Value
from study.spec.pipeline import Pipeline
from study.training.build import build, named_parameters
from study.training.loop import train
from tests.pipelines import small

OTHERS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "bias_initializer": ("'normal'", (), ()),
    "weight_scale": ("0.5", (), ("model.initializer=zeros",)),
    "weight_decay": ("0.5", (), ()),
    "schedule": ("'cosine'", (), ()),
    "step_epochs": (
        "2", ("training.schedule=step", "training.epochs=1010"), ("training.schedule=cosine",),
    ),
    "step_factor": (
        "0.5", ("training.schedule=step", "training.step_epochs=2"), ("training.schedule=cosine",),
    ),
}  # fmt: skip
"""Name → another value than the neutral one, what it acts with, and what it does nothing with."""

added = pytest.mark.parametrize("name", OTHERS)
SETTLED = (
    "search.parameters={optimizer = ['sgd', 'adam']}", "model.hidden=[4, 3]", "training.lr=0.1",
    "training.epochs=6",
)  # fmt: skip


def key(name: str) -> str:
    return f"{PARAMETERS[name].table}.{name}"


def trained(pipeline: Pipeline, size: int | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """Yield the id of each run, and the bits of its metrics and last parameters."""
    for stack in stacks(planned(pipeline).runs, pipeline, size=size):
        histories, _ = train(stack, pipeline, until=pipeline.training.epochs)
        for run, history in zip(stack.runs, histories, strict=True):
            arrays = [*history.metrics.values(), history.parameters]
            yield run.run_id, [array.tobytes() for array in arrays]


def configured(pipeline: Pipeline, name: str) -> set[Value | None]:
    return {run.configuration[name] for run in planned(pipeline).runs}


def test_every_added_parameter_is_held_to_these_laws() -> None:
    assert set(OTHERS) == {name for name, p in PARAMETERS.items() if p.neutral is not None}


@added
def test_its_default_is_neutral_and_any_other_value_makes_other_runs(name: str) -> None:
    other, acts_with, _ = OTHERS[name]
    plain = dict(trained(small(*SETTLED, *acts_with)))
    default = PARAMETERS[name].write(PARAMETERS[name].default)
    assert plain == dict(trained(small(*SETTLED, *acts_with, f"{key(name)}={default}")))
    changed = dict(trained(small(*SETTLED, *acts_with, f"{key(name)}={other}")))
    assert len(plain) == len(changed) == 8
    assert not {*plain} & {*changed}
    assert not {*map(tuple, plain.values())} & {*map(tuple, changed.values())}


@added
def test_it_is_null_where_it_does_nothing(name: str) -> None:
    _, _, idle_with = OTHERS[name]
    assert bool(idle_with) == bool(PARAMETERS[name].acts_with)
    if idle_with:
        assert configured(small(*SETTLED, *idle_with), name) == {None}


@added
def test_searched_it_has_the_ids_and_bits_of_its_values_in_any_stack(name: str) -> None:
    other, acts_with, _ = OTHERS[name]
    default = PARAMETERS[name].write(PARAMETERS[name].default)
    written = default if not isinstance(default, str) else f"'{default}'"
    both = small(*SETTLED, *acts_with, f"search.parameters.{name}=[{written}, {other}]")
    assert len(configured(both, name)) == 2
    runs = dict(trained(both))
    assert runs == dict(trained(both, size=1))
    for value in (default, other):
        one = dict(trained(small(*SETTLED, *acts_with, f"{key(name)}={value}")))
        assert one.items() <= runs.items()


def test_a_weight_scale_is_a_factor_of_the_weights_alone() -> None:
    pipeline = small(
        *SETTLED, "search.parameters.weight_scale=[1, 3]", "training.precision=float64"
    )
    for stack in stacks(planned(pipeline).runs, pipeline):
        scales = np.array([run.configuration["weight_scale"] for run in stack.runs], float)
        assert {*scales} == {1.0, 3.0}
        rows = dict(zip(zip((r.repetition for r in stack.runs), scales, strict=True),
                        build(stack, pipeline).network.parameters, strict=True))  # fmt: skip
        for (repetition, scale), row in rows.items():
            assert np.array_equal(row, rows[repetition, 1.0] * scale)


def test_biases_begin_as_asked_and_the_weights_as_without_them() -> None:
    pipeline = small(
        *SETTLED, "search.parameters.bias_initializer=['zeros', 'normal', 'uniform']",
        "training.precision=float64", "model.weight_scale=3",
    )  # fmt: skip
    first: dict[tuple[str, int, str], dict[str, np.ndarray]] = {}
    for stack in stacks(planned(pipeline).runs, pipeline):
        rows = build(stack, pipeline).network.parameters
        for run, row in zip(stack.runs, rows, strict=True):
            if run.configuration["optimizer"] == "sgd":
                chosen = str(run.configuration["bias_initializer"])
                key = run.dataset, run.repetition, chosen
                first[key] = named_parameters(run, pipeline, row)
    for (dataset, repetition, chosen), arrays in first.items():
        plain = first[dataset, repetition, "zeros"]
        for name, array in arrays.items():
            if name.startswith("weights"):
                assert np.array_equal(array, plain[name])
            elif chosen == "zeros":
                assert not array.any()
            elif chosen == "uniform":
                fan_in = len(arrays[name.replace("biases", "weights")])
                assert 0 < np.abs(array).max() <= 1 / np.sqrt(fan_in)
            else:
                assert array.all()
    drawn = [a["biases_0"].tolist() for (*_, chosen), a in first.items() if chosen == "normal"]
    assert len({*map(tuple, drawn)}) == len(drawn) == 4
