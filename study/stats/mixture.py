"""The test behind every verdict: whether a share of repetitions differs from a threshold.

Of n repetitions that differ, k agree; θ is the probability that one agrees, θ₀ the threshold. The
evidence for θ > θ₀ is the likelihood ratio, mixed uniformly over (θ₀, 1). Substituting
θ = θ₀ + (1 − θ₀) u and c = (1 − θ₀) / θ₀ turns it into a sum of positive terms, so nothing cancels:

    E↑ = ∫₀¹ (1 + c u)ᵏ (1 − u)ⁿ⁻ᵏ du = Σⱼ₌₀ᵏ cʲ · k! (n−k)! / ((k−j)! (n−k+1+j)!)

E↓ is the same for the repetitions that disagree. While θ ≤ θ₀, E↑ is a supermartingale: it ever
exceeds 1/α with a probability of at most α (Ville 1939), so p = 2 / max(E↑, E↓) is valid at any
stopping time. E↑ falls in θ₀, so the thresholds that are not rejected form an interval. Sources:
Robbins 1970 for the mixture; Howard, Ramdas, McAuliffe & Sekhon 2021 for the validity.
"""

import math
from dataclasses import dataclass

import numpy as np

ALPHA = 0.05
"""How often at least one verdict of a study, or one decision of another kind, may be false."""


def evidence(agree: int, n: int, threshold: float) -> tuple[float, float]:
    """Return log E↑ and log E↓: the evidence for a share above the threshold, and for one below.

    >>> [round(log, 3) for log in evidence(8, 8, 0.5)]
    [4.039, -2.197]
    >>> evidence(0, 0, 0.5)
    (0.0, 0.0)
    """
    against = math.log1p(-threshold) - math.log(threshold)
    return _log_mixture(agree, n, against), _log_mixture(n - agree, n, -against)


def _log_mixture(agree: int, n: int, log_odds: float) -> float:
    """Return log ∫₀¹ (1 + c u)ᵏ (1 − u)ⁿ⁻ᵏ du, `log_odds` being log c."""
    j = np.arange(agree)
    ratios = log_odds + np.log(agree - j) - np.log(n - agree + 2 + j)
    terms = np.concatenate([[0.0], np.cumsum(ratios)])
    largest = float(terms.max())
    return largest + math.log(np.exp(terms - largest).sum()) - math.log(n - agree + 1)


def probability(agree: int, n: int, threshold: float) -> float:
    """Return the two-sided p value, valid however often one looks and whenever one stops.

    >>> [round(probability(k, k, 0.5), 4) for k in (6, 8, 10, 12, 15)]
    [0.1102, 0.0352, 0.0107, 0.0032, 0.0005]
    >>> [round(probability(k, 20, 0.5), 4) for k in (19, 18, 17)]
    [0.0004, 0.0038, 0.0228]
    """
    return min(1.0, 2 * math.exp(-max(evidence(agree, n, threshold))))


def interval(agree: int, n: int, verdicts: int) -> tuple[float, float]:
    """Return the ends of the thresholds that the test does not reject at α / `verdicts`.

    The intervals of all verdicts of a study hold together with a probability of 1 − α at least.

    >>> [round(end, 3) for end in interval(10, 10, 1)], interval(0, 0, 1)
    ([0.595, 1.0], (0.0, 1.0))
    """
    return _low(agree, n, verdicts), 1 - _low(n - agree, n, verdicts)


def _low(agree: int, n: int, verdicts: int) -> float:
    """Return the threshold at which E↑ has just the evidence needed; 0 where none has."""
    from scipy.optimize import brentq  # `study plan` does without SciPy

    if agree == 0:
        return 0.0
    needed = needed_evidence(verdicts)
    # the last term of the sum alone has that much at these odds
    count = math.lgamma(n + 2) - math.lgamma(agree + 1) - math.lgamma(n - agree + 1)
    most = (needed + count) / agree + 1e-6
    # E↑ is at most 1 at the share itself; where that is 1, it is about 1 close to it
    least = math.log(n - agree or 0.5 / n) - math.log(agree)
    log_odds = brentq(lambda odds: _log_mixture(agree, n, odds) - needed, least, most, rtol=1e-14)
    return 1 / (1 + math.exp(float(log_odds)))


def needed_evidence(verdicts: int) -> float:
    """Return the log E that decides one of m verdicts: log(2 m / α).

    >>> round(needed_evidence(1), 3)
    3.689
    """
    return math.log(2 * verdicts / ALPHA)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the counts of one hypothesis decide, among the verdicts of a study."""

    p: float
    adjusted: float
    share: float
    low: float
    high: float
    word: str


def judge(agree: int, n: int, threshold: float, verdicts: int) -> Verdict:
    """Decide one of `verdicts` verdicts: `agree` of `n` repetitions that differ agree.

    >>> judge(10, 10, 0.5, 1).word, judge(10, 10, 0.5, 5).word, judge(0, 12, 0.5, 5).word
    ('supported', 'undecided', 'contradicted')
    """
    above, below = evidence(agree, n, threshold)
    p = probability(agree, n, threshold)
    adjusted = min(1.0, verdicts * p)
    decided = "supported" if above > below else "contradicted"
    word = "undecided" if adjusted > ALPHA else decided
    share = agree / n if n else math.nan
    return Verdict(p, adjusted, share, *interval(agree, n, verdicts), word)


def surely(agree: int, n: int, verdicts: int) -> bool:
    """Return whether more than half agree for sure, by one of `verdicts` verdicts.

    >>> surely(10, 10, 4), surely(10, 10, 5), surely(0, 10, 1), surely(0, 0, 1)
    (True, False, False, False)
    """
    above, _ = evidence(agree, n, 0.5)
    return above >= needed_evidence(verdicts)
