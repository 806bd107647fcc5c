"""Which columns are inputs and what they hold, and which rows are held out."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.plan.trials import planned
from tests.datasets.test_file_formats import pasted
from tests.datasets.test_files import inputs, labels, mistakes, pipeline
from tests.datasets.test_mending import ALL

FRAME = pd.DataFrame(
    {"a": [1.0, 2, 3, 4], "b": [5.0, 5, 6, 8], "part": ["train", "test", "train", "train"],
     "c": ["no", "yes", "no", "yes"]}
)  # fmt: skip
SPLIT = "split='part'"


def test_without_features_every_column_but_the_target_is_one(tmp_path: Path) -> None:
    FRAME.drop(columns="part").to_csv(tmp_path / "own.csv", index=False)
    named, declared = pipeline(tmp_path), pipeline(tmp_path, text=ALL)
    assert inputs(declared) == inputs(named) == [[1, 5], [2, 5], [3, 6], [4, 8]]
    ids = [[run.run_id for run in planned(p).runs] for p in (named, declared)]
    assert ids[0] == ids[1], "the same data are the same runs"
    without = pipeline(tmp_path, "exclude_features=['a']", text=ALL)
    assert inputs(without) == [[5], [5], [6], [8]]
    FRAME.to_parquet(tmp_path / "own.parquet")
    own = "generator='parquet'", "path='own.parquet'"
    assert inputs(pipeline(tmp_path, *own, SPLIT, text=ALL)) == inputs(named)


def test_contradictory_or_missing_columns_are_errors_of_their_keys(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "own.csv", index=False)
    assert mistakes(tmp_path, "exclude_features=['b']") == [
        (
            "datasets.own.exclude_features: excludes inputs that features already lists; remove "
            "one of the two keys"
        )
    ]
    (error,) = mistakes(tmp_path, "exclude_features=['part', 'bb']", text=ALL)
    assert error.startswith("datasets.own.exclude_features[1]: there is no column 'bb' (did you")
    assert mistakes(tmp_path, SPLIT, "test_fraction=0.2") == [
        "datasets.own.split: splits the rows, and so does test_fraction; remove one of the two keys"
    ]
    assert mistakes(tmp_path, "split='b'") == [
        "datasets.own.features[1]: 'b' is the column that splits the rows: it cannot be an input"
    ]
    assert mistakes(tmp_path, "split='c'", text=ALL) == [
        "datasets.own.split: 'c' is the target: it cannot split the rows"
    ]
    (tmp_path / "own.csv").write_text("c\n1\n2\n")
    assert mistakes(tmp_path, text=ALL) == ["datasets.own.features: no column can be an input"]


BOOLEANS = {
    "R": (["TRUE", "FALSE", "TRUE"], [1, 0, 1]),
    "Python": (["True", "False", "False"], [1, 0, 0]),
    "JSON": (["true", "true", "false"], [1, 1, 0]),
}


@pytest.mark.parametrize(("cells", "expected"), BOOLEANS.values(), ids=BOOLEANS)
def test_true_and_false_are_1_and_0(cells: list[str], expected: list[int], tmp_path: Path) -> None:
    rows = "".join(f"{cell},{i},{i % 2}\n" for i, cell in enumerate(cells))
    (tmp_path / "own.csv").write_text("a,b,c\n" + rows)
    assert [row[0] for row in inputs(pipeline(tmp_path))] == expected
    rows = "".join(f"{i},{i},{cell}\n" for i, cell in enumerate(cells))
    (tmp_path / "own.csv").write_text("a,b,c\n" + rows)
    declared = pipeline(tmp_path)
    assert (declared.datasets["own"].labels, labels(declared)) == (("false", "true"), expected)
    (tmp_path / "own.csv").write_text("a,b,c\nTRUE,1,0\nNA,2,1\n")
    assert mistakes(tmp_path)[0] == (
        "datasets.own.features[0]: has no value in line 3: fill or remove missing values"
    )


CLASSES = {
    "NA and None": (["NA", "None", "NA"], ("NA", "None"), [0, 1, 0]),
    "null and a text": (["null", "x", "x"], ("null", "x"), [0, 1, 1]),
    "None and a text": (["None", "Mild", "None"], ("Mild", "None"), [1, 0, 1]),
}


@pytest.mark.parametrize(("cells", "names", "expected"), CLASSES.values(), ids=CLASSES)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_class_may_be_called_as_a_missing_value_is(
    cells: list[str], names: tuple[str, str], expected: list[int], form: str, tmp_path: Path
) -> None:
    frame = pd.DataFrame({"a": range(len(cells)), "b": 0.5, "c": cells})
    frame["b"] = frame["a"] / 2
    frame.to_csv(tmp_path / "own.csv", index=False)
    frame.to_parquet(tmp_path / "own.parquet")
    declared = pipeline(tmp_path, f"generator='{form}'", f"path='own.{form}'")
    assert (declared.datasets["own"].labels, labels(declared)) == (names, expected)


def test_na_without_quotes_among_texts_in_quotes_means_no_value_as_r_writes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "own.csv"
    path.write_text('"a","b","c"\n1,2,"no"\n2,3,NA\n4,5,"yes"\n4,7,NA\n')
    errors = mistakes(tmp_path)
    assert errors[0] == (
        "datasets.own.target: has no value in 2 rows, first in line 3: fill or remove missing "
        "values"
    )
    exec(pasted(errors[1]), {})  # noqa: S102  # what a user does with it
    assert inputs(pipeline(tmp_path, "path='own-clean.csv'")) == [[1, 2], [4, 5]]
    path.write_text('"a","b","c"\n1,2,"no"\n2,3,"NA"\n4,5,"no"\n')
    assert pipeline(tmp_path).datasets["own"].labels == ("NA", "no")
    path.write_text("a,b,c\n1,2,no\n2,3,NA\n4,5,no\n")
    assert pipeline(tmp_path).datasets["own"].labels == ("NA", "no")


def test_constant_repeated_nameless_and_counting_columns_are_noted(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1.5, 2, 4], "b": 7, "d": [1.5, 2, 4], "e": [0, 1, 2]})
    frame.assign(c=["no", "yes", "no"]).to_csv(tmp_path / "own.csv")  # with pandas' index
    own = pipeline(tmp_path, text=ALL).datasets["own"]
    assert own.shape == (4,)
    assert own.notes == (
        "left out a column without a name",
        "the same in every row: 'b'",
        "numbers the rows: 'e'",
        "'d' repeats 'a'",
    )
    assert pipeline(tmp_path, "features=['a', 'e']").datasets["own"].notes == (
        "numbers the rows: 'e'",
    )


def test_row_names_of_r_and_pandas_are_no_inputs_also_after_a_line_of_pandas(
    tmp_path: Path,
) -> None:
    path = tmp_path / "own.csv"
    path.write_text('"","a","b","c"\n"Mazda",1,2,"no"\n"Fiat",NA,3,"yes"\n"Opel",4,5,"yes"\n')
    errors = mistakes(tmp_path, text=ALL)
    assert errors[0].startswith("datasets.own.features: column 'a' has no value in line 3")
    exec(pasted(errors[1]), {})  # noqa: S102  # what a user does with it
    clean = pipeline(tmp_path, "path='own-clean.csv'", text=ALL)
    assert inputs(clean) == [[1, 2], [4, 5]]
    assert clean.datasets["own"].notes == ("left out a column without a name",)
    frame = pd.DataFrame({"a": [1, 4], "b": [2, 5], "c": ["no", "yes"]}, index=[5, 9])
    frame.to_parquet(path)
    assert inputs(pipeline(tmp_path, "generator='parquet'", text=ALL)) == [[1, 2], [4, 5]]
    wanted = "generator='parquet'", "features=['__index_level_0__']"
    assert inputs(pipeline(tmp_path, *wanted)) == [[5], [9]]


def test_a_column_splits_the_rows_and_is_no_input(tmp_path: Path) -> None:
    FRAME.assign(part=["Train", " TEST", "train", "train "]).to_csv(tmp_path / "own.csv")
    declared = pipeline(tmp_path, SPLIT, text=ALL)
    own = declared.datasets["own"]
    assert (own.held_out, own.size, own.divided_anew, own.shape) == (1, 4, False, (2,))
    parts = [own.parts(rng=np.random.default_rng(i)) for i in range(2)]
    assert parts[0].test is not None
    a = FRAME["a"].to_numpy()
    train = a[[0, 2, 3]]
    expected = (a[1] - train.mean()) / train.std()
    assert parts[0].test.x[0, 0] == pytest.approx(expected)
    assert np.array_equal(parts[0].train.x, parts[1].train.x), "one split for all repetitions"
    assert declared.search.aims[0].metric == "final_test_loss"
    assert declared.shared == {"own": ("this table's rows", 0.0)}
    ids = [run.run_id for run in planned(declared).runs]
    assert [
        r.run_id for r in planned(pipeline(tmp_path, SPLIT, "draw='once'", text=ALL)).runs
    ] == ids
    FRAME.assign(part=["train", "train", "test", "train"]).to_csv(tmp_path / "own.csv")
    assert [run.run_id for run in planned(pipeline(tmp_path, SPLIT, text=ALL)).runs] != ids


WRONG_SPLITS = {
    "another word": (["train", "valid", "test", "train"],
                     "must contain train or test in every row, got 'valid' in line 3"),
    "an empty cell": (["train", None, "test", "train"], "has no value in line 3"),
    "one part": (["test"] * 4, "must mark some rows as train and some as test, got only 'test'"),
    "numbers": ([0, 1, 0, 0], "must contain train or test in every row, got '0' in 4 rows, first"),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "message"), WRONG_SPLITS.values(), ids=WRONG_SPLITS)
def test_a_column_that_does_not_split_is_an_error(
    cells: list[object], message: str, tmp_path: Path
) -> None:
    FRAME.assign(part=pd.Series(cells)).to_csv(tmp_path / "own.csv", index=False)
    errors = mistakes(tmp_path, SPLIT)
    assert errors[0].startswith(f"datasets.own.split: {message}")


def test_a_thousand_columns_take_a_moment(tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(200, 1000))
    frame = pd.DataFrame(x, columns=[f"f{i}" for i in range(1000)])
    frame.assign(c=np.arange(200) % 2).to_csv(tmp_path / "own.csv", index=False)
    start = time.perf_counter()
    declared = pipeline(tmp_path, text=ALL)
    assert time.perf_counter() - start < 10
    assert np.array_equal(declared.datasets["own"].make(rng=np.random.default_rng(0)).x, x)
