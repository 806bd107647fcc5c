"""Figures as pictures: drawn side by side, and cached by all that they are drawn from."""

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import active_children
from pathlib import Path
from typing import TypeAlias, TypeVar

import pandas as pd
from markupsafe import Markup
from pydantic import TypeAdapter

from study import plot
from study.interrupts import interrupts_wait, serve
from study.plot.image import LIBRARY, Picture, picture
from study.plot.texts import as_written
from study.plot.theme import Looks
from study.process import COLLECT
from study.report.chapters import QUESTIONS
from study.report.forking import context
from study.report.question import Tables
from study.store.cached import keep, kept
from study.store.names import FIGURES

T = TypeVar("T")

Later: TypeAlias = Callable[[], Picture]
"""A picture that is being drawn: the call waits for it."""

Artist: TypeAlias = Callable[[str, Tables, Looks], Later]
"""(name of a picture: its question, - and a number; tables; looks) → the picture."""

MOST = 32
"""The most processes that draw: no page has many more figures."""


def key(name: str, tables: Tables, looks: Looks) -> str:
    """Return a name for all that a figure is drawn from: its tables, its looks, the code."""
    digest = hashlib.sha256(_code())
    digest.update(repr((name, looks)).encode())
    for title, table in tables.items():
        digest.update(repr((title, list(table.columns))).encode())
        digest.update(
            pd.util.hash_pandas_object(table.astype("str"), index=False).to_numpy().tobytes()
        )
    return digest.hexdigest()[:16]


@cache
def _code() -> bytes:
    """Return the digest of all that draws, and of all that chooses what is drawn."""
    folders = Path(plot.__file__).parent, Path(__file__).parent
    files = [file for folder in folders for file in sorted(folder.rglob("*.py"))]
    code = b"".join(file.read_bytes() for file in files)
    return hashlib.sha256(code + LIBRARY.encode()).digest()


def drawn(name: str, tables: Tables, looks: Looks) -> Picture:
    """Draw a picture of this name."""
    own = name.rpartition("-")[0]
    figure = next(question.figure for question in QUESTIONS if question.name == own)
    if figure is None:
        raise ValueError(f"the question {own} has no figure")
    with as_written():
        return picture(figure(tables, looks), name)


def draw_now(name: str, tables: Tables, looks: Looks) -> Later:
    """Draw in this process, at once."""
    image = drawn(name, tables, looks)
    return lambda: image


def _serve() -> None:
    """Be a process that draws, and collects garbage seldom too."""
    serve()
    gc.freeze()
    gc.set_threshold(COLLECT)


@contextmanager
def artists(workers: int, *, at_once: bool = False) -> Iterator[Artist]:
    """Yield an artist: this process, or `workers` others, while this one computes tables.

    `at_once`: the others begin now, while this one reads, since there will be much to draw.
    """
    workers = min(workers, MOST)
    if workers == 1:
        yield draw_now
        return
    with interrupts_wait():  # threads and processes that begin here leave them to this one
        begun = ProcessPoolExecutor(workers, mp_context=context(), initializer=_serve)
        other = ThreadPoolExecutor(1)  # which waits for the first processes to begin
        other.submit(int)
    with begun as pool, other as thread:

        def submit(function: Callable[..., T], *arguments: object) -> Callable[[], T]:
            submitted: Future[Future[T]] = thread.submit(pool.submit, function, *arguments)
            return lambda: submitted.result().result()

        for _ in range(workers if at_once else 0):
            submit(int)
        try:
            yield lambda name, tables, looks: submit(drawn, name, tables, looks)
        except BaseException:
            for process in active_children():  # nobody waits for what they draw
                process.kill()
            for each in (thread, pool):
                each.shutdown(wait=False, cancel_futures=True)
            raise


def element(image: Picture, description: str) -> Markup:
    """Write a picture as an element of the page, with a text for who cannot see it.

    Parts for a phone are hidden from screen readers, which find the whole picture next to them.
    """
    if image.kind == "svg":
        own, parts = map(Markup, (image.text.removeprefix("<svg"), image.parts))  # escaped before
        return parts + Markup('<svg role="img" aria-label="{}"{}').format(description, own)
    size = Markup('width="{}" height="{}"').format(image.width, image.height)
    source = f"data:image/png;base64,{image.text}"
    return Markup('<img alt="{}" {} src="{}">').format(description, size, source)


_FIGURES = TypeAdapter(dict[str, Picture])


def drawn_before(folder: Path) -> dict[str, Picture]:
    """Return the cached figures of a folder: key → picture; none of an earlier release."""
    return kept(folder / FIGURES, _FIGURES) or {}


def keep_drawn(folder: Path, figures: Mapping[str, Picture]) -> None:
    """Cache a report's figures for the next report: key → picture."""
    keep(dict(figures), folder / FIGURES, _FIGURES)
