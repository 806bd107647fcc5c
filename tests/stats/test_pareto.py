"""Each Pareto front is beaten by the one before it, and by none of its own points."""

from hypothesis import given
from hypothesis import strategies as st

from study.stats.pareto import fronts


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_each_front_is_beaten_by_the_one_before_and_by_no_other_of_its_own(
    points: list[tuple[int, int]],
) -> None:
    ranks = fronts(points)

    def beats(i: int, j: int) -> bool:
        return points[i] != points[j] and all(
            a <= b for a, b in zip(points[i], points[j], strict=True)
        )

    for j, rank in enumerate(ranks):
        beaten = {ranks[i] for i in range(len(points)) if beats(i, j)}
        assert rank not in beaten
        assert rank == 0 or rank - 1 in beaten
