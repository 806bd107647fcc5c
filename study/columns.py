"""Every column of the results: its table, type, unit, meaning and role, written once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from study.metrics import METRICS, OF_EPOCHS, OF_RUNS, SIZE, TIME, Metric
from study.space import PARAMETERS, Configuration, Value, in_words

Kind: TypeAlias = Literal["text", "choice", "count", "real", "metric", "flag"]
"""`choice` is text from a small set, `count` a whole number, `metric` is in the run's precision."""

Role: TypeAlias = Literal["identity", "parameter", "derived", "metric", "result", "cost", "note"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the source of the Parquet schema, its metadata, labels and the reference page."""

    name: str
    kind: Kind
    role: Role
    meaning: str
    unit: str = ""


def _identity(run_id: Kind) -> tuple[Column, ...]:
    return (
        Column(
            "run_id", run_id, "identity", "hash of everything that determines the run's numbers"
        ),
        Column("dataset", "choice", "identity", "the dataset's name in the pipeline file"),
        Column("repetition", "count", "identity", "index of a draw of data and weights"),
    )


def _parameters() -> Iterator[Column]:
    for p in PARAMETERS.values():
        kind: Kind = "real" if p.numeric else "choice"
        acts = f"; null unless {in_words(p.acts_with)}" if p.acts_with else ""
        yield Column(p.name, kind, "parameter", p.meaning + acts, p.unit)
        for name, (meaning, unit) in p.beside.items():
            yield Column(name, "count", "derived", meaning, unit)


PARAMETER_COLUMNS: tuple[Column, ...] = tuple(_parameters())


def _of(names: Iterable[str]) -> Iterator[Metric]:
    return (METRICS[name] for name in names)


def _role(metric: Metric) -> Role:
    return "cost" if metric.quantity in {SIZE, TIME} else "result"


_EPOCH = (
    Column(
        "epoch",
        "count",
        "identity",
        "passes over the training data so far; the first is 1",
        "epochs",
    ),
    *(Column(m.name, m.kind, "metric", m.meaning, m.quantity.unit) for m in _of(OF_EPOCHS)),
)

_RESULTS = (
    Column("status", "choice", "result", "completed, diverged, pruned or failed"),
    *(Column(m.name, m.kind, _role(m), m.meaning, m.quantity.unit) for m in _of(OF_RUNS)),
    Column("reason", "text", "note", "why the run failed; null otherwise"),
)

_PREDICTIONS = (
    Column("run_id", "choice", "identity", "the run, as in runs.parquet"),
    Column("epoch", "count", "identity", "the epoch after which the network predicts", "epochs"),
    Column("part", "choice", "identity", "train, test, or grid (around 2-D data)"),
    Column(
        "x0",
        "metric",
        "result",
        "first input, as the network gets it; null unless the data are 2-D",
    ),
    Column("x1", "metric", "result", "second input; null likewise"),
    Column(
        "target",
        "metric",
        "result",
        "the index of the sample's class, or its number as it is learned; null on the grid",
    ),
    Column(
        "prediction",
        "metric",
        "result",
        "the output: of two classes, 0.5 is undecided (of a logit, its sigmoid); "
        "null with more classes",
    ),
    Column(
        "answer",
        "count",
        "result",
        "index of the predicted class, by sorted labels; null where the target is a number",
    ),
    Column(
        "confidence",
        "metric",
        "result",
        "probability of that class; null where the loss has no probabilities, as mse and mae",
    ),
)

_TRIAL = (
    Column("number", "count", "identity", "the trial's place in the order of asking"),
    Column("phase", "choice", "identity", "search, random, include, confirm or decide"),
    Column("dataset", "choice", "identity", "the dataset's name in the pipeline file"),
)

_TRIAL_RESULTS = (
    Column("state", "choice", "result", "completed or pruned"),
    Column("runs", "count", "result", "runs of this trial, one for each repetition", "runs"),
    Column("diverged", "count", "result", "how many of them diverged", "runs"),
    Column("failed", "count", "result", "how many of them failed", "runs"),
    Column(
        "objective",
        "real",
        "result",
        "what ranks trials: the pipeline's quantile of its metric over repetitions, of equal ones "
        "the lower number first; ∞ (−∞ of what is maximized) where that repetition diverged",
    ),
)

_HYPOTHESES = (
    Column("id", "choice", "identity", "the hypothesis's id in the pipeline file"),
    Column("claim", "text", "note", "what it claims, in words"),
    Column("kind", "choice", "identity", "comparison, level or interaction"),
    Column("dataset", "choice", "identity", "the dataset on which it is tested"),
    Column(
        "implementation",
        "choice",
        "identity",
        "the network's, or “as_printed − exact” where both are compared",
    ),
    Column("metric", "choice", "identity", "the compared column of runs.parquet"),
    Column(
        "n", "count", "result", "repetitions compared: each has every run needed", "repetitions"
    ),
    Column("agree", "count", "result", "how many of them came out as claimed", "repetitions"),
    Column("ties", "count", "result", "how many of them came out on neither side", "repetitions"),
    Column("threshold", "real", "result", "the share above which it is supported: ½, or a level's"),
    Column("share", "real", "result", "agree / (n − ties); null where that is 0 / 0"),
    Column(
        "share_low",
        "real",
        "result",
        "lower end of the interval for the share; all intervals of a study hold together with 95 %",
    ),
    Column("share_high", "real", "result", "upper end of it"),
    Column("p", "real", "result", "p value of this verdict alone; 1 where nothing was tested"),
    Column("p_adjusted", "real", "result", "p times the number of verdicts, at most 1"),
    Column(
        "verdict",
        "choice",
        "result",
        "supported or contradicted where p_adjusted is at most 0.05, else undecided",
    ),
    Column(
        "effect",
        "real",
        "result",
        "median over repetitions of the ratio or difference, or of a level's metric; "
        "null if not finite",
    ),
    Column("unit", "text", "note", "the effect's unit: ratio, difference, or the metric's"),
    Column("low", "real", "result", "lower end of the effect's interval"),
    Column("high", "real", "result", "upper end of the effect's interval"),
    Column("level", "real", "result", "the actual confidence level of the effect's interval"),
    Column("method", "text", "note", "how p and the intervals were computed"),
    Column("reason", "text", "note", "why this verdict, in words"),
)

_CERTIFICATE = (
    Column("run_id", "text", "identity", "the run that was trained again, as in runs.parquet"),
    Column("dataset", "choice", "identity", "the dataset's name in the pipeline file"),
    Column("repetition", "count", "identity", "index of a draw of data and weights"),
    Column("status", "choice", "result", "completed, diverged or pruned"),
    Column("epochs", "count", "result", "epochs compared: all that are stored", "epochs"),
    Column("process", "choice", "note", "where it was trained again"),
    Column(
        "differs_at",
        "count",
        "result",
        "first epoch with another number; null if there is none",
        "epochs",
    ),
    Column("differs_in", "choice", "result", "the column that differs there; null likewise"),
    Column("reason", "text", "note", "why it could not be trained again; null otherwise"),
    Column("part", "text", "note", "the part in which the run is stored"),
    Column(
        "checksums", "text", "note", "of that part's files of metrics, predictions and runs, then"
    ),
)

TABLES: dict[str, tuple[Column, ...]] = {
    "metrics": (*_identity("choice"), *PARAMETER_COLUMNS, *_EPOCH),
    "runs": (*_identity("text"), *PARAMETER_COLUMNS, *_RESULTS),
    "predictions": _PREDICTIONS,
    "trials": (*_TRIAL, *PARAMETER_COLUMNS, *_TRIAL_RESULTS),
    "hypotheses": _HYPOTHESES,
    "certificate": _CERTIFICATE,
}


def added_to_trials(name: str) -> Column | None:
    """Return a column that only some studies have in `trials`; None for other names.

    These are the further objectives, and whether a trial meets the constraints.
    """
    if name == "feasible":
        return Column(name, "flag", "result", "whether the trial meets all constraints")
    if name.startswith("objective_"):
        number = name.removeprefix("objective_")
        meaning = f"like objective, for the pipeline's objective number {number}"
        return Column(name, "real", "result", meaning)
    return None


_WITH_NUMBERS = [p for p in PARAMETERS.values() if p.beside]


def parameter_columns(configuration: Configuration) -> dict[str, Value | None]:
    """Return a configuration as it is stored: its values, and the numbers derived from them.

    >>> from study.space import canonical
    >>> stored = parameter_columns(canonical({"hidden": "128x64"}))
    >>> stored["hidden"], stored["layers"], stored["width"]
    ('128x64', 2, None)
    """
    columns = {**configuration}
    for p in _WITH_NUMBERS:
        value = configuration[p.name]
        columns |= dict.fromkeys(p.beside) if value is None else p.numbers(value)
    return columns
