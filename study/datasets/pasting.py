"""Lines of pandas that fix a file when pasted: each reads it and writes a new one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

KEPT: Mapping[str, object] = {"dtype": str, "keep_default_na": False}
"""Arguments of `read_csv` that leave every cell as it is written."""

ANY: Mapping[str, object] = {"sep": None, "engine": "python"}
"""Arguments with which pandas finds the separator itself."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How pandas reads a file: a function, its arguments after the path, and the new file.

    `frame` selects the table in the result, if needed; `arguments` go to the reader, and `written`
    to the writer; `needs` is a package that is not installed with pandas.
    """

    path: Path
    reader: str = "read_csv"
    arguments: Mapping[str, object] = field(default_factory=dict)
    suffix: str = ".csv"
    written: Mapping[str, object] = field(default_factory=dict)
    frame: str = ""
    needs: str = ""

    @property
    def to(self) -> Path:
        """A new file next to the old one: flowers.csv becomes flowers-clean.csv."""
        stem = self.path.name
        while re.search(r"\.\w{1,8}$", stem) and Path(stem).stem:
            stem = Path(stem).stem
        copy = re.fullmatch(r"(.*-clean)(?:-(\d+))?", stem)
        name = f"{copy[1]}-{int(copy[2] or 1) + 1}" if copy else f"{stem}-clean"
        return self.path.with_name(f"{name}{self.suffix}")

    def line(self, steps: Sequence[str] = (), **more: object) -> str:
        """Return a line that reads the file, takes steps with the table `t`, and writes it."""
        read = f"pd.{self.reader}({_call(self.path, {**self.arguments, **more})}){self.frame}"
        writer = self.suffix.removeprefix(".")
        write = f"to_{writer}({_call(self.to, {'index': False, **self.written})})"
        if not steps:
            return f"import pandas as pd; {read}.{write}"
        return "; ".join(["import pandas as pd", f"t = {read}", *steps, f"t.{write}"])

    @property
    def advice(self) -> str:
        """The line that converts the file, and the packages that it needs."""
        after = f" (pip install {self.needs})" if self.needs else ""
        return f"this line writes it as {self.to.name}{after}: {self.line()}"


def _call(path: Path, arguments: Mapping[str, object]) -> str:
    given = [f"{key}={_written(value)}" for key, value in arguments.items()]
    return ", ".join([_written(str(path)), *given])


def _written(value: object) -> str:
    """Write a value as Python does, in ASCII, which every terminal can show."""
    return "str" if value is str else ascii(value)


def fetched(address: str) -> str:
    """Report that a study reads only files, and the line that downloads an address as one."""
    last = address.partition("?")[0].rstrip("/").rpartition("/")[2]
    name = re.sub(r"[^\w.-]", "", last) or "own.csv"
    kept = ", ".join(f"{key}={_written(value)}" for key, value in {**ANY, **KEPT}.items())
    line = f"pd.read_csv({_written(address)}, {kept}).to_csv({_written(name)}, index=False)"
    problem = f"is an address, and a study reads files; this line downloads it as {name}"
    return f"{problem}: import pandas as pd; {line}"
