"""[[search.constraints]]: limits that a configuration must meet to be called best."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field
from typing_extensions import override

from study.metrics import METRICS, OF_RUNS, Goal
from study.space import Frozen, Mistake, wrong_value
from study.spec.objective import ENDED_WELL, statistic
from study.spec.values import one_of

Limit = Annotated[float, Field(allow_inf_nan=False)]


class Constraint(Frozen):
    """A limit of a metric: configurations that exceed it are infeasible, and ranked last."""

    metric: Annotated[str, *one_of(OF_RUNS)] = Field(
        description="a numeric column of runs.parquet, such as parameters; of the repetitions the "
        "one at the quantile of the first objective counts"
    )
    at_most: Limit | None = Field(None, description="feasible if the metric is at most this")
    at_least: Limit | None = Field(None, description="feasible if the metric is at least this")

    @override
    def rules(self) -> Iterable[Iterable[Mistake]]:
        return (self._one(),)

    def _one(self) -> Iterator[Mistake]:
        limits = {"at_most": self.at_most, "at_least": self.at_least}
        given = [key for key, limit in limits.items() if limit is not None]
        if len(given) != 1 and all(limit is not wrong_value() for limit in limits.values()):
            names = " and ".join(given) or "none"
            yield (), f"exactly one of at_most and at_least must be given, got {names}"

    @property
    def key(self) -> str:
        """Which of the two limits it has."""
        return "at_least" if self.at_most is None else "at_most"

    @property
    def limit(self) -> float:
        """The value that may be reached and not exceeded."""
        return float((self.at_least if self.at_most is None else self.at_most) or 0)

    @property
    def goal(self) -> Goal:
        """The direction in which it is easier to meet."""
        return "maximize" if self.at_most is None else "minimize"

    def counts(self, status: object) -> bool:
        """Return whether a run that ended so has a value; any other run counts as the worst.

        A fact, such as the number of weights, is known for diverged runs too.
        """
        return METRICS[self.metric].fact or status in ENDED_WELL

    def excess(self, values: Iterable[float | None], quantile: float) -> float:
        """Return by how much a trial with these values of its runs exceeds the limit.

        It is feasible if that is at most 0. A run without a value is None.

        >>> Constraint(metric="parameters", at_most=500).excess([321.0, 321.0], 0.5)
        -179.0
        >>> Constraint(metric="final_train_accuracy", at_least=0.75).excess([1.0, 0.5, None], 0.5)
        0.25
        """
        value = statistic(values, self.goal, quantile)
        return value - self.limit if self.goal == "minimize" else self.limit - value


def described(constraint: Constraint) -> str:
    """Write a constraint in words.

    >>> described(Constraint(metric="parameters", at_most=500))
    'parameters at most 500'
    """
    return f"{constraint.metric} {constraint.key.replace('_', ' ')} {constraint.limit:,.15g}"
