"""What would a careful colleague warn of? Rows with a text, its consequence and a command."""

import shlex
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeAlias

import pandas as pd

from study.metrics import METRICS
from study.plan.trials import planned
from study.plot.groups import NETWORKS
from study.plot.theme import words
from study.report.material import Material, classified
from study.report.question import Question, Tables
from study.report.steps import repeated
from study.report.wording import at, count, listing, number, numbers, share
from study.stats.cautions import Grounds, cautions
from study.stats.identical import identical
from study.stats.overfitting import overfitting
from study.stats.reach import fewest
from study.store.names import PIPELINE

Row: TypeAlias = Mapping[Hashable, Any]


def tables(material: Material) -> Tables:
    """Return the warnings and notes in words, and whether the best of each dataset overfits."""
    aim, overfit = material.pipeline.search.aims[0], _overfit(material)
    fixed = [name for name, (_, anew) in material.pipeline.shared.items() if not anew]
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
        unheld=[name for name, data in material.pipeline.datasets.items() if not data.holds_out],
        claims=material.claims,
        identical=identical(material.results.runs, fixed),
    )
    return {"cautions": said(cautions(grounds), helping(material)), "overfitting": overfit}


def said(table: pd.DataFrame, help_with: Callable[[Row], str]) -> pd.DataFrame:
    """Return the table with what each row says: text, consequence, a command that helps, place.

    `help_with` returns the command, empty where none helps.
    """
    rows = table.assign(networks=table["implementation"].dropna().nunique()).to_dict("records")
    return table.assign(
        text=pd.Series([_TEXTS[str(row["caution"])](row) for row in rows], dtype=object),
        consequence=pd.Series([_CONSEQUENCES[str(row["caution"])] for row in rows], dtype=object),
        command=pd.Series([help_with(row) for row in rows], dtype=object),
        place=pd.Series([_where(row) for row in rows], dtype=object),
    )


def helping(material: Material) -> Callable[[Row], str]:
    """Return what finds the command that helps with a warning."""
    pipeline = material.pipeline
    epochs, grid = pipeline.training.epochs, planned(pipeline).listed
    edges = material.edges.dropna(subset="line")
    lines = {(row["dataset"], row["parameter"]): str(row["line"]) for _, row in edges.iterrows()}
    name = material.results.folder.name
    run = f"study run {shlex.quote(f'results/{name}/{PIPELINE}')}"

    def apart(word: str) -> str:
        return f" --set {shlex.quote(f'name={name}-{word}')}"

    def help_with(row: Row) -> str:
        options = ""
        match row["caution"]:
            case "unheld":
                options = f"datasets.{row['dataset']}.test_fraction=0.2{apart('held-out')}"
            case "undecided" if grid:
                options = repeated(pipeline, [row["dataset"]])
            case "few" | "stuck":
                n = max(2 * pipeline.search.repetitions, 10)
                options = f"search.repetitions={n}{apart('more') * (not grid)}"
            case "improving" | "never":
                options = f"training.epochs={2 * epochs}{apart('longer')}"
            case "overfits":
                options = f"training.epochs={row['after']:.0f}{apart('shorter')}"
            case "edge" if line := lines.get((row["dataset"], row["parameter"])):
                key, _, value = line.partition(" = ")
                options = shlex.quote(f"search.parameters.{key}={value}")
        return f"{run} --set {options}" if options else ""

    return help_with


def _overfit(material: Material) -> pd.DataFrame:
    """Return whether the best configuration of each dataset overfits, from all of its epochs."""
    runs = material.best_runs[["run_id", "dataset", "configuration"]]
    own = {"run_id": runs["run_id"].tolist()}
    rows = material.results.metrics(own, columns=["run_id", "epoch", "test_loss"])
    return overfitting(rows.astype({"run_id": str}).merge(runs, on="run_id"))


_TEXTS: Mapping[str, Callable[[Row], str]] = {
    "trivial": lambda r: (
        f"On {r['dataset']}, no {r['level']} beats the trivial predictor in the "
        f"{words(r['metric'])} ({r['n']:,g} tried)."
    ),
    "stuck": lambda r: (
        f"On {r['dataset']}, {r['value']:,.0f} of {r['n']:,g} runs of the best "
        "configuration ended no better than the trivial predictor."
    ),
    "constant": lambda r: (
        f"On {r['dataset']}, most runs of {r['value']:,.0f} of "
        f"{count(int(r['n']), 'configuration')} predict the same value for every training sample."
    ),
    "edge": lambda r: (
        f"On {r['dataset']}, the best configuration has {at(r['parameter'], r['level'])}, the "
        f"outermost of {r['n']:g} values tried, and {_beats(r)}."
    ),
    "overfits": lambda r: (
        f"On {r['dataset']}, the median {words(r['metric'])} of the best configuration "
        f"is lowest after {count(int(r['after']), 'epoch')} "
        f"({_both(r)[0]}), and {_both(r)[1]} at the end."
    ),
    "improving": lambda r: (
        f"On {r['dataset']}, the {words(r['metric'])} of the best configuration still improves by "
        f"{_gain(r)} in the last fifth of the epochs."
    ),
    "reversal": lambda r: (
        f"On {_where(r)}, {at(r['parameter'], r['level'])} is "
        f"{'better' if r['value'] < 0 else 'worse'} than {r['reference']} in general, "
        f"but {'worse' if r['value'] < 0 else 'better'} at "
        f"{at(r['other'], r['other_level'])}, in each of {r['n']:g} repetitions."
    ),
    "separates": lambda r: (
        f"On {_where(r)}, {words(r['parameter'])} decides whether a run diverges; among runs "
        "that do not diverge, it makes no clear difference."
    ),
    "unheld": lambda r: f"{r['dataset']} has no held-out part.",
    "undecided": lambda r: (
        f"On {r['dataset']}, {r['value']:,.0f} of {count(int(r['n']), 'verdict')} are undecided."
    ),
    "shared": lambda r: f"On {r['dataset']}, every repetition uses {r['level']}.",
    "identical": lambda r: (
        f"On {r['dataset']}, the repetitions of {r['value']:,.0f} of "
        f"{count(int(r['n']), 'configuration')} are the same run: their data are fixed, and all "
        "weights and biases begin at zero."
    ),
    "few": lambda r: (
        f"On {r['dataset']}, most configurations have {count(int(r['value']), 'repetition')}."
    ),
    "never": lambda r: (
        f"On {_where(r)}, {_few(r['value'])} of {r['n']:,g} runs get "
        f"{words(r['metric']).removeprefix('epochs ')} within their epochs."
    ),
    "unpaired": lambda r: (
        f"On {_where(r)}, the correlation of configurations over {r['n']:g} repetitions is "
        f"{number(r['value'])} in the {words(r['metric'])}."
    ),
}

_CONSEQUENCES = {
    "trivial": "Their ranking means nothing; other learning rates, scaled inputs or another "
    "network may learn.",
    "stuck": "The best is not reliable.",
    "constant": "Where such repetitions agree, that is no sign of stability.",
    "edge": "A value beyond it may be better.",
    "overfits": "It overfits: fewer epochs give a lower held-out loss.",
    "improving": "With more epochs the order may change.",
    "reversal": "The average over settings hides this.",
    "separates": "Its effect is on divergence alone.",
    "unheld": "The best configuration is the one that fits the training samples best.",
    "undecided": "That does not refute the claims; further repetitions may decide them.",
    "shared": "The intervals reflect other draws of weights alone.",
    "identical": "They are one repetition, so intervals and p of these configurations alone mean "
    "nothing.",
    "few": f"One comparison needs at least {fewest(0.5, 1)}.",
    "never": "More epochs may get others there.",
    "unpaired": "Common draws of a repetition remove little noise from comparisons.",
}


SHOWN = 3
"""How many other places of one kind are named; the table has all of them."""


def _beats(row: Row) -> str:
    """Count how often the outermost value beats its inner neighbour, if they were compared."""
    inner = row["reference"]
    if pd.isna(row["value"]):
        return f"nothing tied with it has {inner}"
    return f"beats {inner} in {row['value']:.0f} of {row['beside']:.0f} repetitions that differ"


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
    """Write one line for each kind of caution: the first in full, and where else it applies."""
    return [" ".join(filter(None, _line(rows))) for _, rows in table.groupby("caution", sort=False)]


def _line(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the first row's text, the other places of its kind, its consequence and command."""
    first = rows.iloc[0]
    others = [str(place) for place in rows["place"].drop_duplicates() if place != first["place"]]
    more = f" and {len(others) - SHOWN:,} more" if len(others) > SHOWN else ""
    also = f"Likewise on {listing(others[:SHOWN])}{more}." if others else ""
    command = f"Try `{first['command']}`." if first["command"] else ""
    return str(first["text"]), also, str(first["consequence"]), command


QUESTION = Question(
    name="cautions",
    question="What would a careful colleague warn of?",
    tables=tables,
    finding=lambda t: finding(t["cautions"]),
    absent="None of the usual warnings applies.",
)
