"""Tables that come with scikit-learn: iris, wine, breast_cancer, digits, diabetes."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field
from typing_extensions import override

from study.datasets.rows import Rows
from study.space import invalid

if TYPE_CHECKING:
    from study.datasets.content import Content  # pandas is slow to load

EXTRA = "pip install 'hyperparameter-study[data]'"
"""The command that installs scikit-learn."""


class Bundled(Rows):
    """A table of scikit-learn: iris, wine and breast_cancer (classes of samples by measurements).

    Also digits (10 classes of images, 8 × 8 pixels) and diabetes (a number). It needs the extra
    `data`.
    """

    generator: Literal["sklearn"] = Field(description="what makes the samples")
    name: Literal["iris", "wine", "breast_cancer", "digits", "diabetes"] = Field(
        description="the table"
    )

    @override
    def read(self, folder: Path) -> None:
        self._content = _content(self.name)

    @property
    @override
    def source(self) -> tuple[str, str]:
        target = "disease progression" if self.name == "diabetes" else "class"
        return f"scikit-learn's {self.name}", target

    @override
    def identity(self) -> dict[str, object]:
        held = f"{self.size} samples, hash {self._content.digest}"
        return {**self.model_dump(mode="json"), "content of the table": held}


def _content(name: str) -> "Content":
    """Return a table of scikit-learn; an error of the pipeline file if that is not installed."""
    from study.datasets.content import Content

    try:
        from sklearn import datasets
    except ImportError:
        problem = f"needs scikit-learn, which is not installed: {EXTRA}"
        raise invalid([(("generator",), problem)]) from None
    bundle = getattr(datasets, f"load_{name}")()
    x = np.asarray(bundle.images[..., None] if name == "digits" else bundle.data, np.float64)
    labels = None if name == "diabetes" else tuple(map(str, bundle.target_names))
    names = () if name == "digits" else tuple(map(str, bundle.feature_names))
    return Content(labels, x, np.asarray(bundle.target, np.float64)[:, None], names=names)
