"""Text of users and files, made visible: no escape or bidi mark reaches a terminal."""

import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's controls, formats (bidi marks are some), halves of pairs, and ends of lines."""


def printable(text: str) -> str:
    r"""Write everything that a terminal would interpret as an escape, except line breaks.

    >>> printable("a\x1b[31m\r\nb\u202e")
    'a\\x1b[31m\\r\nb\\u202e'
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def visible(text: object) -> str:
    r"""Write a text within a line: its line breaks become escapes too.

    >>> visible("two\nlines")
    'two\\nlines'
    """
    return printable(str(text)).replace("\n", "\\n")


def _shown(sign: str) -> str:
    hidden = sign != "\n" and unicodedata.category(sign) in _HIDDEN
    return sign.encode("unicode_escape").decode("ascii") if hidden else sign
