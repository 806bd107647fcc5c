"""Optuna's samplers by ask and tell, in memory: the one file that knows Optuna."""

import json
import logging
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import BaseJournalBackend
from optuna.trial import FrozenTrial, Trial, TrialState
from typing_extensions import override

from study.errors import StudyError
from study.samplers.sampler import Judged, Proposal, Sampler, Settings
from study.space import PARAMETERS, Bounds, Choices, Range, Shapes, Space, Value, joined, widths

Goal = Literal["minimize", "maximize"]


class Optuna(Sampler):
    """One of Optuna's samplers, seeded once, asked in batches and told in the order asked.

    Its study is in memory and begins empty: it learns from reported trials alone.
    ∞ is reported as a value, since Optuna's samplers do not see trials that failed.
    """

    def __init__(
        self,
        sampler: optuna.samplers.BaseSampler,
        space: Space,
        fixed: Mapping[str, Value],
        settings: Settings,
    ) -> None:
        """Ask `sampler` for values of `space`; `fixed` has all other values."""
        self._space, self._fixed, self._batch = _ordered(space), fixed, settings.batch
        self._first = list(settings.include)
        self._asked: list[Trial] = []
        with _silent():
            goals = [optuna.study.StudyDirection.MINIMIZE] * settings.objectives
            self.study = optuna.create_study(directions=goals, sampler=sampler)

    @override
    def ask(self) -> list[Proposal]:
        first, self._first = self._first, []
        with _silent():
            for proposal in first:
                self.study.enqueue_trial(_flat(proposal, self._space))
            self._asked = [self.study.ask() for _ in range(len(first) or self._batch)]
            return [self._proposal(trial) for trial in self._asked]

    def _proposal(self, trial: Trial) -> Proposal:
        chosen: dict[str, Value] = {}
        for name, dimension in self._space.items():
            values = {**self._fixed, **chosen}
            for searched in self._space.keys() - chosen.keys():
                values.pop(searched, None)
            if all(values.get(other) == value for other, value in dimension.when.items()):
                chosen[name] = _suggest(trial, name, dimension)
        return chosen

    @override
    def tell(
        self,
        values: Sequence[tuple[float, ...]],
        excesses: Sequence[Mapping[str, float]] = (),
    ) -> None:
        with _silent():
            for i, loss in enumerate(values):  # the last batch may be cut
                for name, excess in excesses[i].items() if excesses else ():
                    self._asked[i].set_constraint(name, excess)
                self.study.tell(self._asked[i], list(loss))


def _ordered(space: Space) -> dict[str, Choices | Range | Shapes]:
    """Return the space with each parameter after the parameters in its `when`."""
    left, ordered = dict(space), {}
    while left:
        for name in [n for n, d in left.items() if not d.when.keys() & left.keys()]:
            ordered[name] = left.pop(name)
    return ordered


def _suggest(trial: Trial, name: str, dimension: Choices | Range | Shapes) -> Value:
    """Return a value in its stored form: numbers of networks and samples as text."""
    if isinstance(dimension, Choices):
        chosen = trial.suggest_categorical(name, dimension.choices)
        return cast("Value", chosen)
    if isinstance(dimension, Shapes):
        depth = _depth(trial, f"{name}.layers", sorted(dimension.layers))
        each = (_number(trial, f"{name}.{i}", dimension.width, whole=True) for i in range(depth))
        return joined(f"{width:.0f}" for width in each)
    p = PARAMETERS[name]
    return p.stored(_number(trial, name, dimension, whole=p.whole))


def _depth(trial: Trial, name: str, layers: Sequence[int]) -> int:
    """Return the dimension of a number of layers: numeric if there are no gaps."""
    if len(layers) > 1 and layers[-1] - layers[0] == len(layers) - 1:
        return trial.suggest_int(name, layers[0], layers[-1])
    return trial.suggest_categorical(name, layers)


def _number(trial: Trial, name: str, bounds: Bounds, *, whole: bool) -> float:
    if whole:
        step = 1 if bounds.step is None else int(bounds.step)
        low, high = int(bounds.low), int(bounds.high)
        return trial.suggest_int(name, low, high, step=step, log=bounds.log)
    number = trial.suggest_float(name, bounds.low, bounds.high, step=bounds.step, log=bounds.log)
    return number if bounds.step is None else _written(number, bounds.low, bounds.step)


def _written(number: float, low: float, step: float) -> float:
    """Return a step as a file would write it, so that both give one configuration.

    >>> 0.1 * 3, _written(0.1 * 3, low=0.0, step=0.1)
    (0.30000000000000004, 0.3)
    """
    return float(Decimal(str(low)) + round((number - low) / step) * Decimal(str(step)))


def _flat(proposal: Proposal, space: Space) -> dict[str, Value | None]:
    """Return a proposal under the suggested names: widths one by one."""
    flat: dict[str, Value | None] = {}
    for name, value in proposal.items():
        if isinstance(space[name], Shapes):
            each = widths(value)
            flat |= {f"{name}.layers": len(each)}
            flat |= {f"{name}.{i}": width for i, width in enumerate(each)}
        elif isinstance(space[name], Range):
            flat[name] = int(value) if PARAMETERS[name].whole else float(value)
        else:
            flat[name] = value
    return flat


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Optuna from writing to the terminal, and from warnings that do not apply.

    That is: some samplers are experimental, some compute with a reported ∞, some do
    not use constraints, and the last step of a range may lie below its high end.
    """
    logger = logging.getLogger("optuna")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            warnings.simplefilter("ignore", RuntimeWarning)
            warnings.filterwarnings("ignore", "The distribution is specified", UserWarning)
            warnings.filterwarnings("ignore", "Constraints have been set", UserWarning)
            yield
    finally:
        logger.setLevel(level)


def make(
    name: str, space: Space, fixed: Mapping[str, Value], settings: Settings, **own: object
) -> Optuna:
    """Return one of Optuna's samplers by the name of its class, with arguments of its own.

    Arguments that do not go together, which only the class knows, raise StudyError.
    """
    with _silent():
        try:
            sampler = getattr(optuna.samplers, name)(seed=settings.seed, **own)
        except ValueError as error:
            raise StudyError(f"search: Optuna's {name}: {error}".replace("`", "")) from error
    return Optuna(sampler, space, fixed, settings)


class _Journal(BaseJournalBackend):
    """A journal in memory: Optuna's own file waits for the disk after each of its lines."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    @override
    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        self.lines += logs

    @override
    def read_logs(self, log_number_from: int) -> Iterable[dict[str, Any]]:
        return self.lines[log_number_from:]


def _frozen(asked: FrozenTrial, proposal: Judged) -> FrozenTrial:
    """Return an asked trial with its result, in place of the value reported to a sampler."""
    trial = copy(asked)
    trial.values = proposal.values
    if proposal.pruned_at is not None:
        trial.state = TrialState.PRUNED
        trial.intermediate_values = {proposal.pruned_at: proposal.values[0]}
    return trial


def write_journal(
    searches: Mapping[str, tuple[Sampler, Iterable[Judged]]], goals: Sequence[Goal], path: Path
) -> None:
    """Write each search as a study of a file that `optuna-dashboard` opens, atomically.

    A study has the trials made from its proposals, with the objectives and goals (minimize,
    maximize) that the pipeline declares.
    """
    journal = _Journal()
    with _silent():
        storage = JournalStorage(journal)
        for name, (search, proposals) in searches.items():
            if isinstance(search, Optuna):
                study = optuna.create_study(
                    storage=storage, study_name=name, directions=list(goals)
                )
                asked = search.study.get_trials(deepcopy=False)
                study.add_trials(
                    [_frozen(asked[proposal.place], proposal) for proposal in proposals]
                )
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(line)}\n" for line in journal.lines)
        file.flush()
        os.fsync(file.fileno())  # or a power cut could leave the new name without the text
    unfinished.replace(path)
