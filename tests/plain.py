"""Plain English: `make check` reports the phrases of words.txt in all texts of the project."""

import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
KINDS = {".css", ".j2", ".js", ".md", ".py", ".toml", ".yml", "Makefile"}
FOLDERS = "docs", "nn_core", "pipelines", "study", "tests"
CODE = re.compile(r"^( *)```.*?^ *```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
ROWS = [row.split("\t") for row in (ROOT / "tests/words.txt").read_text("utf-8").splitlines()]
ANY = re.compile("|".join(rf"\b({row[0]})\b".replace(" ", r"\s+") for row in ROWS), re.IGNORECASE)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the prose of a file with its first line; the name of a test is prose, too."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        yield 1, CODE.sub(lambda code: "\n" * code[0].count("\n"), text)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.string.startswith("test_"):
            yield token.start[0], token.string.replace("_", " ")
        elif token.type != tokenize.NAME:
            yield token.start[0], token.string


def hits() -> Iterator[str]:
    """Yield each phrase with its place and what to write instead."""
    below = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    for path in sorted({*ROOT.glob("*"), *ROOT.glob("results/*.md"), *below}):
        for first, text in texts(path) if KINDS & {path.suffix, path.name} else ():
            for hit in ANY.finditer(text):
                line, phrase = first + text.count("\n", 0, hit.start()), " ".join(hit[0].split())
                instead = ROWS[(hit.lastindex or 0) - 1][1]
                yield f"{path.relative_to(ROOT)}:{line}: {phrase} → {instead}\n"


if __name__ == "__main__":
    lines = list(hits())
    sys.stdout.writelines(lines)
    sys.exit(bool(lines))
