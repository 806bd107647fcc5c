"""Proposals equal Optuna's own, and its dashboard opens their journal."""

import json
import math
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import optuna
import pytest
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna_dashboard import wsgi
from typing_extensions import override

from study.errors import StudyError
from study.samplers.methods import METHODS
from study.samplers.optuna import write_journal
from study.samplers.sampler import Judged, Settings
from study.space import Choices, Range, Space

SPACE: Space = {
    "lr": Range(low=1e-4, high=1.0, log=True),
    "momentum": Range(low=0.0, high=0.9),
    "activation": Choices(choices=("tanh", "relu", "none")),
}
SAMPLERS: dict[str, Callable[[], optuna.samplers.BaseSampler]] = {
    "random": lambda: optuna.samplers.RandomSampler(seed=3),
    "tpe": lambda: optuna.samplers.TPESampler(seed=3),
    "cmaes": lambda: optuna.samplers.CmaEsSampler(seed=3, popsize=8),
    "nsga2": lambda: optuna.samplers.NSGAIISampler(seed=3, population_size=8),
}


def bowl(lr: float, momentum: float, activation: str) -> float:
    return (math.log10(lr) + 2) ** 2 + (momentum - 0.5) ** 2 + len(activation)


@pytest.mark.parametrize("method", SAMPLERS)
@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
def test_a_search_of_batches_of_one_is_optunas_own(method: str) -> None:
    """Optuna's `optimize` on the same objective proposes the same, trial for trial."""

    def objective(trial: optuna.Trial) -> float:
        return bowl(
            trial.suggest_float("lr", 1e-4, 1.0, log=True),
            trial.suggest_float("momentum", 0.0, 0.9),
            str(trial.suggest_categorical("activation", ("tanh", "relu", "none"))),
        )

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=SAMPLERS[method]())
    study.optimize(objective, n_trials=40)
    sampler = METHODS[method].make(SPACE, {}, Settings(seed=3, batch=1, population=8))
    collected = []
    for _ in range(40):
        (proposal,) = sampler.ask()
        collected.append(dict(proposal))
        sampler.tell([(bowl(**proposal),)])  # type: ignore[arg-type]
    assert collected == [trial.params for trial in study.trials]


def test_options_that_optuna_refuses_are_a_users_error() -> None:
    settings = Settings(seed=0, options={"group": True, "multivariate": False})
    message = "search: Optuna's TPESampler: group option can only be enabled when multivariate"
    with pytest.raises(StudyError, match=f"^{message}"):
        METHODS["tpe"].make(SPACE, {}, settings)


class Silent(WSGIRequestHandler):
    """Writes no log."""

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@contextmanager
def dashboard(journal: Path) -> Iterator[str]:
    """Serve a journal on loopback, as `optuna-dashboard JOURNAL` does; yield the address."""
    storage = JournalStorage(JournalFileBackend(str(journal)))
    server = make_server("127.0.0.1", 0, wsgi(storage), handler_class=Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def read(address: str) -> dict[str, object]:
    with urllib.request.urlopen(address) as answer:  # noqa: S310  # loopback, just made
        collected: dict[str, object] = json.load(answer)
        return collected


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_journal_opens_in_the_dashboard(tmp_path: Path) -> None:
    sampler = METHODS["tpe"].make(SPACE, {}, Settings(seed=3, batch=4))
    sampler.ask()
    sampler.tell([(0.5,), (math.inf,), (0.25,)])
    journal = tmp_path / "optuna.journal"
    journal.write_text("an older journal")
    outcomes = [Judged(0, (-0.5,), None), Judged(2, (-0.25,), 10)]
    write_journal({"xor": (sampler, outcomes), "xor, random": (sampler, [])}, ["maximize"], journal)
    assert [path.name for path in tmp_path.iterdir()] == ["optuna.journal"]
    with dashboard(journal) as address:
        studies = read(f"{address}/api/studies")["study_summaries"]
        assert isinstance(studies, list)
        assert [study["study_name"] for study in studies] == ["xor", "xor, random"]
        assert [study["directions"] for study in studies] == [["maximize"], ["maximize"]]
        trials = read(f"{address}/api/studies/{studies[0]['study_id']}?after=0")["trials"]
    assert isinstance(trials, list)
    assert [(trial["number"], trial["state"]) for trial in trials] == [
        (0, "Complete"), (1, "Pruned")
    ]  # fmt: skip
    assert trials[0]["values"] == [-0.5]
    assert trials[1]["intermediate_values"] == [{"step": 10, "value": -0.25}]
    assert {param["name"] for param in trials[0]["params"]} == set(SPACE)


def test_reading_a_pipeline_does_not_load_optuna() -> None:
    code = (
        "import sys; from study.spec.load import load_pipeline;"
        "load_pipeline('pipelines/lab_tpe.toml'); print('optuna' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
