"""A replication has a name and a seed of its own, which follow from the first study's."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from study.errors import PipelineError
from study.plan.replication import replicated, replication, seed
from tests.pipelines import small


def test_the_seed_follows_from_the_first_seed_and_the_number_alone() -> None:
    """32 bits of the generator that SHA-256 of the description seeds, as of all streams."""
    digest = hashlib.sha256(repr(("replication", 0, 1)).encode()).digest()
    expected = np.random.default_rng(np.frombuffer(digest, dtype=np.uint32).tolist())
    assert seed(0, 1) == int(expected.integers(2**32))
    result = {seed(first, number) for first in range(20) for number in range(1, 6)}
    assert len(result) == 100
    assert not result & set(range(20))


@pytest.mark.parametrize("number", [1, 12])
def test_everything_except_name_and_seed_stays(number: int, tmp_path: Path) -> None:
    first = small("search.seed=7")
    again = replication(first, tmp_path / "mine", number)
    assert again.name == f"mine-replication-{number}"
    assert again.search.seed == seed(7, number)
    before, result = first.model_dump(), again.model_dump()
    assert result.pop("name") != before.pop("name")
    assert result["search"].pop("seed") != before["search"].pop("seed")
    assert result == before
    assert replicated(again.name) == ("mine", number)


@pytest.mark.parametrize("name", ["lab", "lab-replication-", "lab-replication-0", "-replication-1"])
def test_other_names_are_no_replications(name: str) -> None:
    assert replicated(name) is None


def test_a_folder_whose_name_no_study_may_have_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="name"):
        replication(small(), tmp_path / "my study", 1)
