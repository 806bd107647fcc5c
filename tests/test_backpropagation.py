"""The chapter on back-propagation: its code prints the page's numbers and quotes nn_core."""

import contextlib
import io
import re

import pytest

from tests.pages import ROOT

pytestmark = pytest.mark.no_cover  # what is executed is no part of the project

PAGE = (ROOT / "docs" / "backpropagation.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?:\]\(\.\./(?P<file>nn_core/\w+\.py)\):\n\n)?"
    r"^```python\n(?P<code>.*?)^```$(?:\n\n^```text\n(?P<output>.*?)^```$)?",
    re.MULTILINE | re.DOTALL,
)
EXCERPTS = [(m["file"], m["code"]) for m in BLOCK.finditer(PAGE) if m["file"]]
SNIPPETS = [(m["code"], m["output"] or "") for m in BLOCK.finditer(PAGE) if not m["file"]]


def test_every_snippet_prints_the_output_below_it() -> None:
    """All of them run in one session, in the order of the page."""
    assert len(SNIPPETS) > 10
    session: dict[str, object] = {}
    for code, expected in SNIPPETS:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(code, session)  # noqa: S102  # the page's own
        assert printed.getvalue() == expected, code


@pytest.mark.parametrize(("file", "code"), EXCERPTS, ids=[file for file, _ in EXCERPTS])
def test_every_excerpt_is_in_the_file_that_it_names(file: str, code: str) -> None:
    assert code in (ROOT / file).read_text(encoding="utf-8")


def test_the_losses_optimizers_layers_and_the_network_are_quoted() -> None:
    assert {file for file, _ in EXCERPTS} == {
        f"nn_core/{name}.py"
        for name in ("linear", "activations", "losses", "softmax", "sequential", "optimizers")
    }


def test_formulas_are_blocks_that_a_forge_renders() -> None:
    """A `$$` alone on its line opens a formula and another closes it, with a blank line around."""
    formulas = re.findall(r"(?<=\n\n)\$\$\n([^$]+)\n\$\$(?=\n\n)", PAGE)
    assert 2 * len(formulas) == PAGE.count("$$")
    assert len(formulas) > 10
    for formula in formulas:
        assert formula.count("{") == formula.count("}")
        assert "\\\\" not in formula  # Markdown would halve a line break


def test_the_contents_list_every_heading() -> None:
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    listed = re.findall(r"\]\(#([^)]+)\)", PAGE)
    assert listed == [heading.lower().replace(" ", "-") for heading in headings]
