"""The objective: what makes one trial better than another, defined here and nowhere else."""

import math
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypeAlias

from pydantic import Field

from study.metrics import METRICS, OF_RUNS, Goal
from study.space import Frozen
from study.spec.values import one_of

TrialRow: TypeAlias = Mapping[Any, Any]
"""A row of trials.parquet: column → value."""

ENDED_WELL = ("completed", "pruned")
"""The statuses of runs whose metric counts; any other run counts as the worst."""


class Objective(Frozen):
    """What makes one trial better than another."""

    metric: Annotated[str, *one_of(OF_RUNS)] = Field(
        "final_train_loss",
        description="a numeric column of runs.parquet; "
        "by default final_test_loss where every dataset has a held-out part",
    )
    goal: Goal = Field("minimize", description="the better direction")
    quantile: Annotated[float, Field(ge=0, le=1)] = Field(
        0.5,
        description="which of the repetitions counts, from 0, the best, to 1, the worst; "
        "0.5 is the median, of an even number the worse of the middle two",
    )

    @property
    def sign(self) -> float:
        """What values are multiplied by so that less is better."""
        return 1.0 if self.goal == "minimize" else -1.0

    @property
    def analysed(self) -> tuple["Objective", ...]:
        """What a report analyses: this first, and then the same of the training part.

        Of what the training part does not have, such as the number of parameters or the epoch of
        the smallest test loss, it is the final loss.

        >>> [aim.metric for aim in Objective(metric="final_test_accuracy").analysed]
        ['final_test_accuracy', 'final_train_accuracy']
        """
        metric = METRICS[self.metric]
        if metric.fact or (metric.held_out and metric.counterpart is None):
            return self, Objective(quantile=self.quantile)
        if not metric.held_out:
            return (self,)
        on_training = {"metric": metric.counterpart}
        return self, self.model_copy(update=on_training)

    def first(self, metrics: Iterable[str]) -> tuple[str, ...]:
        """Return the metrics in order, the analysed ones first.

        >>> Objective(metric="best_train_loss").first(["final_train_loss", "final_test_loss"])
        ('best_train_loss', 'final_train_loss', 'final_test_loss')
        """
        return tuple(dict.fromkeys([*(aim.metric for aim in self.analysed), *metrics]))

    @property
    def curves(self) -> dict[str, Goal]:
        """The metrics of each epoch that belong to what is analysed, with their better direction.

        >>> Objective(metric="best_test_loss").curves
        {'test_loss': 'minimize', 'train_loss': 'minimize'}
        """
        names = {METRICS[aim.metric].curve: aim for aim in reversed(self.analysed)}
        return {
            name: aim.goal if METRICS[aim.metric].per_epoch else METRICS[name].goal
            for name, aim in reversed(names.items())
        }

    def of(self, values: Iterable[float | None]) -> float:
        """Return a trial's value from the values of its runs, None where a run has none.

        Samplers receive it, and trials and configurations are ranked by it everywhere, the best
        first; of equal ones, the one with the lower trial number is first.
        """
        return statistic(values, self.goal, self.quantile)


def best_trials(trials: Iterable[TrialRow], aim: Objective) -> dict[str, TrialRow]:
    """Return the best trial of each dataset, from the rows of trials.parquet.

    It is completed and feasible, its objective is finite, and of equal ones it was asked for first.
    Of a dataset with confirmed trials, these alone are ranked, by their fresh repetitions. A
    dataset without such a trial is left out.
    """
    rows = [trial for trial in trials if trial["state"] == "completed"]
    fresh = {trial["dataset"] for trial in rows if trial["phase"] == "confirm"}
    best: dict[str, TrialRow] = {}
    for trial in sorted(rows, key=lambda row: (aim.sign * row["objective"], row["number"])):
        confirmed, decides = trial["phase"] == "confirm", trial["phase"] == "decide"
        ranks = confirmed if trial["dataset"] in fresh else not decides
        if ranks and trial.get("feasible", True) and math.isfinite(trial["objective"]):
            best.setdefault(str(trial["dataset"]), trial)
    return best


def worst(goal: Goal) -> float:
    """Return the value that is never best."""
    return math.inf if goal == "minimize" else -math.inf


def statistic(values: Iterable[float | None], goal: Goal, quantile: float) -> float:
    """Return the value at a quantile of the repetitions, 1 being the worst of them.

    Of n values it is the one at the place ⌈q (n − 1)⌉ after the best, as NumPy's method "higher":
    one of the values itself, so that ∞ is allowed. None and NaN are the worst.

    >>> four = [4.0, 1.0, 3.0, 2.0]
    >>> [statistic(four, "minimize", q) for q in (0, 0.5, 0.6, 1)], statistic(four, "maximize", 0.5)
    ([1.0, 3.0, 3.0, 4.0], 2.0)
    """
    never = worst(goal)
    values_or_never = (never if value is None or math.isnan(value) else value for value in values)
    best_first = sorted(values_or_never, reverse=goal == "maximize")
    return best_first[place(quantile, len(best_first))]


def place(quantile: float, n: int) -> int:
    """Return the place of a quantile among n values, the best being 0.

    >>> [place(0.5, n) for n in (1, 2, 3, 4)], place(0.25, 10), place(1.0, 10)
    ([0, 1, 1, 2], 3, 9)
    """
    return math.ceil(quantile * (n - 1))
