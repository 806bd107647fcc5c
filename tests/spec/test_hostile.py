"""Bent pipeline files are refused with a sentence, within a second, and touch no other file."""

import contextlib
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study.cli import main
from study.errors import PipelineError
from study.spec.load import LONGEST, load_pipeline, read_pipeline

SECOND = 1.0 if sys.gettrace() is None else 3.0
"""Of a processor's time; coverage takes twice as much again."""

VALID = (
    """
name = "x"
title = "A title"
[datasets.a]
generator = "linear"
samples = 20
test_fraction = 0.2
[datasets.b]
generator = "moons"
test_fraction = 0.5
[model]
output_activation = "same"
[training]
epochs = 10
[search]
repetitions = 2
[search.objective]
metric = "final_test_loss"
[search.parameters]
lr = [0.01, 0.1]
hidden = [[4], [6, 3]]
activation = ["tanh", "none"]
optimizer = ["sgd", "adam"]
momentum = {choices = [0.0, 0.9], when = {optimizer = "sgd"}}
[[search.exclude]]
where = {optimizer = "adam", lr = 0.1}
reason = "too fast"
[[hypotheses]]
id = "a"
claim = "b"
datasets = ["a"]
compare = {parameter = "activation", value = "tanh", with = "none"}
metric = "final_train_loss"
expect = "lower"
""",
    """
name = "y"
[datasets.a]
generator = "xor"
[search]
method = "tpe"
trials = 20
batch = 4
confirm = 2
compare_with = "random"
[search.pruner]
method = "successive_halving"
rungs = [10, 100]
factor = 3
[search.parameters]
lr = {low = 1e-4, high = 1.0, log = true}
hidden = {layers = [1, 2], width = {low = 4, high = 64}}
batch_size = {low = 4, high = 16, step = 4}
[[search.include]]
lr = 0.01
[execution]
workers = 2
timeout = 9.5
""",
    """
name = "z"
[datasets.own]
generator = "csv"
path = "own.csv"
features = ["p", "q"]
target = "r"
test_fraction = 0.5
[search.parameters]
lr = [0.1]
""",
)

NUMBERS = [
    "0",
    "-1",
    "1e308",
    "-1e-308",
    "9" * 30,
    "9" * 5000,
    "nan",
    "-inf",
    "0x7fffffff",
    "1e-400",
]
WORDS = [
    '""', '"../../etc/x"', '"a/b"', '"CON"', '"\\u0000"', '"\\u0007\\u001b[31m"',
    '"\\u202e\\u0301😀"', f'"{500 * "x"}"', "true", "1979-05-27", "[]", "{}", "[[[]]]",
    "[" * 60 + "]" * 60, "{a = {b = {c = {}}}}", '"/dev/zero"', '"."', '"nan"',
]  # fmt: skip
KEYS = ["name", "lr", "when", "path", "choices", '"../x"', '"\\u0000"', '""', "a.b.c", "__class__"]
values = st.sampled_from(NUMBERS + WORDS) | st.text(max_size=9).map(json.dumps)
places = st.integers(0, 10_000)


def bent(text: str, bends: list[tuple[str, int, str, str]]) -> str:
    """Return a text with some of its lines bent."""
    lines = text.splitlines()
    for how, place, value, key in bends:
        i = place % len(lines)
        match how:
            case "value":
                lines[i] = f"{lines[i].partition('=')[0]} = {value}"
            case "item":
                lines[i] = re.sub(r"[\w.\"-]+(?=[,\]}]|$)", lambda _: value, lines[i], count=1)  # noqa: B023
            case "key":
                lines[i] = f"{key} = {lines[i].partition('=')[2] or value}"
            case "table":
                lines.insert(i, f"[{key}]")
            case "twice":
                lines.insert(i, lines[place // 7 % len(lines)])
            case "gone":
                lines[i] = ""
            case "many":
                lines[i] = f"{lines[i].partition('=')[0]} = [{', '.join([value] * 300)}]"
            case "sign":
                cut = place % (len(lines[i]) + 1)
                lines[i] = f"{lines[i][:cut]}{chr(place % 0x250)}{lines[i][cut:]}"
    return "\n".join(lines)


ways = st.sampled_from(["value", "item", "key", "table", "twice", "gone", "many", "sign"])
bends = st.lists(st.tuples(ways, places, values, st.sampled_from(KEYS)), min_size=1, max_size=4)


def tried(text: str, path: Path) -> tuple[str, ...]:
    """Return the mistakes of a text; whatever else is raised is a fault, and so is waiting."""
    began = time.process_time()
    try:
        read_pipeline(text, path)
        found: tuple[str, ...] = ()
    except PipelineError as error:
        found = error.mistakes
    assert time.process_time() - began < SECOND
    assert all(says.startswith(f"{path}: ") for says in found)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the file that one of the valid pipelines reads."""
    found = tmp_path_factory.mktemp("hostile")
    (found / "own.csv").write_text("p,q,r\n1,2,a\n2,3,b\n3,4,a\n")
    return found


@pytest.mark.parametrize("text", VALID)
def test_the_files_that_are_bent_are_right_before(text: str, folder: Path) -> None:
    assert tried(text, folder / "x.toml") == ()


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(VALID), bends)
def test_a_bent_file_is_a_mistake_or_a_pipeline_within_a_second(
    folder: Path, text: str, bends: list[tuple[str, int, str, str]]
) -> None:
    tried(bent(text, bends), folder / "x.toml")
    assert [path.name for path in folder.iterdir()] == ["own.csv"]


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=40), places, st.sampled_from(VALID))
def test_any_bytes_are_a_mistake_or_a_pipeline(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, place: int, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.toml"
    whole = text.encode()
    cut = place % len(whole)
    path.write_bytes(whole[:cut] + data + whole[cut:])
    with contextlib.suppress(PipelineError):
        load_pipeline(path)


FULL = LONGEST - 300
HEAD = 'name = "x"\n[datasets.a]\ngenerator = "xor"\n'


def filled(piece: str, join: str = "") -> str:
    """Return as many different pieces as a file may hold; {i} numbers them."""
    count = FULL // (len(piece.format(i=99_999)) + len(join))
    return join.join(piece.format(i=i) for i in range(1, count))


FULL_FILES: dict[str, str] = {
    "a list": f"{HEAD}[search.parameters]\nlr = [{filled('0.{i}1', ', ')}]",
    "shapes": f"{HEAD}[search.parameters]\nhidden = [{filled('[{i}]', ', ')}]",
    "keys": HEAD + filled("k{i} = 1\n"),
    "datasets": 'name = "x"\n' + filled('[datasets.d{i}]\ngenerator = "xor"\n'),
    "exclusions": f"{HEAD}[search.parameters]\nlr = [0.1, 0.2]\n"
    + filled('[[search.exclude]]\nwhere = {{lr = 0.1}}\nreason = "{i}"\n'),
    "hypotheses": HEAD
    + filled(
        '[[hypotheses]]\nid = "{i}"\nclaim = "c"\nmetric = "epochs"\nexpect = {{at_most = 1.0}}\n'
    ),
    "a dotted key": HEAD + ".".join(["a"] * (FULL // 2)) + " = 1",
    "a dotted table": f"{HEAD}[{'. '.join(['a'] * (FULL // 3))}]",
    "brackets": f"{HEAD}[model]\nhidden = {'[' * FULL}",
    "braces": f"{HEAD}[model]\nhidden = {'{a=' * (FULL // 3)}",
    "a name": f'name = "{"x" * FULL}"',
    "a number": f"{HEAD}[training]\nepochs = {'9' * FULL}",
    "a comment": f"{HEAD}#{'-.' * (FULL // 2)}",
    "dots in a text": f'{HEAD}[model]\nloss = "{"a " * (FULL // 2)}"',
}


@pytest.mark.parametrize("text", FULL_FILES.values(), ids=FULL_FILES)
def test_a_file_as_long_as_may_be_takes_no_second(text: str) -> None:
    assert LONGEST * 0.8 < len(text) <= LONGEST
    tried(text, Path("x.toml"))


def test_a_longer_file_and_one_without_an_end_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    path.write_text(HEAD + "#" * 1_000_000)
    for long in (path, Path("/dev/zero")):
        with pytest.raises(PipelineError) as caught:
            load_pipeline(long)
        assert str(caught.value) == (
            f"{long}: is longer than 100,000 bytes: no pipeline file needs as many"
        )


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


@pytest.mark.parametrize(("more", "says"), TOO_LARGE.items())
@pytest.mark.parametrize("command", ["run", "plan"])
def test_a_study_too_large_to_plan_is_refused_with_its_number(
    command: str, more: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.toml"
    path.write_text(f'name = "x"\ndatasets.a.generator = "xor"\n{more}')
    tried(path.read_text(), path)
    with pytest.raises(SystemExit) as left:
        main([command, str(path), "--results", str(tmp_path / "results")])
    said: Any = capsys.readouterr()
    assert (left.value.code, said.err) == (2, f"error: {path}: {says}\n")
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
