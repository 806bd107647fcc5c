"""Numbers of a CSV file are read as they were written, or refused with both readings."""

import gzip
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from study.datasets.columns import look
from study.datasets.writing import MISSING, PLAIN
from study.errors import PipelineError
from study.spec.load import load_pipeline
from tests.datasets.test_files import TOML, inputs, mistakes, pipeline

BLANKS = " ", "\u00a0", "\u202f", "\u2009"


@dataclass(frozen=True)
class Writing:
    """How a program of some country writes a table."""

    decimal: str
    thousands: str
    separator: str
    quote: bool
    encoding: str
    packed: bool
    newline: str
    digits: int | None

    def number(self, value: float) -> str:
        """Write a number with its thousands grouped; no zeros are left out."""
        text = repr(value) if self.digits is None else f"{value:.{self.digits}f}"
        sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
        whole, _, fraction = text.partition(".")
        groups = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", self.thousands, whole)
        return sign + groups + (self.decimal + fraction if fraction else "")

    def write(self, path: Path, rows: list[list[str]]) -> None:
        """Write rows of cells as CSV."""
        lines = [self.separator.join(map(self.cell, row)) for row in rows]
        data = self.newline.join([*lines, ""]).encode(self.encoding)
        path.write_bytes(gzip.compress(data) if self.packed else data)

    def cell(self, text: str) -> str:
        """Write a cell, in quotes where it needs them."""
        quoted = self.quote or self.separator in text
        return f'"{text}"' if quoted else text


@st.composite
def writings(draw: st.DrawFn) -> Writing:
    decimal = draw(st.sampled_from(".,"))
    thousands = draw(
        st.sampled_from([t for t in ["", ",", ".", "'", "’", *BLANKS] if t != decimal])
    )
    return Writing(
        decimal,
        thousands,
        separator=draw(st.sampled_from(",;\t|")),
        quote=draw(st.booleans()),
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])),
        packed=draw(st.booleans()),
        newline=draw(st.sampled_from(["\n", "\r\n"])),
        digits=draw(st.sampled_from([None, 0, 1, 2, 3, 4])),
    )


NUMBERS = st.one_of(
    st.integers(-(10**7), 10**7).map(float),
    st.floats(-1e7, 1e7).filter(lambda x: "e" not in repr(x)),
    st.integers(-9999, 9999).map(lambda i: i / 1000),
    st.integers(1, 9999).map(lambda i: i * 1000.0),
)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(writing=writings(), rows=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=6))
def test_a_table_in_any_convention_is_read_back_or_refused_with_both_readings(
    tmp_path: Path, writing: Writing, rows: list[tuple[float, float]]
) -> None:
    cells = [[writing.number(value) for value in row] for row in rows]
    kinds = [("yes", "no")[i % 2] for i in range(len(rows))]
    table = [["a", "b", "c"], *([*row, kind] for row, kind in zip(cells, kinds, strict=True))]
    writing.write(tmp_path / "own.csv", table)
    meant = [
        [value if writing.digits is None else float(f"{value:.{writing.digits}f}") for value in row]
        for row in rows
    ]
    signs = [f"decimal={writing.decimal!r}", f"thousands={json.dumps(writing.thousands)}"]
    assert inputs(pipeline(tmp_path, *signs)) == meant, "both signs given"
    assert inputs(pipeline(tmp_path, signs[0])) == meant, "the decimal sign given"
    try:
        values_read = inputs(pipeline(tmp_path))
    except PipelineError as error:
        (message,) = error.mistakes
        assert "datasets.own.decimal: must be given" in message
        assert {"decimal = '.'", "decimal = ','"} <= set(re.findall(r"decimal = '.'", message))
        shown = {float(x) for x in re.findall(r"(?:is|or) (-?[\d.e+-]+) with", message)}
        assert len(shown) == 2
        assert shown & {value for row in meant for value in row}
        marked = [cell for row in cells for cell in row if re.search("[.,]", cell)]
        assert all(re.fullmatch(r"[-+]?[1-9]\d{0,2}([.,]\d{3})+", cell) for cell in marked)
    else:
        assert values_read == meant


UNCLEAR = {
    "a point": ("a;b;c\n1.234;1;no\n2.345;2;yes\n", "'1.234'", ".", 1.234, 1234.0, "line 2"),
    "a comma": ('a,b,c\n1,1,no\n"12,345",2,yes\n', "'12,345'", ",", 12.345, 12345.0, "line 3"),
    "years beside": ("a;b;c\n1.234;1999;no\n2.345;2020;yes\n", "'1.234'", ".", 1.234, 1234.0, "l"),
}


def read(rows: list[list[float]]) -> list[float]:
    return [value for row in rows for value in row]


@pytest.mark.parametrize("case", UNCLEAR.values(), ids=UNCLEAR)
def test_two_readings_are_an_error_that_shows_both_and_each_key_decides(
    case: tuple[str, str, str, float, float, str], tmp_path: Path
) -> None:
    text, cell, sign, small, large, line = case
    (tmp_path / "own.csv").write_text(text)
    (error,) = mistakes(tmp_path)
    assert error.startswith(f"datasets.own.decimal: must be given: {cell} in column 'a', {line}")
    assert f"{small:g} with decimal = {sign!r}" in error
    other = {".": ",", ",": "."}[sign]
    assert f"{large:g} with decimal = {other!r} and thousands = {sign!r}" in error
    assert small in read(inputs(pipeline(tmp_path, f"decimal={sign!r}")))
    assert large in read(inputs(pipeline(tmp_path, f"decimal={other!r}")))
    assert large in read(inputs(pipeline(tmp_path, f"thousands={sign!r}")))
    assert small in read(inputs(pipeline(tmp_path, "thousands=''")))


TOGETHER = {
    "another column has a fraction": (
        "a;b;c\n1.234;0.5;no\n2.345;2;yes\n", [[1.234, 0.5], [2.345, 2]]
    ),
    "another column has a comma": ("a;b;c\n1.234;0,5;no\n2.345;2;yes\n", [[1234, 0.5], [2345, 2]]),
    "a column that is no input": (
        "a;b;d;c\n1.234;5;1,5;no\n2.345;2;2,5;yes\n", [[1234, 5], [2345, 2]]
    ),
    "the same column": ("a;b;c\n1.234,5;5;no\n2.345;2;yes\n", [[1234.5, 5], [2345, 2]]),
    "both signs": ("a;b;c\n1.234;5,25;no\n-1.234.567,5;2;yes\n", [[1234, 5.25], [-1234567.5, 2]]),
    "a leading zero": ("a;b;c\n0,125;5;no\n2,345;2;yes\n", [[0.125, 5], [2.345, 2]]),
    "Swiss": ("a;b;c\n1'234.50;5;no\n2’000’000;2;yes\n", [[1234.5, 5], [2000000, 2]]),
    "French": ("a;b;c\n1\u202f234,5;5;no\n2\u00a0000;−2;yes\n", [[1234.5, 5], [2000, -2]]),
    "a sign and an exponent": ("a;b;c\n+1,5e3;5;no\n-1E-2;2;yes\n", [[1500, 5], [-0.01, 2]]),
    "a long fraction": ("a,b,c\n1234.567,5,no\n2,2,yes\n", [[1234.567, 5], [2, 2]]),
    "another column contradicts and is no input": (
        "a;b;d;c\n1,5;5;1.5;no\n2,25;2;2.5;yes\n", [[1.5, 5], [2.25, 2]]
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TOGETHER.values(), ids=TOGETHER)
def test_all_columns_together_show_how_numbers_are_written(
    text: str, expected: list[list[float]], tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text(text, encoding="utf-8")
    assert inputs(pipeline(tmp_path)) == expected


CLASHES = {
    "two columns": ("a;b;c\n1.5;1;no\n2;2,5;yes\n", ["'1.5' in column 'a', line 2",
                                                     "'2,5' in column 'b', line 3"]),
    "one column": ("a;b;c\n1;1;no\n2,5;1;yes\n2.25;2;no\n", ["'2,5' in column 'a', line 3",
                                                              "'2.25' in column 'a', line 4"]),
    "thousands": ("a;b;c\n1'234;1;no\n2;2 345;yes\n", ["'1\\'234' in column 'a', line 2",
                                                       "'2 345' in column 'b', line 3"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "cells"), CLASHES.values(), ids=CLASHES)
def test_columns_that_contradict_each_other_are_named_with_a_cell_of_each(
    text: str, cells: list[str], tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text(text)
    (error,) = mistakes(tmp_path)
    assert error.startswith("datasets.own.decimal: ")
    assert all(cell.replace("'1\\'234'", '"1\'234"') in error for cell in cells), error


def test_a_separator_that_the_cells_contradict_is_an_error_with_the_cell(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a;b;c\n1;1;no\n2,5;2;yes\n")
    error, _ = mistakes(tmp_path, "decimal='.'")
    assert error.startswith("datasets.own.features[0]: must contain only numbers, got '2,5'")
    assert "line 3" in error
    assert mistakes(tmp_path, "decimal='.'", "thousands='.'") == [
        "datasets.own.thousands: '.' is the decimal sign already"
    ]
    (error,) = mistakes(tmp_path, "thousands='x'")
    assert error.startswith("datasets.own.thousands: must be one of ")


def test_a_target_that_is_a_number_is_read_in_the_same_convention(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a;b;c\n1;1;1.234,5\n2;2;2.000\n3;3;12,25\n")
    text = TOML + '[model]\noutput_activation = "none"\n'
    made = pipeline(tmp_path, text=text).datasets["own"].make(rng=None)  # type: ignore[arg-type]
    assert made.y[:, 0].tolist() == [1234.5, 2000, 12.25]


def test_the_plan_states_how_numbers_are_written(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a;b;c\n1.234,5;1;no\n2;2;yes\n")
    own = pipeline(tmp_path).datasets["own"]
    assert own.described == "UTF-8, separator semicolon, decimal = ',' and thousands = '.'"
    (tmp_path / "own.csv").write_text("a\tb\tc\n1\t1\tno\n2\t2\tyes\n", encoding="utf-16")
    own = load_pipeline(tmp_path / "own.toml").datasets["own"]
    assert own.described == "UTF-16, separator tab"


TEXTS = st.text("0123456789.,'e+- naif\u202f", min_size=1, max_size=9)


@given(cells=st.lists(TEXTS, min_size=2, max_size=4))
def test_a_cell_is_a_number_if_python_reads_it_as_one_in_its_own_notation(cells: list[str]) -> None:
    column = look(pd.Series(cells, dtype="str"), [PLAIN])
    trimmed = [cell.strip() for cell in cells]
    meant = [None if cell in MISSING else _float(cell) for cell in trimmed]
    if column.kind == "numbers":
        assert [None if math.isnan(x) else x for x in column.values(PLAIN)] == meant
        assert column.missing.tolist() == [cell in MISSING for cell in trimmed]
    else:
        strange = [_float(c) is None and c not in MISSING for c in trimmed]
        assert any(strange) or all(cell in MISSING for cell in trimmed)


def _float(cell: str) -> float | None:
    """Return a number as Python reads it; Python alone takes "nan" for one."""
    try:
        number = float(cell)
    except ValueError:
        return None
    return None if math.isnan(number) else number
