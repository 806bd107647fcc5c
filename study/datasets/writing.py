"""How numbers are written: the decimal sign, the sign between thousands, the grammar."""

from dataclasses import dataclass

SPACES = "\u00a0\u2007\u2009\u202f"
"""Blanks between thousands: no-break, of a figure's width, thin, narrow no-break."""

ALIKE = {**dict.fromkeys(SPACES, " "), "’": "'", "−": "-"}
"""Signs that are read as another one, within a number."""

THOUSANDS = ("", ",", ".", " ", "'")
"""Possible separators of thousands; each of `ALIKE` is read as one of these."""


@dataclass(frozen=True, slots=True, order=True)
class Convention:
    """The sign before fractions, and the one between thousands, or none."""

    decimal: str = "."
    thousands: str = ""

    def __str__(self) -> str:
        """Name both signs as a pipeline file does.

        >>> str(Convention(",", ".")), str(Convention())
        ("decimal = ',' and thousands = '.'", "decimal = '.'")
        """
        thousands = f" and thousands = {self.thousands!r}".replace('"\'"', '"\'"')
        return f"decimal = {self.decimal!r}{thousands if self.thousands else ''}"

    @property
    def pattern(self) -> str:
        """The regular expression of a number; groups have three digits, and the first is not 0."""
        d, t = (f"[{sign}]" for sign in (self.decimal, self.thousands or self.decimal))
        whole = f"[+-]?(?:[0-9]+(?:{d}[0-9]*)?|{d}[0-9]+)(?:[eE][+-]?[0-9]+)?"
        words = "[+-]?(?i:inf|infinity)"
        if not self.thousands:
            return f"^(?:{whole}|{words})$"
        return f"^(?:{whole}|{words}|[+-]?[1-9][0-9]{{0,2}}(?:{t}[0-9]{{3}})+(?:{d}[0-9]+)?)$"


PLAIN = Convention()
"""As in Python, TOML and most files."""

CONVENTIONS = tuple(
    Convention(decimal, thousands)
    for decimal in ".,"
    for thousands in THOUSANDS
    if thousands != decimal
)
"""All conventions that a file may have, the simplest first."""

WHOLE = r"^[+-]?(?:[0-9]+|[1-9][0-9]{0,2}(?:[.][0-9]{3})+)$"
"""Numbers with points between thousands: the same as whole numbers without them."""

MISSING = frozenset(
    {"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
     "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"}
)  # fmt: skip
"""Texts that mean "no value" among numbers, as in pandas; elsewhere only the empty one does."""

BOOLEANS = {"true": 1.0, "True": 1.0, "TRUE": 1.0, "false": 0.0, "False": 0.0, "FALSE": 0.0}
"""True and false, as written by Python, R, pandas, Excel and JSON."""
