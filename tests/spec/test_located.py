"""Where keys are: every key and item of a TOML text, by its line and column."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from study.errors import PipelineError
from study.spec.load import read_pipeline
from study.spec.located import Place, pointed, positions

PIPELINES = sorted((Path(__file__).parents[2] / "pipelines").glob("*.toml"))

GNARLY = '''
"quoted.key" = 1 # a = 2
a . 'b.c' = """
[no.table]
x = "y" \\"""" # still a text: ""
d = {e = [1, {f = "]"}, [2, 3]], "g h" = '}'}
when = 1979-05-27 07:32:00
empty = []
none = {}
literal = \'\'\'
z = 1\'\'\'

[t.u] # [not.this]
deep = [
  # one = 1
  'x', # ]
  ["y", "z",],
]
[[list]]
one = 1
[list.sub]
two = -1.5e3
[[list]]
three = true
[[list.inner]]
four = inf
[[list.inner]]
[t]
five = """""five"""""
'''


def paths(data: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Yield every place of what tomllib reads, with its value."""
    if place:
        yield place, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from paths(value, (*place, key))
    if isinstance(data, list):
        for i, value in enumerate(data):
            yield from paths(value, (*place, i))


@pytest.mark.parametrize(
    "text",
    [*(path.read_text(encoding="utf-8") for path in PIPELINES), GNARLY, "", "\n# nothing"],
    ids=[*(path.stem for path in PIPELINES), "gnarly", "empty", "comment"],
)
def test_every_place_of_a_file_has_its_position(text: str) -> None:
    """The places match tomllib's; at each offset is its key, its item or a header."""
    located, read = positions(text), dict(paths(tomllib.loads(text)))
    assert located.keys() == read.keys()
    for place, offset in located.items():
        rest, step = text[offset:], place[-1]
        if isinstance(step, str) and rest[0] != "[":
            assert rest.lstrip("\"'").startswith(step)
        elif isinstance(step, str) or isinstance(read[place], dict):
            assert rest[0] in "[{"
        elif not isinstance(read[place], list):
            item = tomllib.loads(f"v = {rest.partition(',')[0].partition(']')[0]}")["v"]
            assert item == read[place]


def test_a_caret_is_below_wide_and_combining_characters() -> None:
    """A character of Chinese takes two cells of a terminal, a combining accent none."""
    for before, cells in (("日本", 4), ("e\u0301", 1), ("äß", 2)):
        _, line, caret = pointed("x.toml", f"{before}?", len(before), "no").splitlines()
        assert line == f"  1 | {before}?"
        assert caret == f"    | {' ' * cells}^"


def test_a_caret_is_below_the_column_in_long_lines_and_behind_tabs_and_escapes() -> None:
    for text, offset in (
        ("x" * 300, 200), ("\t\ta = 1", 2), ("é" * 100, 99), ("'\x1b\u202e' = 2", 7), ("ab", 2),
    ):  # fmt: skip
        first, line, caret = pointed("x.toml", f"\n\n{text}\nlast", offset + 2, "no").splitlines()
        assert first == f"x.toml:3:{offset + 1}: no"
        assert (max(len(line), len(caret)) <= 80, line.isprintable()) == (True, True)
        at = caret.index("^")
        assert caret[:at].strip(" |") == ""
        assert line[at : at + 1] == text[offset : offset + 1]


WRONG = """name = "x"
[datasets.own]
generator = "nothing"
[search]
repetitions = 0
[search.parameters]
lr = [0.1,
      -1]
[[hypotheses]]
id = "a"
"""


def test_errors_of_values_and_keys_have_lines_and_overridden_ones_have_none() -> None:
    with pytest.raises(PipelineError) as caught:
        read_pipeline(WRONG, "x.toml", ["training.epochs=0", "search.seed=-1"])
    text = str(caught.value)
    for start in (
        "x.toml:3:1: datasets.own.generator: ", "x.toml:5:1: search.repetitions: ",
        "x.toml:8:7: search.parameters.lr[1]: ", "x.toml:9:1: hypotheses[0].claim: ",
        "x.toml: training.epochs: ", "x.toml: search.seed: ",
    ):  # fmt: skip
        assert [line for line in text.splitlines() if line.startswith(start)], start
    assert "\n  8 |       -1]\n    |       ^" in text
