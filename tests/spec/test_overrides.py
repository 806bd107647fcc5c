"""`--set KEY=VALUE` replaces one key and leaves the rest of the text as it is."""

import pytest

from study.errors import PipelineError
from study.spec.load import read_pipeline

TEXT = """\
# a comment
name = "x"   # another
datasets.a.generator = "xor"

[search]
repetitions = 2

[search.parameters]
lr = [0.1]
"""


def test_an_override_replaces_its_key_and_nothing_else() -> None:
    pipeline = read_pipeline(TEXT, "x.toml", ["search.repetitions=3"])
    assert pipeline.text == TEXT.replace("repetitions = 2", "repetitions = 3")


def test_values_are_toml_or_bare_words_and_missing_tables_are_created() -> None:
    given = ["training.precision=float64", "title = My study", "search.parameters.lr=[1, 2]"]
    pipeline = read_pipeline(TEXT, "x.toml", [*given, 'training."epochs"=5', "name='y'"])
    assert (pipeline.training.precision, pipeline.training.epochs) == ("float64", 5)
    assert (pipeline.title, pipeline.name) == ("My study", "y")
    assert read_pipeline(pipeline.text, "x.toml").search.parameters == pipeline.search.parameters


def test_a_parameter_that_is_searched_now_is_not_fixed_any_more_and_the_other_way_round() -> None:
    fixed = read_pipeline(TEXT, "x.toml", ["training.lr=1", 'training.optimizer="adam"'])
    assert not fixed.search.parameters
    assert fixed.fixed["lr"] == 1.0
    searched = read_pipeline(fixed.text, "x.toml", ["search.parameters.lr=[1, 2]"])
    assert list(searched.search.parameters) == ["lr"]
    assert searched.fixed["optimizer"] == "adam"


def test_the_last_of_two_overrides_wins() -> None:
    pipeline = read_pipeline(TEXT, "x.toml", ["search.seed=1", "search.seed=2"])
    assert pipeline.search.seed == 2


WRONG = {
    "search.seed": "--set search.seed: must be KEY=VALUE, such as search.repetitions=3",
    "=3": "--set =3: must be KEY=VALUE, such as search.repetitions=3",
    "a b=3": "--set a b=3: must be KEY=VALUE, such as search.repetitions=3",
    "search.seed=": '--set search.seed=: the value is missing (an empty text is "")',
    "search.parameters.lr=[1": "--set search.parameters.lr=[1: [1 is not a TOML value",
    "search.parameters.lr=[a]": "--set search.parameters.lr=[a]: [a] is not a TOML value; "
    "text within it needs quotes",
    "epochs=1": "--set epochs=1: epochs is in a table: write training.epochs",
    "search.repetitions=1e3": "search.repetitions: must be a whole number: write 1000, without a "
    "point or an exponent",
    "search.repetitions=2.5": "search.repetitions: must be a whole number, got 2.5",
    "datasets.a=3": "datasets.a: must be a table, got 3",
    'datasets."a b".generator=xor': 'datasets."a b": a name is made of letters, digits, - '
    "and _, got 'a b'",
    "name.x=1": "--set name.x=1: name is not a table",
    "search.seeds=1": "search.seeds: unknown key (did you mean 'seed'?)",
    "search.seed=one": "search.seed: must be a whole number, got 'one'",
    "search.parameters.lr=1": "search.parameters.lr: must be a list of values or a table, got 1",
}


@pytest.mark.parametrize(("override", "expected"), WRONG.items())
def test_a_wrong_override_is_reported_like_an_error_in_the_file(
    override: str, expected: str
) -> None:
    with pytest.raises(PipelineError) as caught:
        read_pipeline(TEXT, "x.toml", [override])
    assert caught.value.mistakes == (f"x.toml: {expected}",)


def test_a_value_cannot_smuggle_in_a_second_key() -> None:
    pipeline = read_pipeline(TEXT, "x.toml", ["title=a\nname = 'y'"])
    assert (pipeline.name, pipeline.title) == ("x", "a\nname = 'y'")
