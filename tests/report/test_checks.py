"""A report of files that do not belong together is one sentence, which names the file."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from study.errors import ResultsError
from study.report.gather import gather
from tests import searches
from tests.pipelines import small
from tests.store.made import rewrite

GRID = small("training.epochs=2", "search.parameters.hidden=[[2]]")


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a search with two arms, pruned and confirmed."""
    return searches.made(searches.searching("tpe"), tmp_path_factory.mktemp("search"))


@pytest.fixture(scope="module")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return searches.made(GRID, tmp_path_factory.mktemp("grid"))


def without(phase: str) -> Callable[[pa.Table], pa.Table]:
    """Return what removes the first trial of a phase."""

    def change(rows: pa.Table) -> pa.Table:
        phases = rows["phase"].to_pylist()
        first = phases.index(phase)
        return pa.concat_tables([rows.slice(0, first), rows.slice(first + 1)])

    return change


TRIALS: dict[str, Callable[[pa.Table], pa.Table]] = {
    "a trial less": without("search"),
    "a confirmation less": without("confirm"),
    "a trial twice": lambda rows: pa.concat_tables([rows, rows.slice(0, 1)]),
    "none": lambda rows: rows.slice(0, 0),
    "another objective": lambda rows: rows.set_column(
        rows.schema.get_field_index("objective"),
        rows.schema.field("objective"),
        pc.multiply(rows["objective"], 2.0),
    ),
    "another learning rate": lambda rows: rows.set_column(
        rows.schema.get_field_index("lr"), rows.schema.field("lr"), pc.multiply(rows["lr"], 2.0)
    ),
}


@pytest.mark.parametrize("change", TRIALS.values(), ids=TRIALS)
def test_trials_of_other_runs_are_not_reported(
    search: Path, tmp_path: Path, change: Callable[[pa.Table], pa.Table]
) -> None:
    folder = shutil.copytree(search, tmp_path / "small")
    assert not gather(folder).trials.empty
    rewrite(folder / "trials.parquet", change)
    with pytest.raises(ResultsError, match=r"trials.parquet does not describe the stored runs; `s"):
        gather(folder)


@pytest.mark.parametrize("name", ["trials.parquet", "certificate.parquet", "provenance.json"])
def test_a_finished_study_without_one_of_its_files_is_not_reported(
    grid: Path, tmp_path: Path, name: str
) -> None:
    folder = shutil.copytree(grid, tmp_path / "small")
    (folder / name).unlink()
    with pytest.raises(ResultsError, match=rf"{name} is missing; `study run` writes it again$"):
        gather(folder)


@pytest.mark.parametrize("runs", [7, 0])
def test_a_certificate_of_fewer_runs_is_not_reported(grid: Path, tmp_path: Path, runs: int) -> None:
    folder = shutil.copytree(grid, tmp_path / "small")
    rewrite(folder / "certificate.parquet", lambda rows: rows.slice(0, runs))
    with pytest.raises(ResultsError, match=r"certificate.parquet was made from other parts than"):
        gather(folder)


def test_a_damaged_provenance_is_not_reported(grid: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(grid, tmp_path / "small")
    (folder / "provenance.json").write_text('{"finished": 5}')
    with pytest.raises(ResultsError, match=r"provenance.json is damaged \(.+\); `study run` write"):
        gather(folder)


def test_a_damaged_part_is_named_before_its_certificate(grid: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(grid, tmp_path / "small")
    part = next((folder / "predictions.parquet").iterdir())
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(ResultsError, match=r"damaged .*`study run` sets it aside and trains its"):
        gather(folder)
