"""[[hypotheses]]: a claim, where it is tested, and what would support or contradict it."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, Field
from typing_extensions import override

from study.errors import quoted
from study.metrics import DIVERGED, OF_RUNS
from study.space import (
    PARAMETERS,
    Frozen,
    Mistake,
    Names,
    Value,
    acts,
    as_written,
    wrong_value,
)
from study.spec.contrasts import SIDES, Compared, Contrast, Settings
from study.spec.values import Assignment, Name, Text, one_of, read_by

_Metric: TypeAlias = Annotated[str, *one_of(OF_RUNS)]


def _below_one(share: float) -> float:
    if share == 1:
        raise ValueError(
            "no number of repetitions shows that all do, got 1: claim less, such as 0.9"
        )
    return share


class Threshold(Frozen):
    """What is expected in a share of the repetitions: a metric at least, or at most, this."""

    at_least: float | None = Field(None, description="the metric is at least this")
    at_most: float | None = Field(None, description="the metric is at most this")
    fact: bool | None = Field(None, alias="is", description="true with metric = diverged")
    share: Annotated[float, AfterValidator(_below_one), Field(gt=0, lt=1)] = Field(
        0.5, description="the claim holds in more than this share of the repetitions"
    )

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return (self._one(),)

    def _one(self) -> Iterator[Mistake]:
        limits = {"at_least": self.at_least, "at_most": self.at_most, "is": self.fact}
        given = [key for key, limit in limits.items() if limit is not None]
        if len(given) != 1 and all(limit is not wrong_value() for limit in limits.values()):
            names = " and ".join(given) or "none"
            yield (), f"exactly one of at_least, at_most and is must be given, got {names}"


class _Claim(Frozen):
    kind: ClassVar[str]

    id: Name = Field(description="its name in tables and in the report")
    claim: Text = Field(description="what it claims, in words")
    label: Text | None = Field(None, description="what tables call it; default: the claim")
    where: Assignment = Field({}, description="the configurations to compare; default: all")
    datasets: Names | None = Field(None, description="where it is tested; default: all")

    @property
    def threshold(self) -> float:
        """The share of the repetitions above which the claim is supported."""
        return 0.5

    @property
    def contrasts(self) -> tuple[tuple[str, Contrast | Settings], ...]:
        """What is compared, under the keys of the file."""
        return ()

    @property
    def cells(self) -> list[dict[str, Value]]:
        """What the configurations of each side have in common, the claimed one first.

        A value of `where` whose parameter does not act on one side does not restrict that side. An
        interaction has both sides of `compare` at the one side of `across`, and then at the other.
        """
        return [
            {name: v for name, v in side.items() if name not in self.where or acts(name, side)}
            for side in self._sides
        ]

    @property
    def _sides(self) -> list[dict[str, Value]]:
        """What the sides compare, and `where`, whether it acts there or not."""
        chosen = itertools.product(*(contrast.sides for _, contrast in self.contrasts[::-1]))
        return [dict(itertools.chain(self.where.items(), *(s.items() for s in c))) for c in chosen]

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return self._idle_where(), self._idle()

    def _idle_where(self) -> Iterator[Mistake]:
        """Yield each parameter of `where` that acts on no side."""
        for name in self.where:
            if not any(acts(name, side) for side in self._sides):
                yield ("where", name), idle(name, self._sides)

    def _idle(self) -> Iterator[Mistake]:
        """Yield each compared value whose parameter does not act where it is compared."""
        for key, contrast in self.contrasts:
            for side, values in zip(SIDES, contrast.sides, strict=True):
                own = [cell for cell in self._sides if values.items() <= cell.items()]
                for name in values.keys() - self.where.keys():
                    if where := [cell for cell in own if not acts(name, cell)]:
                        yield (key, *contrast.naming(side, name)), idle(name, where)


def idle(name: str, sides: list[dict[str, Value]]) -> str:
    """Say that a parameter does nothing in configurations with these values, and why.

    >>> idle("momentum", [{"optimizer": "adam"}])
    "momentum does nothing with optimizer = 'adam'; it acts with optimizer = 'sgd'"
    """
    conditions = PARAMETERS[name].acts_with
    given = []
    for other in dict.fromkeys(c.parameter for c in conditions):
        sides_of = dict.fromkeys(quoted(side[other]) for side in sides if other in side)
        given += [f"{other} = {' or '.join(sides_of)}"] * bool(sides_of)
    condition = f" with {' and '.join(given)}" * bool(given)
    return f"{name} does nothing{condition}; it acts with {as_written(conditions)}"


class Comparison(_Claim):
    """Side against side: a metric is lower, higher or equal, all else being the same."""

    kind: ClassVar[str] = "comparison"

    compare: Compared = Field(
        description="a contrast: two values of one parameter; or two settings: values of several"
    )
    metric: _Metric = Field(description="a numeric column of runs.parquet")
    expect: Literal["lower", "higher", "equal"] = Field(description="how the first compares")
    margin: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None,
        description="with expect = equal: differences up to this count as none; on a logarithmic "
        "scale differences of log₁₀, where 0.1 is a ratio of 1.26",
    )
    scale: Literal["log", "linear"] | None = Field(
        None,
        description="log: compare by ratios; linear: by differences; default: the metric's, "
        "which is log for losses, epochs and seconds",
    )

    @property
    @override
    def contrasts(self) -> tuple[tuple[str, Contrast | Settings], ...]:
        return (("compare", self.compare),)

    @property
    def compared(self) -> list[str]:
        """The parameters in which the sides differ."""
        return list(dict.fromkeys(name for _, c in self.contrasts for s in c.sides for name in s))

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return self._margin(), self._compared_is_free(), *super().rules()

    def _margin(self) -> Iterator[Mistake]:
        if self.expect == "equal" and self.margin is None:
            yield ("margin",), "is missing: equal means equal up to a margin"
        if "margin" in self.model_fields_set and self.expect != "equal":
            wrong = f"belongs to expect = 'equal' alone, got expect = {quoted(self.expect)}"
            yield ("margin",), wrong

    def _compared_is_free(self) -> Iterator[Mistake]:
        for key, contrast in self.contrasts:
            for name in self.where.keys() & {name for side in contrast.sides for name in side}:
                yield ("where", name), f"is what {key} is about; leave it out here"


class Interaction(Comparison):
    """The difference of two differences: `compare` at the one side of `across`, and the other."""

    kind: ClassVar[str] = "interaction"

    across: Compared = Field(
        description="where the difference changes: a contrast, or two settings"
    )

    @property
    @override
    def contrasts(self) -> tuple[tuple[str, Contrast | Settings], ...]:
        return (("compare", self.compare), ("across", self.across))

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return self._two_contrasts(), *super().rules()

    def _two_contrasts(self) -> Iterator[Mistake]:
        names = {name for side in self.compare.sides for name in side}
        for side, values in zip(SIDES, self.across.sides, strict=True):
            for name in values.keys() & names:
                place = ("across", *self.across.naming(side, name))
                yield place, f"{name} is what compare is about; name another here"


class Level(_Claim):
    """In more than a share of the repetitions, a metric reaches a level, or the run diverges."""

    kind: ClassVar[str] = "level"

    metric: Annotated[str, *one_of((*OF_RUNS, DIVERGED))] = Field(
        description="a numeric column of runs.parquet, or diverged"
    )
    expect: Threshold = Field(
        description="the level, and the share of the repetitions in which it is reached"
    )

    @property
    @override
    def threshold(self) -> float:
        return self.expect.share

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return self._fact(), *super().rules()

    def _fact(self) -> Iterator[Mistake]:
        if self.metric == DIVERGED and self.expect.fact is None:
            yield ("expect",), "must be {is = true, …} with metric = 'diverged'"
        if self.metric != DIVERGED and self.expect.fact is not None:
            wrong = f"is for metric = 'diverged' alone, got metric = {quoted(self.metric)}"
            yield ("expect", "is"), wrong


Hypothesis: TypeAlias = Comparison | Interaction | Level


def kind_of(value: object) -> type[Comparison | Interaction | Level]:
    """Return as what a table is read, by its keys."""
    keys = value if isinstance(value, dict) else {}
    return Interaction if "across" in keys else Comparison if "compare" in keys else Level


HypothesisTable: TypeAlias = Annotated[
    Hypothesis,
    read_by(lambda value: kind_of(value).model_validate(value), Comparison | Interaction | Level),
]


NETWORK = "implementation"

First: TypeAlias = Callable[[str, Sequence[Mapping[str, Any]]], int]
"""A dataset and the configurations that a hypothesis needs there → the first repetition that had
no part in choosing them, and may count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The hypotheses of a study, with the datasets and networks that it trains.

    `first` is the first repetition that may count. `added` has the hypotheses that were added
    after results, by id: after how many repetitions. `shared` has the datasets whose rows are the
    same in all repetitions: what they are, in words, and how many are held out for each that is
    trained on, where repetitions re-split them; else 0.
    """

    declared: Sequence[Hypothesis]
    datasets: Sequence[str]
    networks: Sequence[str]
    first: First = lambda *_: 0
    added: Mapping[str, int] = field(default_factory=dict)
    shared: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[Hypothesis, str, str]]:
        """Yield the hypothesis, dataset and network of each verdict of a study.

        A hypothesis that names no dataset is tested on all of them.
        """
        for hypothesis in self.declared:
            for dataset in hypothesis.datasets or self.datasets:
                for network in networks(hypothesis, self.networks):
                    yield hypothesis, dataset, network

    @property
    def verdicts(self) -> int:
        """The number of verdicts, untested ones included."""
        return sum(1 for _ in self.rows())


def networks(hypothesis: Hypothesis, present: Sequence[str]) -> list[str]:
    """Return the implementations on which a hypothesis is tested.

    All that are `present`, or the one that its values name. Where two are compared there is one row
    for both together, such as "as_printed − exact".
    """
    named = dict.fromkeys(str(cell[NETWORK]) for cell in hypothesis.cells if NETWORK in cell)
    return [" − ".join(named)] if named else list(present)
