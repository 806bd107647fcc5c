"""The public names of `study` are a decision: listed, documented, and loaded when asked for."""

import subprocess
import sys
from pathlib import Path
from typing import Literal, assert_type

import pytest

import study
from tests.pipelines import small

NAMES = {
    "Finished", "Model", "Noted", "Options", "Results", "StackDone", "Started",
    "load_model", "load_pipeline", "load_results", "run",
}  # fmt: skip


def test_the_public_names_are_these_and_documented() -> None:
    assert set(study.__all__) == NAMES
    assert [name for name in study.__all__ if not getattr(study, name).__doc__] == []
    with pytest.raises(AttributeError, match="module 'study' has no attribute 'train'"):
        _ = study.train


def test_a_study_is_imported_without_what_it_needs_later() -> None:
    code = "import sys, study; sys.exit(any(n.startswith('study.') for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_settings_read_from_python_have_types(tmp_path: Path) -> None:
    """`make check` reads the types; the values are those of the file."""
    path = tmp_path / "x.toml"
    text = 'name = "x"\n[datasets.xor]\ngenerator = "xor"\n[model]\nhidden = [8, 4]\n'
    path.write_text(text, encoding="utf-8")
    pipeline = study.load_pipeline(path, ["training.lr=1", "training.batch_size=4"])
    model, training = pipeline.model, pipeline.training
    assert assert_type(training.lr, float) == 1.0
    assert assert_type(training.momentum, float) == 0.0
    assert assert_type(training.batch_size, str) == "4"
    assert assert_type(training.epochs, int) == 5000
    assert assert_type(training.precision, Literal["float32", "float64"]) == "float32"
    assert assert_type(model.hidden, str) == "8x4"
    assert assert_type(model.activation, str) == "sigmoid"


def test_a_study_run_from_python_yields_the_events_that_are_documented(tmp_path: Path) -> None:
    pipeline = small("training.epochs=2", "search.repetitions=1", "search.parameters.lr=[50]")
    options = study.Options(tmp_path, executor="inline")
    started, *stacks, finished = study.run(pipeline, options)
    assert isinstance(started, study.Started)
    assert (started.runs, started.stored) == (16, 0)
    assert all(isinstance(stack, study.StackDone) for stack in stacks)
    assert sum(stack.runs for stack in stacks if isinstance(stack, study.StackDone)) == 16
    assert isinstance(finished, study.Finished)
    assert isinstance(study.load_results(finished.folder), study.Results)
    fewer = study.run(small("search.repetitions=2", text=pipeline.text), options)
    assert isinstance(next(fewer), study.Started)
    fewer.close()  # left early: what there was is kept
    assert len(study.load_results(finished.folder).runs) == 16
    assert not (finished.folder / "study.lock").exists()
