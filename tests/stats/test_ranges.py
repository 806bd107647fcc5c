"""Ranges: how an axis is binned, and that every level keeps its order and its place."""

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from study.space import PARAMETERS, Value
from study.stats.levels import texts
from study.stats.ranges import MANY, RANGES, axis, binned, ranges

KINDS: dict[str, st.SearchStrategy[Value]] = {
    "lr": st.floats(1e-6, 1e3),
    "momentum": st.floats(0, 0.999),
    "hidden": st.builds("{}x{}".format, st.integers(1, 40), st.integers(1, 40)),
    "batch_size": st.integers(1, 500).map(str) | st.just("full"),
    "convolution": st.integers(1, 40).map(lambda channels: f"{channels}@3x3"),
}  # fmt: skip


@given(st.data(), st.sampled_from([*KINDS]))
def test_an_axis_is_short_and_in_order(data: st.DataObject, name: str) -> None:
    """Each range is named by its ends, and none is mistaken for another."""
    values = data.draw(st.lists(KINDS[name], min_size=MANY + 1, max_size=40, unique=True))
    values = sorted(values, key=PARAMETERS[name].order)
    levels = [*texts(values).values()]
    result = ranges(levels, name)
    assert [*result] == levels
    names = [*result.values()]
    changes = [a for a, b in zip(names, [*names[1:], None], strict=True) if a != b]
    assert len(changes) == len(set(names)) <= RANGES + 1  # "full" is no number


@pytest.mark.parametrize(
    ("name", "levels", "expected"),
    [
        ("lr", [f"{x:g}" for x in (1, 2, 3)], ["1", "2", "3"]),
        ("hidden", [f"{w}" for w in range(1, 17)], ["1", "2–3", "4–5", "6–9", "10–16"]),
        (
            "hidden",
            [*(f"{w}" for w in range(1, 9)), *(f"{w}x{w}" for w in range(1, 9))],
            ["1 layer", "2 layers"],
        ),
        (
            "hidden",
            [f"{w}x8" for w in range(1, 14)],
            ["1x8–3x8", "4x8–6x8", "7x8–8x8", "9x8–11x8", "12x8–13x8"],
        ),
        (
            "convolution",
            ["none", *(f"{c}@3x3" for c in range(1, 14)), "1@3x3+2@3x3"],
            ["none", "1 layer", "2 layers"],
        ),
        (
            "batch_size",
            [*(f"{b}" for b in range(1, 33)), "full"],
            ["1", "2–3", "4–7", "8–15", "16–32", "full"],
        ),
        (
            "momentum",
            [f"{0.5 + i / 1e4:g}" for i in range(20)],
            ["0.5–0.5003", "0.5004–0.5007", "0.5008–0.5011", "0.5012–0.5015", "0.5016–0.5019"],
        ),
        (
            "lr",
            [*(f"1e-{i:02}" for i in range(13, 0, -1))],
            ["1e-13–1e-11", "1e-10–1e-09", "1e-08–1e-06", "1e-05–0.0001", "0.001–0.1"],
        ),
    ],
)  # fmt: skip
def test_a_range_is_named_by_the_levels_tried_in_it(
    name: str, levels: list[str], expected: list[str]
) -> None:
    assert [*dict.fromkeys(ranges(levels, name).values())] == expected


def test_binning_an_axis_leaves_all_else_as_it_is() -> None:
    widths = [f"{width}" for width in range(1, 31)]
    frame = pd.DataFrame({
        "hidden": pd.Categorical([*widths, None], widths, ordered=True),
        "lr": pd.Categorical(["0.1"] * 31, ["0.1", "1"], ordered=True),
        "run": np.arange(31),
    })  # fmt: skip
    result = binned(frame, ["hidden", "lr"])
    pd.testing.assert_frame_equal(result[["lr", "run"]], frame[["lr", "run"]])
    assert result["hidden"].isna().tolist() == [False] * 30 + [True]
    assert list(result["hidden"].cat.categories) == axis(frame, "hidden")
    assert (result["hidden"].dropna().cat.codes.diff().dropna() >= 0).all()
    assert frame["hidden"].nunique() == 30
