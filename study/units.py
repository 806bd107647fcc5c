"""Numbers as people read them: durations, sizes, amounts."""


def amount(number: float) -> str:
    """Write a whole number with separators.

    >>> amount(8000000)
    '8,000,000'
    """
    return f"{number:,.0f}"


def duration(seconds: float) -> str:
    """Write a duration in its two largest units.

    >>> duration(0.3), duration(42), duration(150), duration(7400)
    ('a second', '42 s', '2 min 30 s', '2 h 3 min')
    """
    whole = round(seconds)
    if whole <= 1:
        return "a second"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def size(count: float) -> str:
    """Write a number of bytes.

    >>> size(900), size(41_200_000)
    ('900 bytes', '41.2 MB')
    """
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= factor:
            return f"{count / factor:.1f} {unit}"
    return f"{count:.0f} bytes"


def count_of(count: int, noun: str) -> str:
    """Write how many there are of something.

    >>> count_of(1, "run"), count_of(2560, "run")
    ('1 run', '2,560 runs')
    """
    return f"{amount(count)} {noun}{'' if count == 1 else 's'}"
