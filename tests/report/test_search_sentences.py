"""What the report says of a search is what its tables say, no more."""

import pandas as pd

from study.report import search_sentences as says


def size(**own: object) -> pd.DataFrame:
    row = {
        "method": "tpe", "learns": True, "moved": "lr, optimizer", "drawn": "", "trials": 2,
        "metric": "final_train_loss", "runs": 40, "pruned": 0, "epochs": 4000,
        "spared": 0,
    }  # fmt: skip
    return pd.DataFrame([{**row, **own}])


def ended(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["dataset", "arm", "ended"])


def trials(*rows: tuple[str, int, str, float, float]) -> pd.DataFrame:
    columns = ["arm", "order", "state", "objective", "best"]
    return pd.DataFrame(rows, columns=columns).assign(dataset="xor")


def test_a_search_says_what_it_tried_and_found() -> None:
    inf = float("inf")
    table = trials(
        ("search", 1, "completed", 0.5, 0.5), ("search", 2, "completed", 0.01, 0.01),
        ("random", 1, "completed", inf, inf), ("random", 2, "completed", 0.2, 0.2),
    )  # fmt: skip
    tried, found = says.history(table, size(), ended())
    assert tried == (
        "On each dataset, tpe tried 2 configurations, beside as many that were drawn at random. "
        "Once it knew some, it moved learning rate and optimizer by what it was told."
    )
    assert found == (
        "On xor, tpe found its best, 0.01, as its 2nd trial and random found its best, 0.2, as its "
        "2nd trial."
    )


def test_a_method_that_learns_nothing_says_what_it_does_instead() -> None:
    table = trials(("search", 1, "completed", 0.5, 0.5))
    even = {"method": "qmc", "learns": False, "moved": "lr", "drawn": "momentum", "trials": 1}
    assert says.history(table, size(**even), ended())[0] == (
        "On each dataset, qmc tried 1 configuration. It spread learning rate evenly, and drew "
        "momentum at random. It learns nothing from what it is told."
    )
    drawn = {**even, "method": "random", "moved": "", "drawn": "lr, momentum"}
    assert says.history(table, size(**drawn), ended())[0].endswith(
        "tried 1 configuration. It learns nothing from what it is told."
    )


def test_pruning_says_what_it_spared_and_a_search_without_a_find_says_so() -> None:
    table = trials(("search", 1, "completed", float("inf"), float("inf")))
    own = {"method": "cmaes", "moved": "lr", "drawn": "optimizer, hidden"}
    early = ended(
        ("xor", "", "after 1 trial: the space has no other configuration"),
        ("xor", "random", "after 1 trial: 10 batches in a row proposed nothing new"),
    )
    tried, *rest = says.history(table, size(pruned=30, spared=3000, **own), early)
    assert tried == (
        "On each dataset, cmaes tried 1 configuration. Once it knew some, it moved learning rate "
        "by what it was told, and drew optimizer and hidden layers at random."
    )
    assert rest == [
        (
            "On xor, cmaes ended after 1 trial: the space has no other configuration. Declared "
            "were 2 trials."
        ),
        (
            "On xor, random ended after 1 trial: 10 batches in a row proposed nothing new. "
            "Declared were 2 trials."
        ),
        "Of 40 runs 30 were given up on the way, which spared 75 % of all epochs.",
        "On xor, no trial came to a finite final training loss.",
    ]


def test_an_arm_that_found_nothing_finite_is_not_passed_over() -> None:
    inf = float("inf")
    table = trials(
        ("search", 1, "completed", inf, inf), ("random", 1, "completed", 17.0, 17.0),
        ("random", 2, "completed", 18.0, 17.0),
    )  # fmt: skip
    tried, found = says.history(table, size(trials=1), ended())
    assert "tpe tried 1 configuration, beside 2 (xor) that were drawn at random." in tried
    assert found == (
        "On xor, tpe found no finite final training loss and random found its best, 17, as its 1st "
        "trial."
    )


def test_where_a_search_looked_and_what_lies_at_an_edge() -> None:
    density = pd.DataFrame(
        {
            "dataset": "xor", "arm": "search", "parameter": "lr", "level": ["0.1", "1"],
            "learns": True,
            "first": [3, 3], "second": [1, 5],
        }
    )  # fmt: skip
    edge = pd.DataFrame(
        {
            "dataset": "xor", "parameter": "lr", "level": ["0.7", "0.1"], "edge": ["high", "low"],
            "tried": 7, "line": ["lr = [0.1, 1, 10]", None],
        }
    )  # fmt: skip
    preferred, high, low = says.where(density, edge)
    assert "learning rate 1 (5 of 6)" in preferred
    assert all(part in high for part in ("0.7", "largest", "7 tried", "lr = [0.1, 1, 10]"))
    assert all(part in low for part in ("0.1", "smallest", "7 tried"))
    assert says.where(density.assign(second=3), edge[:0]) == []
    assert says.where(density.assign(learns=False), edge[:0]) == []


def test_what_the_best_trials_share_is_counted() -> None:
    rows = [
        ("lr", 1, "0.1"), ("lr", 2, "0.5"), ("lr", 11, "9"), ("optimizer", 1, "adam"),
        ("optimizer", 2, "adam"), ("momentum", 1, None), ("momentum", 2, "0.9"), ("hidden", 1, "8"),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["parameter", "rank", "value"]).assign(dataset="xor")
    assert says.common(table) == [
        (
            "On xor, of the 2 best trials, as they were searched: 2 have optimizer adam; learning "
            "rate lies between 0.1 and 0.5 and momentum is 0.9 in 1."
        )
    ]
