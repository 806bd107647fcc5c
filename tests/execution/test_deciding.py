"""Repetitions until decided: which runs the rule adds, also after kills and edits."""

import itertools
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from study.execution.deciding import ends
from study.execution.driver import Options, run
from study.execution.events import Extended, StackDone
from study.listing import listed
from study.report.gather import gather
from study.spec.load import read_pipeline
from study.spec.pipeline import Pipeline
from study.stats.mixture import judge
from tests.driving import assert_same, finish, last

pytestmark = pytest.mark.usefixtures("uncertified")

TEXT = """
name = "coin"
[datasets.linear]
generator = "linear"
samples = 8
[datasets.xor]
generator = "xor"
[model]
hidden = [3]
[training]
epochs = 2
[search]
repetitions = 4
decide = 22
[search.parameters]
lr = [0.01, 0.02, 1.0]
optimizer = ["sgd", "adam"]
activation = ["tanh", "sigmoid"]
[[hypotheses]]
id = "coin"
claim = "tanh ends lower than sigmoid"
where = {lr = 0.01, optimizer = "sgd"}
compare = {parameter = "activation", value = "tanh", with = "sigmoid"}
metric = "final_train_loss"
expect = "lower"
[[hypotheses]]
id = "clear"
claim = "Nothing diverges"
datasets = ["xor"]
where = {lr = 0.02, optimizer = "sgd", activation = "tanh"}
metric = "diverged"
expect = {is = false}
"""
SAME = """
[[hypotheses]]
id = "same"
claim = "Both have as many weights"
datasets = ["xor"]
where = {lr = 1.0, activation = "tanh"}
compare = {parameter = "optimizer", value = "adam", with = "sgd"}
metric = "parameters"
expect = "lower"
"""
COIN = {"lr": 0.01, "optimizer": "sgd"}


def study(*overrides: str, text: str = TEXT) -> Pipeline:
    return read_pipeline(text, "coin.toml", overrides)


def runs(folder: Path) -> pd.DataFrame:
    table: pd.DataFrame = pd.read_parquet(folder / "runs.parquet")
    return table.astype(dict.fromkeys(("dataset", "optimizer", "activation"), str))


def counts(folder: Path) -> dict[tuple[object, ...], int]:
    """Return how many repetitions each configuration has; they are numbered without a gap."""
    keys = ["dataset", "lr", "optimizer", "activation"]
    result = runs(folder).groupby(keys)["repetition"].agg(["count", "nunique", "max"])
    assert (result["count"] == result["nunique"]).all()
    assert (result["count"] == result["max"] + 1).all()
    return dict(zip(result.index, result["count"], strict=True))


def words(of: pd.DataFrame, n: Mapping[str, int], m: int) -> dict[str, str]:
    """Return the verdicts on these hypotheses with n repetitions each, from the runs alone."""
    collected = {}
    for dataset in ("linear", "xor"):
        rows = of[(of["dataset"] == dataset) & (of["lr"] == 0.01) & (of["optimizer"] == "sgd")]
        wide = rows.pivot_table(index="repetition", columns="activation", values="final_train_loss")
        agree = (wide["tanh"] < wide["sigmoid"]).iloc[: n[f"coin {dataset}"]]
        collected[f"coin {dataset}"] = judge(int(agree.sum()), len(agree), 0.5, m).word
    collected["clear xor"] = judge(n["clear xor"], n["clear xor"], 0.5, m).word
    return collected


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a study in which every configuration has all 22 repetitions."""
    results = tmp_path_factory.mktemp("whole")
    finish(study("search.repetitions=22", "search.decide=22"), results)
    return results / "coin"


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a study that decided in one go."""
    results = tmp_path_factory.mktemp("decided")
    events = finish(study(), results)
    assert [e.repetitions for e in events if isinstance(e, Extended)][:2] == [9, 14]
    return results / "coin"


def test_blocks_end_at_the_limit() -> None:
    assert list(ends(4, 22)) == [9, 14, 19, 22]
    assert list(ends(22, 22)) == list(ends(30, 22)) == []


def test_each_undecided_hypothesis_is_extended_until_it_is_decided_or_at_the_limit(
    decided: Path, whole: Path
) -> None:
    """The rule is followed by hand, on runs that were all trained in advance."""
    n = {"coin linear": 4, "coin xor": 4, "clear xor": 4}
    for end in (9, 14, 19, 22):
        result = words(runs(whole), n, 3)
        n |= {name: end for name, word in result.items() if word == "undecided"}
    expected = dict.fromkeys(
        itertools.product(
            ("linear", "xor"), (0.01, 0.02, 1.0), ("sgd", "adam"), ("tanh", "sigmoid")
        ),
        4,
    )
    for dataset in ("linear", "xor"):
        for activation in ("tanh", "sigmoid"):
            expected[dataset, 0.01, "sgd", activation] = n[f"coin {dataset}"]
    expected["xor", 0.02, "sgd", "tanh"] = n["clear xor"]
    assert counts(decided) == expected
    assert n["clear xor"] == 14, "ten of ten that agree decide one of three verdicts"
    verdicts = pd.read_parquet(decided / "hypotheses.parquet")
    names = verdicts["id"].astype(str) + " " + verdicts["dataset"].astype(str)
    assert dict(zip(names, verdicts["n"], strict=True)) == n


def test_added_runs_equal_a_study_with_more_repetitions(decided: Path, whole: Path) -> None:
    both = runs(decided).merge(runs(whole), on="run_id", validate="one_to_one")
    assert len(both) == len(runs(decided))
    assert (both["final_train_loss_x"] == both["final_train_loss_y"]).all()


def test_added_runs_are_trials_of_their_own_phase(decided: Path) -> None:
    trials = pd.read_parquet(decided / "trials.parquet")
    added = trials[trials["phase"] == "decide"]
    assert len(trials) == 24 + len(added)
    assert len(added) == 5
    assert (added["state"] == "completed").all()
    n = counts(decided)
    for row in added.itertuples():
        assert row.runs == n[row.dataset, row.lr, row.optimizer, row.activation] - 4
        first = trials[(trials["phase"] == "search") & (trials["dataset"] == row.dataset)]
        (same,) = first[first["number"] == row.number].itertuples()
        assert (same.lr, same.optimizer, same.activation) == (row.lr, row.optimizer, row.activation)


def test_verdicts_alone_use_added_runs(decided: Path) -> None:
    material = gather(decided)
    assert material.runs["repetition"].max() == 3
    assert set(material.trials["phase"]) == {"search"}
    assert material.claims["n"].max() > 4


def test_the_same_command_trains_nothing_more(decided: Path) -> None:
    before = counts(decided)
    assert last(finish(study(), decided.parent)).trained == 0
    assert counts(decided) == before


@pytest.mark.parametrize("after", [3, 10, 13, 16])
def test_a_study_that_was_interrupted_ends_with_the_same_tables(
    after: int, decided: Path, tmp_path: Path
) -> None:
    events = run(study(), Options(tmp_path, executor="inline", stack_size=2))
    stacks = (event for event in events if isinstance(event, StackDone))
    for _ in itertools.islice(stacks, 3 * after):
        pass
    events.close()
    finish(study(), tmp_path, stack_size=3)
    assert_same(decided, tmp_path / "coin")


def test_an_edited_hypothesis_keeps_its_added_runs_and_continues_from_there(tmp_path: Path) -> None:
    finish(study(), tmp_path)
    before = counts(tmp_path / "coin")
    text = TEXT.replace('id = "clear"', 'id = "other"').replace("lr = 0.02", "lr = 1.0")
    finish(study(text=text + SAME), tmp_path)
    after = counts(tmp_path / "coin")
    assert all(after[key] >= n for key, n in before.items())
    assert after["xor", 0.02, "sgd", "tanh"] == before["xor", 0.02, "sgd", "tanh"] == 14
    for optimizer in ("sgd", "adam"):
        assert after["xor", 1.0, optimizer, "tanh"] == 22, "ties never decide"
    finish(study("search.decide=4"), tmp_path)
    assert counts(tmp_path / "coin") == after, "a lower limit removes nothing"


def reasons(folder: Path) -> dict[str, str]:
    """Return the reason of each hypothesis on XOR."""
    table = pd.read_parquet(folder / "hypotheses.parquet")
    rows = table[table["dataset"] == "xor"]
    return dict(zip(rows["id"].astype(str), rows["reason"].astype(str), strict=True))


def test_a_hypothesis_that_is_added_after_results_stays_marked(tmp_path: Path) -> None:
    finish(study("search.decide=4"), tmp_path)
    for limit in (9, 9, 11):
        finish(study(f"search.decide={limit}", text=TEXT + SAME), tmp_path)
        reason_of = reasons(tmp_path / "coin")
        assert reason_of["same"].endswith("; added after 4 repetitions")
        assert "added" not in reason_of["coin"] + reason_of["clear"]
    changed = TEXT.replace("is = false", "is = true").replace("tanh ends lower", "tanh is lower")
    finish(study("search.decide=9", text=changed), tmp_path)
    reason_of = reasons(tmp_path / "coin")
    assert reason_of["clear"].endswith("; added after 11 repetitions")
    assert "added" not in reason_of["coin"], "only its text changed"


def test_more_declared_repetitions_include_the_added_ones(tmp_path: Path) -> None:
    finish(study(), tmp_path)
    before = counts(tmp_path / "coin")
    finish(study("search.repetitions=6", "search.decide=6"), tmp_path)
    after = counts(tmp_path / "coin")
    assert after == {key: max(6, n) for key, n in before.items()}


def test_a_raised_limit_adds_repetitions(tmp_path: Path) -> None:
    finish(study("search.decide=9", text=TEXT + SAME), tmp_path)
    assert counts(tmp_path / "coin")["xor", 1.0, "adam", "tanh"] == 9
    finish(study("search.decide=11", text=TEXT + SAME), tmp_path)
    repetitions = counts(tmp_path / "coin")
    assert repetitions["xor", 1.0, "adam", "tanh"] == repetitions["xor", 1.0, "sgd", "tanh"] == 11
    assert repetitions["linear", 0.02, "adam", "sigmoid"] == 4


def test_data_with_fixed_rows_are_not_extended(tmp_path: Path) -> None:
    table = "a,b,label\n" + "\n".join(f"{i / 9},{i % 3},{i % 2}" for i in range(10))
    (tmp_path / "own.csv").write_text(table)
    own = f'[datasets.linear]\ngenerator = "csv"\npath = "{tmp_path / "own.csv"}"\n'
    own += 'target = "label"\nfeatures = ["a", "b"]'
    text = TEXT.replace('[datasets.linear]\ngenerator = "linear"\nsamples = 8', own)
    finish(study("search.decide=9", text=text), tmp_path / "results")
    repetitions = counts(tmp_path / "results" / "coin")
    assert {n for (dataset, *_), n in repetitions.items() if dataset == "linear"} == {4}
    assert max(repetitions.values()) == 9


SEARCHED = TEXT.replace(
    "repetitions = 4", 'method = "tpe"\ntrials = 12\nbatch = 4\nrepetitions = 4'
)


def test_in_a_search_that_learns_only_added_repetitions_count(tmp_path: Path) -> None:
    """All twelve configurations are tried, so the hypotheses find theirs."""
    finish(study(text=SEARCHED.replace("decide = 22", "decide = 4")), tmp_path / "none")
    verdicts = pd.read_parquet(tmp_path / "none" / "coin" / "hypotheses.parquet")
    assert verdicts["n"].tolist() == [0, 0, 0]
    assert set(verdicts["verdict"]) == {"undecided"}
    finish(study(text=SEARCHED), tmp_path)
    verdicts = pd.read_parquet(tmp_path / "coin" / "hypotheses.parquet").set_index("id")
    result = dict(verdicts.loc["clear"])
    assert (result["n"], result["agree"], result["verdict"]) == (10, 10, "supported")
    assert counts(tmp_path / "coin")["xor", 0.02, "sgd", "tanh"] == 14
    again = last(finish(study(text=SEARCHED), tmp_path))
    assert again.trained == 0


def test_confirmed_repetitions_are_the_same_runs_as_added_ones(tmp_path: Path) -> None:
    text = SEARCHED.replace('"tpe"', '"random"').replace("batch = 4", "batch = 4\nconfirm = 12")
    finish(study(text=text), tmp_path)
    trials = pd.read_parquet(tmp_path / "coin" / "trials.parquet")
    assert trials["phase"].value_counts().to_dict()["confirm"] == 24
    verdicts = pd.read_parquet(tmp_path / "coin" / "hypotheses.parquet").set_index("id")
    assert verdicts.loc["clear", "n"] == 10, "4 of 14 repetitions chose the winners"
    repetitions = counts(tmp_path / "coin")
    assert min(repetitions.values()) == 8
    (row,) = trials[(trials["phase"] == "decide") & (trials["lr"] == 0.02)].itertuples()
    assert row.runs == 10
    before = len(runs(tmp_path / "coin"))
    (shown,) = listed(tmp_path)
    assert (shown.state, shown.done, shown.total) == ("finished", before, before)
    assert last(finish(study(text=text), tmp_path)).trained == 0
    assert len(runs(tmp_path / "coin")) == before


def test_a_search_that_never_tried_the_compared_configurations_adds_nothing(tmp_path: Path) -> None:
    text = SEARCHED.replace('"tpe"\ntrials = 12', '"random"\ntrials = 1').replace(
        "batch = 4", "batch = 1"
    )
    pipeline = study(text=text)
    finish(pipeline, tmp_path)
    tried = runs(tmp_path / "coin")
    asked = (tried["optimizer"] == "sgd") & tried["lr"].isin([0.01, 0.02])
    assert not asked.any(), "the seed draws others"
    assert tried["repetition"].max() == 3
    verdicts = pd.read_parquet(tmp_path / "coin" / "hypotheses.parquet")
    assert verdicts[["n", "p"]].to_numpy().tolist() == [[0, 1.0]] * 3


@pytest.mark.parametrize("pruner", ["", '[search.pruner]\nmethod = "median"\nrungs = [1]\n'])
def test_a_search_that_was_interrupted_while_deciding_ends_with_the_same_tables(
    pruner: str, tmp_path: Path
) -> None:
    text = SEARCHED.replace("batch = 4", "batch = 4\nconfirm = 3").replace(
        "decide = 22", "decide = 16"
    )
    pipeline = study(text=text.replace("[search.parameters]", f"{pruner}[search.parameters]"))
    finish(pipeline, tmp_path / "one")
    events = run(pipeline, Options(tmp_path / "two", executor="inline", stack_size=2))
    for _ in itertools.takewhile(lambda event: not isinstance(event, Extended), events):
        pass
    stacks = (event for event in events if isinstance(event, StackDone))
    for _ in itertools.islice(stacks, 5):
        pass
    events.close()
    finish(pipeline, tmp_path / "two", stack_size=3)
    assert_same(tmp_path / "one" / "coin", tmp_path / "two" / "coin")
    n = pd.read_parquet(tmp_path / "one" / "coin" / "hypotheses.parquet")["n"]
    assert pruner or n.max() == 12, "16, less the 4 that chose"
