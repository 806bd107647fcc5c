"""Of several objectives, the trials that no other beats are named, and where each is best."""

import pandas as pd

from study.report import front_sentences as says


def aims(*goals: str) -> pd.DataFrame:
    rows = zip(("objective_1", "objective_2"), ("final_train_loss", "parameters"), goals,
               strict=True)  # fmt: skip
    return pd.DataFrame(rows, columns=["objective", "metric", "goal"])


def test_the_ends_of_a_front_are_named() -> None:
    table = pd.DataFrame(
        {
            "dataset": "xor", "configuration": ["a", "b", "c"], "objective_1": [0.01, 0.5, 0.6],
            "objective_2": [8705.0, 5.0, 9000.0], "front": [0, 0, 1],
            "fresh_1": float("nan"), "fresh_2": float("nan"),
        }
    )  # fmt: skip
    lower = aims("minimize", "minimize")
    assert says.front(table, lower)[0] == (
        "On xor, 2 trials of 3 are beaten by no other: best is a (0.01 | 8,705) in final training "
        "loss and b (0.5 | 5) in parameters."
    )
    assert says.front(table, aims("maximize", "minimize"))[0].endswith(
        "best is b (0.5 | 5) in final training loss and b (0.5 | 5) in parameters."
    )
    alone = table.assign(front=[0, 1, 1])
    assert "1 trial of 3 is beaten by no other" in says.front(alone, lower)[0]
    again = table.assign(fresh_1=[0.25, float("nan"), 0.1], fresh_2=[8705.0, float("nan"), 9.0])
    (sentence,) = says.front(again, lower)
    assert sentence.endswith("in parameters. With fresh repetitions: a (0.25 | 8,705).")
    nothing = says.front(table.assign(front=-1), lower)
    assert nothing == ["On xor, no trial came to finite objectives."]
