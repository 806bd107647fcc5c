"""What the page embeds for its explorer: the tables' numbers, and not too many of them."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from study.report import explorer, packed
from study.report.chapters import EXPLORER
from study.report.gather import gather
from study.report.material import Material
from study.report.regions import regions
from tests import searches, synthetic
from tests.pipelines import small
from tests.report.unpacked import exact, signs, whole
from tests.studies import SEVERAL_CLASSES, SEVERAL_LOSSES


def embedded(material: Material) -> dict[str, Any]:
    page_data = explorer.embedded(material, EXPLORER.tables(material))
    assert page_data is not None
    data: dict[str, Any] = json.loads(page_data.data)
    assert (page_data.shown, len(data["settings"])) == (len(data["configurations"]),) * 2
    return data


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """Return a study of 16 learning rates on two datasets, one with a held-out part."""
    return gather(synthetic.store(synthetic.MANY, tmp_path_factory.mktemp("many") / "lab"))


def test_all_configurations_are_embedded_with_their_parameters(many: Material) -> None:
    data = embedded(many)
    assert len(data["configurations"]) == 16
    (lr,) = data["parameters"]
    rates = [float(level) for level in lr["levels"]]
    assert rates == sorted(rates)
    assert len(rates) == 16
    for name, (level,) in zip(data["configurations"], data["settings"], strict=True):
        assert name == f"lr {level}"
    ranked = many.ranked[many.ranked["dataset"] == "linear"]
    assert data["configurations"][data["best"]] == ranked["configuration"].iloc[0]
    assert data["configurations"][data["base"]] == "lr 0.01"


def test_only_the_dataset_with_a_held_out_part_has_its_curve(many: Material) -> None:
    linear, xor = embedded(many)["trials"][0]
    assert list(linear["curves"]) == ["train_loss", "test_loss"]
    assert list(xor["curves"]) == ["train_loss"]
    assert "final_test_loss" in linear["ends"]
    assert "final_test_loss" not in xor["ends"]


def test_above_the_limit_base_neighbours_and_best_come_first(
    many: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = explorer.embedded(many, EXPLORER.tables(many))
    assert whole is not None
    monkeypatch.setattr(explorer, "LIMIT", len(whole.data) // 2)
    page_data = explorer.embedded(many, EXPLORER.tables(many))
    assert page_data is not None
    assert 1 < page_data.shown < page_data.total == 16
    assert len(page_data.data) <= len(whole.data) // 2
    data = json.loads(page_data.data)
    assert data["configurations"][data["base"]] == "lr 0.01"
    monkeypatch.setattr(explorer, "LIMIT", 1)
    one = explorer.embedded(many, EXPLORER.tables(many))
    assert one is not None
    assert (one.shown, json.loads(one.data)["configurations"]) == (1, ["lr 0.01"])


@pytest.mark.parametrize("metric", ["seconds", "parameters", "epochs", "epochs_to_loss_05"])
def test_the_explorer_compares_the_objective(tmp_path: Path, metric: str) -> None:
    text = synthetic.LAB + f'[search.objective]\nmetric = "{metric}"\n'
    material = gather(synthetic.store(text, tmp_path / "lab"))
    data = embedded(material)
    assert data["metric"]["key"] == metric
    runs = material.results.runs
    for trials in data["trials"]:
        for trial in filter(None, trials):
            run = runs[runs["run_id"] == trial["run"]].iloc[0]
            value = (
                run[metric]
                if run["status"] == "completed" or metric in ("parameters", "epochs")
                else math.nan
            )
            result = exact(trial["ends"].get(metric, [None]))[0]
            assert result == (None if pd.isna(value) else pytest.approx(float(value)))


def test_several_losses_are_compared_by_accuracy(tmp_path: Path) -> None:
    data = embedded(gather(searches.made(small(text=SEVERAL_LOSSES), tmp_path)))
    assert [of["key"] for of in data["drawn"]] == ["train_accuracy", "test_accuracy"]
    assert data["metric"]["key"] == "final_train_accuracy"
    assert all("loss" not in of["key"] for of in data["counted"])


def test_regions_are_the_stored_answers_of_the_run(tmp_path: Path) -> None:
    """Of four classes a letter for each point, of two a digit for the output."""
    material = gather(searches.made(small(text=SEVERAL_CLASSES), tmp_path))
    data = embedded(material)
    for trials in data["trials"]:
        for dataset, trial in zip(data["datasets"], trials, strict=True):
            rows = material.results.predictions({"run_id": trial["run"], "part": "grid"})
            rows = rows[rows["epoch"] == rows["epoch"].max()].sort_values(["x0", "x1"])
            if dataset == "clouds":
                expected = ["ABCD"[int(i)] for i in rows["answer"]]
            else:
                outputs = rows["prediction"].to_numpy(float)
                expected = ["abcdefghij"[min(max(math.floor(10 * p), 0), 9)] for p in outputs]
            assert list(signs(trial["region"])) == expected
            assert len(expected) == 625
            assert set(expected) <= data["paint"].keys()
    assert regions(material, ["nothing"]) == {}


def test_nothing_is_embedded_without_an_epoch(tmp_path: Path) -> None:
    material = gather(synthetic.store(synthetic.ONE, tmp_path / "one", fails=synthetic.everything))
    assert explorer.embedded(material, EXPLORER.tables(material)) is None


def test_zero_and_infinity_are_on_the_scale() -> None:
    frame = pd.DataFrame({"v": [0.0, np.inf, 1e-40, 1e38]})
    assert explorer.steps("train_loss", frame["v"]) == [-32768, 32767, -32768, 32766]


def test_packed_numbers_are_read_back_exactly() -> None:
    rng = np.random.default_rng(0)
    narrow = rng.standard_normal(40).astype(np.float32).astype(float).tolist()
    for values in (narrow, [*narrow, math.inf], [0.1, 0.2], [1.0, 1e300], [3.0], []):
        expected = [v if math.isfinite(v) else None for v in values]
        assert exact(packed.exact(values)) == expected
    assert isinstance(packed.exact(narrow), str)
    steps = rng.integers(-32768, 32767, 50).tolist()
    assert whole(packed.whole(steps)).tolist() == steps
    text = "".join(rng.choice(list("abAB."), 625, p=[0.9, 0.04, 0.02, 0.02, 0.02]))
    assert signs(packed.runs(text)) == text


def test_the_command_reproduces_the_repetition_in_the_middle(many: Material) -> None:
    data = embedded(many)
    for name, trials in zip(data["configurations"], data["trials"], strict=True):
        for dataset, trial in zip(data["datasets"], trials, strict=True):
            runs = many.runs.astype({"dataset": str})
            own = runs[(runs["dataset"] == dataset) & (runs["configuration"] == name)]
            run = own[own["run_id"] == trial["run"]].iloc[0]
            assert run["repetition"] == trial["repetition"]
            below = (own["final_train_loss"] < run["final_train_loss"]).sum()
            assert below == (len(own) - 1) // 2


def test_a_claim_has_the_configurations_of_its_sides(tmp_path: Path) -> None:
    material = gather(synthetic.store(synthetic.CLAIMS, tmp_path / "lab"))
    data = embedded(material)
    names = data["configurations"]
    pairs = {key: [names[i] for i in of] for key, of in data["claims"].items()}
    assert pairs.keys() == {h.id for h in material.pipeline.hypotheses}
    for hypothesis in material.pipeline.hypotheses:
        assert pairs[hypothesis.id]
        for name, cell in zip(pairs[hypothesis.id], hypothesis.cells, strict=False):
            ids = material.runs.loc[material.runs["configuration"] == name, "run_id"]
            run = material.results.runs.set_index("run_id").loc[ids.iloc[0]]
            assert all(run[key] == value for key, value in cell.items())
