"""One level of a parameter against another: paired differences, a repetition at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

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
    codes = {
        n: runs[n].astype("category").cat.codes.to_numpy(np.intp) for n in PARAMETERS if n in runs
    }
    repetition = runs["repetition"].to_numpy(np.intp)
    groups = runs[list(GROUPS)].assign(place=np.arange(len(runs)))
    for parameter in parameters:
        levels = [str(level) for level in runs[parameter].cat.categories]
        by = [name for name in GROUPS if name != parameter]
        for key, group in groups.groupby(by):
            about = (*map(str, key), BOTH)[:2]
            places = group["place"].to_numpy(np.intp)
            own = {name: of[places] for name, of in codes.items()}
            at = own.pop(parameter)
            there = {levels[code] for code in np.unique(at[at >= 0])}
            reference = next((one for one in references[parameter] if one in there), None)
            if reference is None:
                continue
            first = levels.index(reference)
            for code in _partners(at, first, own, repetition[places]):
                pairs = _pairs(at, (code, first), own, repetition[places])
                if len(pairs.one):
                    one, other = places[pairs.one], places[pairs.other]
                    yield Pairing(
                        about[0], about[1], parameter, levels[code], reference,
                        one, other, repetition[one], pairs.setting,
                    )  # fmt: skip


def _partners(at: Places, first: int, others: Mapping[str, Places], repetition: Places) -> Places:
    """Return the levels that may have a pair: of a search, most of hundreds have none.

    They share a setting of the parameters that always act with the reference, the level `first`.
    """
    acting = [of for of in others.values() if (of >= 0).all()]
    setting = _numbered([*acting, repetition])
    shared = np.isin(setting, setting[at == first]) & (at != first) & (at >= 0)
    return np.unique(at[shared])


class _Pairs(NamedTuple):
    """Places of both runs of each pair, and the setting that they share."""

    one: Places
    other: Places
    setting: Places


def _pairs(
    at: Places, levels: tuple[int, int], others: Mapping[str, Places], repetition: Places
) -> _Pairs:
    """Return the pairs of runs at two levels, in the order of the first ones, then the second."""
    members = [np.flatnonzero(at == level) for level in levels]
    both = np.concatenate(members)
    acting = [
        of[both]
        for of in others.values()
        if all((of[places] >= 0).any() for places in members) or not (of[both] >= 0).any()
    ]
    setting = _numbered([np.zeros_like(both), *acting])
    key = _numbered([setting, repetition[both]])
    n = len(members[0])
    order = np.argsort(key[n:], kind="stable")
    other_keys = key[n:][order]
    start, stop = (np.searchsorted(other_keys, key[:n], side) for side in ("left", "right"))
    one = np.repeat(np.arange(n), stop - start)
    within = np.arange(len(one)) - np.repeat(np.cumsum(stop - start) - (stop - start), stop - start)
    other = order[np.repeat(start, stop - start) + within]
    return _Pairs(members[0][one], members[1][other], setting[one])


def _numbered(columns: Sequence[Places]) -> Places:
    """Return a number for each row of columns, the same for equal rows.

    >>> _numbered([np.array([0, 0, 1]), np.array([2, -1, 2])]).tolist()
    [1, 0, 2]
    """
    number = columns[0]
    for column in columns[1:]:
        wide = int(column.max(initial=0)) + 2
        number = np.unique(number * wide + column + 1, return_inverse=True)[1]
    return number


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
