"""There is a processor to use; garbage is collected seldom for a while, and then as before."""

import gc

import pytest

from study.process import COLLECT, collected_seldom, cores


def test_there_is_a_core() -> None:
    assert cores() >= 1


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
