"""Compiled loops have NumPy's bits, and NumPy replaces them where they are unavailable."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from nn_core import (
    ACTIVATIONS,
    OPTIMIZERS,
    SGD,
    Array,
    Linear,
    MSELoss,
    Sequential,
    SoftmaxCrossEntropyLoss,
    Tanh,
)
from nn_core.softmax import NUMPY
from study.execution.driver import Options, run
from study.store.provenance import executions
from study.training import bits, class_loops, compiled
from study.training.class_loops import CLASS_LOOPS
from study.training.compiled import (
    KINDS,
    PRECISIONS,
    Backend,
    Kind,
    backend,
    keeps_bits,
    loop_of,
    optimizer_of,
)
from study.training.loops import LOOPS, SLOPES, VALUES, Loop
from study.training.right import Right
from tests.driving import digest
from tests.pipelines import small

pytestmark = pytest.mark.usefixtures("uncertified")

ALL: dict[Kind, Loop] = dict([*SLOPES.items(), *LOOPS.items()])
NAMES = [*(loop.__name__ for loop in ALL.values()), "softmax", "right"]
loops = pytest.mark.parametrize("kind", KINDS, ids=NAMES)
precisions = pytest.mark.parametrize("dtype", PRECISIONS)


def test_activations_have_loops() -> None:
    """A new one need not: NumPy does its work."""
    names = {name for name, kind in ACTIVATIONS.items() if kind in SLOPES}
    assert names == {"elu", "leaky_relu", "relu", "sigmoid", "softsign", "tanh"}
    assert set(VALUES) <= set(SLOPES)


def test_optimizers_have_loops() -> None:
    kinds = {kind for kind, _ in LOOPS}
    names = {name for name, kind in OPTIMIZERS.items() if kind in kinds}
    assert names == {"sgd", "adam", "rmsprop", "adagrad"}
    for kind, arrays in LOOPS:
        assert loop_of(optimizer_of(kind, arrays, "float32")) is LOOPS[kind, arrays]


def test_an_optimizer_with_an_update_of_its_own_has_no_loop() -> None:
    class Signs(SGD):
        def _update(self) -> None:
            np.subtract(self.parameters, np.sign(self.gradients), out=self.parameters)

    own = Signs(Sequential([Linear(2, 1)], (3,)), 0.1)
    assert loop_of(own) is None
    compiled.speed_up(Sequential([Linear(2, 1)], (3,)), own, MSELoss())
    assert own.loop is None


def test_a_loss_of_ones_own_keeps_numpys_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hand them other shapes than a softmax does."""

    class Softer(SoftmaxCrossEntropyLoss):
        """Any."""

    monkeypatch.setattr(compiled, "backend", lambda: Backend(compiles=True, message="Python"))
    monkeypatch.setattr(compiled, "_compiled", lambda loop, _: loop)
    network = Sequential([Linear(2, 3)], (3,))
    own, expected = Softer(), SoftmaxCrossEntropyLoss()
    for loss in (own, expected):
        compiled.speed_up(network, SGD(network, 0.1), loss)
    assert own.steps is NUMPY
    assert expected.steps.shift is not NUMPY.shift


def test_logits_are_of_every_kind() -> None:
    """Finite samples and others, and samples whose largest output is tied."""
    for dtype in PRECISIONS:
        z, y = bits.logits(10, dtype, 0)
        finite = np.isfinite(z).all(-1)
        tied = finite & ((z == z.max(-1, keepdims=True)).sum(-1) > 1)
        assert min(finite.sum(), (~finite).sum(), tied.sum(), np.isnan(z).any(-1).sum()) > 5
        assert z.strides[1] == 11 * z.itemsize
        assert y.sum(-1).tolist() == np.ones(z.shape[:2]).tolist()


def test_another_order_of_a_sum_breaks_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a compiler that adds up from the other end."""

    def backwards(x: Array, sums: Array) -> None:
        sums[..., 0] = 0
        for j in reversed(range(x.shape[-1])):
            sums[..., 0] += x[..., j]

    loops = {loop: loop for loop in CLASS_LOOPS} | {class_loops.add: backwards}
    monkeypatch.setattr(compiled, "_compiled", lambda loop, _: loops[loop])
    assert not keeps_bits(SoftmaxCrossEntropyLoss, "float32")


def test_a_tie_that_counts_as_right_breaks_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    def lenient(z: Array, labels: NDArray[np.intp], hits: NDArray[np.bool_]) -> None:
        np.equal(z.argmax(-1), labels, out=hits)

    monkeypatch.setattr(compiled, "_compiled", lambda *_: lenient)
    assert not keeps_bits(Right, "float32")


def test_hard_numbers_are_of_every_kind() -> None:
    """±0, subnormal, the largest, ±∞ and NaN, in rows that fill no whole vectors."""
    assert bits.SHAPE[1] % 16
    for dtype in map(np.dtype, PRECISIONS):
        numbers, limits = bits.hard(bits.SHAPE, dtype, 0), np.finfo(dtype)
        size, signs = np.abs(numbers), np.signbit(numbers)
        subnormal = (size > 0) & (size < limits.tiny)
        for some in (size == 0, subnormal, size == limits.max, np.isinf(size)):
            assert min((some & signs).sum(), (some & ~signs).sum()) > 10
        assert np.isnan(numbers).sum() > 10


@loops
@precisions
def test_a_loop_has_numpys_bits(kind: Kind, dtype: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python runs it, number by number."""
    monkeypatch.setattr(compiled, "_compiled", lambda loop, _: loop)
    assert keeps_bits(kind, dtype)


@loops
@precisions
def test_a_compiled_loop_has_numpys_bits(kind: Kind, dtype: str) -> None:
    pytest.importorskip("numba", reason="the extra `fast` is not installed")
    for seed in range(0, 300, 10):
        assert keeps_bits(kind, dtype, seed=seed)


def test_one_rounding_where_numpy_has_two_breaks_the_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a processor whose compiler multiplies and adds at once."""

    def fused(theta: Array, g: Array, b: Array, numbers: Array) -> None:
        b[...] = b.astype(np.float64) * numbers[0][:, None] + g
        theta -= b * numbers[1][:, None]

    monkeypatch.setattr(compiled, "_compiled", lambda *_: fused)
    assert not keeps_bits((SGD, 1), "float32")
    monkeypatch.setattr(compiled, "_compiled", lambda *_: LOOPS[SGD, 1])
    assert keeps_bits((SGD, 1), "float32")


@pytest.fixture
def chosen_again() -> Iterator[None]:
    """Let a test find out what makes the updates, and the next ones again."""
    backend.cache_clear()
    yield
    backend.cache_clear()


def absent(change: pytest.MonkeyPatch) -> None:
    change.setitem(sys.modules, "numba", None)


def there(change: pytest.MonkeyPatch, *, off: int = 0) -> None:
    module = SimpleNamespace(config=SimpleNamespace(DISABLE_JIT=off), __version__="9.9")
    change.setitem(sys.modules, "numba", module)
    change.setattr(compiled, "_compiled", lambda loop, _: loop)


def switched_off(change: pytest.MonkeyPatch) -> None:
    there(change, off=1)


def nowhere(change: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("cannot cache function 'sgd': no locator\navailable")

    there(change)
    change.setattr(compiled, "_compiled", broken)


def other_bits(change: pytest.MonkeyPatch) -> None:
    there(change)
    change.setattr("platform.machine", lambda: "riscv64")
    change.setattr(compiled, "keeps_bits", lambda _, dtype: dtype == "float32")


def same_bits(change: pytest.MonkeyPatch) -> None:
    other_bits(change)
    change.setattr(compiled, "keeps_bits", lambda *_: True)


CASES = {
    "absent": (absent, "NumPy; pip install numba makes it faster"),
    "switched off": (switched_off, "NumPy, since NUMBA_DISABLE_JIT is set"),
    "nowhere to keep code": (
        nowhere,
        "NumPy, since Numba fails here: cannot cache function 'sgd': no locator available",
    ),
    "a processor with other bits": (other_bits, "NumPy, since Numba has other bits here"),
    "a processor with the same bits": (same_bits, "Numba 9.9"),
    "a trusted processor": (there, "Numba 9.9"),
}


@pytest.mark.usefixtures("chosen_again")
@pytest.mark.parametrize(("change", "message"), CASES.values(), ids=CASES)
def test_numpy_makes_the_updates_where_numba_cannot(
    change: Callable[[pytest.MonkeyPatch], None], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    change(monkeypatch)
    assert backend() == Backend(message == "Numba 9.9", message)
    network = Sequential([Linear(2, 3), Tanh(), Linear(3, 1)], (3,), np.float32)
    optimizer, loss = SGD(network, 0.1), SoftmaxCrossEntropyLoss()
    compiled.speed_up(network, optimizer, loss)
    tanh, alone = network.layers[1], message != "Numba 9.9"
    assert isinstance(tanh, Tanh)
    assert (tanh.slope_loop is None) == (optimizer.loop is None) == (loss.steps is NUMPY) == alone
    assert (compiled.right_loop(np.zeros((3, 4, 2), np.float32)) is None) == alone
    assert compiled.right_loop(np.zeros((3, 4, 1), np.float32)) is None


SEVERAL = (
    "search.parameters.optimizer=['sgd', 'adam', 'rmsprop', 'adagrad']",
    "search.parameters.implementation=['exact', 'as_printed']", "search.parameters.hidden=[[3]]",
    "search.parameters.momentum=[0.0, 0.9]", "search.parameters.lr=[0.01, 50.0]",
    "search.parameters.activation=['elu', 'leaky_relu', 'relu', 'sigmoid', 'softsign', 'tanh']",
    "training.weight_decay=0.01", "training.epochs=4",
    "training.batch_size=8", "datasets.linear.test_fraction=0.2", "search.repetitions=1",
)  # fmt: skip


CLASSES = """
name = "classes"
[datasets.blobs]
generator = "blobs"
samples = 40
classes = N
test_fraction = 0.25
[model]
loss = "softmax_cross_entropy"
output_activation = "none"
hidden = [5]
[training]
epochs = 12
[search]
repetitions = 1
[search.parameters]
lr = [0.1, 1.0, 1e30]
batch_size = ["full", 8]
"""


def hashed(to: Path, *keys: str) -> str:
    """Run small studies of every optimizer and of classes here; return the hash of their tables."""
    list(run(small(*SEVERAL, *keys), Options(to, executor="inline")))
    result = digest(to / "small")
    for classes in (3, 10, 17):
        pipeline = small(*keys, f"name=of-{classes}", text=CLASSES.replace("N", str(classes)))
        list(run(pipeline, Options(to, executor="inline")))
        result += digest(to / f"of-{classes}")
    return result


@pytest.fixture(scope="module", params=PRECISIONS)
def by_numpy(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path, str]:
    """Return a precision's override, the results that NumPy alone makes, and their hash."""
    folder, precision = tmp_path_factory.mktemp("numpy"), f"training.precision={request.param}"
    with pytest.MonkeyPatch.context() as change:
        change.setattr(compiled, "backend", lambda: Backend(compiles=False, message="NumPy"))
        return precision, folder, hashed(folder, precision)


def test_a_study_has_the_same_tables_with_loops_and_without(
    by_numpy: tuple[str, Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the loops as Python runs them, whether Numba is installed or not."""
    precision, _, alone = by_numpy
    used: list[Loop] = []

    def interpreted(loop: Loop, _: str) -> Loop:
        used.append(loop)
        return loop

    monkeypatch.setattr(compiled, "backend", lambda: Backend(compiles=True, message="Python"))
    monkeypatch.setattr(compiled, "_compiled", interpreted)
    assert hashed(tmp_path, precision) == alone
    assert set(used) == {*ALL.values(), *VALUES.values(), *CLASS_LOOPS}


def test_a_study_has_the_same_tables_with_numba_and_without(
    by_numpy: tuple[str, Path, str], tmp_path: Path
) -> None:
    pytest.importorskip("numba", reason="the extra `fast` is not installed")
    precision, numpy, alone = by_numpy
    assert backend().compiles
    assert hashed(tmp_path, precision) == alone
    for folder, updates in ((tmp_path, backend().message), (numpy, "NumPy")):
        (one,) = executions(folder / "small")
        assert one["updates"] == updates
