"""The study: from a pipeline file to Parquet and a report.

The public names are the functions `load_pipeline`, `run`, `report`, `load_results` and
`load_model`, the classes `Pipeline`, `Options`, `Results` and `Model`, the events `Noted`,
`Started`, `StackDone` and `Finished`, the exceptions `StudyError`, `PipelineError` and
`ResultsError`, and `__version__`. Submodules are internal, and may change with any release.

>>> import study
>>> pipeline = study.load_pipeline("pipelines/quickstart.toml", ["search.repetitions=2"])
>>> for event in study.run(pipeline, study.Options(workers=2)):  # trains and stores, no report
...     match event:                                             # doctest: +SKIP
...         case study.StackDone(dataset=dataset, runs=runs, failed=failed):
...             print(f"{runs} runs on {dataset}, {failed} of them failed")
...         case study.Finished(folder=folder):
...             results = study.load_results(folder)
>>> results.metrics({"lr": 0.1}, columns=["epoch", "train_loss"])  # doctest: +SKIP
>>> page = study.report("results/mine")                            # doctest: +SKIP
>>> model = study.load_model("results/mine")                       # doctest: +SKIP
>>> model.predict(table)                                           # doctest: +SKIP

`run` yields frozen events: `Noted` (a sentence), `Started` (how many runs, and how many of them are
stored), `StackDone` (how some runs ended), and `Finished` last. Leave the loop at any time:
finished runs are kept, and the same call resumes. Worker processes import the calling script, so
call `run` below `if __name__ == "__main__":`.

`run` also takes the path of a pipeline file. Errors of a file or a folder are `StudyError`s:
`PipelineError` and `ResultsError`.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # so that editors and type checkers know the names loaded below
    from pathlib import Path

    from study.errors import PipelineError, ResultsError, StudyError
    from study.execution.driver import Options, run
    from study.execution.events import Finished, Noted, StackDone, Started
    from study.execution.models import load_model
    from study.spec.load import load_pipeline
    from study.spec.pipeline import Pipeline
    from study.store.reader import Results, load_results
    from study.training.model import Model

    def report(folder: str | Path, *, workers: int | None = None) -> Path:
        """Draw the report of a results folder: `study/report/__init__.py`."""
        ...


_WHERE = {
    "Finished": "study.execution.events",
    "Model": "study.training.model",
    "Noted": "study.execution.events",
    "Options": "study.execution.driver",
    "Pipeline": "study.spec.pipeline",
    "PipelineError": "study.errors",
    "Results": "study.store.reader",
    "ResultsError": "study.errors",
    "StackDone": "study.execution.events",
    "Started": "study.execution.events",
    "StudyError": "study.errors",
    "load_model": "study.execution.models",
    "load_pipeline": "study.spec.load",
    "load_results": "study.store.reader",
    "report": "study.report",
    "run": "study.execution.driver",
}

__all__ = [  # loaded on first access
    "Finished",
    "Model",
    "Noted",
    "Options",
    "Pipeline",
    "PipelineError",
    "Results",
    "ResultsError",
    "StackDone",
    "Started",
    "StudyError",
    "__version__",
    "load_model",
    "load_pipeline",
    "load_results",
    "report",
    "run",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # functions and classes
    """Load a public name on first access: `import study` costs nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("hyperparameter-study")
    if name not in _WHERE:
        raise AttributeError(
            f"module 'study' has no attribute {name!r}", name=name, obj=sys.modules[__name__]
        )  # name and obj let Python suggest a similar name
    module = import_module(_WHERE[name])
    return getattr(module, name, module)  # `report` is a module that can be called


def __dir__() -> list[str]:
    """List the public names, for completion and help()."""
    return sorted(__all__)
