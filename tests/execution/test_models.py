"""A model reproduces stored predictions, scales new rows, and verifies its file."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import study
from study import load_model, load_results
from study.errors import ResultsError, StudyError
from study.execution.driver import Options, run
from study.spec.load import load_pipeline
from study.spec.pipeline import Pipeline
from tests.driving import finish
from tests.pages import ROOT, blocks

pytestmark = pytest.mark.usefixtures("uncertified")

TOML = """
name = "mine"
[datasets.own]
generator = "csv"
path = "own.csv"
target = "{target}"
exclude_features = [{others}]
split = "part"
[model]
loss = "{loss}"
output_activation = "none"
activation = "tanh"
[training]
optimizer = "adam"
epochs = 20
[search]
repetitions = 3
[search.parameters]
hidden = [[], [5]]
lr = [0.01, 0.1]
"""
LOSSES = {"y": "mse", "two": "binary_cross_entropy", "three": "softmax_cross_entropy"}


def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    a, b = rng.normal(5, 3, size=(2, 40))
    score = a + b**2 / 9
    return pd.DataFrame({
        "a": a,
        "flag": b > 5,
        "b": b,
        "y": score,
        "two": np.where(score > np.median(score), "yes", "no"),
        "three": np.array(["low", "middle", "top"])[np.digitize(score, [7, 10])],
        "part": np.where(np.arange(40) % 4 == 1, "test", "train"),
    })  # fmt: skip


def declared(folder: Path, target: str, **change: str) -> Pipeline:
    """Return a study of the table that has this target."""
    frame().to_csv(folder / "own.csv", index=False)
    others = ", ".join(f'"{name}"' for name in LOSSES if name != target)
    text = TOML.format(target=target, others=others, loss=LOSSES[target])
    for old, new in change.items():
        text = text.replace(old, new)
    (folder / "mine.toml").write_text(text)
    return load_pipeline(folder / "mine.toml")


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the folder of a finished study for each target."""
    collected = {}
    for target in LOSSES:
        folder = tmp_path_factory.mktemp(target)
        finish(declared(folder, target), folder / "results")
        collected[target] = folder / "results" / "mine"
    return collected


@pytest.fixture
def own(studies: dict[str, Path], tmp_path: Path) -> Path:
    """Return a copy of the study of three classes, without a model, which a test may change."""
    without = shutil.ignore_patterns("model*.npz")
    return Path(shutil.copytree(studies["three"], tmp_path / "mine", ignore=without))


def winner(folder: Path) -> list[str]:
    """Return the runs of the best configuration, computed from the stored runs."""
    runs = load_results(folder).runs.astype({"hidden": str})
    runs["configuration"] = runs["hidden"] + runs["lr"].astype(str)
    median = runs.groupby("configuration")["final_test_loss"].median()
    best = runs[runs["configuration"] == median.idxmin()]
    return [str(i) for i in best.sort_values("repetition")["run_id"]]


@pytest.mark.parametrize("target", LOSSES)
def test_the_networks_are_the_winners_and_reproduce_stored_predictions(
    target: str, studies: dict[str, Path]
) -> None:
    folder, table = studies[target], frame()
    model = load_model(folder)
    assert (list(model.run_ids), model.target) == (winner(folder), target)
    assert (model.features, model.differences) == (("a", "flag", "b"), {})
    assert (folder / "model.npz").is_file()
    collected = []
    for run_id in model.run_ids:
        one = load_model(folder, run_id=run_id[:9])
        assert one.run_ids == (run_id,)
        assert (folder / f"model-{run_id}.npz").is_file()
        predicted = one.predict(table)
        assert predicted[["prediction_spread", "confidence_spread"]].isna().all(axis=None)
        stored = load_results(folder).predictions({"run_id": run_id, "epoch": 20})
        for part, rows in predicted.groupby(table["part"]):
            rows_of = stored[stored["part"] == part]
            if target == "y":
                train = table.loc[table["part"] == "train", "y"]
                unit = train.mean() + train.std(ddof=0) * rows_of["prediction"].to_numpy(float)
                np.testing.assert_allclose(rows["prediction"], unit, rtol=1e-5)
                assert rows["class"].isna().all()
                continue
            labels = np.array(sorted(set(table[target])))
            assert (rows["class"] == labels[rows_of["answer"].to_numpy(int)]).all()
            np.testing.assert_allclose(rows["confidence"], rows_of["confidence"], rtol=1e-5)
            if target == "two":
                np.testing.assert_allclose(rows["prediction"], rows_of["prediction"], rtol=1e-5)
        collected.append(predicted)
    together = model.predict(table)
    if target == "three":
        assert together["prediction"].isna().all()
    else:
        each = np.stack([of["prediction"] for of in collected])
        np.testing.assert_allclose(together["prediction"], each.mean(0))
        np.testing.assert_allclose(together["prediction_spread"], each.std(0, ddof=1), rtol=1e-6)
    if target != "y":
        votes = np.stack([of["class"] for of in collected])
        share = (votes == together["class"].to_numpy()).mean(0)
        np.testing.assert_allclose(together["agreement"], share)
    if target == "two":
        p = np.where(votes == "yes", 1, -1) * np.stack([of["confidence"] for of in collected])
        p = np.where(p < 0, 1 + p, p).mean(0)
        assert (together["class"] == np.where(p > 0.5, "yes", "no")).all()
        np.testing.assert_allclose(together["confidence"], np.maximum(p, 1 - p))


def test_new_rows_go_through_the_scaling_of_each_repetitions_training_part(tmp_path: Path) -> None:
    text = TOML.format(target="y", others='"two", "three", "part"', loss="mse")
    text = text.replace('split = "part"', "test_fraction = 0.25")
    frame().to_csv(tmp_path / "own.csv", index=False)
    (tmp_path / "mine.toml").write_text(text)
    finish(load_pipeline(tmp_path / "mine.toml"), tmp_path / "results")
    model = load_model(tmp_path / "results" / "mine")
    scales = [np.asarray(model.arrays[name], float) for name in ("mean", "scale", "target_mean")]
    assert all(len({tuple(np.atleast_1d(row)) for row in of}) == 3 for of in scales)
    new = pd.DataFrame({"b": [4.0, 90.0], "more": "x", "flag": [1, 0], "a": [5.5, -3.0]}, [7, "i"])
    predicted = model.predict(new)
    assert predicted.index.tolist() == [7, "i"]
    shuffled = model.predict(new[["a", "flag", "b"]].astype({"flag": bool}))
    pd.testing.assert_frame_equal(predicted, shuffled)
    array = new[["a", "flag", "b"]].to_numpy(float)
    np.testing.assert_array_equal(model.predict(array)["prediction"], predicted["prediction"])
    many = model.predict(np.tile(array, (20_000, 1)))
    np.testing.assert_allclose(
        many["prediction"], np.tile(predicted["prediction"], 20_000), rtol=1e-6
    )
    assert model.predict(new[:0]).shape == (0, 6)


def test_rows_that_cannot_be_predicted_are_an_error_with_the_columns(own: Path) -> None:
    model, table = load_model(own), frame()
    with pytest.raises(StudyError, match="the table lacks 'a', 'b'; it has 'flag', 'y'"):
        model.predict(table.drop(columns=["a", "b"]))
    with pytest.raises(StudyError, match="column 'b' must hold numbers, got 'x'"):
        model.predict(table.assign(b="x"))
    with pytest.raises(StudyError, match=r"column 'a' has no finite value in 2 rows, first .+ '3'"):
        model.predict(table.assign(a=table["a"].mask(table.index.isin([3, 5]))))
    with pytest.raises(StudyError, match=r"the model takes \(rows, 3\), got \(40, 2\)"):
        model.predict(np.zeros((40, 2)))
    for rows in (None, 3.0, "a", [["1", "2", "3"]], np.zeros((2, 3), complex), [[1], [1, 2]]):
        with pytest.raises(TypeError, match="rows must be a DataFrame or an array of numbers, got"):
            model.predict(rows)  # type: ignore[arg-type]
    with pytest.raises(StudyError, match="it has no columns"):
        model.predict(pd.DataFrame())
    infinite = model.predict(np.array([[np.inf, 0, 0], [1e300, 0, 0], [0, np.nan, 0]]))
    assert np.isnan(infinite["prediction"][2])
    rows = np.ones((1, 3))
    assert model.predict(rows).equals(model.predict(rows.astype(object)))
    assert model != load_model(own), "two models are the same only where they are one object"
    assert len({model, load_model(own)}) == 2
    with pytest.raises(StudyError, match="several columns 'a'"):
        model.predict(pd.concat([table, table[["a"]]], axis=1))


def fails(*_: object) -> None:
    raise AssertionError


def test_a_kept_file_is_read_and_not_trained_again(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_model(own).predict(frame())
    monkeypatch.setattr("study.execution.models.reproduced", fails)
    pd.testing.assert_frame_equal(load_model(own).predict(frame()), first)


def changed(path: Path, **change: object) -> None:
    arrays = {**np.load(path), **change}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


HARMS: dict[str, Callable[[Path], object]] = {
    "another weight": lambda p: changed(p, weights_0=np.load(p)["weights_0"] * np.float32(1.001)),
    "another precision": lambda p: changed(p, weights_0=np.load(p)["weights_0"].astype(float)),
    "another scaling": lambda p: changed(p, mean=np.load(p)["mean"] + 1),
    "other classes": lambda p: changed(p, labels=np.load(p)["labels"][::-1]),
    "other runs": lambda p: changed(p, run_ids=np.load(p)["run_ids"][::-1]),
    "an array less": lambda p: changed(p, scale=None),
    "an array more": lambda p: changed(p, more=np.zeros(3)),
    "objects": lambda p: changed(p, labels=np.array([print, 1], object)),
    "another shape": lambda p: changed(p, weights_0=np.zeros((1, 1), np.float32)),
    "cut short": lambda p: p.write_bytes(p.read_bytes()[:-30]),
    "a damaged byte": lambda p: p.write_bytes(p.read_bytes()[:400] + b"!" + p.read_bytes()[401:]),
    "empty": lambda p: p.write_bytes(b""),
    "text": lambda p: p.write_text("model"),
    "huge": lambda p: changed(p, mean=np.zeros((3000, 3000))),
    "a bomb": lambda p: np.savez_compressed(p, mean=np.zeros((9000, 900))),
}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_a_file_that_is_not_of_these_runs_is_written_again(
    harm: Callable[[Path], object], own: Path
) -> None:
    first = load_model(own)
    path = own / "model.npz"
    harm(path)
    again = load_model(own)
    for name, array in first.arrays.items():
        assert np.array_equal(again.arrays[name], array)
        assert np.array_equal(np.load(path)[name], array)
    assert again.differences == {}


def test_the_weights_equal_the_ones_of_study_reproduce(own: Path) -> None:
    from study.execution.reproduce import reproduce

    model = load_model(own)
    for i, run_id in enumerate(model.run_ids):
        for name, array in reproduce(own, run_id).weights.items():
            assert np.array_equal(model.arrays[name][i], array)


def test_runs_that_differ_when_retrained_are_reported(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "study.execution.reproduce.first_difference", lambda *_: (7, "gradient_norm")
    )
    with pytest.warns(UserWarning, match="gradient_norm differs from epoch 7 on") as warned:
        model = load_model(own)
    assert len(warned) == 3
    assert set(model.differences) == set(model.run_ids)


def test_a_folder_in_which_nothing_can_be_written_has_a_model_too(
    own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("study.execution.models.write_whole", full)
    with pytest.warns(UserWarning, match=r"model.npz could not be written: No space left"):
        model = load_model(own)
    assert len(model.predict(frame())) == 40
    assert not (own / "model.npz").exists()


def test_more_repetitions_are_more_networks(own: Path) -> None:
    load_model(own)
    text = (own / "pipeline.toml").read_text().replace("repetitions = 3", "repetitions = 4")
    (own.parent / "more.toml").write_text(text)
    shutil.copytree(own / "data", own.parent / "data")
    finish(load_pipeline(own.parent / "more.toml"), own.parent)
    assert list(load_model(own).run_ids) == winner(own)
    assert len(np.load(own / "model.npz")["run_ids"]) == 4


SEVERAL = """
name = "several"
[datasets.xor]
generator = "xor"
[datasets.linear]
generator = "linear"
samples = 20
[model]
hidden = [4]
[training]
epochs = 5
[search]
repetitions = 2
[search.parameters]
lr = [0.1, 1.0]
"""


def test_each_of_several_datasets_has_its_own_model(tmp_path: Path) -> None:
    (tmp_path / "several.toml").write_text(SEVERAL)
    pipeline = load_pipeline(tmp_path / "several.toml")
    left = run(pipeline, Options(tmp_path, executor="inline"))
    folder = tmp_path / "several"
    with pytest.raises(ResultsError, match="several"):
        load_model(folder)
    list(left)
    with pytest.raises(ResultsError, match="give dataset='xor' or dataset='linear'"):
        load_model(folder)
    with pytest.raises(ResultsError, match=r"'xr' is not one of linear, xor .did you mean 'xor'"):
        load_model(folder, dataset="xr")
    with pytest.raises(ResultsError, match="has no run 'zzz'"):
        load_model(folder, run_id="zzz")
    model = load_model(folder, dataset="linear")
    assert (model.dataset, model.features, model.labels) == ("linear", ("x0", "x1"), ("0", "1"))
    assert (folder / "model-linear.npz").is_file()
    predicted = model.predict(pd.DataFrame({"x0": [0.1, 0.9], "x1": [0.2, 0.8]}))
    assert set(predicted["class"]) <= {"0", "1"}
    assert predicted["confidence"].isna().all(), "mse has no probabilities"
    assert predicted["prediction"].between(0, 1).all()


def test_a_study_that_has_not_finished_has_no_best_one_yet(tmp_path: Path) -> None:
    pipeline = declared(tmp_path, "two")
    events = run(pipeline, Options(tmp_path, executor="inline"))
    while not isinstance(next(events), study.StackDone):
        pass
    events.close()
    with pytest.raises(ResultsError, match="has no best configuration on own"):
        load_model(tmp_path / "mine")
    run_id = str(load_results(tmp_path / "mine").runs["run_id"][0])
    assert load_model(tmp_path / "mine", run_id=run_id).run_ids == (run_id,)


def test_images_are_predicted_from_an_array(tmp_path: Path) -> None:
    text = 'name = "s"\n[datasets.s]\ngenerator = "stripes"\nsamples = 12\nside = 4\n'
    text += "[model]\nhidden = [3]\n[training]\nepochs = 3\n[search]\nrepetitions = 2\n"
    (tmp_path / "s.toml").write_text(text)
    finish(load_pipeline(tmp_path / "s.toml"), tmp_path)
    model = load_model(tmp_path / "s")
    assert model.predict(np.zeros((5, 4, 4, 1))).shape == (5, 6)
    with pytest.raises(StudyError, match="takes images"):
        model.predict(pd.DataFrame({"x0": [1.0]}))


def test_a_linear_network_ends_where_least_squares_does_on_the_same_split(tmp_path: Path) -> None:
    change = {"epochs = 20": "epochs = 1500", "[[], [5]]": "[[]]", "[0.01, 0.1]": "[0.05]"}
    finish(declared(tmp_path, "y", **change), tmp_path / "results")
    table = frame()
    train = (table["part"] == "train").to_numpy()
    x = np.column_stack([table[["a", "flag", "b"]].to_numpy(float), np.ones(40)])
    y = table["y"].to_numpy()
    fitted = x @ np.linalg.lstsq(x[train], y[train], rcond=None)[0]
    model = load_model(tmp_path / "results" / "mine")
    np.testing.assert_allclose(model.predict(table)["prediction"], fitted, rtol=1e-3, atol=1e-2)
    runs = load_results(tmp_path / "results" / "mine").runs
    for part, rows in (("train", train), ("test", ~train)):
        loss = ((fitted - y)[rows] ** 2).mean() / y[train].var()
        np.testing.assert_allclose(runs[f"final_{part}_loss"], loss, rtol=2e-3)


def test_a_linear_network_of_classes_ends_where_scikit_learn_does_on_the_same_split(
    tmp_path: Path,
) -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    change = {"epochs = 20": "epochs = 2000", "[[], [5]]": "[[]]", "[0.01, 0.1]": "[0.05]"}
    declared(tmp_path, "two", **change)
    table = frame()
    flipped = np.random.default_rng(1).random(40) < 0.25  # so that no line separates the classes
    table["two"] = np.where(flipped == (table["two"] == "yes"), "no", "yes")
    table.to_csv(tmp_path / "own.csv", index=False)
    finish(load_pipeline(tmp_path / "mine.toml"), tmp_path / "results")
    train = (table["part"] == "train").to_numpy()
    x, y = table[["a", "flag", "b"]].to_numpy(float), table["two"].to_numpy() == "yes"
    x = (x - x[train].mean(0)) / x[train].std(0)
    fitted = linear_model.LogisticRegression(C=np.inf, tol=1e-9, max_iter=10_000)
    p = fitted.fit(x[train], y[train]).predict_proba(x)[:, 1]
    predicted = load_model(tmp_path / "results" / "mine").predict(table)
    np.testing.assert_allclose(predicted["prediction"], p, atol=2e-3)
    runs = load_results(tmp_path / "results" / "mine").runs
    losses = -np.log(np.where(y, p, 1 - p))
    for part, rows in (("train", train), ("test", ~train)):
        np.testing.assert_allclose(runs[f"final_{part}_loss"], losses[rows].mean(), rtol=5e-3)
        right = ((p > 0.5) == y)[rows].mean()
        np.testing.assert_allclose(runs[f"final_{part}_accuracy"], right, atol=1e-6)


def test_the_lines_of_the_documentation_read_the_file(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "results").mkdir()
    shutil.move(own, tmp_path / "results" / "mine")
    frame().to_csv(tmp_path / "flowers.csv", index=False)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    first, numpy = blocks("python", text)
    assert len([line for line in numpy.splitlines() if line and "import" not in line]) == 10
    names: dict[str, object] = {}
    exec(first, names)  # noqa: S102  # the documentation's own lines
    predicted = names["model"].predict(frame())  # type: ignore[attr-defined]
    assert "confidence" in capsys.readouterr().out
    exec(numpy, names)  # noqa: S102  # the documentation's own lines
    p, model = np.asarray(names["p"]), np.load("results/mine/model.npz")
    np.testing.assert_allclose(p.max(-1), predicted["confidence"], rtol=1e-5)
    assert (model["labels"][p.argmax(-1)] == predicted["class"]).all()
    documented = set(re.findall(r"`([a-z_]+)(?:_0)?`", text.partition("## The file")[2]))
    assert {re.sub(r"_\d+$", "", name) for name in model} <= documented
    assert set(predicted.columns) <= set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))


ACCURACY = '[search.objective]\nmetric = "final_test_accuracy"\ngoal = "maximize"\n'


def test_each_network_has_the_loss_of_its_training(tmp_path: Path) -> None:
    """Where losses and output activations are searched, logits become probabilities, others not."""
    pipeline = declared(
        tmp_path, "two",
        **{
            'loss = "binary_cross_entropy"\noutput_activation = "none"\n': "",
            "[search.parameters]\n": ACCURACY + "[search.parameters]\n"
            'loss = ["mse", "binary_cross_entropy"]\noutput_activation = ["same", "none"]\n',
            "lr = [0.01, 0.1]": "lr = [0.1]",
            "hidden = [[], [5]]": "hidden = [[5]]",
        },
    )  # fmt: skip
    finish(pipeline, tmp_path / "results")
    folder, table = tmp_path / "results" / "mine", frame()
    runs = load_results(folder).runs
    runs = runs[runs["repetition"] == 0].astype({"loss": str})
    assert len(runs) == 3
    for run_id, loss in zip(runs["run_id"], runs["loss"], strict=True):
        predicted = load_model(folder, run_id=run_id).predict(table)
        stored = load_results(folder).predictions({"run_id": run_id, "epoch": 20, "part": "test"})
        rows = predicted[table["part"] == "test"]
        np.testing.assert_allclose(rows["prediction"], stored["prediction"], rtol=1e-5)
        assert rows["confidence"].notna().all() == (loss == "binary_cross_entropy")
    assert load_model(folder).loss in {*runs["loss"]}
