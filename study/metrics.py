"""Every metric: meaning, unit, direction, scale, and its value for runs without a number."""

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

Goal: TypeAlias = Literal["minimize", "maximize"]

Kind: TypeAlias = Literal["metric", "count", "real"]
"""How it is stored: in the run's precision, as an int32, as a float64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What a metric measures: all metrics of a quantity share direction, scale, unit and limits.

    A `logarithmic` quantity is compared by ratios: by differences of log₁₀. One that is `of_labels`
    has no value if the target is a number. `low` and `high` are the limits of its values.
    """

    name: str
    goal: Goal = "minimize"
    logarithmic: bool = True
    of_labels: bool = False
    unit: str = ""
    low: float = 0.0
    high: float = math.inf

    @property
    def worst(self) -> float:
        """The value of a run that diverged, failed or never reached it: worse than any other."""
        return math.inf if self.goal == "minimize" else -math.inf

    @property
    def worst_limit(self) -> float:
        """The value at which such a run is drawn."""
        return self.high if self.goal == "minimize" else self.low


LOSS = Quantity(name="loss")
ACCURACY = Quantity(name="accuracy", goal="maximize", logarithmic=False, of_labels=True, high=1.0)
GRADIENT = Quantity(name="gradient norm")
EPOCHS = Quantity(name="epochs", unit="epochs")
SIZE = Quantity(name="size", unit="numbers")
TIME = Quantity(name="time", unit="s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A column of numbers that shows how a run went, in every epoch or at its end.

    `part` names the part of the data on which it is measured, if any. A metric of
    a run summarises a metric of its epochs, which `of` names: the `last` value, the `best` value,
    the first epoch `at_best`, or the `first` epoch whose value is as good as `threshold`. A `fact`
    is known for every run that ended; any other metric counts as its quantity's worst if the run
    diverged. A metric is null if the data lack a held-out part or labels that it needs, and if its
    event never occurred.
    """

    name: str
    quantity: Quantity
    meaning: str
    kind: Kind = "metric"
    part: Literal["train", "test", ""] = ""
    of: str = ""
    summary: Literal["last", "best", "at_best", "first", ""] = ""
    threshold: float = math.nan
    fact: bool = False
    label: str = ""

    @property
    def each_epoch(self) -> bool:
        """Whether every epoch of a run has a value; otherwise every run has one."""
        return not (self.summary or self.fact)

    @property
    def logarithmic(self) -> bool:
        """Whether it is compared by ratios."""
        return self.quantity.logarithmic

    @property
    def goal(self) -> Goal:
        """The direction that is better, whatever an objective declares."""
        return self.quantity.goal

    @property
    def curve(self) -> str:
        """The metric of each epoch that shows how it developed; the loss if there is none."""
        return self.name if self.each_epoch else self.of or "train_loss"

    @property
    def is_loss(self) -> bool:
        """Whether it is a loss, which can be compared with the trivial predictor's."""
        return self.quantity is LOSS

    @property
    def timed(self) -> bool:
        """Whether it is measured once for a whole stack, whatever the number of its runs.

        Runs of one stack share the very same number: repetitions are not independent measurements.
        """
        return self.quantity is TIME

    @property
    def on_loss_scale(self) -> bool:
        """Whether its values depend on which loss is minimised, so that they are not comparable.

        >>> [METRICS[name].on_loss_scale for name in ("best_test_loss", "epochs_to_loss_05")]
        [True, True]
        >>> [METRICS[name].on_loss_scale for name in ("best_test_epoch", "final_train_accuracy")]
        [False, False]
        """
        summed = self.of != "" and METRICS[self.of].is_loss
        return self.is_loss or (summed and self.summary == "first")

    @property
    def held_out(self) -> bool:
        """Whether it is null without held-out samples."""
        return self.part == "test"

    @property
    def of_labels(self) -> bool:
        """Whether it is null if the target is a number."""
        return self.quantity.of_labels or (self.of != "" and METRICS[self.of].of_labels)

    @property
    def measured_with(self) -> str | None:
        """The metric that every run with this one must have too; None if there is no such metric.

        A run that has only the other one was stored before this metric existed.
        """
        best = (m.name for m in METRICS.values() if (m.of, m.summary) == (self.of, "best"))
        return next(best) if self.summary == "at_best" else None

    @property
    def per_epoch(self) -> bool:
        """Whether its value in the middle of a run already distinguishes good runs from others."""
        return self.summary in {"last", "best"}

    @property
    def worst(self) -> float:
        """The value of a run that diverged, failed or never reached it."""
        return self.quantity.worst

    @property
    def counterpart(self) -> str | None:
        """The same metric of the other part: held-out for training samples, or vice versa."""
        alike = (
            other.name
            for other in METRICS.values()
            if other.part not in {"", self.part}
            and (other.quantity, other.summary) == (self.quantity, self.summary)
        )
        return next(alike, None) if self.part and self.summary != "first" else None


# fmt: off
_ROWS = (
    Metric(name="train_loss", quantity=LOSS, part="train",
           meaning="loss on the training part, after this epoch"),
    Metric(name="train_accuracy", quantity=ACCURACY, part="train",
           meaning="share of the training part whose label is predicted; null where the target "
                   "is a number"),
    Metric(name="test_loss", quantity=LOSS, part="test",
           meaning="loss on the held-out part; null without one"),
    Metric(name="test_accuracy", quantity=ACCURACY, part="test",
           meaning="accuracy on the held-out part; null without one, or where the target is a "
                   "number"),
    Metric(name="gradient_norm", quantity=GRADIENT,
           meaning="Euclidean norm of the gradient of the epoch's last update"),
    Metric(name="epochs", quantity=EPOCHS, kind="count", fact=True,
           meaning="epochs trained and stored"),
    Metric(name="final_train_loss", quantity=LOSS, part="train", of="train_loss", summary="last",
           meaning="train_loss of the last epoch"),
    Metric(name="final_train_accuracy", quantity=ACCURACY, part="train", of="train_accuracy",
           summary="last",
           meaning="train_accuracy of the last epoch"),
    Metric(name="best_train_loss", quantity=LOSS, part="train", of="train_loss", summary="best",
           meaning="smallest train_loss of any epoch"),
    Metric(name="final_test_loss", quantity=LOSS, part="test", of="test_loss", summary="last",
           meaning="test_loss of the last epoch; null without a held-out part"),
    Metric(name="final_test_accuracy", quantity=ACCURACY, part="test", of="test_accuracy",
           summary="last",
           meaning="test_accuracy of the last epoch; null likewise"),
    Metric(name="best_test_loss", quantity=LOSS, part="test", of="test_loss", summary="best",
           meaning="smallest test_loss of any epoch; null likewise"),
    Metric(name="best_test_epoch", quantity=EPOCHS, kind="count", part="test", of="test_loss",
           summary="at_best",
           meaning="first epoch with test_loss at its smallest; null likewise"),
    Metric(name="epochs_to_full_accuracy", quantity=EPOCHS, kind="count", part="train",
           of="train_accuracy", summary="first", threshold=1.0,
           meaning="first epoch with train_accuracy 1; null if never"),
    Metric(name="epochs_to_loss_05", quantity=EPOCHS, kind="count", part="train", of="train_loss",
           summary="first", threshold=0.05, label="epochs to loss 0.05",
           meaning="first epoch with train_loss ≤ 0.05; null if never"),
    Metric(name="diverged_at", quantity=EPOCHS, kind="count", fact=True,
           meaning="epoch whose loss was not finite, or above the limit; else null"),
    Metric(name="parameters", quantity=SIZE, kind="count", fact=True,
           meaning="weights and biases of the network"),
    Metric(name="seconds", quantity=TIME, kind="real", fact=True,
           meaning="the stack's time in the epoch loop, divided by its runs"),
)
# fmt: on

METRICS: dict[str, Metric] = {metric.name: metric for metric in _ROWS}
"""Name → metric: metrics of every epoch, then metrics of a run, in the order of the columns."""

DIVERGED = "diverged"
"""Whether a run diverged: hypotheses may name this in addition to the metrics of a run."""

OF_EPOCHS: tuple[str, ...] = tuple(m.name for m in _ROWS if m.each_epoch)
OF_RUNS: tuple[str, ...] = tuple(m.name for m in _ROWS if not m.each_epoch)
