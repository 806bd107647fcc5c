"""Numbers, lists and intervals as a sentence says them."""

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from study.plot.theme import words

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


_DIGITS, _MOST = 2, 12
"""How many digits a measured number has, and at most beside a narrow interval."""


def number(value: float, digits: int = _DIGITS) -> str:
    """Write a measured number with two digits, as a power of ten where it is small or large.

    >>> number(0.0123), number(1.2e-5), number(-373.0), number(float("inf")), number(float("nan"))
    ('0.012', '1.2 × 10⁻⁵', '−370', '∞', '–')
    >>> number(0.123456, 4), number(1234.56, 5)
    ('0.1235', '1,234.6')
    """
    positive = value >= 0 or math.isnan(value)
    return _number(abs(value), digits) if positive else f"−{_number(-value, digits)}"


def numbers(*values: float) -> tuple[str, ...]:
    """Write an estimate and the ends of its interval, with two digits of the width.

    Where the width is infinite they have three digits, so that a ranking is read in its order.

    >>> numbers(0.6931, 0.6928, 0.6939), numbers(0.1, 0.05, 0.15), numbers(0.5, 0.5, 0.5)
    (('0.6931', '0.6928', '0.6939'), ('0.1', '0.05', '0.15'), ('0.5', '0.5', '0.5'))
    >>> numbers(4.6e-7, 1.8e-7, 2.6e-6), numbers(0.123, 0.1, float("inf"))
    (('4.6 × 10⁻⁷', '1.8 × 10⁻⁷', '2.6 × 10⁻⁶'), ('0.123', '0.1', '∞'))
    """
    finite = [value for value in values if math.isfinite(value)]
    width = max(finite, default=0.0) - min(finite, default=0.0)
    measured = len(finite) == len(values)
    last = _place(width) - _DIGITS + 1 if width and measured else math.inf
    least = _DIGITS if measured else _DIGITS + 1
    return tuple(
        number(value, int(min(max(_place(value) - last + 1, least), _MOST))) for value in values
    )


def _place(value: float) -> float:
    """Return the power of ten of a number's first digit; −∞ where it has none."""
    size = abs(value)
    return math.floor(math.log10(size)) if 0 < size < math.inf else -math.inf


def _number(value: float, digits: int) -> str:
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    written = f"{value:.{digits}g}"
    if 100 <= float(written) < 10_000:  # noqa: PLR2004  # short enough to be read as it is
        whole = len(f"{float(written):.0f}")
        return f"{float(written):,.{max(digits - whole, 0)}f}"
    if "e" in written:
        mantissa, exponent = written.split("e")
        return f"{mantissa} × 10{str(int(exponent)).translate(_RAISED)}"
    return written


def written(cell: object) -> str:
    """Write a cell of a table.

    >>> written(True), written(0.01234), written(None), written(12000), written(np.False_)
    ('yes', '0.012', '–', '12,000', 'no')
    """
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return value(cell)
    if isinstance(cell, int):
        return f"{cell:,}"
    return "–" if cell is None or cell is pd.NA else str(cell)


_MEASURED = ("estimate", "value", "median", "share", "effect", "agree", "low", "high")


def row(cells: Mapping[str, object]) -> tuple[str, ...]:
    """Write a row of a table: what has an interval with as many digits as that can tell.

    >>> row({"of": "lr", "median": 0.6931, "low": 0.6928, "high": 0.6939, "level": 0.978515})
    ('lr', '0.6931', '0.6928', '0.6939', '0.98')
    >>> row({"epochs": 84.0, "low": 80.0, "high": None})
    ('84', '80', '–')
    """
    texts = {name: written(cell) for name, cell in cells.items()}
    beside = {n: c for n in _MEASURED if isinstance(c := cells.get(n), float)}
    if {"low", "high"} & beside.keys():
        precise = zip(beside, numbers(*beside.values()), strict=True)
        texts |= {n: text for n, text in precise if not _whole(beside[n])}
    return tuple(texts.values())


def value(measured: float) -> str:
    """Write a metric: a whole number with all its digits, any other with two.

    >>> value(8705.0), value(0.0123)
    ('8,705', '0.012')
    """
    return f"{measured:,.0f}" if _whole(measured) else number(measured)


def _whole(measured: float) -> bool:
    return math.isfinite(measured) and measured == int(measured) != 0


def count(n: int, noun: str) -> str:
    """Write a number of things.

    >>> count(1600, "run"), count(1, "run"), count(0, "run")
    ('1,600 runs', '1 run', 'no run')
    """
    return f"{n:,} {noun}s" if n > 1 else f"{'1' if n else 'no'} {noun}"


def at(parameter: str, level: object) -> str:
    """Write a parameter at one of its levels.

    >>> at("lr", "0.1"), at("hidden", "64x32"), at("hidden", "3 layers"), at("hidden", "none")
    ('learning rate 0.1', 'hidden layers 64x32', '3 hidden layers', 'no hidden layer')
    """
    if parameter == "hidden" and level == "none":
        return "no hidden layer"
    if parameter == "hidden" and " layer" in str(level):
        return str(level).replace(" layer", " hidden layer")
    return f"{words(parameter)} {level}"


def pair(cell: Mapping[str, str]) -> str:
    """Write a cell of two parameters.

    >>> pair({"first": "lr", "first_level": "1", "second": "optimizer", "second_level": "sgd"})
    'learning rate 1 and optimizer sgd'
    """
    return (
        f"{at(cell['first'], cell['first_level'])} and {at(cell['second'], cell['second_level'])}"
    )


def listing(items: Sequence[str]) -> str:
    """Write a list.

    >>> listing(["a", "b", "c"]), listing(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def objective(metric: str, goal: str, quantile: float, n: int) -> str:
    """Name what configurations of n repetitions are ranked by; see `study.spec.objective`.

    >>> objective("final_train_loss", "minimize", 0.5, 10)
    'upper median final training loss'
    >>> objective("final_test_accuracy", "maximize", 0.5, 10)
    'lower median final test accuracy'
    >>> objective("final_train_loss", "minimize", 1.0, 10)
    'final training loss at the worst of its repetitions'
    """
    if quantile == 0.5:  # noqa: PLR2004  # the median, one of two where n is even
        worse = "upper " if goal == "minimize" else "lower "
        return f"{worse * (n % 2 == 0)}median {words(metric)}"
    which = {0.0: "best", 1.0: "worst"}.get(quantile, f"{quantile:g} quantile")
    return f"{words(metric)} at the {which} of its repetitions"


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


def typeset(text: str) -> str:
    r"""Return the text with spaces inside numbers that no line breaks at.

    >>> typeset("50 % of 2 × 10⁻⁵, 2 × 10 runs")
    '50\xa0% of 2\xa0×\xa010⁻⁵, 2 × 10 runs'
    """
    return re.sub(
        r"(?<=\d) (?=%)|(?<=\d) (?=× 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])|(?<=×) (?=10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹])", "\xa0", text
    )


_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|\*(?P<em>[^*]+)\*|\[(?P<text>[^\]]+)\]\((?P<to>https?://[^\s()\"<>]+)\)"
)


def inline(text: str) -> Markup:
    """Return a text of the user as HTML: `code`, *emphasis* and [links](https://…), else escaped.

    >>> str(inline("`a < b` is *not* [safe](https://x.org/?a=1) <script>"))
    '<code>a &lt; b</code> is <em>not</em> <a href="https://x.org/?a=1">safe</a> &lt;script&gt;'
    """
    html, at = Markup(), 0
    for part in _INLINE.finditer(text):
        html += text[at : part.start()]
        tag = "code" if part["code"] else "em" if part["em"] else "a"
        to = Markup(' href="{}"').format(part["to"]) if part["to"] else Markup()
        of = part["code"] or part["em"] or part["text"]
        html += Markup("<{}{}>{}</{}>").format(Markup(tag), to, of, Markup(tag))  # noqa: S704
        at = part.end()
    return html + text[at:]


def coded(text: str) -> Markup:
    """Return a text of the report as HTML, with what is between backticks as code.

    >>> str(coded("`study run` <b>")), str(coded(Markup("<a>`a<b`</a>")))
    ('<code>study run</code> &lt;b&gt;', '<a><code>a<b</code></a>')
    """
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704


def ordinal(n: int) -> str:
    """Write a place in an order.

    >>> ordinal(2), ordinal(9), ordinal(11), ordinal(23)
    ('2nd', '9th', '11th', '23rd')
    """
    teens = n % 100 in {11, 12, 13}
    return f"{n}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"
