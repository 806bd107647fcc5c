"""What each level costs: µs per run and epoch, one timing for each stack, no interval."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from study.space import PARAMETERS
from study.stats.contrasts import Pairing, Places, pairings
from study.stats.intervals import Array
from study.stats.scales import GROUPS, compared

BEHAVIOUR = {"behaviour": "seconds_per_epoch", "aspect": "cost", "scale": "log10"}
"""What the costs are called among the behaviours."""

COLUMNS = (
    *GROUPS, "parameter", "level", "reference", "settings", "stacks", "other_stacks",
    "microseconds", "other_microseconds", "together",
)  # fmt: skip

_SHARED = [name for name, p in PARAMETERS.items() if not p.per_network]
"""What the runs of a stack have in common beside their dataset."""


def stacks(runs: pd.DataFrame) -> Places:
    """Return the stack of each run that completed, as a number; −1 for any other run.

    Only whole stacks are timed, and each run is stored with its share of the stack's time. Runs of
    one stack that reached the last epoch have exactly the same number of seconds.
    """
    timed = runs[(runs["status"] == "completed") & runs["seconds"].notna()]
    names = [name for name in _SHARED if name in runs]
    number = timed.groupby(["dataset", *names, "seconds"], dropna=False, observed=True).ngroup()
    return number.reindex(runs.index, fill_value=-1).to_numpy().astype(np.intp)


def cost(
    runs: pd.DataFrame, parameters: Sequence[str], references: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return what a run takes for an epoch at every level of every parameter.

    One row for each pair (see `contrasts.pairings`). Runs that completed are compared, in
    `settings` of the other parameters at which both levels have a stack of their own. A stack is
    one timing, however many runs it holds: in each setting a level has the median of its stacks,
    and `microseconds` is the geometric mean over the settings; `stacks` counts its stacks.
    `other_microseconds` and `other_stacks` are the reference's. A stack that holds runs of
    both levels times neither. Where that leaves no timing, they were timed `together`, and the
    numbers are 0 and NaN.
    """
    kept = compared(runs).reset_index(drop=True)
    stack, epochs = stacks(kept), kept["epochs"].to_numpy(dtype=float)
    each = 1e6 * kept["seconds"].to_numpy(dtype=float) / np.where(stack < 0, np.nan, epochs)
    rows = [
        (pair.dataset, pair.implementation, pair.parameter, pair.level, pair.reference,
         *_timed(pair, stack, each))
        for pair in pairings(kept, parameters, references)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _timed(pair: Pairing, stack: Places, each: Array) -> Iterator[float]:
    """Yield the columns from `settings` on."""
    completed = pair.kept((stack[pair.one] >= 0) & (stack[pair.other] >= 0))
    shared = np.intersect1d(stack[completed.one], stack[completed.other])
    own = ~np.isin(stack, shared)
    apart = completed.kept(own[completed.one] & own[completed.other])
    sides = apart.one, apart.other
    yield len(np.unique(apart.setting))
    yield from (len(np.unique(stack[places])) for places in sides)
    yield from (_typical(apart.setting, stack[places], each[places]) for places in sides)
    yield bool(len(completed.one)) and not len(apart.one)


def _typical(setting: Places, stack: Places, each: Array) -> float:
    timings = pd.DataFrame({"setting": setting, "stack": stack, "log": np.log(each)})
    medians = timings.drop_duplicates(["setting", "stack"]).groupby("setting")["log"].median()
    return float(np.exp(medians.mean()))


def effects(costs: pd.DataFrame) -> pd.DataFrame:
    """Return the costs as rows of `behaviour`: ratios of two times, without an interval.

    No repetition stands behind one. No row where no level has a stack of its own.
    """
    nothing = dict.fromkeys(["low", "high", "confidence", "alone", "other_alone"], np.nan)
    effect = np.log10(costs["microseconds"] / costs["other_microseconds"])
    rows = costs.assign(**BEHAVIOUR, pairs=costs["settings"], repetitions=0, effect=effect)
    rows = rows.assign(**nothing, clear=False)
    return rows if costs["settings"].any() else rows.iloc[:0]
