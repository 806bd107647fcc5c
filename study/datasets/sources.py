"""The text of a file: unpacked, decoded, and measured before it is read."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, TextIO

from study.datasets.formats import GZIP, HEAD, other_format
from study.datasets.tables import check_size
from study.units import amount

UTF8, WINDOWS, LATIN = "utf-8-sig", "cp1252", "latin-1"

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A file of text: its encoding, and whether it is packed by gzip."""

    path: Path
    encoding: str = UTF8
    packed: bool = False

    @contextmanager
    def unpacked(self) -> Iterator[BinaryIO]:
        """Open the file, unpacked; ValueError if the packing is damaged."""
        with self.path.open("rb") as file:
            try:
                yield gzip.GzipFile(fileobj=file) if self.packed else file  # type: ignore[misc]  # it reads bytes
            except (EOFError, zlib.error, gzip.BadGzipFile):
                problem = "is a gzip file that is damaged or cut short: pack it again"
                raise ValueError(problem) from None

    @contextmanager
    def text(self) -> Iterator[TextIO]:
        """Open the text, with its line ends unchanged."""
        with self.unpacked() as file:
            yield io.TextIOWrapper(file, encoding=self.encoding, newline="")

    @property
    def arguments(self) -> dict[str, object]:
        """The encoding and compression arguments for pandas."""
        encoding = {} if self.encoding == UTF8 else {"encoding": self.encoding}
        return {**encoding, **({"compression": "gzip"} if self.packed else {})}

    @property
    def described(self) -> str:
        """A description of the encoding and the packing."""
        encoding = "UTF-8" if self.encoding == UTF8 else self.encoding.upper()
        return f"{encoding}, unpacked by gzip" if self.packed else encoding

    def check(self, separator: str, columns: int) -> None:
        """Raise ValueError if a text is too long, cannot be decoded or contains a zero byte.

        It is read piece by piece, so that it does not fill memory.
        """
        check_size(0, self.path.stat().st_size, columns)
        decoder = codecs.getincrementaldecoder(self.encoding)()
        taken = lines = cells = 0
        with self.unpacked() as file:
            while True:
                chunk = file.read(CHUNK)
                taken += len(chunk)
                check_size(cells, taken, columns)
                begun = decoder.getstate()[0]
                try:
                    text = decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError as error:
                    good = bytes(begun + chunk)[: error.start].decode(self.encoding, "ignore")
                    raise _undecodable(self, lines + _ends(good) + 1, error) from None
                if not chunk:
                    break
                if "\0" in text:
                    at = lines + _ends(text[: text.index("\0")]) + 1
                    problem = f"contains a zero byte in line {amount(at)}; save it as UTF-8 text"
                    raise ValueError(problem)
                lines += _ends(text)
                cells += text.count(separator) + _ends(text)
        check_size(cells, taken, columns)


def in_quotes(source: Source, text: str) -> bool:
    """Return whether a text occurs in quotes."""
    wanted, before = f'"{text}"', ""
    with source.text() as file:
        while chunk := file.read(CHUNK):
            if wanted in before + chunk:
                return True
            before = chunk[-len(wanted) :]
    return False


def _ends(text: str) -> int:
    """Count line ends: a carriage return alone counts if there are no line feeds."""
    return text.count("\n") or text.count("\r")


class UndecodableError(ValueError):
    """A text has bytes that are invalid in its encoding; `likely` is the source in another one."""

    def __init__(self, problem: str, likely: Source) -> None:
        super().__init__(problem)
        self.likely = likely


def _undecodable(source: Source, line: int, error: UnicodeDecodeError) -> ValueError:
    """Return the error for a text that is not UTF-8, and its probable encoding."""
    byte = error.object[error.start]
    if source.encoding != UTF8:
        return ValueError(f"is not {source.described} text from line {amount(line)} on")
    for encoding, name in ((WINDOWS, "Windows-1252"), (LATIN, "Latin-1")):
        likely = replace(source, encoding=encoding)
        try:
            with likely.unpacked() as file:
                while chunk := file.read(CHUNK):
                    chunk.decode(encoding)
        except UnicodeDecodeError:
            continue
        sign = bytes([byte]).decode(encoding)
        problem = f"is not UTF-8 text: line {amount(line)} has the byte 0x{byte:02x}"
        return UndecodableError(f"{problem}, which is {sign!r} in {name}", likely)
    raise AssertionError  # every byte is a character of Latin-1


def source_of(path: Path) -> Source:
    """Return how the text of a file is read; ValueError if it is a file of another format."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    source = Source(path, packed=head.startswith(GZIP))
    if source.packed:
        with source.unpacked() as unpacked:
            head = unpacked.read(HEAD)
    if problem := other_format(path, head):
        raise ValueError(problem)
    return replace(source, encoding=_encoding(head))


def _encoding(head: bytes) -> str:
    """Return the encoding that the first bytes show: a byte-order mark, or zeros at every other."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    pairs = len(head) // 2
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[start::2].count(0), head[1 - start :: 2].count(0)
        if pairs and zeros > pairs * 2 // 3 and not others:
            return encoding
    return UTF8
