"""A Parquet file → its named columns, by Arrow alone, ignoring metadata of pandas."""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.types as kinds
from numpy.typing import NDArray

from study.datasets.columns import look
from study.datasets.conventions import settled
from study.datasets.delimited import csv_reader
from study.datasets.formats import HEAD, PARQUET, other_format
from study.datasets.pasting import KEPT, Origin
from study.datasets.tables import (
    BYTES,
    Column,
    Table,
    TooLargeError,
    check_size,
    line_of,
    row_number,
)
from study.datasets.writing import CONVENTIONS


def parquet_reader(path: Path, wanted: Sequence[str] | None) -> Table:
    """Read the named columns of a Parquet file, or all: numbers, true and false, or text.

    Its footer states their size, so a file that is too large is refused before it is read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.startswith(PARQUET):
        raise ValueError(other_format(path, head, PARQUET) or _text(path, head))
    try:
        with path.open("rb") as file:
            return _read(path, file, wanted)
    except (MemoryError, TooLargeError):
        raise
    except Exception as error:  # damaged bytes may make Arrow raise anything
        if isinstance(error, OSError) and error.errno is not None:  # the disk's, not the file's
            raise
        raise ValueError(
            "cannot be read as a Parquet table: it is damaged, was cut short, or has columns of an "
            "unknown kind; save it again in plain columns"
        ) from None


def _text(path: Path, head: bytes) -> str:
    """Report that a file is not a Parquet table, and how to read it if it is text."""
    if b"\0" in head:
        return "is not a Parquet file: its first bytes differ; save it again"
    origin = Origin(path, arguments=_arguments(path), suffix=".parquet")
    line = f"this line writes it as {origin.to.name}: {origin.line()}"
    return f"is a text file, not a Parquet file; generator = 'csv' reads it, and {line}"


def _arguments(path: Path) -> dict[str, object]:
    """Return the arguments with which pandas reads the numbers of a text file."""
    try:
        table = csv_reader(None, CONVENTIONS)(path, None)
        looks = {name: look(column) for name, column in table.columns.items()}
        convention, _ = settled(looks, looks, table)
    except ValueError:  # which generator = 'csv' reports
        return {}
    kept = {key: value for key, value in table.origin.arguments.items() if key not in KEPT}
    decimal = {"decimal": ","} if convention.decimal == "," else {}
    thousands = {"thousands": convention.thousands} if convention.thousands else {}
    return {**kept, **decimal, **thousands}


def _read(path: Path, file: BinaryIO, wanted: Sequence[str] | None) -> Table:
    footer = _opened(file, ())
    schema, rows = footer.schema_arrow, footer.metadata.num_rows
    wanted = schema.names if wanted is None else wanted
    types = {n: _plain_type(schema.field(n).type) for n in wanted if schema.names.count(n) == 1}
    unreadable = {name: problem for name, of in types.items() if (problem := _no_values(of))}
    readable = [name for name in types if name not in unreadable]
    widest = max((_width(types[name]) for name in readable), default=0)
    taken = max(_unpacked(footer.metadata, readable), rows * widest)
    check_size(rows * len(readable), taken, len(readable))
    texts = [name for name in readable if _is_text(types[name]) and not _width(types[name])]
    table = _opened(file, texts).read(columns=readable)
    columns = {}
    for name in readable:
        column = _column(table.column(name))
        if isinstance(column, str):
            unreadable[name] = column
        else:
            columns[name] = column
    origin = Origin(path, "read_parquet", suffix=".parquet")
    return Table(schema.names, rows, columns, origin, unreadable)


def _opened(file: BinaryIO, texts: Sequence[str]) -> pq.ParquetFile:
    """Open a file; each different text is kept once, so that repetitions do not fill memory."""
    return pq.ParquetFile(file, read_dictionary=list(texts), page_checksum_verification=True)


def _unpacked(footer: pq.FileMetaData, names: Sequence[str]) -> int:
    """Return the most bytes that the columns take once they are unpacked, from the footer.

    For small files it is the size of all columns: if the footer is damaged, inspecting single
    ones ends the process, without an exception.
    """
    groups = [footer.row_group(i) for i in range(footer.num_row_groups)]
    whole = sum(int(group.total_byte_size) for group in groups)
    if whole <= BYTES:
        return whole
    paths = [footer.schema.column(i).path for i in range(footer.num_columns)]
    read = [i for i, path in enumerate(paths) if any(f"{path}.".startswith(f"{n}.") for n in names)]
    return sum(int(group.column(i).total_uncompressed_size) for group in groups for i in read)


def _plain_type(of: pa.DataType) -> pa.DataType:
    """Return the type of the values themselves, however they are encoded or called."""
    while isinstance(of, pa.BaseExtensionType) or kinds.is_dictionary(of):
        of = of.storage_type if isinstance(of, pa.BaseExtensionType) else of.value_type
    return of


def _is_text(of: pa.DataType) -> bool:
    """Return whether values are text or bytes; other writers store text as bytes."""
    strings = kinds.is_string(of) or kinds.is_large_string(of) or kinds.is_string_view(of)
    return strings or kinds.is_binary_view(of) or pa.types.is_large_binary(of) or _is_bytes(of)


def _is_bytes(of: pa.DataType) -> bool:
    return bool(kinds.is_binary(of) or kinds.is_fixed_size_binary(of))


def _width(of: pa.DataType) -> int:
    """Return the bytes per value if all have the same size, which repetitions do not share."""
    fixed = kinds.is_fixed_size_binary(of) or kinds.is_decimal(of)
    return int(of.byte_width) if fixed else 0


def _no_values(of: pa.DataType) -> str:
    """Return why values of a type are neither numbers nor text; "" if they are."""
    if kinds.is_temporal(of):
        return f"contains dates or times ({of}): save it as numbers, such as days since a first day"
    if kinds.is_nested(of):
        return f"contains several values per row ({line_of(of)}): save a column for each of them"
    number = kinds.is_integer(of) or kinds.is_floating(of) or kinds.is_decimal(of)
    if number or kinds.is_boolean(of) or kinds.is_null(of) or _is_text(of):
        return ""
    return f"contains {line_of(of)}, neither numbers nor text: save it as one of these"


def _column(read: pa.ChunkedArray) -> "Column | str":
    """Return a column's values, missing ones as NaN or None, or a sentence on the first bad one."""
    while isinstance(read.type, pa.BaseExtensionType):
        storage = [chunk.storage for chunk in read.chunks]
        read = pa.chunked_array(storage, read.type.storage_type)
    of = _plain_type(read.type)
    if _is_text(of) or kinds.is_decimal(of):
        return _texts(read.cast(pa.string()) if kinds.is_decimal(of) else read)
    if kinds.is_boolean(of) and not read.null_count:
        return pd.Series(read.cast(of).to_numpy())
    return pd.Series(read.cast(of).cast(pa.float64(), safe=False).to_numpy())


def _texts(read: pa.ChunkedArray) -> "Column | str":
    """Return texts, each different one kept once, or a sentence on the first bad row."""
    coded = read if kinds.is_dictionary(read.type) else read.dictionary_encode()
    codes: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    code_of: dict[bytes | None, int] = {}
    for chunk in coded.chunks:
        values = chunk.dictionary.cast(pa.binary()).to_pylist()
        of = [code_of.setdefault(value, len(code_of)) for value in values]
        codes.append(np.array([*of, -1])[chunk.indices.fill_null(len(of)).to_numpy()])
    rows, texts = np.concatenate(codes), []
    for value, code in code_of.items():
        try:
            texts.append((value or b"").decode())
        except UnicodeDecodeError:
            texts.append("")
            if (places := np.flatnonzero(rows == code)).size:
                row = row_number(int(places[0]))
                return f"has bytes that are not UTF-8 text, in {row}: save it as text or numbers"
    if None in code_of:
        rows[rows == code_of[None]] = -1
    return pd.Series(pd.Categorical.from_codes(rows, pd.Index(texts, dtype=object)))
