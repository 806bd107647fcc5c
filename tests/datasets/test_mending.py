"""Errors of columns come with lines of pandas that correct them when pasted."""

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.datasets.test_file_formats import pasted
from tests.datasets.test_files import inputs, labels, mistakes, pipeline

ALL = """
name = "own"
[datasets.own]
generator = "csv"
path = "own.csv"
target = "c"
"""

WRONG: dict[str, tuple[str, list[str], list[list[float]]]] = {
    "percent": ("a;b;c\n12,5 %;1;no\n7 %;2;yes\n",
                ["column 'a' contains percentages, such as '12,5 %' in line 2"],
                [[12.5, 1], [7, 2]]),
    "a unit": ("a,b,c\n5 kg,1,no\n7.5 kg,2,yes\n",
               ["'a' contains numbers with 'kg', such as '5 kg' in line 2"], [[5, 1], [7.5, 2]]),
    "a currency": ("a,b,c\n€ 5,1,no\n€ 7.5,2,yes\n",
                   ["column 'a' contains numbers with '€', such as '€ 5' in line 2"],
                   [[5, 1], [7.5, 2]]),
    "some cells with a unit": ("a,b,c\n5,1,no\n7.5 °C,2,yes\n",
                               ["column 'a' contains numbers with '°C', such as '7.5 °C' in line"],
                               [[5, 1], [7.5, 2]]),
    "dates": ("a,b,c\n1970-01-02,1,no\n1970-02-01,2,yes\n",
              ["column 'a' contains dates or times, such as '1970-01-02' in line 2"],
              [[1, 1], [31, 2]]),
    "German dates": ("a;b;c\n02.01.1970;1;no\n01.02.1970;2;yes\n",
                     ["column 'a' contains dates or times, such as '02.01.1970' in line 2"],
                     [[1, 1], [31, 2]]),
    "American dates": ("a,b,c\n01/02/1970,1,no\n01/31/1970,2,yes\n",
                       ["column 'a' contains dates or times, such as '01/02/1970' in line 2"],
                       [[1, 1], [30, 2]]),
    "times": ("a,b,c\n00:01,1,no\n01:00,2,yes\n",
              ["column 'a' contains dates or times, such as '00:01' in line 2"],
              [[60, 1], [3600, 2]]),
    "texts": ("a,b,c\nred,1,no\nblue,2,yes\n",
              ["'a' must contain only numbers, got 'red' or similar in 2 rows, first in line 2"],
              [[1, 0, 1], [2, 1, 0]]),
    "German truth": ("a;b;c\nFALSCH;1;no\nWAHR;2;yes\n",
                     ["'a' must contain only numbers, got 'FALSCH' or similar in 2 rows"],
                     [[0, 1], [1, 2]]),
    "truth in a letter": ("a,b,c\nT,1,no\n F ,2,yes\nT,3,yes\n",
                          ["'a' must contain only numbers, got 'T' or similar in 3 rows"],
                          [[1, 1], [0, 2], [1, 3]]),
    "French truth and missing cells": ("a,b,c\nvrai,1,no\nNA,2,yes\n,3,no\nfaux,4,yes\n",
                                       ["column 'a' has no value in line 4"],
                                       [[1, 1], [0, 4]]),
    "yes and no and NA": ("a,b,c\nyes,1,no\nNA,2,yes\nNo,4,yes\n",
                          ["'a' must contain only numbers, got 'yes' or similar in 2 rows"],
                          [[1, 1], [0, 4]]),
    "texts and other conventions": (
        "a;b;c\nNA;1.234,5;no\nblue;2;yes\n",
        ["column 'a' must contain only numbers, got 'blue' or similar in line 3"],
        [[1234.5, 1, 0], [2, 0, 1]]),
    "NaN as text": ("a,b,c\n1,2,no\nnan,3,yes\nNaN,5,no\n3,4,yes\n",
                    ["column 'a' has no value in 2 rows, first in line 3"],
                    [[1, 2], [3, 4]]),
    "missing cells": ("a,b,c\n1,2,no\n,3,yes\nNA,5,no\n3,4,yes\n",
                      ["column 'a' has no value in 2 rows, first in line 3"],
                      [[1, 2], [3, 4]]),
    "signs of missing cells": ("a,b,c\n1,2,no\n?,3,yes\nNA,3,no\n3,4,yes\n4,1,no\n",
                               ["'a' must contain only numbers, got '?' or similar in line 3"],
                               [[1, 2], [3, 4], [4, 1]]),
    "a column without a value": ("a,b,c\n,2,no\n,3,yes\n",
                                 ["column 'a' has no value in any row: leave it out"], [[2], [3]]),
    "a missing target": ("a,b,c\n1,2,no\n2,3,\n3,4,yes\n", ["target: has no value in line 3"],
                         [[1, 2], [3, 4]]),
    "everything": (("a;b;d;e;c\n5%;;x;01.01.1970;no\n6%;1,5;y;02.01.1970;yes\n"
                    "7,5%;2;x;03.01.1970;no\n"),
                   ["'a' contains percentages", "'b' has no value in line 2", "'d' must contain",
                    "'e' contains dates"],
                   [[6, 1.5, 1, 0, 1], [7.5, 2, 2, 1, 0]]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "messages", "rows"), WRONG.values(), ids=WRONG)
def test_the_line_corrects_every_error_and_keeps_every_other_cell(
    text: str, messages: list[str], rows: list[list[float]], tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text(text, encoding="utf-8")
    errors = mistakes(tmp_path, text=ALL)
    for sentence in messages:
        assert sum(sentence in error for error in errors) == 1, errors
    lines = [error for error in errors if "import pandas" in error]
    assert errors.index(lines[0]) == len(errors) - len(lines) >= len(messages)
    exec(pasted(lines[0]), {})  # noqa: S102  # what a user does with it
    assert inputs(pipeline(tmp_path, "path='own-clean.csv'", text=ALL)) == rows


def test_missing_cells_have_both_lines_that_people_use(tmp_path: Path) -> None:
    text = "a;b;c\n1,5;2;NA\n;3;None\nNA;5;NA\n3,5;4;None\n4;;NA\n9;1;NA\n"
    (tmp_path / "own.csv").write_text(text)
    errors = mistakes(tmp_path, text=ALL)
    assert errors[:2] == [
        ("datasets.own.features: column 'a' has no value in 2 rows, first in line 3: fill or "
         "remove missing values"),
        ("datasets.own.features: column 'b' has no value in line 6: fill or remove missing "
         "values"),
    ]  # fmt: skip
    drop, fill = errors[2:]
    assert ("dropna" in drop, "fillna" in fill) == (True, True)
    exec(pasted(drop), {})  # noqa: S102  # what a user does with it
    clean = pipeline(tmp_path, "path='own-clean.csv'", text=ALL)
    assert inputs(clean) == [[1.5, 2], [3.5, 4], [9, 1]]
    exec(pasted(fill), {})  # noqa: S102  # what a user does with it
    clean = pipeline(tmp_path, "path='own-clean.csv'", text=ALL)
    assert inputs(clean) == [[1.5, 2], [3.75, 3], [3.75, 5], [3.5, 4], [4, 3], [9, 1]]
    assert clean.datasets["own"].labels == ("NA", "None"), "a class may have this name"
    assert clean.datasets["own"].counts == (4, 2)
    assert "the target's 'NA', 'None' is a class" in clean.datasets["own"].notes


def test_the_lines_for_a_parquet_file_work_too(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1.5, None, 4, 2], "b": ["x", "y", "x", "y"], "c": list("0101")})
    frame.to_parquet(tmp_path / "own.parquet")
    own = "generator='parquet'", "path='own.parquet'"
    *_, drop, fill = mistakes(tmp_path, *own, text=ALL)
    for line, rows in ((drop, [[1.5, 1, 0], [4, 1, 0], [2, 0, 1]]),
                       (fill, [[1.5, 1, 0], [2, 0, 1], [4, 1, 0], [2, 0, 1]])):  # fmt: skip
        exec(pasted(line), {})  # noqa: S102  # what a user does with it
        clean = pipeline(tmp_path, own[0], "path='own-clean.parquet'", text=ALL)
        assert inputs(clean) == rows


def test_each_new_file_has_a_new_name(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,b,c\nx,1,no\ny,2,yes\n")
    names = []
    path = "own.csv"
    for _ in range(3):
        (error,) = [s for s in mistakes(tmp_path, f"path='{path}'", text=ALL) if "import" in s]
        path = re.findall(r"to_csv\('[^']*/([^'/]*)'", error)[0]
        names.append(path)
        (tmp_path / path).write_bytes((tmp_path / "own.csv").read_bytes())
    assert names == ["own-clean.csv", "own-clean-2.csv", "own-clean-3.csv"]


def test_equal_headers_and_a_missing_header_have_a_line(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,a,c\n1.5,2,no\n2,3,yes\n")
    errors = mistakes(tmp_path, text=ALL)
    assert errors[0].endswith("features: 2 columns have the header 'a'; give each its own")
    exec(pasted(errors[1]), {})  # noqa: S102  # what a user does with it
    assert inputs(pipeline(tmp_path, "path='own-clean.csv'", text=ALL)) == [[1.5, 2], [2, 3]]
    (tmp_path / "own.csv").write_text("5.1,3.5,setosa\n4.9,3.0,other\n")
    errors = mistakes(tmp_path, text=ALL)
    assert "there is no column 'c'" in errors[0]
    exec(pasted(errors[1]), {})  # noqa: S102  # what a user does with it
    clean = pipeline(tmp_path, "path='own-clean.csv'", "target='2'", text=ALL)
    assert inputs(clean) == [[5.1, 3.5], [4.9, 3.0]]


def test_a_column_of_many_texts_may_be_left_out_and_many_columns_are_counted(
    tmp_path: Path,
) -> None:
    rows = "".join(f"name {i},{i},{'yn'[i % 2]}\n" for i in range(30))
    (tmp_path / "own.csv").write_text("a,b,c\n" + rows)
    error = mistakes(tmp_path, text=ALL)[0]
    assert "it has 30 different texts, so consider leaving it out" in error
    assert len(inputs(pipeline(tmp_path, "exclude_features=['a']", text=ALL))) == 30
    wide = pd.DataFrame({**{f"f{i}": ["x", "y"] for i in range(50)}, "c": ["no", "yes"]})
    wide.to_csv(tmp_path / "own.csv", index=False)
    errors = mistakes(tmp_path, text=ALL)
    assert len(errors) == 8 + 1 + 1
    assert errors[8].endswith("features: 42 more columns cannot be inputs either")
    exec(pasted(errors[9]), {})  # noqa: S102  # what a user does with it
    assert len(inputs(pipeline(tmp_path, "path='own-clean.csv'", text=ALL))[0]) == 100


def test_many_equal_headers_are_counted(tmp_path: Path) -> None:
    names = [f"f{i // 2}" for i in range(60)]
    rows = ",".join("1" for _ in names)
    (tmp_path / "own.csv").write_text(f"{','.join(names)},c\n{rows},no\n{rows},yes\n")
    errors = mistakes(tmp_path, text=ALL)
    assert len(errors) == 8 + 1 + 1
    assert errors[8].endswith("features: 22 more columns cannot be inputs either")
    exec(pasted(errors[9]), {})  # noqa: S102  # what a user does with it
    assert len(inputs(pipeline(tmp_path, "path='own-clean.csv'", text=ALL))[0]) == 60


TARGETS = {
    "dates": (["2020-01-02", "2021-02-03", "2021-02-05"], "contains dates or times",
              [18263.0, 18661, 18663]),
    "percentages": (["5 %", "7.5%", "8%"], "contains percentages", [5, 7.5, 8]),
    "units": (["5 kg", "7.5 kg", "8 kg"], "contains numbers with 'kg'", [5, 7.5, 8]),
}  # fmt: skip


@pytest.mark.parametrize(("cells", "message", "numbers"), TARGETS.values(), ids=TARGETS)
def test_a_target_with_units_or_dates_becomes_a_number_or_classes_by_the_line(
    cells: list[str], message: str, numbers: list[float], tmp_path: Path
) -> None:
    pd.DataFrame({"a": [1, 5, 3], "c": cells}).to_csv(tmp_path / "own.csv", index=False)
    text = ALL + '[model]\noutput_activation = "none"\n'
    error, line = mistakes(tmp_path, text=text)
    assert error.startswith(f"datasets.own.target: {message}, such as '{cells[0]}' in line 2")
    exec(pasted(line), {})  # noqa: S102  # what a user does with it
    own = "path='own-clean.csv'", "task='number'"
    assert labels(pipeline(tmp_path, *own, text=text)) == numbers
    assert pipeline(tmp_path, "task='classes'", text=text).datasets["own"].labels == tuple(cells)


def test_a_row_that_is_too_long_may_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,b,c\n1,2,yes\n3,4,no,7\n5,6,no\n")
    (error,) = mistakes(tmp_path, text=ALL)
    assert "has 4 values in line 3, and its header has 3: is `separator` right?" in error
    exec(pasted(error), {})  # noqa: S102  # what a user does with it
    assert inputs(pipeline(tmp_path, "path='own-clean.csv'", text=ALL)) == [[1, 2], [5, 6]]
