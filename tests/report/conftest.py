"""Studies of every kind that tests of the report only read: each is stored and read once."""

from collections.abc import Callable

import pytest

from study.report.gather import gather
from tests.studies import STUDIES, Study


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
