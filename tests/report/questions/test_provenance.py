"""Provenance lists each execution with its versions, and no name of a machine or folder."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from study.report.questions.provenance import QUESTION, finding, tables
from study.store.provenance import fingerprint, git_commit, versions, write_provenance
from tests.studies import Study
from tests.words import only

START = datetime(2030, 1, 2, 3, 4, tzinfo=UTC)


@pytest.fixture
def material(tmp_path: Path) -> Mock:
    """Return a study that was interrupted, and ended a day later after 150 seconds."""
    command = ("study", "run", "/home/someone/lab.toml")
    write_provenance(tmp_path, command=command, started=START)
    again = START + timedelta(days=1)
    finished = again + timedelta(seconds=150)
    write_provenance(tmp_path, command=command, started=again, finished=finished)
    return Mock(results=Mock(folder=tmp_path))


def test_each_execution_has_its_date_duration_versions_and_processor(material: Mock) -> None:
    table = tables(material)["provenance"]
    assert table["started"].tolist() == ["2030-01-02 03:04 UTC", "2030-01-03 03:04 UTC"]
    assert table["duration"].isna().tolist() == [True, False]
    assert table["duration"].iloc[1] == "2 min 30 s"
    current = fingerprint()
    last = table.iloc[-1]
    expected = [current[name] for name in ("python", "numpy", "cpu", "blas", "blas_kernel")]
    assert last[["python", "numpy", "processor", "blas", "kernel"]].tolist() == expected
    assert last["study"] == versions().get("study")
    commit = git_commit()
    if commit is not None:
        assert commit.startswith(last["commit"].removesuffix("-dirty"))
        assert commit.endswith("-dirty") == last["commit"].endswith("-dirty")
    assert only(finding(table), "2030-01-02 to 2030-01-03", "2 executions.")
    assert only(finding(table[1:]), "2030-01-03", "1 execution.")
    assert finding(table[:0]) == []


def test_executions_on_different_machines_are_reported(material: Mock) -> None:
    table = tables(material)["provenance"]
    other = table.assign(processor=["another", table["processor"].iloc[1]])
    assert only(finding(other), "2 executions,", "different processors")


def test_no_name_of_a_folder_is_shown(material: Mock) -> None:
    for table in tables(material).values():
        assert "someone" not in table.to_string()


def test_a_study_without_provenance_leaves_the_question_out(
    read_only: Callable[[str], Study], tmp_path: Path
) -> None:
    assert QUESTION.applies(read_only("finished").material)
    without = Mock(results=Mock(folder=tmp_path))
    assert not QUESTION.applies(without)
    assert tables(without)["provenance"].empty
