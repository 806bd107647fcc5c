"""The example pipelines, and a copy of one to start from: what `study init` does."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from study.errors import StudyError, not_one_of

SCHEMA = "schema.json"
FIRST = "quickstart"
"""The example that is copied where none is named."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A pipeline file that was written, its data, and the schema beside it: today's or another."""

    path: Path
    schema: Path
    other_schema: bool
    data: tuple[Path, ...]


def folder() -> Path:
    """Return where the examples are: inside of an installed package, beside it in a checkout."""
    inside = Path(__file__).with_name("pipelines")
    return inside if inside.is_dir() else Path(__file__).parents[1] / "pipelines"


def examples() -> dict[str, str]:
    """Return every example's name with its title; the one to begin with is the first."""
    paths = sorted(folder().glob("*.toml"), key=lambda path: (path.stem != FIRST, path.stem))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["title"] for path in paths}


def copy(to: Path, example: str = FIRST) -> Copied:
    """Copy an example to a file, which gives the study its name, or under its own into a folder.

    What does not end in .toml is a folder, and is made where there is none. The files of its data
    come along, and the schema that its first line names. Raises StudyError where a file is in the
    way, which is left as it is.
    """
    known = examples()
    if example not in known:
        raise StudyError(f"--from: {not_one_of(example, known)}")
    path = to if to.suffix == ".toml" and not to.is_dir() else to / f"{example}.toml"
    name = path.stem
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise StudyError(
            f"{path}: a study has the name of its file, made of letters, digits, - and _; "
            f"{name!r} is none"
        )
    text = (folder() / f"{example}.toml").read_text(encoding="utf-8")
    data = [table["path"] for table in tomllib.loads(text)["datasets"].values() if "path" in table]
    text = re.sub(r'^name = ".*"', f'name = "{name}"', text, count=1, flags=re.MULTILINE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise StudyError(
            f"{path.parent} cannot be made a folder: a file is in the way (a pipeline file is "
            "named NAME.toml)"
        ) from None
    beside = {path.with_name(file): (folder() / file).read_bytes() for file in data}
    for copied, holds in beside.items():
        if copied.exists() and copied.read_bytes() != holds:
            raise StudyError(
                f"{copied} is there already, is not the example's, and was left as it is; name "
                "another folder"
            )
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise StudyError(
            f"{path} is there already and was left as it is; name another file: "
            f"study init {path.with_stem(f'{name}-2')}"
        ) from None
    for copied, holds in beside.items():
        copied.write_bytes(holds)
    schema, today = path.with_name(SCHEMA), (folder() / SCHEMA).read_text(encoding="utf-8")
    if not schema.exists():
        schema.write_text(today, encoding="utf-8")
    other = schema.read_text(encoding="utf-8") != today
    return Copied(path, schema, other, tuple(beside))
