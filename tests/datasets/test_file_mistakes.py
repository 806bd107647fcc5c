"""Errors in a user's own file: each is one sentence with its location and remedy."""

import json
import math
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.datasets.test_files import FRAME, TOML, mistakes

RULE = "must be finite and within ±1e+30; it is not in"
CONTENTS = {
    "": ["path: {}: is empty"],
    "a,b,c\n": ["path: needs at least 2 samples, one per row, got 0"],
    "a,b,c\n1,2,no\n": ["path: needs at least 2 samples, one per row, got 1"],
    "A,bb,c\n1,2,no\n2,3,yes\n": [
        "features[0]: there is no column 'a' (did you mean 'A'?)",
        "features[1]: there is no column 'b' (did you mean 'bb'?)",
    ],
    "d,e,f,g,h,i,j,k,l\n" + "1,2,3,4,5,6,7,8,9\n" * 2: [
        f"{place}: there is no column '{name}'; there are 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', …"
        for place, name in (("features[0]", "a"), ("features[1]", "b"), ("target", "c"))
    ],
    "a,b,a,c\n1,2,3,no\n2,3,4,yes\n": [
        "features[0]: 2 columns have the header 'a'; give each its own"
    ],
    "a,b,c\n1,2,no\n,x,yes\n,3,\n": [
        "features[0]: has no value in 2 rows, first in line 3: fill or remove missing values",
        "features[1]: must contain only numbers, got 'x' or similar in line 3",
        "target: has no value in line 4: fill or remove missing values",
    ],
    "a,b,c\n1,inf,no\n2,1e31,yes\n-1e400,3,yes\n": [
        f"features[0]: {RULE} line 4",
        f"features[1]: {RULE} 2 rows, first in line 2",
    ],
    "a;b;c\n1,5;2;no\n1.234.5;3;yes\n": [
        "features[0]: must contain only numbers, got '1.234.5' or similar in line 3"
    ],
    "a,b,c\n1,2,no\n2,3,no\n": ["target: is no in every row: there is nothing to learn"],
    "a,b,c\n1,2,3\n2,3,3.0\n": ["target: is 3 in every row: there is nothing to learn"],
    "a,b,c\n1,2,inf\n2,3,0\n": [f"target: {RULE} line 2"],
    "a,b,c\n" + "".join(f"1,2,x{i}\n" for i in range(21)): [
        ("target: must be a number, or classes (at most 20), got 21 values: x0, x1, x10, x11, x12, "
        "x13, x14, x15, …")
    ],
    "a,b,c\n1,2,2\n2,3,1\n3,4,2\n3,4,5\n": [
        ("target: has 3 whole numbers (1, 2, 5), which may be classes or a number: add task = "
        "'classes' or task = 'number'")
    ],
}  # fmt: skip


def problems(folder: Path, *overrides: str) -> list[str]:
    """Return the errors without the lines of pandas, which test_mending.py tests."""
    errors = mistakes(folder, *overrides)
    return [
        message.removeprefix("datasets.own.")
        for message in errors
        if "import pandas" not in message
    ]


@pytest.mark.parametrize(("text", "expected"), CONTENTS.items())
def test_missing_values_are_reported_with_their_column_and_first_row(
    text: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text(text, encoding="utf-8")
    assert problems(tmp_path) == [error.format(tmp_path / "own.csv") for error in expected]


def test_a_file_that_is_not_a_table_is_reported_with_its_path(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    assert problems(tmp_path) == [f"path: {path}: no such file"]
    assert problems(tmp_path, "path='../x/y.csv'") == [f"path: {tmp_path}/../x/y.csv: no such file"]
    assert problems(tmp_path, f"path='{'x' * 300}'")[0].endswith(
        ": cannot be read: File name too long"
    )
    (tmp_path / "own2.csv").touch()
    assert problems(tmp_path) == [f"path: {path}: no such file (did you mean 'own2.csv'?)"]
    assert problems(tmp_path, "path='.'") == [
        f"path: {tmp_path}: is not a file; the samples must be in one file"
    ]
    os.mkfifo(tmp_path / "pipe")
    assert problems(tmp_path, "path='pipe'")[0].endswith(
        "is not a file; the samples must be in one file"
    )
    path.write_bytes("a,b,c\nä,2,no\n".encode("latin-1"))
    (error,) = mistakes(tmp_path)
    assert f"{path}: is not UTF-8 text: line 2 has the byte 0xe4, which is 'ä' in" in error
    path.write_text("a,b,c\n1,2,no,9\n1,2,yes,9\n")
    longer = "has 4 values in line 2, and its header has 3: is `separator` right?"
    assert problems(tmp_path) == [f"path: {path}: {longer}"]
    (error,) = mistakes(tmp_path, "generator='parquet'")
    assert f"{path}: is a text file, not a Parquet file; generator = 'csv' reads it" in error
    (tmp_path / "link").symlink_to("nowhere")
    assert problems(tmp_path, "path='link'")[0].endswith("/link: is a broken link")


TASKS = {
    "text as a number": (["a", "1", "2"], "number",
                         "must be a number with task = 'number', got 3 values: 1, 2, a"),
    "21 texts": ([f"t{i:02}" for i in range(21)], "classes",
                 ("must be classes (at most 20), got 21 values: t00, t01, t02, t03, t04, t05, t06, "
                 "t07, …")),
    "21 numbers": ([*range(21)], "classes",
                   "must be classes (at most 20), got 21 values: 0, 1, 2, 3, 4, 5, 6, 7, …"),
    "no value": (["a", None, "b"], "classes",
                 "has no value in line 3: fill or remove missing values"),
    "NaN": ([1.5, math.nan, 3], "number", "has no value in line 3: fill or remove missing values"),
    "one number": ([3, 3, 3], "number", "is 3 in every row: there is nothing to learn"),
    "one class": ([3, 3, 3], "classes", "is 3 in every row: there is nothing to learn"),
}  # fmt: skip


@pytest.mark.parametrize(("values", "task", "message"), TASKS.values(), ids=TASKS)
def test_a_task_that_the_target_cannot_have_is_refused(
    values: list[object], task: str, message: str, tmp_path: Path
) -> None:
    rows = range(len(values))
    frame = pd.DataFrame({"a": rows, "b": rows, "c": values})
    frame.to_csv(tmp_path / "own.csv", index=False)
    assert problems(tmp_path, f"task='{task}'") == [f"target: {message}"]


def test_an_unknown_task_is_refused_with_both_that_there_are(tmp_path: Path) -> None:
    FRAME.to_csv(tmp_path / "own.csv", index=False)
    (error,) = problems(tmp_path, "task='class'")
    assert error.startswith("task: 'class' is not one of classes, number")


def test_a_parquet_file_has_the_same_errors(tmp_path: Path) -> None:
    wrong = FRAME.assign(a=[1, np.inf, 2, 3], c=pd.Series([1, 2, None, 3], dtype="Int64"))
    wrong.to_parquet(tmp_path / "own.parquet")
    assert problems(tmp_path, "generator='parquet'", "path='own.parquet'") == [
        f"features[0]: {RULE} row 2",
        "target: has no value in row 3: fill or remove missing values",
    ]


def test_errors_of_the_table_itself_come_first(tmp_path: Path) -> None:
    assert problems(tmp_path, "features=['a', 'b', 'a']", "separator=';;'", "standardise=true") == [
        "features[2]: 'a' is listed twice",
        "separator: must be one sign, such as ';' or a tab, got ';;'",
        "standardise: unknown key (did you mean 'standardize'?)",
    ]
    assert problems(tmp_path, "target='a'") == [
        "features[0]: 'a' is the target: it cannot be an input"
    ]
    assert problems(tmp_path, "features=[]", "path=''") == [
        "path: must not be empty",
        "features: must not be empty",
    ]


FORMATS = "{}", "{x}", "{0:>999999999}", "%s", "%(x)999999999d", "$x^$", "[red]", "a[/]", "\\1", "*"


@pytest.mark.parametrize("text", FORMATS)
def test_no_text_of_a_file_is_a_format(text: str, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(f"{text},b,c\n1,2,no\n{text},3,yes\n")
    expected = f"must contain only numbers, got {text!r} or similar in"
    names = json.dumps([text, "b"])
    assert problems(tmp_path, f"features={names}") == [f"features[0]: {expected} line 3"]
    frame = pd.DataFrame({text: ["1", text], "b": [2, 3], "c": ["no", "yes"]})
    frame.to_parquet(tmp_path / "own.parquet")
    own = "generator='parquet'", "path='own.parquet'"
    assert problems(tmp_path, *own, f"features={names}") == [f"features[0]: {expected} row 2"]
    [error] = problems(tmp_path, *own, f"features=['b', {json.dumps(text * 2)}]")
    assert error.startswith(f"features[1]: there is no column {text * 2!r}")


LINES = {
    "a header of two lines": ('"x\ny",a,b,c\n0,1,2,no\n0,,3,yes\n', 4),
    "a cell of three lines": ('x,a,b,c\n"1\n2\n3",1,2,no\n0,,3,yes\n', 5),
    "empty lines and blanks": ("\nx,a,b,c\n\n  \n0,1,2,no\n\n0,,3,yes\n", 7),
    "Windows": ("x,a,b,c\r\n\r\n0,1,2,no\r\n0,,3,yes\r\n", 4),
    "old Macintosh": ("x,a,b,c\r0,1,2,no\r0,,3,yes\r", 3),
    "tabs of an empty row": ("x\ta\tb\tc\n\n0\t1\t2\tno\n\t\t\t\n", 4),
}


@pytest.mark.parametrize(("text", "line"), LINES.values(), ids=LINES)
def test_a_row_is_named_by_its_line_in_an_editor(text: str, line: int, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes(text.encode())
    assert problems(tmp_path)[0] == (
        f"features[0]: has no value in line {line}: fill or remove missing values"
    )


def test_a_row_of_a_csv_file_that_is_too_long_or_never_ends_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text('a,b,c\n1,"2\n3",no\n\n1,2,3,4,5\n')
    longer = "has 5 values in line 5, and its header has 3: is `separator` right?"
    assert f"{path}: {longer}" in mistakes(tmp_path)[0]
    path.write_text('a,b,c\n1,2,no\n1,2,"yes\n1,2,no\n')
    assert problems(tmp_path) == [f"path: {path}: has a quote in line 3 that is never closed"]
    path.write_text("a,b,c\n1,2,no\n1,\0002,yes\n")
    assert problems(tmp_path) == [
        f"path: {path}: contains a zero byte in line 3; save it as UTF-8 text"
    ]
    for text in ("\n\n", "\ufeff"):
        path.write_text(text)
        assert problems(tmp_path) == [
            f"path: {path}: has no header: the first line must contain the names of the columns"
        ]


def test_a_csv_file_that_is_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.csv"
    path.write_text(",".join(f"c{i}" for i in range(1_000_000)) + "\n1\n2\n")
    assert "has a header of more than 4,000,000 characters" in problems(tmp_path)[0]
    path.write_text("a,b,c" + ",x" * 200_000 + "\n1,2,no\n2,3,yes\n")
    assert "has 200,003 columns, and at most 100,000 can be read" in problems(tmp_path)[0]
    with path.open("w") as file:
        file.write("a,b,c\n1,2,no\n")
        file.truncate(4_000_000_000)  # which takes no room on the disk
    assert "holds 4.0 GB, and at most 1.0 GB can be read" in problems(tmp_path)[0]
    monkeypatch.setattr("study.datasets.tables.CELLS", 8)
    path.write_text("a,b,c\n1,2,no\n2,3,yes\n")
    assert "has 9 values (3 columns), and at most 8 can be read" in problems(tmp_path)[0]


REGRESSION = {
    "model.loss='binary_cross_entropy'\nmodel.output_activation='none'": [
        ("model.loss: 'binary_cross_entropy' takes classes, and the target of datasets.own is "
        "a number: use 'mse' or 'mae'")
    ],
    "": [
        ("model.output_activation: must be 'none': the standardized target of datasets.own goes "
        "from -1.162 to 1.395, and sigmoid stays between 0 and 1")
    ],
    "search.parameters.activation=['none', 'tanh', 'relu']": [
        ("model.output_activation: must be 'none': the standardized target of datasets.own goes "
        "from -1.162 to 1.395, and tanh stays between -1 and 1"),
        ("model.output_activation: must be 'none': the standardized target of datasets.own goes "
        "from -1.162 to 1.395, and relu stays above 0"),
    ],
    "model.output_activation='none'\nsearch.objective={metric='final_train_accuracy'}": [
        ("search.objective.metric: 'final_train_accuracy' needs classes, and the target of "
        "datasets.own is a number")
    ],
}  # fmt: skip


@pytest.mark.parametrize(("more", "expected"), REGRESSION.items())
def test_losses_and_activations_for_classes_are_refused_for_a_number(
    more: str, expected: list[str], tmp_path: Path
) -> None:
    FRAME.assign(c=[-2.0, 0, 5, 9]).to_csv(tmp_path / "own.csv", index=False)
    text = TOML.replace("[datasets.own]", f"{more}\n[datasets.own]\ntask = 'number'")
    assert mistakes(tmp_path, text=text) == expected


def test_the_target_in_its_own_unit_is_compared_with_the_output(tmp_path: Path) -> None:
    FRAME.assign(c=[-2.0, 0, 5, 9]).to_csv(tmp_path / "own.csv", index=False)
    assert mistakes(tmp_path, "standardize_target=false", "task='number'") == [
        ("model.output_activation: must be 'none': the target of datasets.own goes from -2 to 9, "
        "and sigmoid stays between 0 and 1")
    ]  # fmt: skip
