"""Bent pipeline files are refused with a sentence, within a second, and touch no other file."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study.cli import main
from study.errors import PipelineError
from study.spec.load import load_pipeline
from study.spec.toml import LONGEST
from tests.spec.bent import FULL_FILES, HEAD, VALID, bends, bent, places
from tests.spec.timed import Reader

SECOND = 1.0
"""Of a processor's time."""


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with contextlib.closing(Reader()) as begun:
        yield begun


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the file that one of the valid pipelines reads."""
    path = tmp_path_factory.mktemp("hostile")
    (path / "own.csv").write_text("p,q,r\n1,2,a\n2,3,b\n3,4,a\n")
    return path


def tried(reader: Reader, text: str, path: Path) -> list[str]:
    """Return the errors of a text; any other exception is a fault, and so is a long wait."""
    errors, seconds = reader.read(text, path)
    assert seconds < SECOND
    assert all(message.startswith(f"{path}: ") for message in errors)
    return errors


@pytest.mark.parametrize("text", VALID)
def test_the_files_that_are_bent_are_right_before(reader: Reader, text: str, folder: Path) -> None:
    assert tried(reader, text, folder / "x.toml") == []


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(VALID), bends)
def test_a_bent_file_is_an_error_or_a_pipeline_within_a_second(
    reader: Reader, folder: Path, text: str, bends: list[tuple[str, int, str, str]]
) -> None:
    tried(reader, bent(text, bends), folder / "x.toml")
    assert [path.name for path in folder.iterdir()] == ["own.csv"]


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=40), places, st.sampled_from(VALID))
def test_any_bytes_are_an_error_or_a_pipeline(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, place: int, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.toml"
    whole = text.encode()
    cut = place % len(whole)
    path.write_bytes(whole[:cut] + data + whole[cut:])
    with contextlib.suppress(PipelineError):
        load_pipeline(path)


@pytest.mark.parametrize("text", FULL_FILES.values(), ids=FULL_FILES)
def test_a_file_of_the_largest_size_takes_less_than_a_second(reader: Reader, text: str) -> None:
    assert LONGEST * 0.8 < len(text) <= LONGEST
    tried(reader, text, Path("x.toml"))


def test_a_longer_file_and_one_without_an_end_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    path.write_text(HEAD + "#" * 1_000_000)
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    endless = "is a pipe or a device, not a file"
    for wrong, message in (
        (path, "is longer than 100,000 bytes: no pipeline file needs as many"),
        (Path("/dev/zero"), endless),
        (Path("/dev/tty"), endless),
        (pipe, endless),
        (tmp_path / ("x" * 300), "cannot be read: File name too long"),
    ):
        with pytest.raises(PipelineError) as caught:
            load_pipeline(wrong)
        assert str(caught.value) == f"{wrong}: {message}"


TOO_LARGE = {
    "search.repetitions = 100000000": (
        "search: a study has at most 2,000,000 runs, got 100,000,000: combinations 1 × datasets 1 "
        "× repetitions 100,000,000"
    ),
    'search.method = "random"\nsearch.trials = 100000000\n'
    "search.parameters.lr = {low = 0.1, high = 0.9}": (
        "search: a study has at most 2,000,000 runs, got 1,000,000,000: trials 100,000,000 × "
        "datasets 1 × repetitions 10"
    ),
    'search.method = "tpe"\nsearch.trials = 1000000\nsearch.compare_with = "random"\n'
    "search.parameters.lr = {low = 0.1, high = 0.9}": (
        "search: a study has at most 2,000,000 runs, got 20,000,000: 2 × trials 1,000,000 × "
        "datasets 1 × repetitions 10"
    ),
    "\n".join(
        f"search.parameters.{name} = {[(i + 1) / 1001 for i in range(1000)]}"
        for name in ("lr", "epsilon", "decay", "momentum")
    ): "search.parameters: a grid has at most 1,000,000 combinations, got 1,000,000,000,000",
}  # fmt: skip


def too_large(folder: Path, more: str) -> Path:
    """Return a pipeline file that asks for more than could be planned."""
    path = folder / "x.toml"
    path.write_text(f'name = "x"\ndatasets.a.generator = "xor"\n{more}')
    return path


@pytest.mark.parametrize("more", TOO_LARGE)
def test_a_study_that_is_too_large_is_refused_within_a_second(
    reader: Reader, more: str, tmp_path: Path
) -> None:
    path = too_large(tmp_path, more)
    assert tried(reader, path.read_text(), path) == [f"{path}: {TOO_LARGE[more]}"]


@pytest.mark.parametrize(("more", "message"), TOO_LARGE.items())
@pytest.mark.parametrize("command", ["run", "plan"])
def test_a_study_too_large_to_plan_is_refused_with_its_number(
    command: str, more: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = too_large(tmp_path, more)
    with pytest.raises(SystemExit) as left:
        main([command, str(path), "--results", str(tmp_path / "results")])
    output: Any = capsys.readouterr()
    column = 8 if message.startswith("search.parameters") else 1
    assert left.value.code == 2
    assert output.err.startswith(f"error: {path}:3:{column}: {message}\n")
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/../../x", "..", "", "x\\u0000", "x\\n", "a\\\\b"]
)
def test_a_study_or_a_dataset_has_no_name_that_leaves_the_results_folder(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in" / "x.toml"
    path.parent.mkdir()
    results = tmp_path / "in" / "results"
    for text in (
        f'name = "{name}"\n[datasets.a]\ngenerator = "xor"\n',
        f'name = "x"\n[datasets."{name}"]\ngenerator = "xor"\n',
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as left:
            main(["run", str(path), "--results", str(results)])
        assert left.value.code == 2
        assert "name is made of letters, digits, - and _" in capsys.readouterr().err
    assert [*tmp_path.rglob("*")] == [path.parent, path]
