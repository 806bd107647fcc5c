"""What the report says of noise, cautions and effects, each sentence a function of a table."""

import math
from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from study.figures.groups import groups
from study.figures.theme import words
from study.report.wording import count, listing, number, share


def _by_group(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of each dataset and network, with what they are called."""
    for (dataset, implementation), name in groups(table).items():
        of = (table["dataset"] == dataset) & (table["implementation"] == implementation)
        yield name, table[of]


def noise(table: pd.DataFrame) -> list[str]:
    """Say how large the noise of the final training loss is, and its share."""
    found = []
    for name, rows in _by_group(table):
        loss = rows[(rows["metric"] == "final_train_loss") & rows["sd"].notna()]
        for row in loss.to_dict("records"):
            factor = number(10 ** row["sd"])
            part = "" if math.isnan(row["share"]) else f", {share(row['share'])} of all variance"
            found.append(
                f"On {name}, final training losses of one configuration differ by a factor of "
                f"{factor} (one standard deviation over {row['repetitions']} repetitions){part}."
            )
    return found or ["A single repetition says nothing of noise."]


def importance(table: pd.DataFrame) -> list[str]:
    """Name what moves the first metric most, and how much of it is noise."""
    found = []
    for name, every in _by_group(table):
        rows = every[every["metric"] == every["metric"].iloc[0]]
        metric = words(str(rows["metric"].iloc[0]))
        if "told" in rows:
            found.append(_ranks(name, metric, rows))
            continue
        terms = rows[rows["kind"] != "noise"].sort_values("share", ascending=False, kind="stable")
        first = terms[terms["share"] > 0].head(3)
        if first.empty:
            found.append(f"On {name}, nothing moves the {metric}: all runs end alike.")
            continue
        named = zip(first["term"].astype(str), first["share"].astype(float), strict=True)
        each = [f"{_term(term)} ({share(part)})" for term, part in named]
        luck = float(rows.loc[rows["kind"] == "noise", "share"].iloc[0])
        found.append(
            f"On {name}, of the variance of the {metric} {listing(each)} have the most; noise has "
            f"{share(min(max(luck, 0.0), 1.0))}."
        )
    return found


def _ranks(name: str, metric: str, rows: pd.DataFrame) -> str:
    told = rows[rows["told"]].sort_values("share", ascending=False, kind="stable")
    named = zip(told["term"].astype(str), told["share"].astype(float), strict=True)
    each = [f"{words(term)} ({share(part)})" for term, part in named]
    rest = [words(term) for term in rows.loc[~rows["told"], "term"]]
    unsure = f" {listing(rest).capitalize()} cannot be told from noise." if rest else ""
    if not each:
        return f"On {name}, no parameter's effect on the {metric} can be told from noise."
    return f"On {name}, the ranks of the {metric} depend on {listing(each)}.{unsure}"


def _term(term: str) -> str:
    return " with ".join(words(name) for name in term.split(" × "))


def behaviour(table: pd.DataFrame) -> list[str]:
    """Say how many effects there are, and the largest on speed and on the best loss."""
    known = table[table["pairs"] > 0]
    sure = known[(known["confidence"] >= 0.95) & ((known["low"] > 0) | (known["high"] < 0))]  # noqa: PLR2004  # 95 %
    first = f"Of {count(len(known), 'effect')} {len(sure):,} can be told from none"
    found = [f"{first} (95 % intervals: of effects that are none, one in twenty would be too)."]
    for aspect, what in (("speed", "speed"), ("ceiling", "the best loss")):
        for name, rows in _by_group(sure[sure["aspect"] == aspect]):
            largest = rows.loc[rows["effect"].abs().sort_values(kind="stable").index[-1]]
            verb = "slower" if aspect == "speed" else "higher"
            word = verb if largest["effect"] > 0 else {"slower": "faster", "higher": "lower"}[verb]
            size = f"{number(10 ** abs(largest['effect']))} times {word}"
            if math.isinf(largest["effect"]):
                size = "it mostly never gets there, the other does"
                if largest["effect"] < 0:
                    size = "it gets there, the other mostly never does"
            found.append(
                f"On {name}, the largest effect on {what} is that of {words(largest['parameter'])} "
                f"{largest['level']} instead of {largest['reference']}: {size}."
            )
    return found


def isolation(table: pd.DataFrame) -> list[str]:
    """Name the value of each parameter whose best configuration is best."""
    found = []
    for dataset, rows in table.groupby("dataset", sort=False):
        good = rows[rows["median"].map(math.isfinite)]
        best = [
            f"{words(str(parameter))} {of.sort_values('median', kind='stable').iloc[0]['level']}"
            for parameter, of in good.groupby("parameter", sort=False)
        ]
        what = f"the best configuration has {listing(best)}"
        found.append(f"On {dataset}, {what if best else 'no configuration has a finite median'}.")
    return found


def diverging(cells: pd.DataFrame, stable: pd.DataFrame) -> list[str]:
    """Say where most runs diverge and how soon, and how many combinations never do."""
    found = []
    for name, rows in _by_group(cells):
        worst = rows.sort_values(["share", "runs"], ascending=False, kind="stable").iloc[0]
        if not worst["diverged"]:
            found.append(f"On {name}, no run diverged.")
            continue
        other = f" with {words(worst['other'])} {worst['other_level']}" * (worst["other"] != "none")
        found.append(
            f"On {name}, most diverge at {words(worst['parameter'])} {worst['level']}{other}: "
            f"{worst['diverged']} of {count(int(worst['runs']), 'run')} (95 % interval "
            f"{share(worst['low'])} to {share(worst['high'])}), first after "
            f"{count(int(worst['first']), 'epoch')}."
        )
    for name, rows in _by_group(stable):
        never = int(rows["smallest_unstable"].isna().sum())
        found.append(
            f"On {name}, {never:,} of {count(len(rows), 'combination')} of the other parameters "
            f"never diverged at any tried value."
        )
    return found


_CAUTIONS: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "few": lambda r: (
        f"On {r['dataset']}, most configurations have {r['value']:g} repetitions: fewer than 6 "
        "cannot decide a comparison."
    ),
    "edge": lambda r: (
        f"On {r['dataset']}, the best configuration has {words(str(r['parameter']))} "
        f"{r['level']}, at the edge of what was tried: something beyond may be better."
    ),
    "improving": lambda r: (
        f"On {r['dataset']}, the best configuration still improves in the last fifth of the epochs "
        f"(its loss falls by a factor of {number(10 ** float(str(r['value'])))}): with more epochs "
        "the order may change."
    ),
    "reversal": lambda r: (
        f"On {_where(r)}, {words(str(r['parameter']))} {r['level']} is "
        f"{'better' if float(str(r['value'])) < 0 else 'worse'} than {r['reference']} in general, "
        f"but {'worse' if float(str(r['value'])) < 0 else 'better'} at "
        f"{words(str(r['other']))} {r['other_level']}, in each of {r['n']:g} repetitions."
    ),
    "separates": lambda r: (
        f"On {_where(r)}, {words(str(r['parameter']))} only separates runs that diverge from those "
        "that do not: among those that do not, it makes no clear difference."
    ),
    "never": lambda r: (
        f"On {_where(r)}, only {share(float(str(r['value'])))} of {r['n']:g} runs get "
        f"{words(str(r['metric'])).removeprefix('epochs ')}: its medians are mostly “never”."
    ),
    "unpaired": lambda r: (
        f"On {_where(r)}, common draws hardly pay: over repetitions, the correlation of "
        f"configurations in {words(str(r['metric']))} is {number(float(str(r['value'])))}."
    ),
}

SHOWN = 3
"""So many warnings of one kind are written out; the table has all."""


def _where(row: Mapping[str, object]) -> str:
    implementation = row["implementation"]
    network = {"as_printed": ", network as printed", "exact": ", exact network"}
    return f"{row['dataset']}{network.get(str(implementation), '')}"


def cautions(table: pd.DataFrame) -> list[str]:
    """Write the warnings, of each kind the first few."""
    found = []
    for kind, rows in table.groupby("caution", sort=False):
        texts = [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]
        found += [_CAUTIONS[str(kind)](row) for row in texts[:SHOWN]]
        if len(rows) > SHOWN:
            more = count(len(rows) - SHOWN, "more warning")
            found.append(f"The table has {more} of the last kind.")
    return found or ["Nothing: none of the usual warnings applies."]
