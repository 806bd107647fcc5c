"""Foreign Parquet files are read by their values, or refused in a sentence."""

import datetime as dt
import decimal
import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from study.errors import PipelineError
from tests.datasets.test_files import inputs, labels, mistakes, pipeline

PARQUET = "generator='parquet'", "path='own.parquet'"
GOOD: dict[str, Any] = {"a": [1.0, 2.0, 3.0, 4.0], "b": [5.0, 5.0, 6.0, 8.0], "c": [*"nyny"]}
X, Y = [[1.0, 5.0], [2.0, 5.0], [3.0, 6.0], [4.0, 8.0]], [0.0, 1.0, 0.0, 1.0]


def written(folder: Path, table: pa.Table, **how: Any) -> None:  # noqa: ANN401  # Arrow's
    pq.write_table(table, folder / "own.parquet", **how)


def problems(folder: Path, *overrides: str) -> list[str]:
    errors = mistakes(folder, *PARQUET, *overrides)
    return [
        message.removeprefix("datasets.own.")
        for message in errors
        if "import pandas" not in message
    ]


def extended(name: str, payload: bytes) -> pa.Table:
    """Return a table whose first column claims to be of an extension type."""
    metadata = {"ARROW:extension:name": name, "ARROW:extension:metadata": payload}
    fields = [pa.field("a", pa.float64(), metadata=metadata), ("b", pa.float64()), ("c", pa.utf8())]
    return pa.table([GOOD["a"], GOOD["b"], GOOD["c"]], schema=pa.schema(fields))


SAME = {
    "text as bytes": {"c": [b"n", b"y", b"n", b"y"]},
    "text of one length": {"c": pa.array([b"n", b"y", b"n", b"y"], pa.binary(1))},
    "long text": {"c": pa.array([*"nyny"], pa.large_utf8())},
    "views": {"c": pa.array([*"nyny"], pa.string_view())},
    "categories": {"c": pa.array([*"nyny"]).dictionary_encode()},
    "categories of numbers": {"a": pa.array([1, 2, 3, 4]).dictionary_encode()},
    "decimals": {"a": [decimal.Decimal(f"{i}.00") for i in (1, 2, 3, 4)]},
    "small integers": {"a": pa.array([1, 2, 3, 4], pa.int8())},
    "half precision": {"b": pa.array([5, 5, 6, 8], pa.float16())},
    "numbers as text": {"a": [" 1", "2.0", "3", "4e0"]},
    "other columns that cannot be read": {"d": [[1], [2], [3], [4]], "e": [b"\xff"] * 4},
    "a name with a point": {"a.x": [{"y": 1}] * 4},
    "true and false": {"c": [False, True, False, True]},
}


@pytest.mark.parametrize("columns", SAME.values(), ids=SAME)
def test_values_are_the_same_however_they_are_kept(columns: dict[str, Any], tmp_path: Path) -> None:
    written(tmp_path, pa.table({**GOOD, **columns}), row_group_size=3)
    declared = pipeline(tmp_path, *PARQUET)
    assert (inputs(declared), labels(declared)) == (X, Y)


NOTED = b"{", b"[]", b"null", b"\xff\xfe", b'{"columns": 3}', b'{"index_columns": ["x"]}', b""


@pytest.mark.parametrize("noted", NOTED)
def test_the_metadata_of_pandas_are_ignored(noted: bytes, tmp_path: Path) -> None:
    written(tmp_path, pa.table(GOOD).replace_schema_metadata({b"pandas": noted}))
    declared = pipeline(tmp_path, *PARQUET)
    assert (inputs(declared), labels(declared)) == (X, Y)


COLUMNS = {
    "features[0]: contains dates or times (timestamp[us]): save it as numbers": {
        "a": [dt.datetime(2020, 1, i + 1) for i in range(4)]  # noqa: DTZ001  # as in files
    },
    "features[0]: contains several values per row (list<element: int64>): save a column for": {
        "a": [[1], [2], [3], [4]]
    },
    "features[0]: contains several values per row (struct<x: int64>): save a column for": {
        "a": [{"x": 1}] * 4
    },
    "target: has bytes that are not UTF-8 text, in row 3: save it as text or numbers": {
        "c": [b"n", b"y", b"\xff\xfe", b"y"]
    },
    "features[0]: has bytes that are not UTF-8 text, in row 1: save it as text": {
        "a": [b"\xff"] * 4
    },
    "features[0]: has no value in any row: leave it out": {"a": pa.nulls(4)},
    "target: has no value in row 3: fill or remove": {"c": [True, False, None, True]},
    "features[0]: has no value in row 2: fill": {"a": [1, None, 3, 4]},
    "features[0]: must contain only numbers, got '{0}' or similar in row 2": {
        "a": [b"1", b"{0}", b"3", b"4"]
    },
}


@pytest.mark.parametrize(("message", "columns"), COLUMNS.items(), ids=COLUMNS)
def test_a_column_that_cannot_be_used_is_named_with_the_remedy(
    message: str, columns: dict[str, Any], tmp_path: Path
) -> None:
    written(tmp_path, pa.table({**GOOD, **columns}))
    [error] = problems(tmp_path)
    assert error.startswith(message)


def test_a_table_without_the_columns_or_rows_is_an_error(tmp_path: Path) -> None:
    written(tmp_path, pa.table({}))
    assert problems(tmp_path)[0] == "features[0]: there is no column 'a', and no other one"
    written(tmp_path, pa.table(GOOD).slice(0, 0))
    assert problems(tmp_path) == ["path: needs at least 2 samples, one per row, got 0"]
    twice = pa.Table.from_arrays([pa.array(GOOD[n]) for n in "aabc"], names=[*"aabc"])
    written(tmp_path, twice)
    assert problems(tmp_path) == ["features[0]: 2 columns have the header 'a'; give each its own"]


def test_an_extension_with_a_bad_payload_is_refused_and_an_unknown_one_is_its_values(
    tmp_path: Path,
) -> None:
    for name in ("arrow.fixed_shape_tensor", "arrow.uuid", "arrow.json", "arrow.bool8"):
        written(tmp_path, extended(name, b"{"))
        [error] = problems(tmp_path)
        assert error.startswith(f"path: {tmp_path}/own.parquet: cannot be read as a Parquet table:")
        assert error.endswith("; save it again in plain columns")
    written(tmp_path, extended("arrow.py_extension_type", b"cos\nsystem\n(S'exit 3'\ntR."))
    assert inputs(pipeline(tmp_path, *PARQUET)) == X
    flags = pa.array([0, 1, 0, 1], pa.int8()).cast(pa.bool8())
    written(tmp_path, pa.table({**GOOD, "c": flags}))
    assert labels(pipeline(tmp_path, *PARQUET)) == Y


def test_a_file_that_is_too_large_is_refused_by_its_footer(tmp_path: Path) -> None:
    """One million rows, sixty times: a few hundred kilobytes on the disk."""
    zeros = np.zeros(1_000_000)
    table = pa.table({"a": zeros, "b": zeros, "c": zeros})
    with pq.ParquetWriter(tmp_path / "own.parquet", table.schema, compression="zstd") as writer:
        for _ in range(60):
            writer.write_table(table)
    assert (tmp_path / "own.parquet").stat().st_size < 5_000_000
    rows = "has 180,000,000 values (3 columns), and at most 50,000,000 can be read"
    assert rows in problems(tmp_path)[0]


def test_repeated_long_values_count_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file keeps one of them: 40 rows of 8,000 bytes take 320,000 when read."""
    few = pa.array([b"x" * 8_000] * 40, pa.binary(8_000))
    written(tmp_path, pa.table({"a": np.arange(40), "b": np.arange(40), "c": few}))
    monkeypatch.setattr("study.datasets.tables.BYTES", 100_000)
    assert "holds 320.0 kB, and at most 100.0 kB can be read" in problems(tmp_path)[0]


def test_only_named_columns_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = {**GOOD, **{f"d{i}": ["".join(random.choices("ab", k=99)) for _ in range(4)]  # noqa: S311
                       for i in range(20)}}  # fmt: skip
    written(tmp_path, pa.table(wide), use_dictionary=False)
    monkeypatch.setattr("study.datasets.parquet.BYTES", 1000)  # the others take 8,000
    monkeypatch.setattr("study.datasets.tables.BYTES", 1000)
    assert inputs(pipeline(tmp_path, *PARQUET)) == X
    assert (
        "kB, and at most 1.0 kB can be read" in problems(tmp_path, "features=['d0', 'd1', 'd2']")[0]
    )


def test_damaged_bytes_are_a_sentence_or_other_values(tmp_path: Path) -> None:
    written(tmp_path, pa.table({name: 50 * of for name, of in GOOD.items()}), row_group_size=60)
    path, rng = tmp_path / "own.parquet", random.Random(0)  # noqa: S311
    whole = path.read_bytes()
    refused = 0
    for i in range(300):
        data = bytearray(whole[: rng.randrange(1, len(whole))] if i % 6 == 0 else whole)
        data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(data)
        try:
            pipeline(tmp_path, *PARQUET)
        except PipelineError as error:
            refused += all("datasets.own." in message for message in error.mistakes)
    assert refused >= 50
