"""scikit-learn's tables: sizes, classes and features as published; errors without them."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn import datasets as sklearn

from study.datasets import DATASETS, Dataset
from study.errors import PipelineError
from study.plan.trials import planned
from study.spec.load import load_pipeline, read_pipeline
from tests.cli.calling import call

TABLES: dict[str, tuple[tuple[int, ...], tuple[str, ...], tuple[int, ...]]] = {
    "iris": ((4,), ("setosa", "versicolor", "virginica"), (50, 50, 50)),
    "wine": ((13,), ("class_0", "class_1", "class_2"), (59, 71, 48)),
    "breast_cancer": ((30,), ("malignant", "benign"), (212, 357)),
    "digits": (
        (8, 8, 1),
        tuple("0123456789"),
        (178, 182, 177, 183, 181, 182, 181, 179, 174, 180),
    ),
}


def bundled(name: str, **keys: object) -> Dataset:
    result = DATASETS["sklearn"].model_validate({"generator": "sklearn", "name": name, **keys})
    result.read(Path())
    return result


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_classes_has_its_published_sizes_and_names(name: str) -> None:
    shape, labels, counts = TABLES[name]
    dataset = bundled(name)
    assert (dataset.shape, dataset.labels, dataset.counts) == (shape, labels, counts)
    assert dataset.size == sum(counts)
    assert dataset.outputs == (1 if len(labels) == 2 else len(labels))
    samples = dataset.make(rng=np.random.default_rng(0))
    assert np.bincount(samples.y[:, 0].astype(int)).tolist() == list(counts)
    own = getattr(sklearn, f"load_{name}")()
    assert np.array_equal(samples.x.reshape(len(own.data), -1), own.data)
    assert np.array_equal(samples.y[:, 0], own.target)


def test_an_image_of_digits_has_its_rows_first() -> None:
    x = bundled("digits").make(rng=np.random.default_rng(0)).x
    assert np.array_equal(x[..., 0], sklearn.load_digits().images)
    assert (x.min(), x.max()) == (0, 16)


def test_diabetes_is_a_number_that_is_standardized() -> None:
    dataset = bundled("diabetes", test_fraction=0.25)
    assert (dataset.labels, dataset.counts, dataset.outputs) == (None, None, 1)
    assert (dataset.size, dataset.shape, dataset.standardized) == (442, (10,), True)
    parts = dataset.parts(rng=np.random.default_rng(0))
    assert parts.test is not None
    assert (parts.train.y.mean(), parts.train.y.std()) == pytest.approx((0, 1))
    back = parts.mean + parts.spread * np.concatenate([parts.train.y, parts.test.y])[:, 0]
    np.testing.assert_allclose(sorted(back), sorted(sklearn.load_diabetes().target))


@pytest.mark.parametrize("name", TABLES)
def test_a_split_has_each_class_in_proportion_and_inputs_of_the_training_parts_scale(
    name: str,
) -> None:
    _, _, counts = TABLES[name]
    dataset = bundled(name, test_fraction=0.25)
    parts = dataset.parts(rng=np.random.default_rng(3))
    assert parts.test is not None
    held = np.bincount(parts.test.y[:, 0].astype(int), minlength=len(counts))
    assert held.sum() == dataset.held_out
    assert (abs(held - np.array(counts) / 4) < 1).all()
    np.testing.assert_allclose(parts.train.x.mean(0), 0, atol=1e-9)
    spread = parts.train.x.std(0)
    assert (np.isclose(spread, 1) | (spread == 0)).all()


def toml(**keys: object) -> str:
    given = {"generator": "sklearn", "name": "iris", **keys}
    rows = "".join(f"{name} = {json.dumps(value)}\n" for name, value in given.items())
    model = '[model]\nloss = "softmax_cross_entropy"\noutput_activation = "none"\n'
    return f'name = "flowers"\n[datasets.flowers]\n{rows}{model}'


def test_a_run_is_named_by_the_table_and_what_acts_on_its_numbers() -> None:
    def first(**keys: object) -> str:
        return planned(read_pipeline(toml(**keys), "flowers.toml")).runs[0].run_id

    ids = {first(), first(name="wine"), first(standardize=False), first(test_fraction=0.2)}
    assert len(ids) == 4
    assert first(draw="once") == first(standardize_target=False) == first()


def test_an_unknown_table_is_an_error_with_the_names_that_there_are() -> None:
    with pytest.raises(PipelineError) as caught:
        read_pipeline(toml(name="iriss"), "flowers.toml")
    (error,) = caught.value.mistakes
    assert "datasets.flowers.name: 'iriss' is not one of" in error
    assert "did you mean 'iris'?" in error


def test_without_scikit_learn_a_sentence_names_the_extra_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "flowers.toml"
    path.write_text(toml(), encoding="utf-8")
    assert load_pipeline(path).datasets["flowers"].size == 150
    monkeypatch.setitem(sys.modules, "sklearn", None)
    code, output, error = call(capsys, "plan", path, "--results", tmp_path)
    assert (code, output) == (2, "")
    assert "Traceback" not in error
    for words in (
        "datasets.flowers.generator",
        "scikit-learn",
        "pip install 'hyperparameter-study[data]'",
    ):
        assert words in " ".join(error.split())
