"""The package works away from its sources: what `pip install .` gives."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_every_folder_of_the_package_is_listed_in_pyproject() -> None:
    """The wheel holds only these; the examples are next to the package until it is built."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = declared["tool"]["setuptools"]["packages"]
    sources = (path for name in ("nn_core", "study") for path in (ROOT / name).rglob("*.py"))
    folders = {path.parent.relative_to(ROOT).as_posix().replace("/", ".") for path in sources}
    assert listed == sorted({*folders, "study.pipelines"})


def test_the_citation_and_the_changelog_name_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    release = re.search(r"^## \[(\d[^]]*)\] - (\d{4}-\d\d-\d\d)$", changelog, re.MULTILINE)
    assert release is not None
    assert release[1] == project["version"]
    assert f"\nversion: {release[1]}\ndate-released: {release[2]}\n" in citation


@pytest.mark.slow
def test_an_installed_study_is_begun_planned_and_run_in_any_folder(tmp_path: Path) -> None:
    """Built and installed without a network, by what the tests run with."""
    sources, site, anywhere = (tmp_path / name for name in ("sources", "site", "any where"))
    caches = shutil.ignore_patterns("__pycache__")
    for name in ("nn_core", "study", "pipelines"):
        shutil.copytree(ROOT / name, sources / name, ignore=caches)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, sources)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    install = [*pip, "--no-build-isolation", "--target", str(site), str(sources)]
    subprocess.run(install, check=True)
    shutil.rmtree(sources)
    anywhere.mkdir()

    def study(*arguments: str) -> str:
        command = [sys.executable, str(site / "bin" / "study"), *arguments]
        env = os.environ | {"PYTHONPATH": str(site)}
        done = subprocess.run(
            command, cwd=anywhere, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "lab_tpe" in study("init", "--list")
    study("init", "mine.toml", "--from", "quickstart")
    assert (anywhere / "schema.json").exists()
    assert "runs            36 " in study("plan", "mine.toml")
    study("init", "own.toml", "--from", "daylight")
    assert "own data        daylight: 120 samples from daylight.csv" in study("plan", "own.toml")
    assert "36 runs: 29 completed, 7 diverged" in study("run", "mine.toml")
    assert (anywhere / "results" / "mine" / "report.html").stat().st_size > 100_000
    code = "import nn_core, study, study.examples; print(study.examples.folder())"
    where = subprocess.run(
        [sys.executable, "-c", code],
        cwd=anywhere,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.strip() == str(site / "study" / "pipelines")
