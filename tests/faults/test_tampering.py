"""After any harm to any file, a study has the right tables again, or reports one sentence."""

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.faults.harms import CASES
from tests.faults.tampering import PIPELINES, assert_survives, made, same_seconds
from tests.shared import made_once

QUICK = {
    "grid": {
        "runs.parquet: a file", "metrics.parquet: a link", "report.html: flipped",
        "metrics.parquet/part-000000.parquet: same, unsigned", "pipeline.toml: cut",
        "provenance.json: earlier is 5", "study.lock: a link",
    },
    "search": {
        "certificate.parquet: one row less, signed", "pipeline.toml: gone",
        "predictions.parquet/part-000001.parquet: no row, signed", "optuna.journal: a pipe",
    },
}  # fmt: skip
"""Cases for `make test`: one of each kind."""


@pytest.fixture(scope="module", autouse=True)
def _timeless() -> Iterator[None]:
    with same_seconds():
        yield


@pytest.fixture(scope="module")
def undisturbed(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Return what gives a study of each kind, which all workers of a session copy."""

    def of(kind: str) -> Path:
        folder = made_once(request, f"undisturbed {kind}", partial(made, kind=kind))
        return folder / "results" / "small"

    return of


@pytest.mark.no_cover  # whole reports
@pytest.mark.parametrize(
    ("kind", "case"),
    [
        pytest.param(
            kind, case, id=f"{kind}, {case}",
            marks=() if case in QUICK[kind] else pytest.mark.faults,
        )
        for kind in PIPELINES for case in CASES
    ],
)  # fmt: skip
def test_a_damaged_file_is_regenerated_or_named(
    undisturbed: Callable[[str], Path], tmp_path: Path, kind: str, case: str
) -> None:
    """The target of a link never changes."""
    whole = undisturbed(kind)
    shutil.copytree(whole.parents[1], tmp_path / "study")
    results = tmp_path / "study" / "results" / "small"
    name, harm = CASES[case]
    harm(results / name)
    elsewhere = tmp_path / "study" / "elsewhere"
    before = {path: path.read_bytes() for path in elsewhere.rglob("*") if path.is_file()}
    output = assert_survives(results, whole, kind)
    assert before == {path: path.read_bytes() for path in before}
    for line in output.splitlines():
        if line.startswith("error: "):
            assert "results/small" in line
            remedies = "`study run` ", "restore the file", "--fresh", "replace the link"
            assert any(remedy in output for remedy in remedies)


def test_the_quick_cases_are_some_of_all() -> None:
    assert set.union(*QUICK.values()) <= set(CASES)
