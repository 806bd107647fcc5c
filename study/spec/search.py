"""[search]: which configurations are tried, how often, and what makes one better."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Self, TypeAlias

from pydantic import Field, WithJsonSchema
from typing_extensions import override

from study.errors import quoted
from study.samplers.methods import METHODS, Option
from study.samplers.sampler import Setting
from study.space import Count, Frozen, Mistake, Value, wrong_value
from study.spec.constraints import Constraint
from study.spec.objective import Objective
from study.spec.searched import Exclude, Pruner, SearchSpace
from study.spec.values import Assignment, keyed, one_of, read_by

LEAST = 2
"""The fewest trials of a generation that leave something to choose from."""

NOT_FOR_A_GRID = {
    "trials", "batch", "population", "confirm", "compare_with", "options", "pruner", "include",
}  # fmt: skip
"""Keys that choose a part of the configurations."""

_SEVERAL = ", ".join(name for name, method in METHODS.items() if method.several)

_TYPES = {bool: "boolean", int: "integer", float: "number"}


def _schema(option: Option) -> dict[str, Any]:
    if option.words:
        return {"enum": list(option.words)}
    kind = type(option.default)
    low = {} if kind is bool else {"minimum": option.low}
    high = {"maximum": option.high} if option.high < math.inf else {}
    return {"type": _TYPES[kind], **low, **high}


def _fields() -> dict[str, Any]:
    """Return a key for each option of any method; its meaning says whose it is."""
    owners: dict[str, list[str]] = {}
    for name, method in METHODS.items():
        for key in method.options:
            owners.setdefault(key, []).append(name)
    fields = {}
    for key, names in owners.items():
        option = METHODS[names[0]].options[key]
        description = f"{', '.join(names)}: {option.meaning}"
        shown: dict[str, Any] = {} if option.varies else {"default": option.default}
        annotation = Annotated[Any, WithJsonSchema(_schema(option))]
        fields[key] = annotation, Field(None, description=description, json_schema_extra=shown)
    return fields


class _Own(Frozen):
    """Options of the method's own."""


_Options = keyed("Options", _fields(), _Own)


def _read(value: object) -> dict[str, Setting]:
    if not isinstance(value, dict):
        raise ValueError(f"must be a table, got {quoted(value)}")  # noqa: TRY004  # pydantic's rule
    return dict(value)


Options: TypeAlias = Annotated[dict[str, Setting], read_by(_read, _Options)]
"""Key → value, as the file has them; whether the method takes them, [search] says."""


class Search(Frozen):
    """Which configurations are tried, and how often."""

    method: Annotated[str, *one_of(METHODS)] = Field(
        "grid", description="grid: every combination of the values; the others try `trials` of them"
    )
    repetitions: Count = Field(10, description="draws of data and weights for each configuration")
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = Field(
        0, description="the one source of all randomness"
    )
    trials: Count | None = Field(
        None, description="how many distinct configurations, for each dataset"
    )
    batch: Count = Field(16, description="how many are asked for at once")
    population: Count | None = Field(
        None, description="cmaes, nsga2: trials of a generation; default: batch"
    )
    confirm: Count | None = Field(
        None, description="this number of the best get as many repetitions again"
    )
    decide: Count | None = Field(
        None,
        description="repetitions are added in blocks of five, up to this many, to the runs that "
        "undecided hypotheses need",
    )
    compare_with: Annotated[str, *one_of(("random",))] | None = Field(
        None,
        description="random: a second arm of equal budget, to see whether the method beats chance",
    )
    options: Options = Field({}, description="options of the method's own")
    objective: Objective = Field(default_factory=Objective, description="what makes a trial better")
    objectives: Annotated[tuple[Objective, ...], Field(strict=False, min_length=2)] | None = Field(
        None,
        description=f"several objectives, in the place of one ({_SEVERAL})",
    )
    constraints: Annotated[tuple[Constraint, ...], Field(strict=False)] = Field(
        (), description="limits; configurations that violate one are ranked after all others"
    )
    pruner: Pruner | None = Field(None, description="when trials are pruned")
    parameters: SearchSpace = Field(
        {},
        description="for each a list of values, or {choices = […], when = {…}}, or a range: "
        "{low = …, high = …, log = true} or {low = …, high = …, step = …}, and for hidden "
        "{layers = […], width = {low = …, high = …}}; a range may have `when` too",
    )
    exclude: Annotated[tuple[Exclude, ...], Field(strict=False)] = Field(
        (), description="combinations that are not trained"
    )
    include: Annotated[tuple[Assignment, ...], Field(strict=False)] = Field(
        (), description="configurations that are tried first; what one leaves open the method draws"
    )

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        if self.method is wrong_value():
            return self._group(), self._beside(), self._conditions()
        general = self._beside(), self._several(), self._own(), self._group(), self._conditions()
        if METHODS[self.method].finite:
            return self._whole(), *general
        return self._missing(), *self._budget(), *general

    def _whole(self) -> Iterator[Mistake]:
        """Yield the keys that choose a part, where everything is tried."""
        for key in sorted(NOT_FOR_A_GRID & self.model_fields_set):
            problem = (
                f"is not for method = {quoted(self.method)}, which tries every combination once"
            )
            yield (key,), problem

    def _missing(self) -> Iterator[Mistake]:
        if self.trials is None:
            yield ("trials",), f"is missing: how many configurations {self.method} tries"

    def _budget(self) -> Iterator[Iterator[Mistake]]:
        """Yield the rules of how much is tried."""
        generations = METHODS[self.method].generations
        if generations:
            yield self._generation()
            yield self._enough()
        else:
            yield self._ungenerated()
        yield self._at_most("confirm", lambda: self.confirm or 0)
        yield self._at_most("include", lambda: len(self.include))
        yield self._another()

    def _generation(self) -> Iterator[Mistake]:
        population = self.population or self.batch
        if population < LEAST and self.trials is not None:
            key = "batch" if self.population is None else "population"
            yield (key,), f"must be at least {LEAST} with {self.method}, got {population}"

    def _enough(self) -> Iterator[Mistake]:
        population = self.population or self.batch
        if self.trials is not None and self.trials <= population:
            problem = f"must be more than population, {population}, or nothing would be searched"
            yield ("trials",), f"{problem}, got {self.trials}"

    def _ungenerated(self) -> Iterator[Mistake]:
        if "population" in self.model_fields_set:
            names = " and ".join(name for name, m in METHODS.items() if m.generations)
            yield ("population",), f"is for {names}, got method = {quoted(self.method)}"

    def _at_most(self, key: str, count: Callable[[], int]) -> Iterator[Mistake]:
        if self.trials is not None and count() > self.trials:
            yield (key,), f"must be at most trials, {self.trials}, got {count()}"

    def _another(self) -> Iterator[Mistake]:
        if self.compare_with == self.method:
            yield ("compare_with",), "must be another method than the one that is compared"

    def _own(self) -> Iterator[Mistake]:
        """Yield the errors of the method's own options."""
        options = METHODS[self.method].options
        for name, value in self.options.items():
            if name not in options:
                names = f"; there are {', '.join(options)}" if options else ""
                yield ("options", name), f"is not an option of {self.method}{names}"
                continue
            try:
                options[name].read(value)
            except ValueError as error:
                yield ("options", name), str(error)

    def _group(self) -> Iterator[Mistake]:
        if self.options.get("group") is True and self.options.get("multivariate") is False:
            yield ("options", "group"), "needs multivariate = true"

    def _several(self) -> Iterator[Mistake]:
        """Yield that the method is for one objective alone."""
        if "objectives" in self.model_fields_set and not METHODS[self.method].several:
            names = ", ".join(name for name, m in METHODS.items() if m.several)
            yield ("objectives",), f"need a method for several: {names}, got {quoted(self.method)}"

    def _beside(self) -> Iterator[Mistake]:
        """Yield the keys that must not be given next to several objectives."""
        given = self.model_fields_set
        if "objectives" not in given:
            return
        if "objective" in given:
            yield ("objectives",), "must not be used together with [search.objective]"
        for key in ("pruner", "compare_with"):
            if key in given:
                yield (key,), "is not for several objectives"

    def _conditions(self) -> Iterator[Mistake]:
        """Yield the conditions that depend on themselves."""
        for name in self.circular:
            problem = f"goes round in a circle: {name} depends on itself"
            yield ("parameters", name, "when"), problem

    @property
    def aims(self) -> tuple[Objective, ...]:
        """The objectives: one, or several."""
        return self.objectives or (self.objective,)

    def aimed_at(self, metric: str) -> Self:
        """Return the same with a metric for each objective that declares none."""
        aims = tuple(
            aim if "metric" in aim.model_fields_set else aim.model_copy(update={"metric": metric})
            for aim in self.aims
        )
        several = self.objectives is not None
        return self.model_copy(update={"objectives": aims} if several else {"objective": aims[0]})

    @property
    def rungs(self) -> tuple[int, ...]:
        """The epochs at which trials may be pruned."""
        return () if self.pruner is None else self.pruner.rungs

    @property
    def conditions(self) -> dict[str, dict[str, Value]]:
        """The `when` of every searched parameter."""
        return {name: d.when for name, d in self.parameters.items() if d is not wrong_value()}

    @property
    def circular(self) -> list[str]:
        """The parameters whose `when` leads back to themselves."""
        return [name for name in self.conditions if name in _reached(self.conditions, name)]


def _reached(conditions: dict[str, dict[str, Value]], name: str) -> set[str]:
    """Return the parameters on which one depends, directly or through others."""
    reached: set[str] = set()
    left = list(conditions[name])
    while left:
        other = left.pop()
        if other not in reached:
            reached.add(other)
            left += conditions.get(other, {})
    return reached
