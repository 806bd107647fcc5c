"""A wrong value of a file: a rule that needs it is left out, and all others are checked."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


class UnknownError(Exception):
    """A rule needs a value that is wrong."""


def _unknown(*_: object) -> NoReturn:
    raise UnknownError


class _Unknown:
    """Takes the place of a wrong value: every use of it but `is` raises UnknownError."""

    __class__ = property(_unknown)  # isinstance looks at it
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _unknown
    __getattr__ = __getitem__ = __contains__ = __iter__ = __len__ = _unknown
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _unknown
    __bool__ = __hash__ = __int__ = __float__ = __str__ = __repr__ = __format__ = _unknown


@cache
def wrong_value() -> Any:  # noqa: ANN401  # a value of any type is meant
    """Return what takes the place of every wrong value: one object, recognised by `is`.

    It is no constant, because tools that inspect a module's names would fail on it.
    """
    return _Unknown()


def known(rules: Iterable[Iterable[T]]) -> Iterator[T]:
    """Yield what each rule finds, up to where it needs a wrong value."""
    for rule in rules:
        try:
            yield from rule
        except UnknownError:
            continue


def each(rule: Callable[..., Iterable[T]], items: Iterable[tuple[Any, ...]]) -> Iterator[T]:
    """Yield what a rule finds for each of its arguments."""
    return known(_called(rule, item) for item in known([items]))


def _called(rule: Callable[..., Iterable[T]], item: tuple[Any, ...]) -> Iterator[T]:
    yield from rule(*item)
