"""[search]: which configurations are tried, how often, and what makes one better."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from study.errors import quoted
from study.samplers.methods import METHODS
from study.space import Frozen, Place, Value, mistakes
from study.spec.metrics import METRICS
from study.spec.options import Options
from study.spec.searched import SearchSpace
from study.spec.values import Assignment, Count, Counts, Text, one_of

LEAST = 2
"""A generation has so many trials at least, or there would be nothing to choose from."""

NOT_FOR_A_GRID = {
    "trials", "batch", "population", "confirm", "compare_with", "options", "pruner", "include",
}  # fmt: skip
"""Keys that say how a part of the configurations is chosen."""


class Objective(Frozen):
    """What makes one trial better than another."""

    metric: Annotated[str, *one_of(METRICS)] = Field(
        "final_train_loss", description="a numeric column of runs.parquet"
    )
    goal: Literal["minimize", "maximize"] = Field("minimize", description="the better direction")
    quantile: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5, description="which of the repetitions counts: 0.5 the median, 1 the worst"
    )


class Pruner(Frozen):
    """When hopeless trials are given up."""

    method: Literal["median", "successive_halving"] = Field(description="the rule")
    rungs: Counts = Field(description="the epochs at which it looks")
    factor: Annotated[int, Field(ge=2)] | None = Field(
        None, description="successive_halving: one in so many goes on; default 3"
    )

    @model_validator(mode="after")
    def _rises(self) -> Self:
        wrong = []
        if list(self.rungs) != sorted(self.rungs):
            wrong.append((("rungs",), f"must rise, got {quoted(self.rungs)}"))
        if self.method == "median" and self.factor is not None:
            wrong.append((("factor",), "belongs to method = 'successive_halving' alone"))
        if wrong:
            raise mistakes(wrong)
        return self


def _some(where: dict[str, Value]) -> dict[str, Value]:
    if not where:
        raise ValueError("must name a value, or everything would be excluded")
    return where


class Exclude(Frozen):
    """Configurations that are not trained, and why."""

    where: Annotated[Assignment, AfterValidator(_some)] = Field(
        description="the values that they have in common",
        json_schema_extra={"minProperties": 1},
    )
    reason: Text = Field(description="why, for the report")


class Search(Frozen):
    """Which configurations are tried, and how often."""

    method: Annotated[str, *one_of(METHODS)] = Field(
        "grid", description="grid: every combination of the values; the others try `trials` of them"
    )
    repetitions: Count = Field(10, description="independent draws of data and weights")
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
        None, description="so many of the best get as many repetitions again"
    )
    compare_with: Annotated[str, *one_of(("random",))] | None = Field(
        None,
        description="random: a second arm of equal budget, to see whether the method beats chance",
    )
    options: Options = Field({}, description="options of the method's own")
    objective: Objective = Field(default_factory=Objective, description="what makes a trial better")
    objectives: Annotated[tuple[Objective, ...], Field(strict=False, min_length=2)] | None = Field(
        None, description="several objectives, in the place of one (nsga2)"
    )
    pruner: Pruner | None = Field(None, description="when hopeless trials are given up")
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

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        wrong = [*self._budget(), *self._several(), *self._own(), *self._conditions()]
        if wrong:
            raise mistakes(wrong)
        return self

    def _budget(self) -> Iterator[tuple[Place, str]]:
        """Yield what is wrong with how much is tried."""
        method = METHODS[self.method]
        if method.finite:
            for key in sorted(NOT_FOR_A_GRID & self.model_fields_set):
                says = f"is not for method = {quoted(self.method)}, which tries every combination"
                yield (key,), f"{says} once"
        elif self.trials is None:
            yield ("trials",), f"is missing: how many configurations {self.method} tries"
        else:
            population = self.population or self.batch
            if method.generations and population < LEAST:
                key = "batch" if self.population is None else "population"
                yield (key,), f"must be at least {LEAST} with {self.method}, got {population}"
            if method.generations and self.trials <= population:
                says = f"must be more than population, {population}, or nothing would be searched"
                yield ("trials",), f"{says}, got {self.trials}"
            if not method.generations and self.population is not None:
                names = " and ".join(name for name, m in METHODS.items() if m.generations)
                yield ("population",), f"is for {names}, got method = {quoted(self.method)}"
            for key, count in (("confirm", self.confirm or 0), ("include", len(self.include))):
                if count > self.trials:
                    yield (key,), f"must be at most trials, {self.trials}, got {count}"
            if self.compare_with == self.method:
                yield ("compare_with",), "must be another method than the one that is compared"

    def _own(self) -> Iterator[tuple[Place, str]]:
        """Yield what is wrong with the method's own options."""
        options = METHODS[self.method].options
        for name, value in self.options.items():
            if name not in options:
                known = f"; there are {', '.join(options)}" if options else ""
                yield ("options", name), f"is no option of {self.method}{known}"
                continue
            try:
                options[name].read(value)
            except ValueError as error:
                yield ("options", name), str(error)
        if self.options.get("group") is True and self.options.get("multivariate") is False:
            yield ("options", "group"), "needs multivariate = true"

    def _several(self) -> Iterator[tuple[Place, str]]:
        """Yield what is wrong with several objectives."""
        if self.objectives is None:
            return
        if "objective" in self.model_fields_set:
            yield ("objectives",), "must not stand beside [search.objective]"
        if not METHODS[self.method].several:
            names = ", ".join(name for name, m in METHODS.items() if m.several)
            yield ("objectives",), f"need a method for several: {names}, got {quoted(self.method)}"
        for key in ("pruner", "compare_with"):
            if getattr(self, key) is not None:
                yield (key,), "is not for several objectives"

    def _conditions(self) -> list[tuple[Place, str]]:
        """Find the parameters whose `when` leads back to themselves."""
        return [
            (
                ("parameters", name, "when"),
                f"goes round in a circle: {name} depends on itself",
            )
            for name in self.parameters
            if name in _reached(self.conditions, name)
        ]

    @property
    def aims(self) -> tuple[Objective, ...]:
        """The objectives: one, or several."""
        return self.objectives or (self.objective,)

    @property
    def rungs(self) -> tuple[int, ...]:
        """The epochs at which trials may be given up."""
        return () if self.pruner is None else self.pruner.rungs

    @property
    def conditions(self) -> dict[str, dict[str, Value]]:
        """The `when` of every searched parameter."""
        return {name: dimension.when for name, dimension in self.parameters.items()}


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
