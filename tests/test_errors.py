"""Error sentences: how values are quoted, and which word was probably meant."""

import pytest

from study.errors import PipelineError, ResultsError, StudyError, did_you_mean, not_one_of, quoted

QUOTED = {
    "'a'": "a",
    "true": True,
    "1": 1.0,
    "1e-08": 1e-8,
    "nan": float("nan"),
    "inf": float("inf"),
    "1e+300": 1e300,
    "[1, [true, 'a']]": [1, [True, "a"]],
    "{a = 1, b = {c = []}}": {"a": 1, "b": {"c": []}},
    "0x8000000000000000": 2**63,
    "'" + 58 * "x" + "…": 100 * "x",
}


@pytest.mark.parametrize(("expected", "value"), QUOTED.items())
def test_a_value_is_quoted_as_the_file_spells_it(expected: str, value: object) -> None:
    assert quoted(value) == expected


def test_a_far_word_is_not_offered() -> None:
    assert not_one_of("zzz", ["adam", "sgd"]) == "'zzz' is not one of adam, sgd"
    assert did_you_mean(3, ["adam"]) == ""


def test_a_pipeline_error_has_a_line_for_each_mistake() -> None:
    error = PipelineError(line for line in ("a", "b"))
    assert (error.mistakes, str(error)) == (("a", "b"), "a\nb")
    assert isinstance(error, StudyError)
    assert issubclass(ResultsError, StudyError)
