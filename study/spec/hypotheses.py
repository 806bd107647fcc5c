"""[[hypotheses]]: a claim, where it is tested, and what would support or contradict it."""

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import (
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from study.errors import quoted
from study.space import PARAMETERS, Frozen, Value, mistakes
from study.spec.metrics import DIVERGED, METRICS
from study.spec.values import Assignment, Name, Names, Text, one_of, read_by

_Metric: TypeAlias = Annotated[str, *one_of(METRICS)]
_ANY_VALUE = WithJsonSchema({"type": ["number", "string", "array"]})


class Contrast(Frozen):
    """Two values of one parameter, `value` against `other` (in the file: `with`)."""

    parameter: Annotated[str, *one_of(PARAMETERS)] = Field(description="the parameter that differs")
    value: Annotated[Value, _ANY_VALUE] = Field(description="the value that the claim is about")
    other: Annotated[Value, _ANY_VALUE] = Field(
        alias="with", description="the value that it is compared with"
    )

    @field_validator("value", "other", mode="plain")
    @classmethod
    def _of_the_parameter(cls, value: object, info: ValidationInfo) -> object:
        parameter = info.data.get("parameter")
        return value if parameter is None else PARAMETERS[parameter].read(value)

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.value == self.other:
            raise ValueError(f"value and with must differ, got {quoted(self.value)} twice")
        return self


class Threshold(Frozen):
    """What is expected of a share of the runs: a metric at least, or at most, this; or a fact."""

    at_least: float | None = Field(None, description="the metric is at least this")
    at_most: float | None = Field(None, description="the metric is at most this")
    fact: bool | None = Field(None, alias="is", description="true with metric = diverged")
    share: Annotated[float, Field(gt=0, le=1)] = Field(
        0.5, description="the expected share of the runs"
    )

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [key for key in ("at_least", "at_most", "fact") if getattr(self, key) is not None]
        if len(given) != 1:
            names = " and ".join("is" if key == "fact" else key for key in given) or "none"
            raise ValueError(f"exactly one of at_least, at_most and is must be given, got {names}")
        return self


class _Claim(Frozen):
    kind: ClassVar[str]

    id: Name = Field(description="its name in tables and in the report")
    claim: Text = Field(description="what it claims, in words")
    where: Assignment = Field({}, description="the configurations that it speaks of; default: all")
    datasets: Names | None = Field(None, description="where it is tested; default: all")


class Comparison(_Claim):
    """Value against value: a metric is lower, higher or equal, all else being the same."""

    kind: ClassVar[str] = "comparison"

    compare: Contrast = Field(description="the two values")
    metric: _Metric = Field(description="a numeric column of runs.parquet")
    expect: Literal["lower", "higher", "equal"] = Field(description="how the first compares")
    margin: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = Field(
        None, description="with expect = equal: differences up to this count as none"
    )

    @property
    def contrasts(self) -> tuple[tuple[str, Contrast], ...]:
        """The contrasts under their keys."""
        return (("compare", self.compare),)

    @model_validator(mode="after")
    def _margin(self) -> Self:
        if self.expect == "equal" and self.margin is None:
            raise mistakes([(("margin",), "is missing: equal means equal up to a margin")])
        if self.expect != "equal" and self.margin is not None:
            wrong = f"belongs to expect = 'equal' alone, got expect = {quoted(self.expect)}"
            raise mistakes([(("margin",), wrong)])
        return self

    @model_validator(mode="after")
    def _compared_is_free(self) -> Self:
        fixed = [
            (("where", contrast.parameter), f"is what {key} is about; leave it out here")
            for key, contrast in self.contrasts
            if contrast.parameter in self.where
        ]
        if fixed:
            raise mistakes(fixed)
        return self


class Interaction(Comparison):
    """The difference of two differences: `compare` at the one value of `across`, and the other."""

    kind: ClassVar[str] = "interaction"

    across: Contrast = Field(description="the two values between which the difference changes")

    @property
    def contrasts(self) -> tuple[tuple[str, Contrast], ...]:
        """The contrasts under their keys."""
        return (("compare", self.compare), ("across", self.across))

    @model_validator(mode="after")
    def _two_parameters(self) -> Self:
        if self.across.parameter == self.compare.parameter:
            wrong = f"must differ from compare's, got {quoted(self.across.parameter)} twice"
            raise mistakes([(("across", "parameter"), wrong)])
        return self


class Level(_Claim):
    """A share of the runs reaches a level of a metric, or diverges."""

    kind: ClassVar[str] = "level"

    metric: Annotated[str, *one_of((*METRICS, DIVERGED))] = Field(
        description="a numeric column of runs.parquet, or diverged"
    )
    expect: Threshold = Field(description="the level, and the share of the runs that reaches it")

    @model_validator(mode="after")
    def _fact(self) -> Self:
        if self.metric == DIVERGED and self.expect.fact is None:
            raise mistakes([(("expect",), "must be {is = true, …} with metric = 'diverged'")])
        if self.metric != DIVERGED and self.expect.fact is not None:
            wrong = f"is for metric = 'diverged' alone, got metric = {quoted(self.metric)}"
            raise mistakes([(("expect", "is"), wrong)])
        return self


Hypothesis: TypeAlias = Comparison | Interaction | Level


def _hypothesis(value: object) -> Any:  # noqa: ANN401  # pydantic's
    if isinstance(value, dict) and "across" in value:
        return Interaction.model_validate(value)
    if isinstance(value, dict) and "compare" in value:
        return Comparison.model_validate(value)
    return Level.model_validate(value)


HypothesisTable: TypeAlias = Annotated[
    Hypothesis,
    read_by(_hypothesis, Comparison | Interaction | Level),
]
