"""The pages that are generated from the code: `make docs` writes and a test compares them."""

from pathlib import Path

from study import cli
from study.spec.schema import keys_table, schema
from study.store.reference import results_page
from tests import api
from tests.calibration_tables import stored, tables
from tests.glossary import terms

ROOT = Path(__file__).parents[1]
KEYS = "<!-- begin of the table of keys, by `make docs` -->\n"
RATES = "<!-- begin of the tables of rates, by `make calibration` and `make docs` -->\n"
COMMANDS = "<!-- begin of the table of commands, by `make docs` -->\n"
TERMS = "<!-- begin of the table of terms, by `make docs` -->\n"
END = "<!-- end -->\n"


def between(text: str, begin: str, made: str) -> str:
    """Return a page's text with the generated text after the mark `begin`."""
    before, begin, rest = text.partition(begin)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n{made}\n{end}{after}"


def commands() -> str:
    """Return a Markdown table of the commands, each with the first sentence of its help."""
    listed = sorted(cli.commands.commands.items())
    rows = [f"| `study {name}` | {command.get_short_help_str(200)} |" for name, command in listed]
    return "\n".join(["| command | what it does |", "|---|---|", *rows]) + "\n"


def documents() -> dict[Path, str]:
    """Return each generated file with its current text."""
    docs = ROOT / "docs"
    made = {
        docs / "pipeline.md": (KEYS, keys_table()),
        docs / "statistics.md": (RATES, tables(stored())),
        docs / "commands.md": (COMMANDS, commands()),
        docs / "glossary.md": (TERMS, terms()),
    }
    return {
        ROOT / "pipelines" / "schema.json": schema(),
        ROOT / "results" / "README.md": results_page(),
        docs / "api.md": api.page(),
        **{page: between(page.read_text(encoding="utf-8"), *parts) for page, parts in made.items()},
    }


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
