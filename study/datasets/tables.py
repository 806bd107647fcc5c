"""A user's CSV or Parquet file → a frame, by pandas: results are read and written elsewhere."""

import csv
import re
import warnings
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from study.space import mistakes

SEPARATORS = ",;\t|"
"""What may stand between the columns of a CSV file where nothing else is said."""


def read(path: Path, reader: Callable[[Path], pd.DataFrame]) -> pd.DataFrame:
    """Return a file's columns, or raise why it cannot be read and where it was looked for."""
    wrong = _no_file(path)
    if not wrong:
        try:
            return reader(path)
        except UnicodeDecodeError as error:
            wrong = f"is not UTF-8 text (byte 0x{error.object[error.start]:02x}); save it as UTF-8"
        except OSError as error:
            wrong = f"cannot be read: {_line(error.strerror or error)}"
        except pd.errors.ParserWarning:
            wrong = "has rows that are longer than its header: is `separator` right?"
        except (ValueError, csv.Error) as error:
            wrong = f"cannot be read as a table: {_line(error)}"
    raise mistakes([(("path",), f"{path}: {wrong}")])


def _no_file(path: Path) -> str:
    """Say what stands in a file's place, or nothing; a pipe or a device may have no end."""
    try:
        if not path.exists():
            names = [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else []
            close = get_close_matches(path.name, names, n=1)
            return "no such file" + (f" (did you mean {close[0]!r}?)" if close else "")
        if not path.is_file():
            return "is no file; one file holds the samples"
        return "" if path.stat().st_size else "is empty"
    except (OSError, ValueError) as error:  # too long a name, a folder that nobody may enter, \0
        return f"cannot be read: {_line(getattr(error, 'strerror', None) or error)}"


def _line(error: object) -> str:
    """Write a library's message in one line of no great length."""
    return " ".join(str(error).split())[:160]


def csv_reader(separator: str | None) -> Callable[[Path], pd.DataFrame]:
    """Return how a CSV file is read: its first row is the header, its text UTF-8.

    Without a separator it is the one of `SEPARATORS` that is most frequent in the header, outside
    quotes. A byte-order mark and blanks around names are dropped.
    """

    def read_csv(path: Path) -> pd.DataFrame:
        with path.open(encoding="utf-8-sig", newline="") as file:
            between = separator or sniffed(file.readline())
            file.seek(0)
            header = [
                name.strip()
                for name in next(csv.reader(file, delimiter=between, skipinitialspace=True), [])
            ]
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # rows longer than the header
            frame = pd.read_csv(
                path, sep=between, header=0, names=list(range(len(header))), index_col=False,
                encoding="utf-8-sig", skipinitialspace=True, low_memory=False,
            )  # fmt: skip
        frame.columns = pd.Index(header)
        if between != ",":
            frame.attrs["comma"] = True
        return frame

    return read_csv


def sniffed(header: str) -> str:
    r"""Return the separator that a header shows.

    >>> sniffed('"a, in m";b;c'), sniffed("a")
    (';', ',')
    """
    return max(SEPARATORS, key=re.sub(r'"[^"]*"', "", header).count)


def parquet_reader(path: Path) -> pd.DataFrame:
    """Read a Parquet file."""
    return pd.read_parquet(path)
