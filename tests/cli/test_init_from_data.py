"""`study init --from-data` shows a table as it is understood, and a pipeline runs."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.plan.forecast import forecast
from study.prospects import prospects
from study.spec.load import load_pipeline
from study.spec.pipeline import Pipeline
from study.store.reader import load_results
from tests.cli.calling import call
from tests.driving import finish

PAGE = Path(__file__).parents[2] / "docs" / "own-tables.md"


def table(folder: Path, **columns: object) -> Path:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.normal(size=40), "b": rng.integers(9, size=40)})
    path = folder / "own.csv"
    frame.assign(**columns).to_csv(path, index=False, sep=";", decimal=",")  # type: ignore[arg-type]
    return path


def written(
    capsys: pytest.CaptureFixture[str], path: Path, target: str, *more: str
) -> tuple[Pipeline, str]:
    """Return the pipeline that is written next to a table, and the printed text."""
    to = path.with_name("mine.toml")
    code, output, wrong = call(capsys, "init", to, "--from-data", path, "--target", target, *more)
    assert (code, wrong) == (0, "")
    return load_pipeline(to), output


TARGETS: dict[str, tuple[object, str, str | None, str]] = {
    "two texts": (["no", "yes"] * 20, "binary_cross_entropy", None, "2 classes: no (20), yes (20)"),
    "three texts": (["x", "y", "z", "z"] * 10, "softmax_cross_entropy", None,
                    "3 classes: x (10), y (10), z (20)"),
    "true and false": ([True, False] * 20, "binary_cross_entropy", None,
                       "2 classes: false (20), true (20)"),
    "0, 1 and 2": ([0, 1, 2, 2] * 10, "softmax_cross_entropy", "classes",
                   "3 classes: 0 (10), 1 (10), 2 (20)"),
    "1, 2 and 3": ([1, 2, 3, 3] * 10, "softmax_cross_entropy", "classes",
                   "3 classes: 1 (10), 2 (10), 3 (20)"),
    "4, 6 and 8": ([4, 6, 8, 8] * 10, "mse", "number", "a number from 4 to 8"),
    "numbers": (np.arange(40) / 7, "mse", None, "a number from 0 to 5.57143"),
}  # fmt: skip


@pytest.mark.parametrize("case", TARGETS.values(), ids=TARGETS)
def test_task_loss_objective_and_repetitions_follow_from_the_target(
    case: tuple[object, str, str | None, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values, loss, task, message = case
    declared, output = written(capsys, table(tmp_path, kind=values), "kind")
    own = declared.datasets["own"]
    assert (declared.name, declared.model.loss, own.model_dump()["task"]) == ("mine", loss, task)
    assert (own.held_out, own.size, own.shape) == (10, 40, (2,))
    assert [aim.metric for aim in declared.search.aims] == ["final_test_loss"]
    assert "none" in declared.search.parameters["hidden"].model_dump()["choices"], "the linear one"
    can = prospects(declared)
    assert can is not None
    assert (can.verdicts, can.smallest_n, declared.search.repetitions) == (1, 8, 8)
    assert forecast(declared, {}, 1).seconds < 60
    lines = output.splitlines()
    assert lines[0].endswith(
        "own.csv: 40 rows, 3 columns; UTF-8, separator semicolon, decimal = ','"
    )
    assert lines[1].split(maxsplit=2) == ["kind", "target", message]
    assert lines[2].split(maxsplit=2)[:2] == ["a", "input"]
    assert lines[3].split(maxsplit=2) == ["b", "input", "whole numbers from 0 to 8, 9 different"]


def test_the_pipeline_runs_and_its_verdict_is_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    x = np.linspace(-3, 3, 40)
    path = tmp_path / "own.csv"
    pd.DataFrame({"a": x, "kind": np.where(abs(x) > 1.5, "far", "near")}).to_csv(path, index=False)
    monkeypatch.setattr("study.starting.EPOCHS", (120,))
    declared, _ = written(capsys, path, "kind")
    finish(declared, tmp_path / "results")
    hypotheses = load_results(tmp_path / "results" / "mine").hypotheses
    assert hypotheses["verdict"].tolist() == ["supported"], "no line separates both ends"


def test_uninformative_columns_are_left_out_with_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = table(tmp_path, kind=["no", "yes"] * 20, id=range(1, 41), same=7)
    frame = pd.read_csv(path, sep=";", decimal=",")
    frame.assign(again=frame["a"]).to_csv(path)  # with pandas' index, which has no name
    declared, output = written(capsys, path, "kind")
    own = declared.datasets["own"]
    assert own.model_dump()["exclude_features"] == ("id", "same", "again")
    assert own.shape == (2,)
    for note in (
        "note: left out a column without a name",
        "note: 'id' is left out: numbers the rows",
        "note: 'same' is left out: the same in every row",
        "note: 'again' is left out: repeats 'a'",
    ):
        assert output.splitlines().count(note) == 1
    pd.DataFrame({"day": range(9), "y": np.arange(9) ** 1.5}).to_csv(path, index=False)
    path.with_name("mine.toml").unlink()
    declared, output = written(capsys, path, "y")
    assert declared.datasets["own"].shape == (1,), "the only input stays"


def test_a_column_of_train_and_test_splits_the_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = ["train", "train", "Test", "train"] * 10
    declared, _ = written(capsys, table(tmp_path, kind=[1.5, 2, 3, 4] * 10, fold=part), "kind")
    own = declared.datasets["own"].model_dump()
    assert (own["split"], own["test_fraction"], declared.datasets["own"].held_out) == (
        "fold",
        0,
        10,
    )
    path = table(tmp_path, kind=[1.5, 2, 3, 4] * 10, fold=part, again=part)
    path.with_name("mine.toml").unlink()
    code, _, wrong = call(capsys, "init", path.with_name("mine.toml"), "--from-data", path,
                          "--target", "kind", "--split", "again")  # fmt: skip
    assert code == 2
    assert f"{path}: column 'fold' must contain only numbers" in wrong


def test_the_user_decides_what_the_table_leaves_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a;kind\n" + "1.234;4\n5.678;6\n2.345;8\n" * 4)
    to = tmp_path / "mine.toml"
    own = "init", to, "--from-data", path, "--target", "kind"
    code, _, wrong = call(capsys, *own)
    assert code == 2
    assert wrong.startswith(f"error: {path}: decimal: must be given: '1.234' in column 'a', line 2")
    assert not to.exists()
    declared, _ = written(capsys, path, "kind", "--decimal", ",", "--task", "classes")
    assert declared.datasets["own"].labels == ("4", "6", "8")
    made = declared.datasets["own"].make(rng=np.random.default_rng(0))
    assert made.x[0, 0] == 1234


def test_errors_name_the_table_and_write_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, to = table(tmp_path, kind="x"), tmp_path / "mine.toml"

    def wrong(*words: object) -> str:
        code, output, errors = call(capsys, "init", to, *map(str, words))
        assert (code, output, to.exists()) == (2, "", False)
        return errors

    own = "--from-data", path
    assert wrong(*own) == ("error: --target: name the column to be learned: 'a', 'b', 'kind'\n")
    assert wrong(*own, "--target", "kind") == (
        f"error: {path}: target: is x in every row: there is nothing to learn\n"
    )
    assert "target: there is no column 'knd' (did you mean 'kind'?)" in wrong(
        *own, "--target", "knd"
    )
    assert "no such file" in wrong("--from-data", tmp_path / "no.csv", "--target", "kind")
    assert "--from and --from-data exclude each other" in wrong(*own, "--from", "lab")
    assert "--target needs --from-data" in wrong("--target", "kind")
    path.write_text("a,b,kind\nred,1,no\nblue,2,yes\n")
    errors = wrong(*own, "--target", "kind")
    assert "pd.get_dummies(t, columns=['a'], dtype=int)" in errors
    path.write_text("a,b,kind\nred,1,0\nblue,2,3\nblue,3,5\n")  # the target is a number
    errors = wrong(*own, "--target", "kind")
    (problem,) = (line for line in errors.splitlines() if "pandas" not in line)
    assert problem.startswith(f"error: {path}: column 'a' must contain only numbers, got 'red'")
    path.write_bytes("a,kind\n1,nö\n2,yes\n".encode("cp1252"))
    assert "encoding='cp1252'" in wrong(*own, "--target", "kind")
    to.write_text("mine")
    code, _, errors = call(capsys, "init", to, *map(str, own), "--target", "kind")
    assert (code, to.read_text()) == (2, "mine")
    assert "already exists and was left as it is" in errors


NAMES = "läng [cm]", 'q"uote', "back\\slash", "a, b", "#", "x = 1", "new\nline", "{x}", "\x7f", "°"


def test_any_name_of_a_column_or_a_file_is_written_rightly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.normal(size=30) for name in NAMES})
    folder = tmp_path / "my däta {x}"
    folder.mkdir()
    frame.assign(same=1, id=range(30)).to_parquet(folder / "1. tåble's.v2.parquet")
    for i, name in enumerate(NAMES):
        to = tmp_path / "there" / f"n{i}.toml"
        code, output, wrong = call(
            capsys, "init", to, "--from-data", folder / "1. tåble's.v2.parquet", "--target", name,
            "--json",
        )  # fmt: skip
        assert (code, wrong) == (0, "")
        own = load_pipeline(to).datasets
        assert [*own] == ["1"]
        assert own["1"].source[1] == name
        assert own["1"].shape == (len(NAMES) - 1,)
        summary = json.loads(output)
        assert summary["pipeline"] == str(to)
        assert [c["name"] for c in summary["table"]["columns"] if c["role"] == "input"] == [
            other for other in NAMES if other != name
        ]
        assert summary["table"]["rows"] == 30


def test_a_wide_table_is_shown_in_part_and_a_folder_gets_the_tables_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    x = np.random.default_rng(0).normal(size=(50, 1000))
    frame = pd.DataFrame(x, columns=[f"f{i}" for i in range(1000)])
    frame.assign(y=x[:, 0]).to_csv("wide.csv", index=False)
    code, output, _ = call(capsys, "init", "--from-data", "wide.csv", "--target", "y")
    assert code == 0
    assert "  and 988 more columns" in output.splitlines()
    assert "wrote wide.toml; schema.json lets" in output
    assert Path("wide.toml").read_text(encoding="utf-8").count("\n") < 50
    assert load_pipeline("wide.toml").datasets["wide"].shape == (1000,)


def test_a_large_table_gets_fewer_epochs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table(tmp_path, kind=["no", "yes"] * 20)
    monkeypatch.setattr("study.starting.cores", lambda: 1)
    declared, _ = written(capsys, path, "kind")
    assert declared.training.epochs == 300
    seconds = forecast(declared, {}, 1).seconds
    for share, expected in ((0.99, 150), (0.0, 20)):
        path.with_name("mine.toml").unlink()
        monkeypatch.setattr("study.starting.SECONDS", share * seconds)
        fewer, _ = written(capsys, path, "kind")
        assert fewer.training.epochs == expected


def test_the_documented_command_does_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = re.findall(r"^\$ study (init .*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"petal": [1.0, 2, 3, 5], "species": ["a", "b", "a", "c"]})
    frame.to_csv("flowers.csv", index=False)
    assert call(capsys, *line.split())[0] == 0
    assert load_pipeline("flowers.toml").datasets["flowers"].labels == ("a", "b", "c")
