"""Nothing of a results folder is executed: a pickle in any file's place stays a file."""

import contextlib
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typing_extensions import override

from study.errors import StudyError
from study.execution.belonging import belonging
from study.execution.reproduce import reproduce
from study.report.gather import gather
from study.spec.load import load_pipeline
from study.store.stored import stored_runs
from tests.driving import finish
from tests.pipelines import small

BOMB = "touched"

FOUND: list[str] = []
"""What unpickling has looked up while `LISTENING`; an audit hook cannot be taken away again."""

LISTENING: list[bool] = []


class Bomb:
    """Touches a file where it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @override
    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if LISTENING and event == "pickle.find_class":
        FOUND.append(str(arguments))


sys.addaudithook(_hook)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small finished study."""
    results = tmp_path_factory.mktemp("results")
    pipeline = small(
        "training.epochs=2", "search.repetitions=1", "search.parameters.lr=[0.1]",
        "search.parameters.hidden=[[2]]",
    )  # fmt: skip
    finish(pipeline, results)
    return results / "small"


def test_a_pickle_would_be_seen(tmp_path: Path) -> None:
    LISTENING.append(True)
    pickle.loads(pickle.dumps(Bomb(tmp_path / BOMB)))  # noqa: S301  # the bomb of this test
    LISTENING.clear()
    assert (tmp_path / BOMB).exists()
    assert FOUND
    FOUND.clear()


FILES = [
    "pipeline.toml", "provenance.json", "trials.parquet", "hypotheses.parquet", "optuna.journal",
    "study.lock", "runs.parquet", "metrics.parquet", "predictions.parquet",
]  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_pickle_with_the_name_of_a_file_is_never_loaded(
    name: str, stored: Path, tmp_path: Path
) -> None:
    """Other tests check which of these calls succeed and which are refused."""
    pipeline = load_pipeline(stored / "pipeline.toml")
    folder = tmp_path / "small"
    shutil.copytree(stored, folder)
    part = next(iter((folder / name).glob("*")), folder / name)
    part.write_bytes(pickle.dumps(Bomb(tmp_path / BOMB)))
    run_id = next(iter(stored_runs(stored)))
    calls: list[Callable[[], object]] = [
        lambda: belonging(folder, stored_runs(folder), pipeline),
        lambda: reproduce(folder, run_id),
        lambda: gather(folder),
        lambda: finish(pipeline, tmp_path),
    ]
    LISTENING.append(True)
    try:
        for call in calls:
            with contextlib.suppress(StudyError, OSError, ValueError):
                call()
    finally:
        LISTENING.clear()
    assert not (tmp_path / BOMB).exists()
    assert FOUND == []
