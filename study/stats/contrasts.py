"""One level of a parameter against another: paired differences, a repetition at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from study.space import PARAMETERS
from study.stats.intervals import Array, combined, subtract
from study.stats.scales import GROUPS

BOTH = "both"
"""The implementation of what compares the implementations."""

Combine: TypeAlias = Literal["median", "mean"]
"""How the differences of a repetition's pairs become one."""

Places: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Pairs of runs that differ in one parameter alone, as places in the frame of runs.

    Pair i is run `one[i]` at `level` and run `other[i]` at `reference`, both of `repetition[i]`
    and of one `setting[i]` of all other parameters.
    """

    dataset: str
    implementation: str
    parameter: str
    level: str
    reference: str
    one: Places
    other: Places
    repetition: Places
    setting: Places

    def kept(self, chosen: "NDArray[np.bool_]") -> "Pairing":
        """Return the pairs for which `chosen` is true."""
        return Pairing(
            self.dataset, self.implementation, self.parameter, self.level, self.reference,
            self.one[chosen], self.other[chosen], self.repetition[chosen], self.setting[chosen],
        )  # fmt: skip


def pairings(
    runs: pd.DataFrame, parameters: Sequence[str], references: Mapping[str, Sequence[str]]
) -> Iterator[Pairing]:
    """Yield each level of each parameter paired with a reference level, group by group.

    A group is a dataset and implementation; the implementations themselves are compared within the
    dataset, as implementation `both`. `references` lists the levels to compare with; the first one
    that occurs in the group is the reference. `runs` has the parameters as levels. A level without
    a pair is left out. Null is a level of the other parameters too. A parameter that never acts at
    one of the two levels is not matched: each of its settings is a partner.
    """
    places = runs.assign(place=np.arange(len(runs)))
    for parameter in parameters:
        by = [name for name in GROUPS if name != parameter]
        for key, group in places.groupby(by):
            about = (*map(str, key), BOTH)[:2]
            levels = set(group[parameter].dropna())
            reference = next((one for one in references[parameter] if one in levels), None)
            if reference is None:
                continue
            for level in _partners(group, parameter, reference):
                pairing = _pairing(group, (about[0], about[1]), parameter, level, reference)
                if len(pairing.one):
                    yield pairing


def _partners(runs: pd.DataFrame, parameter: str, reference: str) -> list[str]:
    """Return the levels that may have a pair: of a search, most of hundreds have none.

    They share a setting of the parameters that always act with the reference.
    """
    at = runs[parameter]
    others = [n for n in PARAMETERS if n != parameter and n in runs and not runs[n].isna().any()]
    setting = runs.groupby([*others, "repetition"]).ngroup()
    shared = setting.isin(setting[at == reference])
    there = set(at[shared & (at != reference)].dropna())
    return [str(level) for level in at.cat.categories if level in there]


def _pairing(
    runs: pd.DataFrame, about: tuple[str, str], parameter: str, level: str, reference: str
) -> Pairing:
    both = runs[runs[parameter].isin([level, reference])]
    at = both[parameter].astype(str)
    others = [
        name
        for name in PARAMETERS
        if name != parameter and name in both and both[name].drop_duplicates().size > 1
        and not both[name].isna().groupby(at).all().any()
    ]  # fmt: skip
    grouped = both.groupby(others, dropna=False).ngroup() if others else 0
    table = both[["place", "repetition"]].assign(setting=grouped)
    pairs = table[at == level].merge(table[at == reference], on=["setting", "repetition"])
    columns = ("place_x", "place_y", "repetition", "setting")
    return Pairing(
        *about, parameter, level, reference, *(pairs[name].to_numpy(np.intp) for name in columns)
    )


def differences(pairing: Pairing, values: Array, *, combine: Combine = "median") -> Array:
    """Return one difference level − reference for each repetition, in their order.

    `values` has a number for each run of the frame; pairs with a NaN are left out. Within a
    repetition the differences of all pairs are combined. Two equal infinities differ by 0.
    """
    difference = subtract(values[pairing.one], values[pairing.other])
    defined = ~np.isnan(difference)
    order = np.argsort(pairing.repetition[defined], kind="stable")
    repetition, difference = pairing.repetition[defined][order], difference[defined][order]
    starts = np.flatnonzero(np.diff(repetition)) + 1
    parts = np.split(difference, starts) if len(difference) else []
    return np.array([float(p.mean() if combine == "mean" else combined(p)) for p in parts])
