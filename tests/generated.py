"""The pages that are made from the code: `make docs` writes them, a test compares them."""

from pathlib import Path

from study.spec.schema import keys_table, schema
from study.store.reference import results_page

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- begin of the table of keys, by `make docs` -->\n", "<!-- end -->\n"


def readme(text: str) -> str:
    """Return the README's text with its table of keys as the code has it now."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n{keys_table()}\n{end}{after}"


def documents() -> dict[Path, str]:
    """Return every such file with the text that it is to have."""
    page = ROOT / "README.md"
    return {
        ROOT / "pipelines" / "schema.json": schema(),
        ROOT / "results" / "README.md": results_page(),
        page: readme(page.read_text(encoding="utf-8")),
    }


if __name__ == "__main__":
    for path, text in documents().items():
        path.write_text(text, encoding="utf-8")
