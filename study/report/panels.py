"""The pictures of a question: one for each dataset, or a single one if it asks for that."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from markupsafe import Markup

from study.plot.columns import UNITS
from study.plot.image import Picture
from study.plot.parts import INCH, WIDEST
from study.plot.theme import Looks
from study.report.material import Material
from study.report.pictures import Artist, Later, element, key
from study.report.question import Question, Tables
from study.report.wording import typeset

DRAWN = 6
"""The most datasets that a question is drawn for, the first ones declared."""

HALF = 7.0
"""Inches: two figures that are no wider stand side by side on a wide page, a little smaller."""

SAID = 2
"""The number of sentences of the answer that end a text alternative."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture on the page; it names its dataset where there are several.

    `key` is its name in the cache. `size` is one of "narrow", "half" (two of them stand side by
    side on a wide page) and "whole"; wider panels scroll in their frame on a narrow page, but a
    phone shows those in parts that have them.
    """

    dataset: str
    key: str
    picture: Picture
    element: Markup
    size: Literal["narrow", "half", "whole"]


Drawn: TypeAlias = Mapping[str, tuple[str, Later]]
"""Dataset ("" for all of them) → the key of its picture in the cache, and the picture."""


def drawn(
    question: Question,
    tables: Tables,
    material: Material,
    before: Mapping[str, Picture],
    artist: Artist,
) -> Drawn:
    """Return a question's pictures, each drawn only where something has changed."""
    images: dict[str, tuple[str, Later]] = {}
    for i, (dataset, own, looks) in enumerate(parts(question, tables, material), start=1):
        name = f"{question.name}-{i}"
        cached_key = key(name, own, looks)
        later = _kept(before[cached_key]) if cached_key in before else artist(name, own, looks)
        images[dataset] = cached_key, later
    return images


def _kept(image: Picture) -> Callable[[], Picture]:
    return lambda: image


def parts(
    question: Question, tables: Tables, material: Material
) -> Iterator[tuple[str, Tables, Looks]]:
    """Yield what each picture of a question shows: a dataset, its rows, and its looks.

    Nothing where the question has no figure, or its first table too little that could be drawn.
    """
    first, looks = next(iter(tables.values())), material.looks
    if question.figure is None or first.empty or _drawable(first, question.draws) < question.fewest:
        return
    if question.together or "dataset" not in first:
        yield "", tables, looks
        return
    present = set(first["dataset"])
    for dataset in [name for name in material.pipeline.datasets if name in present][:DRAWN]:
        own = {
            name: table[table["dataset"] == dataset] if "dataset" in table else table
            for name, table in tables.items()
        }
        trivial = {of: loss for of, loss in looks.trivial_losses.items() if of == dataset}
        yield dataset, own, replace(looks, trivial_losses=trivial)


def _drawable(first: pd.DataFrame, draws: str) -> int:
    """Return the most rows of one dataset whose number is finite: only these can be drawn.

    Predictions are null where there are more than two classes, whose answers are drawn.
    """
    rows = first
    if draws in first and draws != "prediction":
        rows = first[np.isfinite(first[draws].astype(float))]
    counts = rows["dataset"].value_counts() if "dataset" in rows else [len(rows)]
    return int(max(counts, default=0))


def shown(question: Question, images: Drawn, answer: Sequence[str]) -> tuple[Panel, ...]:
    """Return the panels of a question with their text alternatives, from its answer."""
    panels = []
    for dataset, (first, later) in images.items():
        image = later()
        own = [sentence for sentence in answer if dataset in sentence] or answer
        of = f": {dataset}" if dataset else ""
        description = typeset(f"{question.picture}{of}. {' '.join(own[:SAID])}")
        panels.append(
            Panel(
                dataset=dataset if len(images) > 1 else "",
                key=first,
                picture=image,
                element=element(image, description),
                size=_size(image.width, len(images)),
            )
        )
    return tuple(panels)


def _size(pixels: int, panels: int) -> Literal["narrow", "half", "whole"]:
    inches = pixels / INCH
    if inches <= WIDEST / UNITS:
        return "narrow"
    return "half" if inches <= HALF and panels > 1 else "whole"
