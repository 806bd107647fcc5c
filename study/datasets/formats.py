"""The format of a file by its first bytes, if it is not the format its generator reads."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from study.datasets.pasting import ANY, KEPT, Origin

HEAD = 4096
"""The number of bytes that identify a file."""

PARQUET, GZIP = b"PAR1", b"\x1f\x8b"


def _excel(path: Path) -> Origin:
    return Origin(path, "read_excel", needs="openpyxl")


def _old_excel(path: Path) -> Origin:
    return Origin(path, "read_excel", needs="xlrd")


def _reader(name: str, **options: str) -> Callable[[Path], Origin]:
    return lambda path: Origin(path, f"read_{name}", **options)  # type: ignore[arg-type]


def _packed(compression: str) -> Callable[[Path], Origin]:
    return lambda path: Origin(path, arguments={"compression": compression, **ANY, **KEPT})


_SIGNATURES: tuple[tuple[bytes, str, Callable[[Path], Origin] | None], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook (.xls)", _old_excel),
    (PARQUET, "a Parquet file", _reader("parquet")),
    (b"ARROW1", "a Feather file", _reader("feather")),
    (b"ORC", "an ORC file", _reader("orc")),
    (b"\x89HDF", "an HDF5 file", _reader("hdf", needs="tables")),
    (b"<stata_dta>", "a Stata file", _reader("stata")),
    (b"$FL2", "an SPSS file", _reader("spss", needs="pyreadstat")),
    (b"BZh", "a bzip2 archive", _packed("bz2")),
    (b"\xfd7zXZ", "an xz archive", _packed("xz")),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive", _packed("zstd")),
    (b"\x93NUMPY", "a NumPy array", None),
    (b"RDX", "an R data file", None),
    (b"X\n\0\0\0", "an R data file", None),
    (b"\x80\x04\x95", "a pickled Python object", None),
    (b"\x80\x05\x95", "a pickled Python object", None),
    (b"SQLite format 3", "an SQLite database", None),
    (b"%PDF", "a PDF document", None),
    (b"\x89PNG", "a picture", None),
    (b"\xff\xd8\xff", "a picture", None),
)
"""First bytes of files in other formats, the formats' names, and how pandas reads them."""

_MARKUP: tuple[tuple[tuple[bytes, ...], str, Callable[[Path], Origin] | None], ...] = (
    ((b"<!doctype html", b"<html", b"<table", b"<meta"), "a page of HTML",
     _reader("html", frame="[0]", needs="lxml")),
    ((b"<?xml", b"<workbook"), "an XML file", None),
    ((b"{\\rtf",), "a text document", None),
)  # fmt: skip


def other_format(path: Path, head: bytes, wanted: bytes = b"") -> str:
    """Return a file's format, and the line of pandas that converts it; "" if it may be text.

    `wanted` are the first bytes of a file of the right format.
    """
    if wanted and head.startswith(wanted):
        return ""
    name, origin = _read(path, head)
    if not name:
        return ""
    advice = "save it as CSV" if origin is None else origin.advice
    if head.startswith(PARQUET):
        advice = f"generator = 'parquet' reads it, and {advice}"
    return f"is {name}, not a {'Parquet' if wanted else 'CSV'} file; {advice}"


def _read(path: Path, head: bytes) -> tuple[str, Origin | None]:
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    for begins, name, origin in _SIGNATURES:
        if head.startswith(begins):
            return name, origin and origin(path)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginnings, name, origin in _MARKUP:
        if text.startswith(beginnings):
            return name, origin and origin(path)
    if text.startswith((b"[{", b"[\n", b"[\r\n", b"[ ", b'{"', b"{\n", b"{\r\n", b"{ ")):
        lines = text.startswith(b"{") and b"}\n{" in text.replace(b"\r", b"")
        arguments = {"lines": True} if lines else {}
        return "a JSON file", Origin(path, "read_json", arguments)
    return "", None


def _zipped(path: Path) -> tuple[str, Origin | None]:
    """Return the content of a ZIP archive: office documents are such archives too."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return "a damaged ZIP archive", None
    if "xl/workbook.xml" in names:
        return "an Excel workbook (.xlsx)", _excel(path)
    if "xl/workbook.bin" in names:
        return "an Excel workbook (.xlsb)", Origin(path, "read_excel", needs="pyxlsb")
    if "content.xml" in names:
        return "an OpenDocument file", Origin(path, "read_excel", needs="odfpy")
    if len(names) == 1 and not names[0].endswith(".npy"):
        return "a ZIP archive", _packed("zip")(path)
    return "a ZIP archive of several files", None
