"""The pages that are made from the code: `make docs` writes them, a test compares them."""

from pathlib import Path

from study.spec.schema import keys_table, schema
from study.store.reference import results_page
from tests import api
from tests.calibration_tables import stored, tables

ROOT = Path(__file__).parents[1]
KEYS = "<!-- begin of the table of keys, by `make docs` -->\n"
RATES = "<!-- begin of the tables of rates, by `make calibration` and `make docs` -->\n"
END = "<!-- end -->\n"


def between(text: str, begin: str, made: str) -> str:
    """Return a page's text with what is made from the code after the mark `begin`."""
    before, begin, rest = text.partition(begin)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n{made}\n{end}{after}"


def documents() -> dict[Path, str]:
    """Return every such file with the text that it is to have."""
    page, statistics = ROOT / "README.md", ROOT / "docs" / "statistics.md"
    return {
        ROOT / "pipelines" / "schema.json": schema(),
        ROOT / "results" / "README.md": results_page(),
        ROOT / "docs" / "api.md": api.page(),
        page: between(page.read_text(encoding="utf-8"), KEYS, keys_table()),
        statistics: between(statistics.read_text(encoding="utf-8"), RATES, tables(stored())),
    }


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
