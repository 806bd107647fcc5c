"""A configuration is its values: however many a parameter has, and however near they are."""

import math

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from study.execution.driver import Options, run
from study.report import trials as listed
from study.report.chapters import QUESTIONS
from study.report.gather import gather
from study.report.material import Material
from study.space import PARAMETERS
from study.spec.load import read_pipeline

pytestmark = pytest.mark.usefixtures("uncertified")

HEAD = """
name = "x"

[datasets.xor]
generator = "xor"

[training]
epochs = 3

[search]
repetitions = 3
"""

RATES = ", ".join(f"{i / 100}" for i in range(1, 14))
SHAPES = ", ".join(f"[{width}, 3]" for width in range(1, 14))

SPACES = {
    "13 shapes of two layers": f"[search.parameters]\nhidden = [{SHAPES}]",
    "13 widths, 2 rates": "[search.parameters]\nlr = [0.1, 1.0]\n"
    f"hidden = [{', '.join(f'[{width}]' for width in range(1, 14))}]",
    "13 rates, a condition on one": f"[search.parameters]\nlr = [{RATES}]\n"
    "hidden = [[2], [3]]\nmomentum = {choices = [0.0, 0.9], when = {lr = 0.1}}",
    "13 shapes, a condition on one": f"[search.parameters]\nhidden = [{SHAPES}]\n"
    "lr = {choices = [0.1, 1.0], when = {hidden = [2, 3]}}",
    "20 batch sizes": "[search.parameters]\nlr = [0.1, 0.2]\n"
    f"batch_size = [{', '.join(map(str, range(1, 21)))}]",
    "near rates": "[search.parameters]\nlr = [0.1, 0.1000000001, 0.10000000000000002]",
    "decays near 1": '[training]\nepochs = 3\noptimizer = "adam"\n'
    "[search.parameters]\nbeta2 = [0.999, 0.9999999, 0.99999999]",
    "random widths": 'method = "random"\ntrials = 14\n[search.parameters]\n'
    "hidden = {layers = [1], width = {low = 1, high = 64, log = true}}",
    "cmaes over widths and rates": 'method = "cmaes"\ntrials = 14\npopulation = 4\nbatch = 4\n'
    "[search.parameters]\nhidden = {layers = [1], width = {low = 1, high = 64}}\n"
    "lr = {low = 1e-3, high = 1.0, log = true}",
    "random, with conditions": 'method = "random"\ntrials = 20\nconfirm = 2\n[search.parameters]\n'
    'optimizer = ["sgd", "adam"]\nlr = {low = 1e-3, high = 1.0, log = true}\n'
    'momentum = {low = 0.0, high = 0.99, when = {optimizer = "sgd"}}\n'
    'batch_size = {low = 1, high = 20, when = {optimizer = "adam"}}',
}  # fmt: skip


@pytest.fixture(scope="module", params=SPACES)
def stored(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Material, pd.DataFrame]:
    """Return a study's material and its rows of runs.parquet, from which all is computed again."""
    text = HEAD + SPACES[request.param]
    if "[training]" in SPACES[request.param]:
        text = text.replace("[training]\nepochs = 3\n", "", 1)
    folder = tmp_path_factory.mktemp("study")
    list(run(read_pipeline(text, "x.toml"), Options(folder, executor="inline")))
    return gather(folder / "x"), pd.read_parquet(folder / "x" / "runs.parquet")


def _is(values: pd.Series, text: str | None) -> NDArray[np.bool_]:
    """Return which values a text means: the nearest one, of numbers."""
    if text is None:
        return values.isna().to_numpy()
    if values.dtype.kind != "f":
        return (values.astype(str) == text).to_numpy()
    away = np.abs(values.to_numpy(dtype=float) - float(text))
    return np.asarray(away == np.nanmin(away))


def test_each_configuration_is_ranked_once_by_its_own_repetitions(
    stored: tuple[Material, pd.DataFrame],
) -> None:
    material, runs = stored
    ranked = material.ranked
    trained = runs.groupby(list(PARAMETERS), dropna=False, observed=True).ngroup()
    fresh = runs["repetition"] >= (0 if material.pipeline.search.confirm is None else 3)
    assert ranked["configuration"].nunique() == len(ranked) == trained[fresh].nunique()
    seen = set()
    for row in ranked.to_dict("records"):
        own = fresh.copy()
        for name in material.studied:
            own &= _is(runs[name], row[name])
        seen.add(frozenset(runs.index[own]))
        losses = runs.loc[own, "final_train_loss"].where(runs["status"] == "completed", math.inf)
        assert (len(losses), trained[own].nunique()) == (row["runs"], 1)
        assert row["median"] == np.median(losses)
    assert len(seen) == len(ranked)


def test_no_table_has_another_number_of_configurations(
    stored: tuple[Material, pd.DataFrame],
) -> None:
    material, runs = stored
    expected = set(material.runs["configuration"])
    assert len(expected) == len(runs.drop_duplicates(list(PARAMETERS)))
    tables = {
        name: table
        for section in QUESTIONS
        if section.applies(material)
        for name, table in section.tables(material).items()
    }
    assert tables["size"]["configurations"].tolist() == [len(expected)]
    for table in tables.values():
        if "configuration" in table:
            assert set(table["configuration"].dropna()) <= expected
    assert len(listed.trials(material).rows) == len(material.trials)


def test_every_value_is_in_the_pairs_and_none_is_called_impossible(
    stored: tuple[Material, pd.DataFrame],
) -> None:
    """The runs of a pair's cells are all that were trained with both parameters searched."""
    material, _ = stored
    names = [n for n, d in material.pipeline.search.parameters.items() if d.when]
    for section in QUESTIONS:
        if section.name == "pairs" and len(material.studied) > 1:
            table = section.tables(material)["pairs"]
            assert (table["state"] == "measured").any()
            if not names:
                assert "impossible" not in set(table["state"])
    for name in names:
        met = material.runs[name].notna()
        (when,) = (d.when for n, d in material.pipeline.search.parameters.items() if n == name)
        ((key, value),) = when.items()
        expected = material.runs[key].astype(object) == material.texts[key][value]
        assert met.any()
        assert met.tolist() == expected.tolist()
