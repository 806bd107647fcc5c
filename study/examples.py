"""The example pipelines, and a copy of one to start from: what `study init` does."""

import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from study.errors import StudyError, not_one_of

SCHEMA = "schema.json"
FIRST = "quickstart"
"""The example that is copied by default."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A pipeline file that was written, its data, and its schema, which may be an older one."""

    path: Path
    schema: Path
    other_schema: bool
    data: tuple[Path, ...]


def folder() -> Path:
    """Return the folder of the examples: inside an installed package, or in a checkout's root."""
    inside = Path(__file__).with_name("pipelines")
    return inside if inside.is_dir() else Path(__file__).parents[1] / "pipelines"


def examples() -> dict[str, str]:
    """Return every example's name with its title; the recommended first one comes first."""
    paths = sorted(folder().glob("*.toml"), key=lambda path: (path.stem != FIRST, path.stem))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["title"] for path in paths}


def copy(to: Path, example: str = FIRST) -> Copied:
    """Copy an example to a file, which gives the study its name, or under its own into a folder.

    A path that does not end in .toml is a folder, and is made if necessary. The example's data
    files and the schema that its first line names are copied too. Raises StudyError if a file is
    in the way, and leaves that file unchanged.
    """
    pipelines = examples()
    if example not in pipelines:
        raise StudyError(f"--from: {not_one_of(example, pipelines)}")
    path = named(to, example)
    text = (folder() / f"{example}.toml").read_text(encoding="utf-8")
    data = [table["path"] for table in tomllib.loads(text)["datasets"].values() if "path" in table]
    text = re.sub(r'^name = ".*"', f'name = "{path.stem}"', text, count=1, flags=re.MULTILINE)
    return put(path, text, {path.with_name(file): (folder() / file).read_bytes() for file in data})


def named(to: Path, name: str) -> Path:
    """Return where a pipeline file of this name is written, unless `to` is a .toml file itself.

    Raises StudyError if the file's name is not valid for a study.
    """
    path = to if to.suffix == ".toml" and not to.is_dir() else to / f"{name}.toml"
    if not re.fullmatch(r"[A-Za-z0-9_-]+", path.stem):
        raise StudyError(
            f"{path}: a study has the name of its file, which may contain letters, digits, - and "
            f"_; {path.stem!r} is not valid"
        )
    return path


def put(path: Path, text: str, data: Mapping[Path, bytes]) -> Copied:
    """Write a pipeline file with its data, and the schema if there is none.

    Raises StudyError if a file is in the way, and leaves that file unchanged.
    """
    make_folder(path)
    for copied, holds in data.items():
        if os.path.lexists(copied) and _content(copied) != holds:
            raise StudyError(
                f"{copied} already exists, differs from the example's, and was left as it is; name "
                "another folder"
            )
    refuse(path)
    schema, today = path.with_name(SCHEMA), (folder() / SCHEMA).read_bytes()
    beside = dict(data) if os.path.lexists(schema) else {**data, schema: today}
    for copied, holds in {**beside, path: text.encode()}.items():  # the pipeline file comes last
        _write_whole(copied, holds)
    return Copied(path, schema, _content(schema) != today, tuple(data))


def make_folder(path: Path) -> None:
    """Make the folder of a pipeline file; StudyError if a file is in the way."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise StudyError(
            f"{path.parent} cannot be made a folder: a file is in the way (a pipeline file is "
            "named NAME.toml)"
        ) from None


def refuse(path: Path) -> None:
    """Raise StudyError if a pipeline file would be overwritten."""
    if os.path.lexists(path):
        raise StudyError(
            f"{path} already exists and was left as it is; name another file: "
            f"study init {path.with_stem(f'{path.stem}-2')}"
        )


def _content(path: Path) -> bytes | None:
    """Return the content of a file; None for anything else, such as a folder or a pipe."""
    return path.read_bytes() if path.is_file() else None


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file atomically. An OSError names it, since the system does not for a full disk."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink()
        raise type(error)(error.errno, error.strerror, str(path)) from None
