"""The project's pages: their blocks of code, and a copy of the project to try them in."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Block(NamedTuple):
    """A block of code of a page, with its language."""

    language: str
    text: str

    def commands(self) -> Iterator[tuple[str, str]]:
        """Yield each command with what the page prints below it: nothing in a block of `sh`."""
        text = self.text.replace("\\\n", " ")
        if self.language == "sh":
            yield from ((_spaced(line), "") for line in text.splitlines())
        for command in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            line, _, printed = command.partition("\n")
            yield _spaced(line), printed


def _spaced(command: str) -> str:
    """Return a command with two spaces before its comment."""
    return re.sub(r" +# ", "  # ", command.strip())


def markdown() -> list[str]:
    """Return every page of the project."""
    pages = {
        *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "results/README.md"),
        *("pipelines/README.md", "tests/README.md"),
        *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
    }
    return sorted(pages)


def fenced(page: str) -> list[Block]:
    """Return the blocks of code of a page, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    matches = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Block(*block) for block in matches]


def sections(text: str, level: str = "##") -> dict[str, str]:
    """Return what stands under each heading of a level."""
    matches = re.findall(rf"^{level} (.+?)\n(.*?)(?=^{level} |\Z)", text, re.MULTILINE | re.DOTALL)
    return dict(matches)


def blocks(language: str, text: str) -> list[str]:
    """Return the blocks of code in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def shell(command: str, folder: Path, *, fails: int = 0) -> str:
    """Run a command as a user would, not as a part of a `make test`; return what it prints."""
    inherited = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PIPELINE", "PYTHON"}
    env = {key: value for key, value in os.environ.items() if key not in inherited}
    done = subprocess.run(  # the README's own commands
        ["/bin/sh", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == fails, done.stdout + done.stderr
    assert fails or not done.stderr
    return done.stdout


def copy(to: Path) -> Path:
    """Return a copy of this project, set up, in which a test may write."""
    folder = to / "my studies (2)"
    caches = shutil.ignore_patterns("*.pyc.*", ".*cache")  # bytecode that is written just now
    for name in ("nn_core", "study", "pipelines", "tests", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=caches)
    for name in (
        "Makefile",
        "pyproject.toml",
        "requirements.lock",
        "requirements-dev.lock",
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
    ):
        shutil.copy2(ROOT / name, folder)
    (folder / "results").mkdir()
    binaries = folder / ".venv" / "bin"
    binaries.mkdir(parents=True)
    for name, arguments in (("python", ""), ("study", "-m study ")):
        (binaries / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments}"$@"\n')
        (binaries / name).chmod(0o755)
    (folder / ".venv" / "ready").write_text(f"{folder}\n")
    (folder / ".venv" / "complete").touch()
    return folder
