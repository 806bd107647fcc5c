"""The study: from a pipeline file to Parquet and a report.

>>> import study
>>> pipeline = study.load_pipeline("pipelines/quickstart.toml")
>>> for event in study.run(pipeline):      # trains and stores; draws no report
...     print(event)                       # doctest: +SKIP
>>> results = study.load_results("results/quickstart")  # doctest: +SKIP
"""

from importlib import import_module
from typing import Any

_WHERE = {
    "load_pipeline": "study.spec.load",
    "load_results": "study.store.reader",
    "run": "study.execution.driver",
}

__all__ = ["load_pipeline", "load_results", "run"]  # loaded when first asked for


def __getattr__(name: str) -> Any:  # noqa: ANN401  # three functions of three types
    """Load a public name when it is first asked for: `import study` costs nothing."""
    if name not in _WHERE:
        raise AttributeError(f"module 'study' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)
