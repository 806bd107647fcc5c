"""Why a hypothesis is supported, contradicted or undecided: a sentence."""

import math

from study.analysis.evidence import Evidence
from study.analysis.mixture import ALPHA
from study.analysis.signed_rank import smallest_p
from study.metrics import METRICS
from study.spec.hypotheses import Comparison, Hypothesis, Interaction, Level


def reason(hypothesis: Hypothesis, found: Evidence, corrected: float, family: int) -> str:
    """Say what was seen, how sure it is, and what was left out.

    `corrected` is p after Holm's correction for the `family`, all that is tested on one dataset
    and network.
    """
    if found.obstacle:
        return f"not tested: {found.obstacle}{_left_out(found)}"
    seen, unsure = (
        (_level(hypothesis, found), _share_unsure(hypothesis, found))
        if isinstance(hypothesis, Level)
        else (_pairs(hypothesis, found), _unsure(hypothesis))
    )
    few = too_few(hypothesis, found.n)
    if few and found.p > ALPHA:
        return f"too few repetitions to decide: {few}; {seen}{_left_out(found)}"
    if found.p > ALPHA:
        return f"{seen}; {probability(found.p)}: {unsure}{_left_out(found)}"
    return f"{seen}; {_sure(found.p, corrected, family)}{_left_out(found)}"


def _sure(p: float, corrected: float, family: int) -> str:
    if family == 1:
        return probability(p)
    links = "but" if corrected > ALPHA else "and"
    after = f"{links} {_number(corrected)} after Holm's correction for {family} hypotheses"
    return f"{probability(p)}, {after}"


def _pairs(hypothesis: Comparison, found: Evidence) -> str:
    """Count the repetitions on each side, the claimed one first."""
    if hypothesis.margin is not None:
        within = f"within ±{hypothesis.margin:g} in {found.agreeing} of {found.n} repetitions"
        return within + _infinite(hypothesis, found)
    opposite = "higher" if hypothesis.expect == "lower" else "lower"
    against = found.n - found.agreeing - found.ties
    others = [(found.ties, "equal"), (against, opposite)]
    more = "".join(f", {word} in {count}" for count, word in others if count)
    seen = f"{hypothesis.expect} in {found.agreeing} of {found.n} repetitions"
    return seen + more + _infinite(hypothesis, found)


def _infinite(hypothesis: Comparison, found: Evidence) -> str:
    """Count the repetitions in which a side counts as infinite."""
    one, other = hypothesis.compare.labels
    sides = (f"{one} alone", f"{other} alone", "both")
    counted = [
        f"{side} in {count}" for side, count in zip(sides, found.infinite, strict=False) if count
    ]
    reached = METRICS[hypothesis.metric].summary == "first"
    spared = hypothesis.metric == "diverged_at"
    word = "never reached" if reached else "never diverged" if spared else "diverged"
    return f" ({word}: {', '.join(counted)})" if counted else ""


def _unsure(hypothesis: Comparison) -> str:
    if hypothesis.margin is not None:
        return f"neither a difference within ±{hypothesis.margin:g} nor one beyond it is shown"
    if isinstance(hypothesis, Interaction):
        return "the two differences are not distinguishable"
    return "not distinguishable"


def _level(hypothesis: Level, found: Evidence) -> str:
    claimed = f"{_percent(hypothesis.expect.share)} claimed"
    if found.unit == "share of runs":
        return f"true of {found.agreeing} of {found.n} runs, {claimed}"
    median = "true of the median configuration in"
    return f"{median} {found.agreeing} of {found.n} repetitions, {claimed}"


def _share_unsure(hypothesis: Level, found: Evidence) -> str:
    share = hypothesis.expect.share
    if share == 1.0:
        return f"no number of runs can show that all do; these show {_percent(found.low)} or more"
    needed = math.ceil(math.log(ALPHA / 2) / math.log(share))
    more = found.agreeing == found.n < needed
    shown = "neither shown nor refuted"
    return shown + (f" ({needed} repetitions could show it)" if more else "")


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def too_few(hypothesis: Hypothesis, n: int) -> str:
    """Say what p so many repetitions can reach at best, where that is not enough; else nothing.

    >>> from study.spec.hypotheses import Comparison
    >>> claim = Comparison.model_construct()
    >>> too_few(claim, 5), too_few(claim, 6)
    ('5 can reach p = 0.06 at best', '')
    """
    least = least_p(hypothesis, n)
    return f"{n} can reach p = {least:.2f} at best" if least > ALPHA else ""


def least_p(hypothesis: Hypothesis, n: int) -> float:
    """Return the smallest two-sided p that n repetitions can reach, for or against.

    A share s has 2 sⁿ where all repetitions meet the level, and 2 (1 − s)ⁿ where none does: 0
    for s = 1, since a single one that does not refutes it.
    """
    if not isinstance(hypothesis, Level):
        return smallest_p(n)
    share = hypothesis.expect.share
    return min(1.0, 2 * share**n, 2 * (1 - share) ** n)


def probability(p: float) -> str:
    """Write a p value.

    >>> probability(2**-9), probability(1e-4), probability(1e-9)
    ('p = 0.002', 'p = 0.0001', 'p < 0.0001')
    """
    return f"p < {_FLOOR:.4f}" if p < _FLOOR else f"p = {_number(p)}"


_FLOOR = 1e-4


def _number(p: float) -> str:
    return f"{p:.2g}" if p >= _FLOOR else f"under {_FLOOR:.4f}"


def _left_out(found: Evidence) -> str:
    """Say what does not enter: repetitions that lack a run, configurations that were pruned."""
    parts = []
    if found.incomplete:
        lacking = "lacks a run" if found.incomplete == 1 else "lack a run"
        parts.append(f"{_count(found.incomplete, 'repetition')} that {lacking}")
    if found.together:
        parts.append(f"{_count(found.together, 'repetition')} timed in a stack that counts once")
    if found.pruned:
        parts.append(f"{_count(found.pruned, 'configuration')} pruned before the end")
    return f"; left out: {' and '.join(parts)}" if parts else ""


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
