"""The public names of `study` are a decision: listed, documented, and loaded when asked for."""

import pydoc
import re
import rlcompleter
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, Literal, assert_type

import pytest

import study
from tests.pipelines import small
from tests.store.made import made, stored

NAMES = {
    "Finished", "Model", "Noted", "Options", "Pipeline", "PipelineError", "Results",
    "ResultsError", "StackDone", "Started", "StudyError", "__version__",
    "load_model", "load_pipeline", "load_results", "report", "run",
}  # fmt: skip


def test_the_public_names_are_these_and_documented() -> None:
    assert set(study.__all__) == NAMES
    assert dir(study) == sorted(NAMES), "also after other modules were loaded"
    assert study.__version__ == metadata.version("hyperparameter-study")
    assert issubclass(study.PipelineError, study.StudyError)
    assert issubclass(study.ResultsError, study.StudyError)
    assert [name for name in study.__all__ if not getattr(study, name).__doc__] == []
    page = pydoc.plain(pydoc.render_doc(study))
    before, _ = page.split("PACKAGE CONTENTS")
    assert [name for name in sorted(NAMES) if f"`{name}`" not in before] == []
    for name in NAMES - {"__version__", "report"}:  # the latter is a package too
        assert re.search(rf"^    (class |){name}\b", page, re.MULTILINE), name
    assert not re.search(r"^    (import_module|TYPE_CHECKING|Any)\b", page, re.MULTILINE)
    with pytest.raises(AttributeError, match="module 'study' has no attribute 'train'") as caught:
        _ = study.train
    assert (caught.value.name, caught.value.obj) == ("train", study)


def test_a_study_is_imported_without_what_it_needs_later() -> None:
    code = "import sys, study; sys.exit(any(n.startswith('study.') for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_the_editor_and_the_interpreter_complete_is_public() -> None:
    completer = rlcompleter.Completer({"study": study})
    shown = {completer.complete("study.", i) for i in range(99)} - {None}
    names = {str(name).removeprefix("study.").split("(")[0] for name in shown}
    assert names <= NAMES | set(dir(type(study)))
    assert names >= NAMES - {"__version__"}


def anything(value: object) -> Any:  # noqa: ANN401  # what a type checker would refuse
    """Return a value of any type."""
    return value


WRONG: dict[str, tuple[Callable[[], object], tuple[str, ...]]] = {
    "run a number": (lambda: study.run(anything(3)), ("pipeline", "got 3", "Pipeline")),
    "run a class": (lambda: study.run(anything(study.Pipeline)), ("the class Pipeline",)),
    "run into a folder": (
        lambda: study.run("x.toml", anything("out")), ("options", "study.Options", "'out'")),
    "options": (lambda: study.Options(anything(3)), ("results", "got 3")),
    "workers": (lambda: study.Options(workers=anything("2")), ("workers", "'2'")),
    "true workers": (lambda: study.Options(workers=True), ("workers", "True")),
    "executor": (lambda: study.Options(executor=anything(1)), ("executor", "got 1", "'inline'")),
    "stacks": (lambda: study.Options(stack_size=anything(1.5)), ("stack_size", "1.5")),
    "fresh": (lambda: study.Options(fresh=anything("no")), ("fresh", "'no'")),
    "command": (lambda: study.Options(command=anything("study run")), ("command", "'study run'")),
    "report a number": (lambda: study.report(anything(3)), ("folder", "got 3", "'results/lab'")),
    "report by text": (lambda: study.report("x", workers=anything("2")), ("workers", "'2'")),
    "results of None": (lambda: study.load_results(anything(None)), ("folder", "None")),
    "results of a class": (lambda: study.load_results(anything(Path)), ("the class Path",)),
    "a model of results": (
        lambda: study.load_model(anything(["x"])), ("folder", "['x']", "a str or a Path")),
    "a model of a number": (lambda: study.load_model("x", run_id=anything(3)), ("run_id", "got 3")),
    "a model of two": (
        lambda: study.load_model("x", dataset=anything(["a"])), ("dataset", "['a']")),
    "a pipeline of a dict": (
        lambda: study.load_pipeline(anything({"name": "x"})), ("path", "{'name': 'x'}")),
    "one override": (
        lambda: study.load_pipeline("x", anything("a=1")), ("overrides", "list", "'a=1'")),
    "overrides": (lambda: study.load_pipeline("x", anything([1])), ("overrides", "[1]")),
    "a dict of overrides": (
        lambda: study.load_pipeline("x", anything({"a": 1})), ("overrides", "{'a': 1}")),
}  # fmt: skip


@pytest.mark.parametrize(("call", "words"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_type_is_named_at_the_call(
    call: Callable[[], object], words: tuple[str, ...]
) -> None:
    with pytest.raises(TypeError) as caught:
        call()
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_number_below_one_is_refused() -> None:
    for name in ("workers", "stack_size"):
        with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
            study.Options(**anything({name: 0}))


def test_results_name_what_a_method_cannot_take(tmp_path: Path) -> None:
    stored(tmp_path, [made(0)])
    results = study.load_results(tmp_path)
    calls: list[tuple[Callable[[], object], str, str]] = [
        (lambda: results.metrics(anything("lr")), "where", "'lr'"),
        (lambda: results.metrics(columns=anything("epoch")), "columns", "'epoch'"),
        (lambda: results.metrics(epochs=anything(3)), "epochs", "got 3"),
        (lambda: results.predictions(anything([1])), "where", "[1]"),
        (lambda: results.table(anything(1)), "name", "got 1"),
    ]
    for call, name, given in calls:
        with pytest.raises(TypeError) as caught:
            call()
        assert str(caught.value).startswith(f"{name} must be ")
        assert given in str(caught.value)


def test_a_study_is_run_and_reported_by_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`study.report` is a function whether or not the package behind it is loaded."""
    text = small("training.epochs=2", "search.repetitions=1", "search.parameters.lr=[0.1]").text
    path = tmp_path / "small.toml"
    path.write_text(text, encoding="utf-8")
    options = study.Options(tmp_path, executor="inline")
    for given in (path, str(path)):
        *_, last = study.run(given, options)
        assert isinstance(last, study.Finished)
        assert (last.folder, last.runs) == (tmp_path / "small", 16)
    folder = tmp_path / "small"
    with pytest.raises(study.PipelineError, match="no such file"):
        study.run(tmp_path / "none.toml")
    with pytest.raises(study.ResultsError, match="there is no folder"):
        study.report(tmp_path / "none")
    drawn: list[tuple[Path, int]] = []

    def draw(folder: Path, *, workers: int) -> Path:
        drawn.append((folder, workers))
        return folder / "report.html"

    monkeypatch.setattr("study.report.page.write_report", draw)
    assert study.report(str(folder)) == folder / "report.html"
    assert study.report(folder, workers=2).name == "report.html"
    assert drawn == [(folder, 1), (folder, 2)]


def test_settings_read_from_python_have_types(tmp_path: Path) -> None:
    """`make check` reads the types; the values are the file's."""
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
