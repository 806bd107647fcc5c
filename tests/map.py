"""The map of the code that `make map` prints: each source file, and what it is for."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def purposes(*folders: str) -> Iterator[tuple[str, str]]:
    """Yield each Python file of these folders of the project, and its first docstring line.

    The line is empty where a file has no docstring.
    """
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            module = ast.parse(path.read_text(encoding="utf-8"))
            line = (ast.get_docstring(module) or "").partition("\n")[0]
            yield path.relative_to(ROOT).as_posix(), line


def main() -> None:
    """Print the map of nn_core and study; tests/ mirrors them."""
    rows = list(purposes("nn_core", "study"))
    width = max(len(path) for path, _ in rows)
    sys.stdout.writelines(f"{path:{width}}  {line}\n" for path, line in rows)


if __name__ == "__main__":
    main()
