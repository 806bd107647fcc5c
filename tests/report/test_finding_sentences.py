"""What the report says of noise and effects is what its tables say, no more."""

import pandas as pd

from study.report import finding_sentences as says

GROUP = {"dataset": "xor", "implementation": "exact"}


def test_where_most_runs_diverge_is_named_and_what_shares_that() -> None:
    cell = {
        **GROUP, "parameter": "lr", "level": "1", "other": "activation", "other_level": "none",
        "configurations": 2, "runs": 10, "diverged": 9, "share": 0.9, "first": 2.0,
    }  # fmt: skip
    of_lr = {**GROUP, "parameter": "lr", "runs": 6, "constant": 0}
    stable = pd.DataFrame([{**of_lr, "smallest_unstable": one} for one in ("1", None)])
    alone = {**cell, "level": "2", "configurations": 1, "diverged": 10, "share": 1.0}
    most, never = says.diverging(pd.DataFrame([cell, alone]), stable)
    assert most == (
        "On xor, most diverge at learning rate 1 with activation none: 9 of 10 runs, first after "
        "2 epochs."
    )
    of = "1 of 2 combinations of the other parameters"
    assert never == f"On xor, {of} never diverged, at any learning rate that was tried."
    collapsed = says.diverging(pd.DataFrame([cell]), stable.assign(constant=4))[1]
    assert collapsed.startswith(never.removesuffix("."))
    assert collapsed.endswith("; 4 of their 6 runs give one constant answer.")
    assert says.diverging(pd.DataFrame([alone]), stable)[0].endswith(
        "learning rate 2 with activation none: 10 of 10 runs, first after 2 epochs."
    )
    tied = pd.DataFrame([{**cell, "level": "0.1", "first": 5.0}, cell])
    assert says.diverging(tied, stable)[0].endswith(
        "learning rate 0.1 and 1 with activation none: 9 of 10 runs each, first after 2 epochs."
    )
    said = {
        (None,): "On xor, no learning rate that was tried made a run diverge.",
        ("1",): "On xor, runs diverged at some learning rate that was tried.",
        ("1", "1"): (
            "On xor, each combination of the other parameters diverged at some learning rate that "
            "was tried."
        ),
    }
    for unstable, sentence in said.items():
        rows = [{**of_lr, "smallest_unstable": one} for one in unstable]
        assert says.diverging(tied, pd.DataFrame(rows))[1] == sentence
    none = pd.DataFrame([{**cell, "diverged": 0}])
    assert says.diverging(none, stable)[0] == "On xor, no run diverged."
