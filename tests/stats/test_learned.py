"""Whether anything was learned, recomputed from the stored runs and their training samples."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from study.report.chapters import QUESTIONS
from study.report.gather import gather
from study.report.hero import cards, notes
from study.report.material import Material
from study.spec.constraints import Constraint
from study.spec.objective import Objective
from study.stats.learned import learned
from study.stats.summaries import configurations
from study.stats.trivial import baselines
from tests import searches
from tests.grids import grid
from tests.pipelines import small
from tests.reference import needs_same_kernels
from tests.words import has

pytestmark = pytest.mark.usefixtures("uncertified")

XOR = """
name = "xor"

[datasets.xor]
generator = "xor"

[model]
hidden = [4]

[training]
epochs = 100

[search]
repetitions = 5

[search.parameters]
"""

HELD_OUT = XOR.replace('"xor"\n\n[m', '"circles"\ntest_fraction = 0.4\n\n[m')


def tables(material: Material) -> dict[str, pd.DataFrame]:
    of = [section.tables(material) for section in QUESTIONS if section.applies(material)]
    return {name: table for own in of for name, table in own.items()}


def studied(text: str, to: Path) -> tuple[Material, pd.DataFrame, pd.DataFrame]:
    """Return the material of a study that is run, its stored runs, and their trivial losses.

    The trivial loss is computed from each run's own training samples.
    """
    folder = searches.made(small(text=text), to)
    runs = pd.read_parquet(folder / "runs.parquet").astype({"dataset": str})
    taught = pd.read_parquet(folder / "predictions.parquet").astype({"run_id": str})
    rows = []
    for run_id, own in taught.groupby("run_id"):
        train, test = (own.loc[own["part"] == part, "target"] for part in ("train", "test"))
        rows.append((
            run_id, np.mean((train - train.mean()) ** 2), np.mean((test - train.mean()) ** 2),
        ))  # fmt: skip
    trivial = pd.DataFrame(rows, columns=["run_id", "train", "test"])
    return gather(folder), runs.merge(trivial, on="run_id"), taught


def named(runs: pd.DataFrame) -> pd.Series:
    """Return what configurations that differ in the learning rate are called."""
    return runs["lr"].map("lr {:g}".format)


def no_better(runs: pd.DataFrame, metric: str) -> pd.Series:
    """Return the runs that are no better than 99 % of the trivial loss, and the diverged ones."""
    part = "test" if "test" in metric else "train"
    return ~((runs[metric] < 0.99 * runs[part]) & (runs["status"] == "completed"))


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        (XOR + 'activation = ["none"]\nlr = [0.01, 0.1, 50.0]\n', "final_train_loss"),
        (XOR + "lr = [1e-10]\n", "final_train_loss"),
        (XOR.replace("repetitions = 5", "repetitions = 1") + "lr = [1e-8]\n", "final_train_loss"),
        (
            HELD_OUT.replace(
                "[search.p", '[search.objective]\nmetric = "final_test_accuracy"\n'
                'goal = "maximize"\n\n[search.p'
            ) + "lr = [1e-10, 1e-9]\n",
            "final_test_loss",
        ),
        (
            XOR.replace("[search.p", '[search.objective]\nmetric = "parameters"\n\n[search.p')
            + "lr = [1e-10]\n",
            "final_train_loss",
        ),
    ],
    ids=["linear on xor", "lr 1e-10", "a single run", "accuracy", "parameters"],
)  # fmt: skip
def test_a_study_that_learned_nothing_reports_it_first_and_names_no_best(
    text: str, metric: str, tmp_path: Path
) -> None:
    material, runs, _ = studied(text, tmp_path)
    assert (no_better(runs, metric).groupby(runs["lr"]).mean() > 0.5).all(), "nothing is learned"
    (row,) = material.learned.to_dict("records")
    own = tables(material)
    best = runs[[len(material.studied) < 1 or name == row["configuration"] for name in named(runs)]]
    part = "test" if "test" in metric else "train"
    stuck = int(no_better(best, metric).sum())
    assert (row["metric"], row["better"], row["stuck"]) == (metric, 0, stuck)
    assert row["configurations"] == runs["lr"].nunique()
    assert row["trivial"] == pytest.approx(best[part].mean())
    lost = best["status"] == "diverged"
    assert row["value"] == pytest.approx(best[metric].mask(lost, math.inf).median())
    assert has(notes(own)[0], "No configuration", "trivial predictor")
    assert [card.value for card in cards(own)[2]] == ["No best configuration"]
    assert own["cautions"].iloc[0]["caution"] == "trivial"


def test_one_of_several_datasets_may_not_be_learned(tmp_path: Path) -> None:
    linear = '[datasets.linear]\ngenerator = "linear"\nsamples = 30\n\n[datasets.xor]'
    text = XOR.replace("[datasets.xor]", linear) + 'activation = ["none"]\nlr = [0.1]\n'
    material, runs, _ = studied(text, tmp_path)
    stuck = no_better(runs, "final_train_loss").groupby(runs["dataset"]).sum()
    table = material.learned.set_index("dataset")
    assert table["stuck"].to_dict() == stuck.to_dict()
    assert table["better"].to_dict() == {"linear": 1, "xor": 0}
    own = tables(material)
    (first,) = notes(own)
    assert "on xor (" in first
    assert "linear" not in first
    (best,) = cards(own)[2]
    assert best.text == "median final training loss on linear"


@needs_same_kernels
def test_the_runs_of_the_best_that_learned_nothing_are_counted_one_by_one(tmp_path: Path) -> None:
    text = XOR.replace("repetitions = 5", "repetitions = 12")
    text = text.replace("epochs = 100", "epochs = 400")  # by its worse half, 1.0 is not the best
    text = text.replace("[search.p", "[search.objective]\nquantile = 0.25\n\n[search.p")
    material, runs, _ = studied(text + 'activation = ["tanh"]\nlr = [0.5, 1.0]\n', tmp_path)
    (row,) = material.learned.to_dict("records")
    own = runs[named(runs) == row["configuration"]]
    stuck = int(no_better(own, "final_train_loss").sum())
    assert 0 < stuck < 6, "some repetitions of this best collapse"
    assert (row["stuck"], row["runs"], row["diverged"]) == (stuck, 12, 0)
    warned = tables(material)["cautions"].iloc[0]
    assert (warned["caution"], warned["value"], warned["n"]) == ("stuck", stuck, 12)


def test_a_pruned_search_is_compared_with_the_trivial_predictor_by_whole_trials(
    tmp_path: Path,
) -> None:
    folder = searches.made(searches.searching("random", "search.repetitions=3"), tmp_path)
    material = gather(folder)
    runs = pd.read_parquet(folder / "runs.parquet").astype({"dataset": str})
    pruned = runs.groupby(["dataset", "lr"])["status"].agg(lambda of: "pruned" in set(of))
    assert pruned.any(), "the learning rates of a range are all different"
    table = material.learned.set_index("dataset")["configurations"]
    assert table.to_dict() == (~pruned).groupby("dataset").sum().to_dict()


def test_a_search_that_learned_nothing_has_no_winner(tmp_path: Path) -> None:
    text = XOR.replace("repetitions = 5", 'method = "random"\ntrials = 3\nconfirm = 1')
    text += "lr = {low = 1e-9, high = 1e-8}\n"
    material, _, _ = studied(text, tmp_path)
    own = tables(material)
    assert len(own["confirmed"]) == 1
    (section,) = (section for section in QUESTIONS if section.name == "confirmed")
    sentences = section.finding(own)
    assert len(sentences) == 1
    assert sentences[0].startswith("No configuration beats the trivial predictor")


def frames(
    values: Sequence[float], metric: str = "final_train_loss", loss: float = 0.25
) -> pd.DataFrame:
    """Return what is learned by one configuration with these values, one a repetition."""
    runs = grid({"lr": [0.1]}, len(values)).assign(**{metric: values})
    limits = pd.DataFrame(
        {
            "dataset": "xor", "repetition": range(len(values)), "loss": loss, "accuracy": 0.5,
            "part": "train", "of": "mse",
        }
    )  # fmt: skip
    return learned(
        runs, runs, configurations(runs, [], Objective()), limits, [Objective(metric=metric)]
    )


@pytest.mark.parametrize(
    ("values", "better", "stuck"),
    [
        ([0.1, 0.2, 0.3], 1, 1),
        ([0.1, 0.3, 0.3], 0, 2),
        ([0.1, 0.3], 0, 1),  # the objective is the worse of the middle two
        ([0.01, 0.1, 0.3, 0.4], 0, 2),
        ([0.249, 0.249, 0.249], 0, 3),
        ([0.247, 0.247, 0.247], 1, 0),
        ([math.nan, math.inf, 0.1], 0, 2),
    ],
)
def test_better_is_by_a_hundredth_and_at_the_objectives_quantile(
    values: list[float], better: int, stuck: int
) -> None:
    (row,) = frames(values).to_dict("records")
    assert (row["better"], row["stuck"]) == (better, stuck)
    ordered = sorted(math.inf if math.isnan(value) else value for value in values)
    assert row["value"] == ordered[len(values) // 2]


def test_nothing_beats_a_predictor_that_is_never_wrong() -> None:
    assert frames([0.0, 0.0], loss=0.0)["better"].tolist() == [0]


def test_a_network_that_is_mostly_right_has_learned_although_its_errors_are_confident() -> None:
    """Only where the accuracy is what was asked for: half as many wrong answers as by chance."""
    runs = grid({"lr": [0.1]}, 2).assign(final_train_loss=0.9)
    limits = pd.DataFrame(
        {
            "dataset": "xor", "repetition": [0, 1], "loss": 0.69, "accuracy": 0.5, "part": "train",
            "of": "mse",
        }
    )  # fmt: skip
    for accuracy, asked, better in (
        (0.9, "final_train_accuracy", 1), (0.7, "final_train_accuracy", 0),
        (0.9, "final_train_loss", 0),
    ):  # fmt: skip
        own = runs.assign(final_train_accuracy=accuracy)
        aim = Objective(metric=asked)
        table = learned(own, own, configurations(own, [], Objective()), limits, [aim])
        assert table["better"].tolist() == [better]
        assert table["metric"].tolist() == ["final_train_loss"]


def test_without_stored_predictions_nothing_is_reported() -> None:
    runs = grid({"lr": [0.1]}, 2).assign(final_train_loss=0.9)
    nothing = baselines(pd.DataFrame(columns=["dataset", "repetition", "part", "target"]), "mse")
    ranked = configurations(runs, [], Objective())
    assert learned(runs, runs, ranked, nothing, [Objective()]).empty


@pytest.mark.parametrize(
    ("limit", "feasible", "better"),
    [
        ({"metric": "parameters", "at_most": 30}, 2, 1),
        ({"metric": "parameters", "at_most": 15}, 1, 0),
        ({"metric": "parameters", "at_most": 5}, 0, None),
        ({"metric": "final_train_loss", "at_most": 0.2}, 1, 1),
        ({"metric": "final_train_loss", "at_least": 0.2}, 2, 0),
    ],
)
def test_only_feasible_configurations_are_counted(
    limit: dict[str, Any], feasible: int, better: int | None
) -> None:
    """The losses are 0.3, 0.1 and 0.4 with 10, 20 and 40 weights; the trivial loss is 0.25."""
    runs = grid({"lr": [0.1, 0.2, 0.3]}, 2)
    own = {"final_train_loss": [0.3, 0.1, 0.4], "parameters": [10.0, 20.0, 40.0]}
    runs = runs.assign(**{name: np.repeat(values, 2) for name, values in own.items()})
    limits = pd.DataFrame({
        "dataset": "xor", "repetition": [0, 1], "loss": 0.25, "accuracy": 0.5, "part": "train",
        "of": "mse",
    })  # fmt: skip
    aim, constraints = Objective(), [Constraint.model_validate(limit)]
    ranked = configurations(runs, [], aim, constraints)
    (row,) = learned(runs, runs, ranked, limits, [aim], constraints=constraints).to_dict("records")
    assert (row["configurations"], row["feasible"], row["trivial"]) == (3, feasible, 0.25)
    assert (None if pd.isna(row["better"]) else row["better"]) == better


@pytest.mark.parametrize("loss", ["mse", "binary_cross_entropy"])
def test_the_trivial_predictor_uses_the_training_labels_only(loss: str) -> None:
    train, test = [0.0, 0.0, 0.0, 1.0], [1.0, 1.0, 0.0]
    targets = pd.DataFrame(
        {
            "dataset": "a", "repetition": 0, "target": [*train, *test],
            "part": ["train"] * 4 + ["test"] * 3,
        }
    )  # fmt: skip
    table = baselines(targets, loss).set_index("part")
    answer = 0.25
    for part, labels in (("train", train), ("test", test)):
        each = (
            [(y - answer) ** 2 for y in labels]
            if loss == "mse"
            else [-math.log(answer if y else 1 - answer) for y in labels]
        )
        assert table.loc[part, "loss"] == pytest.approx(sum(each) / len(each))
    assert table["accuracy"].to_dict() == pytest.approx({"train": 3 / 4, "test": 2 / 3})


def test_a_label_that_was_never_seen_has_an_infinite_cross_entropy() -> None:
    targets = pd.DataFrame(
        {"dataset": "a", "repetition": 0, "target": [0.0, 1.0], "part": ["train", "test"]}
    )
    table = baselines(targets, "binary_cross_entropy").set_index("part")
    assert table["loss"].to_dict() == {"train": 0.0, "test": math.inf}
