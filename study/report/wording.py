"""Numbers, lists and intervals as a sentence says them."""

import math
import re
from collections.abc import Sequence

import pandas as pd

from study.analysis.intervals import level, rank

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float) -> str:
    """Write a measured number with two digits, as a power of ten where it is small or large.

    >>> number(0.0123), number(1.2e-5), number(-373.0), number(float("inf")), number(float("nan"))
    ('0.012', '1.2 × 10⁻⁵', '−370', '∞', '–')
    """
    return _number(abs(value)) if value >= 0 or math.isnan(value) else f"−{_number(-value)}"


def _number(value: float) -> str:
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    written = f"{value:.2g}"
    if 100 <= float(written) < 10_000:  # noqa: PLR2004  # short enough to be read as it is
        return f"{float(written):,.0f}"
    if "e" in written:
        mantissa, exponent = written.split("e")
        return f"{mantissa} × 10{str(int(exponent)).translate(_RAISED)}"
    return written


def written(cell: object) -> str:
    """Write a cell of a table.

    >>> written(True), written(0.01234), written(None), written(12000)
    ('yes', '0.012', '–', '12,000')
    """
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return value(cell)
    if isinstance(cell, int):
        return f"{cell:,}"
    return "–" if cell is None or cell is pd.NA else str(cell)


def value(measured: float) -> str:
    """Write a metric: a whole number with all its digits, any other with two.

    >>> value(8705.0), value(0.0123)
    ('8,705', '0.012')
    """
    whole = math.isfinite(measured) and measured == int(measured) != 0
    return f"{measured:,.0f}" if whole else number(measured)


def count(n: int, noun: str) -> str:
    """Write a number of things.

    >>> count(1600, "run"), count(1, "run"), count(0, "run")
    ('1,600 runs', '1 run', 'no run')
    """
    return f"{n:,} {noun}s" if n > 1 else f"{'1' if n else 'no'} {noun}"


def listing(items: Sequence[str]) -> str:
    """Write a list.

    >>> listing(["a", "b", "c"]), listing(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def share(value: float) -> str:
    """Write a share as per cent, never as 0 % or 100 % where it is only near.

    >>> share(0.5), share(0.99), share(0.999), share(1.0), share(0.001)
    ('50 %', '99 %', 'over 99 %', '100 %', 'under 1 %')
    """
    rounded = f"{100 * value:.0f} %"
    if rounded == "100 %" and value < 1:
        return "over 99 %"
    if rounded == "0 %" and value > 0:
        return "under 1 %"
    return rounded


def interval(n: int) -> str:
    """Say what the interval of n values is, with its actual level.

    >>> interval(10), interval(3), interval(1)
    ('2nd to 9th of 10 runs, 97.9 %', 'range of 3 runs, 75 %', 'a single run')
    """
    if n == 1:
        return "a single run"
    k = rank(n)
    sure = f"{100 * level(n, k):.1f}".removesuffix(".0")
    if k == 1:
        return f"range of {n} runs, {sure} %"
    return f"{ordinal(k)} to {ordinal(n + 1 - k)} of {n} runs, {sure} %"


def typeset(text: str) -> str:
    r"""Return the text with spaces inside numbers that no line breaks at.

    >>> typeset("50 % of 2 × 10⁻⁵, 2 × 10 runs")
    '50\xa0% of 2\xa0×\xa010⁻⁵, 2 × 10 runs'
    """
    return re.sub(
        r"(?<=\d) (?=%)|(?<=\d) (?=× 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])|(?<=×) (?=10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])", "\xa0", text
    )


def ordinal(n: int) -> str:
    """Write a place in an order.

    >>> ordinal(2), ordinal(9), ordinal(11), ordinal(23)
    ('2nd', '9th', '11th', '23rd')
    """
    teens = n % 100 in {11, 12, 13}
    return f"{n}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"
