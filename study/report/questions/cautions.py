"""What would a careful colleague warn of? Each warning is a row and a sentence."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeAlias

import pandas as pd

from study.metrics import METRICS
from study.plot.groups import NETWORKS
from study.plot.theme import words
from study.report.material import Material, classified
from study.report.question import Question, Tables
from study.report.wording import at, count, number, numbers, share
from study.stats.cautions import Grounds, cautions
from study.stats.overfitting import overfitting


def tables(material: Material) -> Tables:
    """Return the warnings, and whether the best configuration of each dataset overfits."""
    aim, overfit = material.pipeline.search.aims[0], _overfit(material)
    grounds = Grounds(
        edges=material.edges,
        runs=material.runs,
        ranked=material.ranked,
        tested=material.unchosen,
        noise=material.noise,
        parameters=material.varied,
        references=material.references,
        metric=aim.metric,
        goal=aim.goal,
        labelled=classified(material.pipeline),
        learned=material.learned,
        constant=material.constant,
        overfit=overfit,
    )
    return {"cautions": cautions(grounds), "overfitting": overfit}


def _overfit(material: Material) -> pd.DataFrame:
    """Return whether the best configuration of each dataset overfits, from all of its epochs."""
    runs = material.best_runs[["run_id", "dataset", "configuration"]]
    own = {"run_id": runs["run_id"].tolist()}
    rows = material.results.metrics(own, columns=["run_id", "epoch", "test_loss"])
    return overfitting(rows.astype({"run_id": str}).merge(runs, on="run_id"))


Row: TypeAlias = Mapping[Hashable, Any]

_CAUTIONS: Mapping[str, Callable[[Row], str]] = {
    "trivial": lambda r: (
        f"On {r['dataset']}, no configuration beats the trivial predictor in the "
        f"{words(r['metric'])} ({r['n']:,g} tried), so their ranking means nothing. Other "
        "learning rates, scaled inputs or another network may learn."
    ),
    "stuck": lambda r: (
        f"On {r['dataset']}, {r['value']:,.0f} of {r['n']:,g} runs of the best "
        "configuration ended no better than the trivial predictor: the best is not reliable."
    ),
    "constant": lambda r: (
        f"On {r['dataset']}, most runs of {r['value']:,.0f} of "
        f"{count(int(r['n']), 'configuration')} give one constant answer to all "
        "training samples. Where their repetitions agree, that is no sign of stability."
    ),
    "few": lambda r: (
        f"On {r['dataset']}, most configurations have "
        f"{count(int(r['value']), 'repetition')}: fewer than 6 cannot decide a "
        "comparison."
    ),
    "edge": lambda r: (
        f"On {r['dataset']}, the best configuration has {at(r['parameter'], r['level'])}, the "
        f"outermost of {r['n']:g} values tried: one beyond it may be better."
    ),
    "overfits": lambda r: (
        f"On {r['dataset']}, the best configuration overfits: its median {words(r['metric'])} "
        f"is lowest after {count(int(r['after']), 'epoch')} "
        f"({_both(r)[0]}), and {_both(r)[1]} at the end."
    ),
    "improving": lambda r: (
        f"On {r['dataset']}, the best configuration still improves in the last fifth of the epochs "
        f"(its {words(r['metric'])} gets better by {_gain(r)}): with more epochs the order "
        "may change."
    ),
    "reversal": lambda r: (
        f"On {_where(r)}, {at(r['parameter'], r['level'])} is "
        f"{'better' if r['value'] < 0 else 'worse'} than {r['reference']} in general, "
        f"but {'worse' if r['value'] < 0 else 'better'} at "
        f"{at(r['other'], r['other_level'])}, in each of {r['n']:g} repetitions."
    ),
    "separates": lambda r: (
        f"On {_where(r)}, {words(r['parameter'])} only separates runs that diverge from those "
        "that do not: among those that do not, it makes no clear difference."
    ),
    "never": lambda r: (
        f"On {_where(r)}, {_few(r['value'])} of {r['n']:,g} runs get "
        f"{words(r['metric']).removeprefix('epochs ')} within their epochs."
    ),
    "unpaired": lambda r: (
        f"On {_where(r)}, common draws hardly pay: over repetitions, the correlation of "
        f"configurations in {words(r['metric'])} is {number(r['value'])}."
    ),
}

SHOWN = 3
"""How many warnings of one kind are written out; the table has all of them."""


def _both(row: Row) -> tuple[str, ...]:
    """Write two values with the digits that tell them apart."""
    return numbers(row["value"], row["beside"])


def _gain(row: Row) -> str:
    value = row["value"]
    return f"a factor of {number(10**value)}" if METRICS[row["metric"]].is_loss else number(value)


def _few(part: float) -> str:
    return f"only {share(part)}" if part else "none"


def _where(row: Row) -> str:
    """Name the dataset, and the network where several have warnings."""
    network = NETWORKS.get(row["implementation"]) if row["networks"] > 1 else None
    return f"{row['dataset']}, {network}" if network else str(row["dataset"])


def finding(table: pd.DataFrame) -> list[str]:
    """Write the warnings, of each kind the first few."""
    found = []
    named = table.assign(networks=table["implementation"].dropna().nunique())
    for kind, rows in named.groupby("caution", sort=False):
        found += [_CAUTIONS[str(kind)](row) for row in rows[:SHOWN].to_dict("records")]
        if len(rows) > SHOWN:
            more = count(len(rows) - SHOWN, "more warning")
            found.append(f"The table has {more} of the last kind.")
    return found or ["Nothing: none of the usual warnings applies."]


QUESTION = Question(
    name="cautions",
    question="What would a careful colleague warn of?",
    tables=tables,
    finding=lambda t: finding(t["cautions"]),
    absent="None of the usual warnings applies.",
)
