"""The pictures that the README shows are drawn from a study's verdicts."""

import pandas as pd

from tests.pictures import conclusions


def test_each_verdict_stands_in_its_claims_row_and_its_networks_column() -> None:
    """Comparisons of the two networks themselves stand below the claims."""
    rows = [
        ("fast", "linear", "as_printed", "undecided"), ("fast", "linear", "exact", "supported"),
        ("fast", "xor", "exact", "contradicted"), ("slow", "xor", "exact", "undecided"),
        ("hurt", "xor", "as_printed − exact", "supported"),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["id", "dataset", "implementation", "verdict"])
    figure = conclusions(table.assign(claim=table["id"] + " is the claim"))
    upper, lower = figure.axes
    assert [t.get_text() for t in upper.get_xticklabels()] == [
        "linear\ncorrect network", "xor\ncorrect network", "linear\nnetwork as printed"
    ]  # fmt: skip
    assert [t.get_text() for t in upper.get_yticklabels()] == [
        "fast is the claim", "slow is the claim"
    ]  # fmt: skip
    places = {text.get_text(): text.get_position() for text in upper.texts[:3]}
    assert places == {
        "undecided": (2.5, 0.52), "supported": (0.5, 0.52), "contradicted": (1.5, 0.52)
    }  # fmt: skip
    assert [text.get_text() for text in lower.texts] == ["supported"]
