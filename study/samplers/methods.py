"""The table of search methods: each one's sampler, its options, and its abilities."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf, isinf
from typing import TypeAlias

from study.errors import not_one_of, quoted
from study.samplers.grid import Grid
from study.samplers.sampler import Sampler, Setting, Settings
from study.space import Choices, Space, Value

Make: TypeAlias = Callable[[Space, Mapping[str, Value], Settings], Sampler]
"""(searched space, fixed values, settings) → a sampler that has not been asked yet."""


@dataclass(frozen=True, slots=True)
class Option:
    """A key of [search.options]: its default, what it means, and which values are right.

    Where the default `varies` with the space, `meaning` describes it, and `default` is one example.
    """

    default: Setting
    meaning: str
    low: float = 0
    high: float = inf
    words: tuple[str, ...] = ()
    varies: bool = False

    def read(self, value: object) -> Setting:
        """Return the value, or raise ValueError with the rule that it breaks.

        >>> Option(0.9, "how often", high=1).read(2)
        Traceback (most recent call last):
        ValueError: must be a number of at least 0 and at most 1, got 2
        """
        if isinstance(self.default, str):
            if not isinstance(value, str) or value not in self.words:
                raise ValueError(not_one_of(value, self.words))
            return value
        if isinstance(self.default, bool):
            if not isinstance(value, bool):
                raise ValueError(f"must be true or false, got {quoted(value)}")  # noqa: TRY004  # pydantic's rule
            return value
        whole = isinstance(self.default, int)
        number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if not number or not self.low <= value <= self.high:  # type: ignore[operator]  # a number
            kind = "whole number" if whole else "number"
            most = "" if isinf(self.high) else f" and at most {self.high:g}"
            rule = f"must be a {kind} of at least {self.low:g}{most}"
            raise ValueError(f"{rule}, got {quoted(value)}")
        return value  # type: ignore[return-value]  # a number


def everything(space: Space) -> tuple[str, ...]:
    """Return all parameters."""
    return tuple(space)


def nothing(_: Space) -> tuple[str, ...]:
    """Return no parameter."""
    return ()


def unconditional(space: Space) -> tuple[str, ...]:
    """Return the parameters that are always active."""
    return tuple(name for name, dimension in space.items() if not dimension.when)


def numbers(space: Space) -> tuple[str, ...]:
    """Return the parameters that are ranges and always active."""
    return tuple(name for name, d in space.items() if not isinstance(d, Choices) and not d.when)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A row of METHODS.

    A `finite` method tries every cell once, and so takes no ranges and ends by itself. `searched`
    returns the parameters that a method moves, by its results if it `learns`, else by a rule of its
    own; the others it draws at random.
    `generations`: its first population is drawn at random, before anything is learned. `several`:
    it takes several objectives. `constrained`: it avoids configurations that exceed a constraint.
    """

    make: Make
    meaning: str
    finite: bool = False
    searched: Callable[[Space], tuple[str, ...]] = everything
    learns: bool = True
    generations: bool = False
    several: bool = False
    constrained: bool = False
    options: Mapping[str, Option] = field(default_factory=dict)


def optuna(name: str, population: str | None = None) -> Make:
    """Return a function that makes one of Optuna's samplers, by the name of its class.

    `population` is the name of the argument that takes the population's size, if it has one.
    """

    def make(space: Space, fixed: Mapping[str, Value], settings: Settings) -> Sampler:
        from study.samplers.optuna import make

        own = {} if population is None else {population: settings.population}
        return make(name, space, fixed, settings, **own, **settings.options)

    return make


_CROSSING = {
    "crossover_prob": Option(0.9, "probability that a child has two parents", high=1),
    "swapping_prob": Option(0.5, "probability of taking a value from the second one", high=1),
    "mutation_prob": Option(
        0.1, "probability of a value drawn at random; default: 1 / parameters", high=1, varies=True
    ),
}

METHODS: dict[str, Method] = {
    "grid": Method(
        make=lambda space, fixed, _: Grid(space, fixed),
        meaning="every combination of the values, once",
        finite=True,
        learns=False,
    ),
    "random": Method(
        make=optuna("RandomSampler"),
        meaning="configurations drawn at random",
        searched=nothing,
        learns=False,
    ),
    "qmc": Method(
        make=optuna("QMCSampler"),
        meaning="values spread evenly over the space (quasi Monte Carlo)",
        searched=unconditional,
        learns=False,
        options={
            "qmc_type": Option("sobol", "the sequence", words=("halton", "sobol")),
            "scramble": Option(default=False, meaning="whether the sequence is scrambled"),
        },
    ),
    "tpe": Method(
        make=optuna("TPESampler"),
        meaning="values that are frequent among good trials and rare among bad ones; for several "
        "objectives too",
        several=True,
        constrained=True,
        options={
            "n_startup_trials": Option(10, "number of trials drawn at random first"),
            "n_ei_candidates": Option(24, "number of candidates to choose from", low=1),
            "multivariate": Option(
                default=True,
                varies=True,
                meaning="whether parameters are modelled jointly; default: with one objective",
            ),
            "group": Option(
                default=False, meaning="also if conditions decide which of them occur together"
            ),
            "constant_liar": Option(
                default=True, meaning="whether a batch's trials avoid each other"
            ),
        },
    ),
    "cmaes": Method(
        make=optuna("CmaEsSampler", population="popsize"),
        meaning="a normal distribution of the numbers that moves towards good trials (for hidden "
        "layers their number and the first width)",
        searched=numbers,
        generations=True,
        options={
            "n_startup_trials": Option(1, "number of trials drawn at random first"),
            "with_margin": Option(default=False, meaning="whether whole numbers keep a margin"),
        },
    ),
    "nsga2": Method(
        make=optuna("NSGAIISampler", population="population_size"),
        meaning="generations of good trials, crossed and mutated; for several objectives too",
        searched=everything,
        generations=True,
        several=True,
        constrained=True,
        options=_CROSSING,
    ),
}
