"""Names in figures: folded to fit, in characters that the font has."""

import textwrap
from contextlib import AbstractContextManager
from functools import cache

import matplotlib as mpl
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import text_to_path

_EM, _LETTER = FontProperties(size=10.0), 0.64
"""The font of all texts, and the width of an average letter, as a share of the size."""

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
"""Digits as the exponents of powers of ten."""

_LINES = 4
"""The most lines of a title or of a row's label; a longer one ends in …"""


def as_written() -> AbstractContextManager[None]:
    """Return a context in which a dollar in a text is a dollar, and starts no formula."""
    return mpl.rc_context({"text.parse_math": False})


def folded(text: str, characters: int) -> str:
    r"""Break lines that are too long: at a space or hyphen, else within a name.

    >>> folded("xor, by optimizer", 20), folded("a_long_name, by optimizer\nloss", 14)
    ('xor, by optimizer', 'a_long_name,\nby optimizer\nloss')
    >>> folded("claim-3-no-convergence, 1e-05", 14)
    'claim-3-no-\nconvergence,\n1e-05'
    >>> folded("a_name_without_any_end_to_it", 6)
    'a_name\n_witho\nut_any\n_end…'
    """
    lines = []
    for line in drawable(text).split("\n"):
        of = textwrap.wrap(line, characters) or [line]
        if len(of) > _LINES:
            of = [*of[: _LINES - 1], f"{of[_LINES - 1][: characters - 2]}…"]
        lines += of
    return "\n".join(lines)


def breadth(text: str) -> float:
    """Return the mean width of a text's letters, in average letters, and at least 1.

    >>> breadth("a name of usual letters"), round(breadth("WWWW"), 1)
    (1.0, 1.5)
    """
    longest = max(drawable(text).split("\n"), key=len)
    wide, _, _ = text_to_path.get_text_width_height_descent(longest, _EM, ismath=False)
    return max(wide / _EM.get_size_in_points() / max(len(longest), 1) / _LETTER, 1.0)


def drawable(text: str) -> str:
    """Return a text with a box in place of each character that the figures' font lacks.

    >>> drawable("η = 0.1, 学")
    'η = 0.1, □'
    """
    glyphs = _signs()
    return "".join(sign if sign == "\n" or ord(sign) in glyphs else "□" for sign in text)


@cache
def _signs() -> frozenset[int]:
    """Return the code points that the figures' font has: matplotlib makes that table each time."""
    return frozenset(get_font(findfont(_EM)).get_charmap())
