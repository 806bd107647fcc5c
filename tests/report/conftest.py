"""Studies of every kind that tests of the report only read: each is stored and read once."""

from collections.abc import Callable, Iterator

import pandas as pd
import pytest

from study.report.gather import gather
from tests.studies import STUDIES, Study


@pytest.fixture(autouse=True, scope="package")
def _texts_as_objects() -> Iterator[None]:
    """Keep texts as `write_report` keeps them, which takes a fifth of the time here too."""
    with pd.option_context("mode.string_storage", "python"):
        yield


@pytest.fixture(scope="session")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Study]:
    """Return what gives the study of a kind, in a folder results/ of its own."""
    collected: dict[str, Study] = {}

    def of(kind: str) -> Study:
        if kind not in collected:
            results = tmp_path_factory.mktemp("study") / "results"
            results.mkdir()
            folder = STUDIES[kind](results / "lab")
            collected[kind] = Study(folder, gather(folder))
        return collected[kind]

    return of
