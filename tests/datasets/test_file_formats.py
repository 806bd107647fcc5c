"""A file of another format is named, and its line of pandas works when pasted."""

import bz2
import gzip
import lzma
import pickle
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from study.datasets import tables
from study.errors import PipelineError
from tests.datasets.test_files import inputs, labels, mistakes, pipeline

TEXT = "a;b;c\n1,5;2;nö\n2,25;3;yes\n"
FRAME = pd.DataFrame({"a": [1.5, 2.25], "b": [2, 3], "c": ["nö", "yes"]})
READ = [[1.5, 2.0], [2.25, 3.0]]


def zipped(path: Path, names: list[str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, TEXT)


CONVERTED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "Windows-1252": ("in Windows-1252", lambda p: p.write_bytes(TEXT.encode("cp1252"))),
    "Windows-1252 with a line of Excel's": (
        "the line 'sep=;' above its header",
        lambda p: p.write_bytes(f"sep=;\r\n{TEXT}".encode("cp1252"))),
    "a Parquet file": ("a Parquet file", FRAME.to_parquet),
    "a Feather file": ("a Feather file", FRAME.to_feather),
    "JSON": ("a JSON file", lambda p: FRAME.to_json(p, orient="records")),
    "JSON by line": ("a JSON file", lambda p: FRAME.to_json(p, orient="records", lines=True)),
    "Stata": ("a Stata file", lambda p: FRAME.to_stata(p, write_index=False, version=118)),
    "bzip2": ("a bzip2 archive", lambda p: p.write_bytes(bz2.compress(TEXT.encode()))),
    "xz": ("an xz archive", lambda p: p.write_bytes(lzma.compress(TEXT.encode()))),
    "ZIP": ("a ZIP archive", lambda p: zipped(p, ["own.csv"])),
    "a line of Excel's": (
        "the line 'sep=;' above its header", lambda p: p.write_text(f"sep=;\n{TEXT}")),
    "a quoted line of Excel's": (
        "the line 'sep=;' above its header", lambda p: p.write_text(f'"SEP=;"\n\n{TEXT}')),
    "a comment": ("has comments above its header, which is line 2",
                  lambda p: p.write_text(f"# measured in 2020; by us\n{TEXT}")),
    "comments and empty lines": ("has comments above its header, which is line 5",
                                 lambda p: p.write_text(f"# one\n# two\n\n\n{TEXT}")),
    "a title": ("has another line above its header, which is line 2",
                lambda p: p.write_text(f"Report 2020\n{TEXT}")),
    "a title and a gap": ("has 2 other lines above its header, which is line 3",
                          lambda p: p.write_text(f"Report 2020\n\n{TEXT}")),
    "a title in quotes of two lines": ("has 3 other lines above its header, which is line 4",
                                       lambda p: p.write_text(f'"Report\n2020"\n\n{TEXT}')),
    "R's row names": ("separates its columns by blanks",
                      lambda p: p.write_text('"a" "b" "c"\n"1" 1.5 2 "nö"\n"2" 2.25 3 "yes"\n')),
    "R's row names and commas": (
        "as R writes row names",
        lambda p: p.write_text('"a","b","c"\n"x",1.5,2,"nö"\n"y",2.25,3,"yes"\n')),
    "blanks": ("separates its columns by blanks", lambda p: p.write_text(
        "a    b  c\n1.5  2  nö\n2.25 3  yes\n")),
}  # fmt: skip


def pasted(message: str) -> str:
    """Return the line of pandas in a sentence."""
    return message[message.index("import pandas") :]


@pytest.mark.parametrize(("message", "write"), CONVERTED.values(), ids=CONVERTED)
def test_the_format_of_a_file_is_named_and_the_pasted_line_makes_it_readable(
    message: str, write: Callable[[Path], object], tmp_path: Path
) -> None:
    write(tmp_path / "own.csv")
    (error,) = mistakes(tmp_path)
    assert message in error
    exec(pasted(error), {})  # noqa: S102  # what a user does with it
    clean = pipeline(tmp_path, "path='own-clean.csv'")
    assert inputs(clean) == READ
    assert (clean.datasets["own"].labels, labels(clean)) == (("nö", "yes"), [0, 1])


def test_a_workbook_is_named_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.csv"
    kinds = {"xl/workbook.xml": "an Excel workbook (.xlsx)", "content.xml": "an OpenDocument file"}
    for name, kind in kinds.items():
        zipped(path, [name, "b"])
        (error,) = mistakes(tmp_path)
        assert f"{path}: is {kind}, not a CSV file; this line writes it as own-clean.csv" in error
        monkeypatch.setattr(pd, "read_excel", lambda given: FRAME.assign(path=given))
        exec(pasted(error), {})  # noqa: S102  # what a user does with it
        assert inputs(pipeline(tmp_path, "path='own-clean.csv'")) == READ
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "is an old Excel workbook (.xls)" in mistakes(tmp_path)[0]
    zipped(path, ["a", "b"])
    assert (
        "is a ZIP archive of several files, not a CSV file; save it as CSV" in mistakes(tmp_path)[0]
    )
    path.write_bytes(b"PK\x03\x04 no archive")
    assert "is a damaged ZIP archive" in mistakes(tmp_path)[0]


NAMED = {
    "HTML": (b"<html><table><tr><td>1</td></tr></table>", "a page of HTML"),
    "XML": (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "an XML file"),
    "PDF": (b"%PDF-1.7", "a PDF document"),
    "R": (gzip.compress(b"RDX3\nX\n"), "an R data file"),
    "R, serialized": (gzip.compress(b"X\n\0\0\0\x03"), "an R data file"),
    "pickle": (pickle.dumps(FRAME), "a pickled Python object"),
    "SQLite": (b"SQLite format 3\0" + bytes(90), "an SQLite database"),
    "NumPy": (b"\x93NUMPY\x01\0", "a NumPy array"),
}


@pytest.mark.parametrize(("data", "message"), NAMED.values(), ids=NAMED)
@pytest.mark.parametrize("generator", ["csv", "parquet"])
def test_other_formats_are_named(data: bytes, message: str, generator: str, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes(data)
    (error,) = mistakes(tmp_path, f"generator='{generator}'")
    kind = {"csv": "CSV", "parquet": "Parquet"}[generator]
    if generator == "csv" or not data.startswith(b"\x1f\x8b"):
        assert f"is {message}, not a {kind} file; " in error


def test_a_text_that_is_called_parquet_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.parquet"
    own = "generator='parquet'", "path='own.parquet'"
    texts = "a,b,c\n1.5,2,nö\n2.25,3,yes\n", TEXT, TEXT.replace(",5", ",50").replace(";2;", ";2,0;")
    for text in texts:
        path.write_text(text, encoding="utf-8")
        (error,) = mistakes(tmp_path, *own)
        assert f"{path}: is a text file, not a Parquet file; generator = 'csv' reads it" in error
        exec(pasted(error), {})  # noqa: S102  # what a user does with it
        assert inputs(pipeline(tmp_path, own[0], "path='own-clean.parquet'")) == READ
        assert inputs(pipeline(tmp_path, "path='own.parquet'")) == READ
    path.write_text("\0\0")
    assert "is not a Parquet file: its first bytes differ" in mistakes(tmp_path, *own)[0]
    path.write_text("#\n")
    assert "is a text file, not a Parquet file" in mistakes(tmp_path, *own)[0]
    FRAME.to_parquet(path)
    path.write_bytes(path.read_bytes()[:-9])
    (error,) = mistakes(tmp_path, *own)
    assert error.endswith(
        "cannot be read as a Parquet table: it is damaged, was cut short, or has columns of an "
        "unknown kind; save it again in plain columns"
    )


ENCODED = {
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16, big end first": TEXT.encode("utf-16-be"),
    "UTF-32": TEXT.encode("utf-32"),
    "UTF-8 with a mark": TEXT.encode("utf-8-sig"),
    "gzip": gzip.compress(TEXT.encode()),
    "gzip of UTF-16 for Windows": gzip.compress(TEXT.replace("\n", "\r\n").encode("utf-16")),
}


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED)
def test_other_encodings_and_gzip_are_simply_read(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_bytes(data)
    declared = pipeline(tmp_path)
    assert (inputs(declared), declared.datasets["own"].labels) == (READ, ("nö", "yes"))


def test_lines_are_counted_in_any_encoding(tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-16", "utf-16-le"):
        text = 'a;b;c\r\n1;2;"no\r\nor"\r\n\r\n1;x;yes\r\n'
        (tmp_path / "own.csv").write_bytes(gzip.compress(text.encode(encoding)))
        assert "got 'x' or similar in line 5" in mistakes(tmp_path)[0]
    (tmp_path / "own.csv").write_bytes(b"a;b;c\n" + b"1;2;no\n" * 200_000 + b"1;2;n\xf6\n")
    assert "line 200,002 has the byte 0xf6, which is 'ö' in Windows-1252" in mistakes(tmp_path)[0]
    (tmp_path / "own.csv").write_bytes(b"a;b;c\n1;2;n\x81\n")
    assert "which is '\\x81' in Latin-1" in mistakes(tmp_path)[0]
    (tmp_path / "own.csv").write_bytes("a;b;c\n1;2;no\n".encode("utf-16")[:-1])
    assert mistakes(tmp_path) == [
        f"datasets.own.path: {tmp_path / 'own.csv'}: is not UTF-16 text from line 2 on"
    ]


def test_a_packed_file_that_is_damaged_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.csv"
    for data in (gzip.compress(TEXT.encode())[:-9], b"\x1f\x8b" + bytes(50)):
        path.write_bytes(data)
        assert mistakes(tmp_path) == [
            f"datasets.own.path: {path}: is a gzip file that is damaged or cut short: pack it again"
        ]
    assert tables.BYTES == 10**9
    monkeypatch.setattr(tables, "BYTES", 10**7)
    path.write_bytes(gzip.compress(b"a,b,c\n" + (b"1,2,no\n" + b" " * 1_000_000) * 11))
    assert "at most 10.0 MB can be read" in mistakes(tmp_path)[0]


def test_a_home_folder_is_expanded_and_an_address_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own.csv").write_text(TEXT)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "sub").mkdir()
    assert inputs(pipeline(tmp_path / "sub", "path='~/own.csv'")) == READ
    for address in (
        "https://example.org/data/own.csv?raw=1",
        "s3://bucket/own.csv",
        "FTP://x/own.csv",
    ):
        (error,) = mistakes(tmp_path, f"path='{address}'")
        assert error.startswith("datasets.own.path: is an address, and a study reads files; this ")
    monkeypatch.chdir(tmp_path / "sub")
    line = pasted(mistakes(tmp_path, f"path='{(tmp_path / 'own.csv').as_uri()}'")[0])
    exec(line, {})  # noqa: S102  # what a user does with it
    (tmp_path / "own.csv").unlink()
    assert inputs(pipeline(tmp_path, "path='sub/own.csv'")) == READ


WORDS = re.compile(
    r"tokeniz|C error|Error:|Expected \d|Arrow|codec|decode|pars|0x0|invalid", re.IGNORECASE
)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_read_or_refused_with_an_error_of_this_project(
    seed: int, tmp_path: Path
) -> None:
    rng = np.random.default_rng(seed)
    form = ("csv", "parquet")[seed % 2]
    path = tmp_path / f"own.{form}"
    if form == "csv":
        path.write_text(TEXT * 3)
    else:
        FRAME.to_parquet(path)
    data = bytearray(path.read_bytes())
    for at in rng.integers(len(data), size=3):
        data[at] = rng.integers(256)
    path.write_bytes(bytes(data))
    with suppress(PipelineError):
        pipeline(tmp_path, f"generator='{form}'", f"path='{path.name}'")
        return
    message = " ".join(mistakes(tmp_path, f"generator='{form}'", f"path='{path.name}'"))
    assert not WORDS.search(message.replace(str(tmp_path), "")), message
