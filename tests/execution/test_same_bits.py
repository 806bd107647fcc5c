"""Promise 1 from outside: however a study is run, the hash of its sorted tables is one."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import pytest

from study.execution.driver import Options, run
from study.execution.events import StackDone
from study.report.page import write_report
from study.spec.pipeline import Pipeline
from tests.driving import assert_same, digest
from tests.execution.clusters import Scheduler
from tests.pipelines import small

Way = Callable[[Path], Path]
"""Runs the study somewhere below a folder, and returns its own."""

CHANGES = (
    "datasets.linear.test_fraction=0.2", "training.batch_size=8",
    "search.parameters.hidden=[[6, 3]]",
)  # fmt: skip

DRIVER = """
import os, sys
from pathlib import Path
import study
from study.execution.driver import Options

text, results, user = sys.argv[1:]
pipeline = study.load_pipeline(text)
if user:  # what another user may not read is loaded before
    list(study.run(pipeline, Options(Path(results).parent / "first", executor="inline")))
    os.setgroups([]); os.setgid(int(user)); os.setuid(int(user)); os.umask(0o077)
list(study.run(pipeline, Options(Path(results), executor="inline")))
"""

ODD = {
    "TZ": {"TZ": "Pacific/Chatham"},
    "LANG": {"LANG": "C", "LC_ALL": "C"},
    "PYTHONHASHSEED": {"PYTHONHASHSEED": "4711"},
    "OMP_NUM_THREADS": {"OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4"},
}


def study(*overrides: str) -> Pipeline:
    """Return runs with held-out parts, mini-batches and divergence."""
    return small(*CHANGES, *overrides)


def in_this_process(**options: object) -> Way:
    """Run it from this process."""

    def way(folder: Path) -> Path:
        list(run(study(), Options(folder, **options)))  # type: ignore[arg-type]
        return folder / "small"

    return way


def resumed(folder: Path) -> Path:
    """Run it with other options each time, and close it twice on the way."""
    for stacks in (2, 5):
        with closing(run(study(), Options(folder, executor="inline", stack_size=stacks))) as events:
            list(islice((e for e in events if isinstance(e, StackDone)), stacks))
    return in_this_process(executor="inline", stack_size=3)(folder)


def extended(folder: Path) -> Path:
    """Run a part of it first."""
    less = study("search.repetitions=1", "search.parameters.lr=[50.0, 0.01]")
    list(run(less, Options(folder, executor="inline")))
    return in_this_process(executor="inline")(folder)


def on_a_cluster(folder: Path) -> Path:
    """Run it on two workers of Dask."""
    if find_spec("distributed") is None:
        pytest.skip("distributed is not installed: pip install '.[dask]'")
    with closing(Scheduler(folder)) as scheduler:
        scheduler.join()
        scheduler.join()
        return in_this_process(executor=scheduler.address)(folder)


def under(environment: Mapping[str, str], name: str = "plain", user: str = "") -> Way:
    """Run it in a process with this environment, in a folder of this name."""

    def way(folder: Path) -> Path:
        place = folder / name
        place.mkdir()
        if user:
            place.chmod(0o777)
        (place / "small.toml").write_text(study().text, encoding="utf-8")
        command = [sys.executable, "-W", "error", "-c", DRIVER, "small.toml", str(place / "to")]
        subprocess.run(
            [*command, user], cwd=place, env={**os.environ, **environment}, check=True
        )  # fmt: skip
        return place / "to" / "small"

    return way


def elsewhere(parent: str, way: Way) -> Way:
    """Run it below another folder than pytest's, which others may enter."""

    def there(_: Path) -> Path:
        if not os.access(parent, os.W_OK):
            pytest.skip(f"{parent} cannot be written")
        folder = Path(tempfile.mkdtemp(dir=parent))
        folder.chmod(0o755)
        return way(folder)

    return there


def another_user(folder: Path) -> Path:
    """Run it as nobody, which only root may become."""
    if not hasattr(os, "getuid") or os.getuid() != 0:
        pytest.skip("only root can be another user")
    return elsewhere("/tmp", under({}, user="65534"))(folder)  # noqa: S108  # made by mkdtemp


QUICK: dict[str, Way] = {
    "inline, one run a stack": in_this_process(executor="inline", stack_size=1),
    "inline, three runs a stack": in_this_process(executor="inline", stack_size=3),
    "two processes": in_this_process(workers=2),
    "resumed": resumed,
    "extended": extended,
    "everything odd": under(
        {key: value for odd in ODD.values() for key, value in odd.items()}, "a path, größer 数"
    ),
}

SLOW: dict[str, Way] = {
    "one process": in_this_process(workers=1, stack_size=3),
    "four processes": in_this_process(workers=4, stack_size=1),
    "Dask": on_a_cluster,
    **{name: under(environment) for name, environment in ODD.items()},
    "a path with spaces and letters": under({}, "a path, größer 数"),
    "tmpfs": elsewhere("/dev/shm", under({})),  # noqa: S108  # made by mkdtemp
    "another user": another_user,
}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return in_this_process(executor="inline")(tmp_path_factory.mktemp("undisturbed"))


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Remove all files outside pytest's folder."""
    made, make = list[str](), tempfile.mkdtemp

    def mkdtemp(**options: str) -> str:
        made.append(make(**options))
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", mkdtemp)
    yield
    for folder in made:
        shutil.rmtree(folder)


@pytest.mark.usefixtures("swept")
@pytest.mark.parametrize(
    "way",
    [
        *(pytest.param(way, id=name) for name, way in QUICK.items()),
        *(pytest.param(way, id=name, marks=pytest.mark.slow) for name, way in SLOW.items()),
    ],
)
def test_however_a_study_is_run_its_tables_have_one_hash(
    way: Way, undisturbed: Path, tmp_path: Path
) -> None:
    folder = way(tmp_path)
    if digest(folder) != digest(undisturbed):
        assert_same(folder, undisturbed)  # shows the first difference
        raise AssertionError("the tables are equal and their bits are not")


@pytest.mark.slow
def test_reports_of_one_study_differ_in_what_was_timed_alone(tmp_path: Path) -> None:
    """Few lines differ: the costs, in sentences, as a picture and in two tables.

    So do the checksums of the parts, which hold the seconds of their runs.
    """
    one, two = (
        in_this_process(workers=1)(tmp_path / "one"),
        in_this_process(workers=2)(tmp_path / "two"),
    )
    pages = [write_report(folder).read_text("utf-8").splitlines() for folder in (one, two)]
    pairs = list(zip(*pages, strict=True))
    other = [a for a, b in pairs if a != b]
    assert len(pairs) > 500
    page = "\n".join(pages[0])
    timed = [
        line
        for name in ("tables/cost.parquet", "tables/certificate.parquet")
        for line in page.partition(name)[2].partition("</table>")[0].splitlines()
    ]
    rest = [line for line in other if line not in timed]
    assert all("cost" in line or "seconds" in line for line in rest), rest
