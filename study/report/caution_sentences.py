"""What the report warns of, each warning a sentence made from one row of its table."""

from collections.abc import Callable, Mapping

import pandas as pd

from study.metrics import METRICS
from study.plot.theme import words
from study.report.wording import at, count, number, numbers, share

_CAUTIONS: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "trivial": lambda r: (
        f"On {r['dataset']}, no configuration beats the trivial predictor in the "
        f"{words(str(r['metric']))} ({r['n']:,g} tried), so their ranking means nothing. Other "
        "learning rates, scaled inputs or another network may learn."
    ),
    "stuck": lambda r: (
        f"On {r['dataset']}, {float(str(r['value'])):,.0f} of {r['n']:,g} runs of the best "
        "configuration ended no better than the trivial predictor: the best is not reliable."
    ),
    "constant": lambda r: (
        f"On {r['dataset']}, most runs of {float(str(r['value'])):,.0f} of "
        f"{count(int(float(str(r['n']))), 'configuration')} give one constant answer to all "
        "training samples. Where their repetitions agree, that is no sign of stability."
    ),
    "few": lambda r: (
        f"On {r['dataset']}, most configurations have "
        f"{count(int(float(str(r['value']))), 'repetition')}: fewer than 6 cannot decide a "
        "comparison."
    ),
    "edge": lambda r: (
        f"On {r['dataset']}, the best configuration has {at(str(r['parameter']), r['level'])}, the "
        f"outermost of {r['n']:g} values tried: one beyond it may be better."
    ),
    "overfits": lambda r: (
        f"On {r['dataset']}, the best configuration overfits: its median {words(str(r['metric']))} "
        f"is lowest after {count(int(float(str(r['after']))), 'epoch')} "
        f"({_both(r)[0]}), and {_both(r)[1]} at the end."
    ),
    "improving": lambda r: (
        f"On {r['dataset']}, the best configuration still improves in the last fifth of the epochs "
        f"(its {words(str(r['metric']))} gets better by {_gain(r)}): with more epochs the order "
        "may change."
    ),
    "reversal": lambda r: (
        f"On {_where(r)}, {at(str(r['parameter']), r['level'])} is "
        f"{'better' if float(str(r['value'])) < 0 else 'worse'} than {r['reference']} in general, "
        f"but {'worse' if float(str(r['value'])) < 0 else 'better'} at "
        f"{at(str(r['other']), r['other_level'])}, in each of {r['n']:g} repetitions."
    ),
    "separates": lambda r: (
        f"On {_where(r)}, {words(str(r['parameter']))} only separates runs that diverge from those "
        "that do not: among those that do not, it makes no clear difference."
    ),
    "never": lambda r: (
        f"On {_where(r)}, {_few(float(str(r['value'])))} of {r['n']:,g} runs get "
        f"{words(str(r['metric'])).removeprefix('epochs ')} within their epochs."
    ),
    "unpaired": lambda r: (
        f"On {_where(r)}, common draws hardly pay: over repetitions, the correlation of "
        f"configurations in {words(str(r['metric']))} is {number(float(str(r['value'])))}."
    ),
}

SHOWN = 3
"""So many warnings of one kind are written out; the table has all."""


def _both(row: Mapping[str, object]) -> tuple[str, ...]:
    """Write two values with the digits that tell them apart."""
    return numbers(*(float(str(row[name])) for name in ("value", "beside")))


def _gain(row: Mapping[str, object]) -> str:
    value = float(str(row["value"]))
    return (
        f"a factor of {number(10**value)}" if METRICS[str(row["metric"])].is_loss else number(value)
    )


def _few(part: float) -> str:
    return f"only {share(part)}" if part else "none"


def _where(row: Mapping[str, object]) -> str:
    implementation = row["implementation"]
    network = {"as_printed": ", network as printed", "exact": ", exact network"}
    several = row.get("networks", 1) != 1
    return f"{row['dataset']}{network.get(str(implementation), '') if several else ''}"


def cautions(table: pd.DataFrame) -> list[str]:
    """Write the warnings, of each kind the first few."""
    found = []
    for kind, rows in table.groupby("caution", sort=False):
        networks = table["implementation"].dropna().nunique()
        records = rows.assign(networks=networks).to_dict("records")
        texts = [{str(k): v for k, v in row.items()} for row in records]
        found += [_CAUTIONS[str(kind)](row) for row in texts[:SHOWN]]
        if len(rows) > SHOWN:
            more = count(len(rows) - SHOWN, "more warning")
            found.append(f"The table has {more} of the last kind.")
    return found or ["Nothing: none of the usual warnings applies."]
