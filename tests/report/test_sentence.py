"""One sentence for many datasets: short, and true for all of them."""

from hypothesis import given
from hypothesis import strategies as st

from study.report.sentence import WORDS, across
from tests.words import has

STATEMENTS = ("no run diverged", "the best optimizer is adam", "the winner stays first")


@given(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=12), st.integers(1, 20))
def test_any_number_of_datasets_has_one_short_sentence(sentences: list[str], more: int) -> None:
    short = [(f"d{i}", what) for i, what in enumerate(sentences)]
    long = [(name, f"{what} {'and more ' * more}") for name, what in short]
    (sentence,) = across(long, short)
    assert len(sentence.split()) <= WORDS
    assert sentence.endswith(".")
    assert sentence[0].isupper()
    if len(set(sentences)) > 1:
        assert "both" not in sentence
        assert "all" not in sentence
        assert "any" not in sentence
        assert has(sentence, " on ")


def test_all_datasets_are_counted_or_named() -> None:
    named = [("a", "lr 1 wins"), ("b", "lr 1 wins"), ("c", "lr 2 wins")]
    assert across(named) == ["Lr 1 wins on a and b; lr 2 wins on c."]
    counted = [(f"d{i}", "lr 1 wins") for i in range(11)] + [("x", "lr 2 wins")]
    assert across(counted) == ["Lr 1 wins on 11 of 12 datasets; lr 2 wins on x."]
    assert across([("only", "lr 1 wins")]) == ["Lr 1 wins on only."]
    assert across([]) == []


def test_a_version_that_is_too_long_gives_way_to_the_next_one_for_all_datasets() -> None:
    long = [("a", "word " * WORDS), ("b", "short")]
    assert across(long, [("a", "x"), ("b", "y")]) == ["X on a; y on b."]
    many = [(f"dataset {i}", f"level {i // 2} is best by far of all levels") for i in range(6)]
    assert across(many) == ["Level 0 is best by far of all levels on 2 of 6 datasets."]
