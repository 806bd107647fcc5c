"""The network needs Python and NumPy, and nothing else that is installed."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]

USED = """
from importlib.util import find_spec
import numpy as np
from nn_core import *
from nn_core import ACTIVATIONS, INITIALIZERS, LOSSES, OPTIMIZERS
import nn_core.as_printed
x, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.eye(2)[[0, 1, 1, 0]]
for activation in ACTIVATIONS.values():
    for loss in (made() for made in LOSSES.values()):
        for optimizer in OPTIMIZERS.values():
            network = Sequential([Linear(2, 3), activation(), Linear(3, 2)], stack=(2,))
            for start in (*INITIALIZERS.values(), he):  # zeros have no gradient here
                network.initialize(start, rng=np.random.default_rng(0))
            steps = optimizer(network, 1e-4)
            before = loss(network(x), y)
            network.backward(loss.backward(network(x), y))
            steps.step()
            assert (loss(network(x), y) < before).all(), (activation, loss, optimizer)
images = Sequential([Conv2D(1, 2, (3, 3)), Flatten(), Linear(72, 1)])
images.initialize(he, rng=np.random.default_rng(0))
assert check_gradient(images, np.random.default_rng(1).random((2, 8, 8, 1)))
print(*(name for name in ("numpy", "typing_extensions", "pandas") if find_spec(name)))
"""


def test_the_network_works_where_numpy_alone_is_installed(tmp_path: Path) -> None:
    """Every class of every table is used, in a Python that finds NumPy and no other package."""
    installed = Path(np.__file__).parents[1]
    for name in ("numpy", "numpy.libs"):
        if (installed / name).exists():
            (tmp_path / name).symlink_to(installed / name, target_is_directory=True)
    (tmp_path / "nn_core").symlink_to(ROOT / "nn_core", target_is_directory=True)
    env = {"PYTHONPATH": str(tmp_path), "PATH": os.environ["PATH"]}
    alone = [sys.executable, "-S", "-W", "error", "-c", USED]
    done = subprocess.run(alone, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["numpy"]  # nothing else could have been found
