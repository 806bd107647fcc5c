"""Splits of classes are in proportion, and both parts have every class where they can."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from study.datasets import Samples
from study.datasets.dataset import apportioned
from study.datasets.generated import Linear

counts = st.lists(st.integers(1, 60), min_size=1, max_size=5)


@given(counts, st.floats(0, 1))
def test_classes_are_divided_in_proportion_and_stand_on_both_sides(
    there: list[int], share: float
) -> None:
    size, several = sum(there), sum(n > 1 for n in there)
    total = min(max(round(share * size), 0), size)
    taken = apportioned(there, total)
    assert sum(taken) == total
    assert all(0 <= n <= of for n, of in zip(taken, there, strict=True))
    if several <= total <= size - len(there):  # there is room on both sides
        assert all((n > 0) == (of > 1) and n < of for n, of in zip(taken, there, strict=True))
    fair = [total * of / size for of in there]
    if all(1 <= n <= of - 1 for n, of in zip(fair, there, strict=True)):
        assert all(abs(n - of) < 1 for n, of in zip(taken, fair, strict=True))


@pytest.mark.parametrize(
    ("there", "total", "taken"),
    [
        ([50, 50], 25, [13, 12]),
        ([90, 10], 20, [18, 2]),
        ([97, 3], 10, [9, 1]),  # in proportion it would be 9.7 and 0.3
        ([99, 1], 30, [30, 0]),
        ([5, 5], 1, [1, 0]),
        ([3, 2], 4, [2, 2]),
        ([10], 4, [4]),
    ],
)
def test_some_divisions_by_hand(there: list[int], total: int, taken: list[int]) -> None:
    assert apportioned(there, total) == taken


@pytest.mark.parametrize("seed", range(5))
def test_a_split_has_as_many_of_each_class_as_its_share_and_another_draw_others(seed: int) -> None:
    dataset = Linear(generator="linear", samples=80, test_fraction=0.25)
    one, again, other = (
        dataset.parts(rng=np.random.default_rng(s)) for s in (seed, seed, seed + 9)
    )
    assert one.test is not None
    assert again.test is not None
    assert other.test is not None
    whole = dataset.make(rng=np.random.default_rng(seed)).y.sum()
    assert len(one.test.y) == 20
    assert abs(one.test.y.sum() - whole / 4) < 1
    assert np.array_equal(one.test.x, again.test.x)
    assert not np.array_equal(one.test.x, other.test.x)


def test_every_sample_of_a_class_is_held_out_equally_often() -> None:
    dataset = Linear(generator="linear", samples=12, test_fraction=0.25)
    fixed = dataset.make(rng=np.random.default_rng(0))
    places = {tuple(x): i for i, x in enumerate(fixed.x)}
    times = np.zeros(12)

    class Fixed(Linear):
        @override
        def make(self, *, rng: np.random.Generator) -> Samples:
            return fixed

    for seed in range(2000):
        test = (
            Fixed(generator="linear", samples=12, test_fraction=0.25)
            .parts(rng=np.random.default_rng(seed))
            .test
        )
        assert test is not None
        for x in test.x:
            times[places[tuple(x)]] += 1
    for label in (0, 1):
        own = times[fixed.y[:, 0] == label]
        assert own.max() / own.min() < 1.3
