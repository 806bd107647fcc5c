"""Why a hypothesis is supported, contradicted or undecided: a sentence."""

import math

from study.metrics import DIVERGED, METRICS
from study.spec.hypotheses import Comparison, Hypothesis, Level
from study.stats.agreement import RATIO, TOLERANCE, by_ratio, resampled
from study.stats.evidence import Evidence
from study.stats.mixture import ALPHA, Verdict
from study.stats.reach import deciding


def reason(
    hypothesis: Hypothesis,
    evidence: Evidence,
    verdict: Verdict,
    verdicts: int,
    shared: tuple[str, float] = ("", 0.0),
) -> str:
    """Return counts, the size of the effect, p, and what does not enter, as one sentence.

    `verdicts` is the number of verdicts of the study, among which this is one. `shared` names the
    rows that all repetitions use, if any, and how many are held out for each that is trained on.
    """
    if evidence.obstacle:
        return f"not tested: {evidence.obstacle}{_left_out(evidence)}"
    seen = (
        _level(hypothesis, evidence)
        if isinstance(hypothesis, Level)
        else _pairs(hypothesis, evidence)
    )
    parts = [seen, *_size(hypothesis, evidence, verdict), _sure(verdict, verdicts)]
    if verdict.word == "undecided":
        parts.append(_needed(evidence.n - evidence.ties, hypothesis.threshold, verdicts))
    return "; ".join([*parts, *_rows(hypothesis, evidence, *shared)]) + _left_out(evidence)


def _rows(hypothesis: Hypothesis, evidence: Evidence, words: str, ratio: float) -> list[str]:
    """Name the rows that a verdict is valid for, and describe the effect to expect on new ones."""
    if not words:
        return []
    notes = [f"valid for {words}"]
    if ratio and not isinstance(hypothesis, Level) and METRICS[hypothesis.metric].held_out:
        log = by_ratio(hypothesis)
        if (ends := resampled(evidence.size.sizes, ratio, log=log)) is not None:
            low, high = (number(end, ratio=log) for end in ends)
            notes.append(f"for new rows {low} to {high}, a description (corrected resampled t)")
    return notes


def _pairs(hypothesis: Comparison, evidence: Evidence) -> str:
    """Count the repetitions that agree; ties apart."""
    if hypothesis.margin is not None:
        return f"within ±{hypothesis.margin:g} in {evidence.agree} of {_repetitions(evidence.n)}"
    if evidence.ties:
        rest = evidence.n - evidence.ties
        ties = "1 tie" if evidence.ties == 1 else f"{evidence.ties} ties"
        return f"{hypothesis.expect} in {evidence.agree} of the {rest} that differ, {ties}"
    return f"{hypothesis.expect} in {evidence.agree} of {_repetitions(evidence.n)}"


def _level(hypothesis: Level, evidence: Evidence) -> str:
    median = "the median configuration " if evidence.matched > 1 else ""
    needed = f"more than {often(hypothesis.expect.share)} claimed"
    return f"{median}as claimed in {evidence.agree} of {_repetitions(evidence.n)}, {needed}"


def often(share: float) -> str:
    """Write the share of a level.

    >>> often(0.5), often(0.8)
    ('half', '80 %')
    """
    return "half" if share == 0.5 else f"{100 * share:.4g} %"  # noqa: PLR2004  # a word


def _size(hypothesis: Hypothesis, evidence: Evidence, verdict: Verdict) -> list[str]:
    """Describe the effect, its worst repetition, and the runs that diverged on each side."""
    parts, size = [], evidence.size
    if not math.isnan(size.level):
        log = not isinstance(hypothesis, Level) and by_ratio(hypothesis)
        middle = size.low if size.low == size.high else size.effect  # known, though infinite
        effect = "unknown" if math.isnan(middle) else number(middle, ratio=log)
        ends = f"{number(size.low, ratio=log)} to {number(size.high, ratio=log)}"
        of = hypothesis.metric.replace("_", " ")
        name = of if isinstance(hypothesis, Level) else RATIO if log else "difference"
        parts.append(
            f"median {name} {effect} ({ends} at {100 * size.level:.3g} %), "
            f"in the worst repetition {number(size.worst, ratio=log)}"
        )
        if size.opposed and verdict.word != "undecided":
            parts.append("the mean goes the other way, since a few repetitions differ far more")
    if hypothesis.metric != DIVERGED:
        parts.append(_ended(hypothesis, evidence))
    return parts


def _ended(hypothesis: Hypothesis, evidence: Evidence) -> str:
    """Count the runs of each side that diverged, and the runs that never got there."""
    sides = [""] if isinstance(hypothesis, Level) else [*hypothesis.compare.labels]
    ended = (
        _counted("diverged", sides, evidence.diverged)
        if any(evidence.diverged)
        else "none diverged"
    )
    never = [all_ - some for all_, some in zip(evidence.infinite, evidence.diverged, strict=True)]
    if METRICS[hypothesis.metric].summary == "first" and any(count > 0 for count in never):
        return f"{ended}; {_counted('never reached', sides, never)}"
    return ended


def _counted(word: str, sides: list[str], counts: list[int] | tuple[int, ...]) -> str:
    each = ", ".join(
        f"{side} {count}" if side else str(count) for side, count in zip(sides, counts, strict=True)
    )
    return f"runs that {word}: {each}"


def number(value: float, *, ratio: bool = False) -> str:
    """Write the size of an effect; a ratio below 1 by its inverse.

    >>> number(0.0125, ratio=True), number(2500, ratio=True), number(-0.05), number(math.inf)
    ('1/80', '×2,500', '-0.05', '∞')
    """
    if ratio and value < 1 - TOLERANCE:
        return f"1/{number(1 / value if value else math.inf)}"
    large = 1e3 <= abs(value) < 1e6  # noqa: PLR2004  # others are short with three digits
    text = f"{value:,.0f}" if large else f"{value:.3g}".replace("inf", "∞")
    return f"×{text}" if ratio else text


def _sure(verdict: Verdict, verdicts: int) -> str:
    if verdicts == 1:
        return probability(verdict.p)
    return f"{probability(verdict.p)}, {_number(verdict.adjusted)} among {verdicts} verdicts"


def probability(p: float) -> str:
    """Write a p value.

    >>> probability(2**-9), probability(1e-4), probability(1e-9)
    ('p = 0.002', 'p = 0.0001', 'p < 0.0001')
    """
    return f"p < {_FLOOR:.4f}" if p < _FLOOR else f"p = {_number(p)}"


_FLOOR = 1e-4


def _number(p: float) -> str:
    return f"{p:.2g}" if p >= _FLOOR else f"under {_FLOOR:.4f}"


def _needed(n: int, share: float, verdicts: int) -> str:
    """Give the counts of as many repetitions that would have decided."""
    if n == 0:
        return "no repetition differs"
    supports, contradicts = deciding(n, share, verdicts)
    limit = f"p = {ALPHA / verdicts:.2g}"
    if supports is None and contradicts is None:
        return f"too few to decide: {n} cannot reach {limit}"
    parts = []
    if supports is not None:
        parts.append(f"{supports} of {n} would support it")
    if contradicts is not None:
        parts.append(f"{contradicts} of {n} would contradict it")
    return " and ".join(parts) + ("" if supports is not None else ", and none support it")


def _left_out(evidence: Evidence) -> str:
    """Describe the omissions: repetitions with missing runs and pruned configurations."""
    parts = []
    if evidence.chose and not evidence.obstacle:
        first = "the first repetition" if evidence.chose == 1 else f"the first {evidence.chose}"
        parts.append(f"{first}, which chose its configurations")
    if evidence.incomplete:
        lacking = "lacks a run" if evidence.incomplete == 1 else "lack a run"
        parts.append(f"{_repetitions(evidence.incomplete)} that {lacking}")
    if evidence.together:
        parts.append(f"{_repetitions(evidence.together)} timed in a stack that counts once")
    if evidence.pruned:
        counted = "1 configuration" if evidence.pruned == 1 else f"{evidence.pruned} configurations"
        parts.append(f"{counted} pruned before the end")
    return f"; left out: {' and '.join(parts)}" if parts else ""


def _repetitions(n: int) -> str:
    return "1 repetition" if n == 1 else f"{n} repetitions"
