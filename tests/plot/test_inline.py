"""An SVG in a page: its colours, ids and texts, and nothing that a name smuggles in."""

import xml.etree.ElementTree as ET

import pytest
from matplotlib.figure import Figure

from study.plot.axes import WIDTH, label, named_rows, panels
from study.plot.image import picture
from study.plot.inline import INKS, inlined
from study.plot.marks import Mark, titled
from study.plot.parts import INCH
from study.plot.texts import drawable
from study.plot.theme import FAINT, INK, SOFT

HOSTILE = """</text><script>alert("1")</script> & 'url(#x)' <a href="#x">]]>"""


def elements(figure: Figure, name: str = "figure") -> list[ET.Element]:
    """Return all elements of the figure as the page has it, which is XML too."""
    drawn = picture(figure, name)
    assert drawn.kind == "svg"
    assert 'style="' not in drawn.text
    assert "xmlns" not in drawn.text
    return list(ET.fromstring(drawn.text).iter())  # noqa: S314  # drawn here


def test_ink_has_the_colour_of_the_page_and_data_keep_theirs() -> None:
    figure, ((axes,),) = panels(1, 1, height=1.0)
    for i, colour in enumerate(("#0072b2", INK, SOFT, FAINT, "black", "white")):
        axes.plot([0, 1], [i, i], color=colour)
    axes.plot([0, 1], [9, 9], color=SOFT, alpha=0.5)
    lines = [of for of in elements(figure) if of.get("stroke-width") == "1.5"]
    assert [of.get("stroke") for of in lines] == [
        "#0072b2", *["currentColor"] * 4, "var(--paper, #fff)", "currentColor",
    ]  # fmt: skip
    opaque = [of.get("stroke-opacity", "1") for of in lines]
    assert opaque == ["1", "1", *(f"{INKS[of]:g}" for of in (SOFT, FAINT)), "1", "1", "0.375"]
    texts = [of for of in elements(figure) if of.tag == "text"]
    assert {of.get("fill") for of in texts} == {"currentColor"}


def test_nothing_is_behind_the_drawing() -> None:
    figure, ((axes,),) = panels(1, 1, height=1.0)
    axes.bar([0], [1], color="#0072b2")
    filled = [of.get("fill") for of in elements(figure) if of.tag == "path" and of.get("fill")]
    assert [colour for colour in filled if colour != "none"] == ["#0072b2"]


def test_ids_begin_with_the_name_and_each_reference_has_its_own() -> None:
    figure, ((axes,),) = panels(1, 1, height=1.0)
    axes.scatter([0, 1, 2], [0, 1, 2])
    nodes = elements(figure, "best-linear")
    ids = [of.get("id") for of in nodes if of.get("id")]
    assert len(set(ids)) == len(ids) > 2
    assert all(str(name).startswith("best-linear-") for name in ids)
    asked = {str(of.get("href"))[1:] for of in nodes if of.tag == "use"}
    asked |= {str(of.get("clip-path"))[5:-1] for of in nodes if of.get("clip-path")}
    assert asked == set(ids)


@pytest.mark.parametrize("name", [HOSTILE, "a\x01b\x1f\uffff", "$x^2$"])
def test_no_name_is_markup(name: str) -> None:
    figure, ((axes,),) = panels(1, 1, height=4.0)
    label(axes, title=name, y=name)
    named_rows(axes, [name])
    nodes = elements(figure, "best")
    allowed = {"svg", "g", "path", "defs", "use", "clipPath", "text", "rect"}
    assert {of.tag for of in nodes} <= allowed
    texts = "".join(of.text or "" for of in nodes if of.tag == "text").replace(" ", "")
    assert texts.count(drawable(name).replace(" ", "")) == 3


def test_characters_that_xml_forbids_are_left_out() -> None:
    text = b'<g id="end"><text style="font-size: 8px">a\x01b</text></g>'
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">%b</svg>' % text
    assert ">ab</text>" in inlined(drawing, "best", (1, 1))


def test_a_text_is_aligned_in_any_font() -> None:
    """Broken lines and turned ones too: each keeps its anchor, an end or the middle."""
    figure, ((axes,),) = panels(1, 1, height=2.0)
    named_rows(axes, ["a name of many words that is broken in two lines at least"])
    axes.set_xticks([0.0], ["two\nlines"])
    axes.set_ylabel("up", fontsize=8)
    anchors = {of.text: of.get("text-anchor") for of in elements(figure) if of.tag == "text"}
    assert anchors == {
        "a name of many words": "end", "that is broken in": "end", "two lines at least": "end",
        "two": "middle", "lines": "middle", "up": "middle",
    }  # fmt: skip


def test_a_mark_has_a_title_and_a_link_within_the_page() -> None:
    figure, ((axes,),) = panels(1, 1, height=1.0)
    titled(axes.scatter([0, 1], [0, 1]), [HOSTILE, "two"])
    (line,) = axes.plot([0, 1], [0, 1])
    line.set_url(Mark("three", "best").url())
    drawn = picture(figure, "curves").text
    nodes = list(ET.fromstring(drawn).iter())  # noqa: S314
    nodes_of = {of[0].text: of for of in nodes if len(of) and of[0].tag == "title"}
    assert list(nodes_of) == [HOSTILE, "two", "three"]
    assert [(of.tag, of.get("href")) for of in nodes_of.values()] == [
        ("g", None), ("g", None), ("a", "#best"),
    ]  # fmt: skip
    assert {of[1].tag for of in nodes_of.values()} <= {"g", "use", "path"}
    assert "_blank" not in drawn


def test_the_natural_size_is_the_figures() -> None:
    drawn = picture(panels(1, 1, height=1.6)[0])
    assert (drawn.width, drawn.height) == (round(WIDTH * INCH), 240)
    assert f'width="{drawn.width}" height="240"' in drawn.text
    assert f'viewBox="0 0 {WIDTH * 72:g} 144"' in drawn.text
