"""docs/api.md has every public name, with its signature and purpose."""

import re

import nn_core
import study
from tests import api
from tests.pages import sections

PAGE = api.page()
OWN = {name: sections(text, "###") for name, text in sections(PAGE).items()}


def test_every_public_name_has_one_section_with_a_description() -> None:
    """`make docs` writes the page; test_readme.py compares it with the file."""
    assert list(OWN) == ["study", "nn_core"]
    for package in (study, nn_core):
        names = [name for name in package.__all__ if not name.startswith("__")]
        assert sorted(OWN[package.__name__]) == sorted(names)
        assert [name for name in names if not api.described(package, name)] == []


def test_every_link_of_the_index_leads_to_one_section() -> None:
    anchors = [name.lower() for result in OWN.values() for name in result]
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) == set(anchors)


def test_signatures_have_types_and_defaults() -> None:
    assert "```python\nLinear(inputs: int, outputs: int)\n```" in OWN["nn_core"]["Linear"]
    assert "    momentum: npt.ArrayLike = 0.0,\n    *,\n" in OWN["nn_core"]["SGD"]
    assert "Loss.backward(y_pred: Array, y: npt.ArrayLike) -> Array" in OWN["nn_core"]["Loss"]
    assert "    results: Path | str = Path('results'),\n" in OWN["study"]["Options"]


def test_members_of_private_bases_are_shown_and_public_bases_are_linked() -> None:
    linear = OWN["nn_core"]["Linear"]
    assert "**`Linear.grad_weights`**" in linear
    assert "scale_lr" in OWN["nn_core"]["Optimizer"]
    assert "scale_lr" not in OWN["nn_core"]["Adam"]
    assert "[`Optimizer`](#optimizer)" in OWN["nn_core"]["Adam"]


def test_tables_list_their_rows() -> None:
    rows = re.findall(r"^\| `'(\w+)'` \|", OWN["nn_core"]["OPTIMIZERS"], re.MULTILINE)
    assert rows == list(nn_core.OPTIMIZERS)


def test_examples_are_code_and_nothing_else_is_emphasised_by_accident() -> None:
    text = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    assert ">>>" not in text
    assert "doctest" not in PAGE
    assert re.findall(r"(?<![\\*`])\*(?!\*)", re.sub(r"`[^`]*`|\*\*", "", text)) == []
