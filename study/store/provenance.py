"""Where results come from: command, times, commit, versions, and what decides the last bits."""

import json
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from threadpoolctl import threadpool_info

from study.store.files import write_text
from study.store.kinds import content

PROVENANCE = "provenance.json"
"""The file's name."""

OLDEST, FORMAT = 1, 2
"""The formats of a results folder: of study 1.0, which did not write it down, and of this version.

Runs of another format have other ids.
"""

DISTRIBUTION = "hyperparameter-study"
"""The project's name where it is installed; `study` was taken."""

_PACKAGE = Path(__file__).parents[1]


def _time(text: str) -> str:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("it has no time zone")
    return text


_Time = Annotated[str, AfterValidator(_time)]


class _Execution(BaseModel):
    """The record of one execution; a later version may add keys."""

    model_config = ConfigDict(strict=True, frozen=True, extra="allow")

    command: list[str]
    started: _Time
    finished: _Time | None
    notes: list[str]
    ended: dict[str, str] = {}
    added: dict[str, int] = {}
    git_commit: str | None
    platform: str
    fingerprint: dict[str, str]
    versions: dict[str, str]
    updates: str | None = None


class _Document(_Execution):
    """The record of the last execution, and of the earlier ones."""

    format: int = OLDEST
    earlier: list[_Execution]


def fingerprint() -> dict[str, str]:
    """Return what may change a number's last bits: Python, NumPy, BLAS, their kernels, the CPU.

    Two machines with one fingerprint train a run to the same bits.
    """
    build: Mapping[str, Any] = np.show_config(mode="dicts")
    blas, simd = build["Build Dependencies"]["blas"], build["SIMD Extensions"]
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numpy_kernels": " ".join(simd.get("baseline", []) + simd.get("found", [])),
        "blas": f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip(),
        "blas_kernel": _blas_kernel(),
        "cpu": _cpu(),
    }


def difference(before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Return in words where two fingerprints differ; nothing where they are equal.

    >>> difference({"numpy": "2.4.4", "cpu": "A"}, {"numpy": "2.4.6", "cpu": "A"})
    'numpy 2.4.4 → 2.4.6'
    """
    keys = [*before, *(key for key in now if key not in before)]
    pairs = [(key, before.get(key, "unknown"), now.get(key, "unknown")) for key in keys]
    return ", ".join(f"{key} {old} → {new}" for key, old, new in pairs if old != new)


def write_provenance(  # noqa: PLR0913  # each is a key of the file
    folder: Path,
    *,
    command: Sequence[str],
    started: datetime,
    finished: datetime | None = None,
    notes: Sequence[str] = (),
    ended: Mapping[str, str] | None = None,
    added: Mapping[str, int] | None = None,
    updates: str | None = None,
) -> str | None:
    """Write provenance.json, with a note where the previous one has another fingerprint.

    Meant to be called without `finished` at the start and with each note, and with it at the end.
    Executions that began at other times stay in the list `earlier`, oldest first. Times are stored
    as ISO 8601 in UTC. `notes` are the events so far; that note is added to them.
    `ended` holds why searches ended before their last trial, by their names, and `added` after how
    many repetitions hypotheses were added, by their ids. `updates` names what moves the parameters,
    which changes no number.
    """
    path = folder / PROVENANCE
    before, this_machine = _recorded(path), fingerprint()
    commit, libraries = _loaded()
    earlier = before.pop("earlier", [])
    if before and before.get("started") != _utc(started):
        earlier.append(before)
    changed = difference(before.get("fingerprint", this_machine), this_machine)
    if changed:
        changed = f"new runs may differ from stored ones in their last bits: {changed}"
    document = {
        "format": FORMAT,
        "command": list(command),
        "started": _utc(started),
        "finished": None if finished is None else _utc(finished),
        "notes": [*notes, *filter(None, [changed])],
        "ended": dict(ended or {}),
        "added": dict(added or {}),
        "git_commit": commit,
        "platform": platform.platform(),
        "fingerprint": this_machine,
        "versions": libraries,
        "updates": updates,
        "earlier": earlier,
    }
    write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", path)
    return changed or None


def stored_format(folder: Path) -> int:
    """Return the format that is written down, today's if no provenance can be read."""
    return int(_recorded(folder / PROVENANCE).get("format", FORMAT))


def executions(folder: Path) -> list[dict[str, Any]]:
    """Return the stored executions of a study, oldest first."""
    last = _recorded(folder / PROVENANCE)
    return [*last.pop("earlier", []), last] if last else []


def finished(folder: Path) -> str | None:
    """Return the end of the last execution; None if it has not ended, or none is stored."""
    at = _recorded(folder / PROVENANCE).get("finished")
    return at if isinstance(at, str) else None


def ended_early(folder: Path) -> dict[str, str]:
    """Return why searches ended before their last trial, by their names; {} where none did."""
    return dict(_recorded(folder / PROVENANCE).get("ended", {}))


def added_later(folder: Path) -> dict[str, int]:
    """Return after how many repetitions hypotheses were added, by their ids; {} where none was."""
    return dict(_recorded(folder / PROVENANCE).get("added", {}))


def damaged(folder: Path) -> str | None:
    """Return the error of provenance.json; None if it is valid or missing."""
    try:
        _read(folder / PROVENANCE)
    except FileNotFoundError:
        return None
    except OSError as error:
        return str(error)
    return None


def versions() -> dict[str, str]:
    """Return the versions of this project and of what it needs; {} where it is not installed."""
    try:
        needs = metadata.requires(DISTRIBUTION) or []
        names = [re.split(r"[^\w.-]", need)[0] for need in needs if "extra ==" not in need]
        others = {name: metadata.version(name) for name in names}
        return {"study": metadata.version(DISTRIBUTION), **others}
    except metadata.PackageNotFoundError:
        return {}


@cache
def _loaded() -> tuple[str | None, dict[str, str]]:
    """Return the commit and versions of the code that this process has loaded, read once."""
    return git_commit(), versions()


def git_commit() -> str | None:
    """Return the commit of this code, ending in -dirty if changed since; None outside git."""
    if _git("ls-files", "--error-unmatch", "__init__.py") is None:
        return None  # installed inside some other repository
    return _git("describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")


def _git(*arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - the arguments are this file's own
            [git, "-C", str(_PACKAGE), *arguments], capture_output=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode().strip()


def _recorded(path: Path) -> dict[str, Any]:
    """Return a stored provenance, or {} if none can be read."""
    try:
        return _read(path)
    except OSError:
        return {}


def _read(path: Path) -> dict[str, Any]:
    """Return a stored provenance; OSError if it is missing or damaged."""
    try:
        return _Document.model_validate_json(content(path)).model_dump()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        message = first["msg"][:1].lower() + first["msg"][1:]
        raise OSError(f"{place}: {message}" if place else message) from error


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds")


def _blas_kernel() -> str:
    """Return the kernel that NumPy's own BLAS chose for this CPU; SciPy may have loaded another."""
    blas = [library for library in threadpool_info() if library["user_api"] == "blas"]
    blas.sort(key=lambda library: "numpy" not in library["filepath"])
    return str(blas[0].get("architecture", "unknown")) if blas else "unknown"


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()
