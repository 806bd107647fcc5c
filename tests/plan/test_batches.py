"""Batch sizes that cover all training samples are named: they are duplicates."""

from pathlib import Path

import numpy as np
import pytest

from study import load_results
from study.execution.events import Noted
from study.plan.cells import same_batches
from study.store.provenance import executions
from tests.driving import finish
from tests.pipelines import small

DATA = """
name = "small"
[datasets.xor]
generator = "xor"
[datasets.half]
generator = "linear"
samples = 40
test_fraction = 0.25
[training]
epochs = 5
[model]
hidden = [4]
[search]
repetitions = 2
"""
XOR, HALF = "which has 21 training samples", "which has 30 training samples"

SIZES = {
    "[1, 16]": [],
    '["full", 16]': [],
    '["full", 20]': [],
    "[21, 22]": [f"batch sizes 21 and 22 are the same on xor, {XOR}"],
    '["full", 16, 21]': [f"batch sizes 21 and full are the same on xor, {XOR}"],
    '["full", 64, 32, 1]': [
        f"batch sizes 32, 64 and full are the same on xor, {XOR}",
        f"batch sizes 32, 64 and full are the same on half, {HALF}",
    ],
    "{low = 1, high = 21}": [],
    "{low = 1, high = 22}": [f"batch sizes from 21 on are the same on xor, {XOR}"],
    "{low = 25, high = 31}": [
        f"batch sizes from 25 on are the same on xor, {XOR}",
        f"batch sizes from 30 on are the same on half, {HALF}",
    ],
    "{low = 10, high = 30, step = 10}": [],
    "{low = 10, high = 40, step = 10}": [
        f"batch sizes from 30 on are the same on xor, {XOR}",
        f"batch sizes from 30 on are the same on half, {HALF}",
    ],
}


@pytest.mark.parametrize(("sizes", "expected"), SIZES.items())
def test_batch_sizes_that_cover_the_training_samples_are_named(
    sizes: str, expected: list[str]
) -> None:
    text = DATA + ('method = "random"\ntrials = 3\n' if "low" in sizes else "")
    assert same_batches(small(text=f"{text}[search.parameters]\nbatch_size = {sizes}")) == expected


def test_a_fixed_batch_size_repeats_nothing() -> None:
    assert same_batches(small("training.batch_size=1000", text=DATA)) == []


def test_a_run_notes_them_once_and_their_losses_differ_by_rounding_alone(tmp_path: Path) -> None:
    pipeline = small(text=DATA + '[search.parameters]\nbatch_size = ["full", 32, 64]')
    message = SIZES['["full", 64, 32, 1]']
    for noted in (message, []):
        events = finish(pipeline, tmp_path)
        assert [event.sentence for event in events if isinstance(event, Noted)] == noted
    (execution,) = executions(tmp_path / "small")
    assert execution["notes"] == message
    runs = load_results(tmp_path / "small").runs.astype({"batch_size": str})
    wide = runs.pivot(index=["dataset", "repetition"], columns="batch_size")["final_train_loss"]
    np.testing.assert_allclose(wide["32"], wide["64"], rtol=0)
    np.testing.assert_allclose(wide["32"], wide["full"], rtol=1e-5)
