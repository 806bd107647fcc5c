"""A share of repetitions: its exact interval, and how far it is from an expected share."""

from study.analysis.intervals import CONFIDENCE


def clopper_pearson(hits: int, n: int, *, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the exact interval of a share, `hits` of n: it is held with at least `confidence`.

    The ends are the shares of which so many hits, or more (or fewer), would be just too
    unlikely. Source: Clopper & Pearson 1934.

    >>> [round(end, 3) for end in clopper_pearson(10, 10)]
    [0.692, 1.0]
    """
    from scipy.special import betaincinv  # `study plan` does without SciPy

    tail = (1 - confidence) / 2
    low = float(betaincinv(hits, n - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, n - hits, 1 - tail)) if hits < n else 1.0
    return low, high


def binomial_tails(hits: int, n: int, share: float) -> tuple[float, float]:
    """Return P(X ≤ hits) and P(X ≥ hits), X the number of hits among n where each has `share`.

    >>> binomial_tails(3, 3, 0.5), binomial_tails(2, 3, 1.0)
    ((1.0, 0.125), (0.0, 1.0))
    """
    from scipy.special import bdtr, bdtrc  # `study plan` does without SciPy

    above = float(bdtrc(hits - 1, n, share)) if hits else 1.0
    return float(bdtr(hits, n, share)), above


def superiority(
    wins: int, ties: int, n: int, *, confidence: float = CONFIDENCE
) -> tuple[float, float, float]:
    """Return the probability of superiority, P(win) + ½ P(tie), and the ends of an interval.

    The lower end is Clopper and Pearson's for wins alone, the upper one's for wins and ties: so
    it holds the probability with at least `confidence`, however many ties there are.

    >>> [round(number, 3) for number in superiority(8, 2, 10)]
    [0.9, 0.444, 1.0]
    """
    low, _ = clopper_pearson(wins, n, confidence=confidence)
    _, high = clopper_pearson(wins + ties, n, confidence=confidence)
    return (wins + 0.5 * ties) / n, low, high
