"""Garbage is collected seldom for a while, and then as before."""

import gc

import pytest

from study.garbage import COLLECT, collected_seldom


def test_garbage_is_collected_seldom_until_the_end_also_of_an_error() -> None:
    before, during = gc.get_threshold(), []

    @collected_seldom()
    def fails() -> None:
        during.append(gc.get_threshold()[0])
        raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert during == [COLLECT]
    assert gc.get_threshold() == before
