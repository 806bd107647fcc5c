"""The pipeline file may be edited while its study runs: the results follow the old text."""

import pytest

from tests.faults.harness import LONG, Study
from tests.pipelines import small


@pytest.mark.faults
@pytest.mark.parametrize("text", ["name = ", "", small(*LONG, "training.epochs=7").text])
def test_a_file_that_is_edited_while_its_study_runs_changes_nothing_of_it(
    study: Study, text: str
) -> None:
    before = study.pipeline.read_text(encoding="utf-8")
    process = study.run_until_stored()
    study.pipeline.write_text(text, encoding="utf-8")
    assert study.end(process) == 0
    study.is_right()
    assert (study.results / "pipeline.toml").read_text(encoding="utf-8") == before
    assert study.run() == 2, "what the file says now is no pipeline, or another one"
    study.pipeline.write_text(before, encoding="utf-8")
    study.resumes()


@pytest.mark.faults
def test_a_file_that_is_gone_is_not_missed_by_a_study_that_runs(study: Study) -> None:
    before = study.pipeline.read_text(encoding="utf-8")
    process = study.run_until_stored()
    study.pipeline.unlink()
    assert study.end(process) == 0
    study.is_right()
    study.pipeline.write_text(before, encoding="utf-8")
    study.resumes()
