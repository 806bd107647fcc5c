"""An SVG as part of a page: no styles, ids of its own, ink in the colour of the page's text."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from study.plot.marks import Mark, marked
from study.plot.theme import FAINT, GRID, INK, SOFT

INKS = {"#000000": 1.0, INK: 1.0, SOFT: 0.75, FAINT: 0.52, GRID: 0.12}
"""The colours replaced by the colour of the page's text, and their opacity."""

PAPER = {"#ffffff": "var(--paper, #fff)"}
"""The colours replaced by the colour of the page's background."""

ANCHORS = {"left": "start", "center": "middle", "right": "end"}
"""The alignment of a text → its attribute in SVG, valid for any widths of the font."""

_HREF = "{http://www.w3.org/1999/xlink}href"
_LENGTHS = (
    "d", "x", "y", "width", "height", "transform", "font-size", "stroke-dasharray",
    "stroke-dashoffset",
)  # fmt: skip
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters that no XML may contain."""


def inlined(drawing: bytes, name: str, size: tuple[int, int], *, again: bool = False) -> str:
    """Return matplotlib's SVG as an element of a page; its ids begin with `name`.

    Styles become attributes, because the page's security policy refuses styles. `size` is the
    natural one, in pixels. Coordinates are rounded, to be short. A group whose id is one of
    `ANCHORS` aligns its texts. A node with the URL of a `Mark` gets its title and link. If it is to
    be shown `again`, all of it is in the group `name`-0.
    """
    root = ET.fromstring(_FORBIDDEN.sub(b"", drawing))  # noqa: S314  # matplotlib wrote it
    used = re.findall(r'(?:href="|url\()#([^")]+)', drawing.decode())
    ids = {old: f"{name}-{i}" for i, old in enumerate(dict.fromkeys(used), start=1)}
    about = {
        "viewBox": root.attrib["viewBox"],
        "width": str(size[0]),
        "height": str(size[1]),
        "fill": "currentColor",
        "stroke-linejoin": "round",
    }
    page = ET.Element("svg", about)
    whole = ET.SubElement(page, "g", {"id": f"{name}-0"}) if again else page
    for child in root:
        whole.extend(_copied(child, ids, ""))
    return ET.tostring(page, encoding="unicode")


def _copied(node: ET.Element, ids: Mapping[str, str], anchor: str) -> Iterator[ET.Element]:
    """Yield a node as the page needs it, or its children if it has no attributes itself."""
    tag = node.tag.rpartition("}")[2]
    if tag in ("metadata", "style"):
        return
    attributes = {} if tag == "a" else dict(_attributes(node, ids))
    aligned = node.get("id", anchor) if node.get("id") in ANCHORS.values() else anchor
    children = [made for child in node for made in _copied(child, ids, aligned)]
    if tag == "a":
        yield _titled(marked(node.attrib[_HREF]), children)
        return
    if (tag == "g" and not attributes) or (tag == "defs" and not children):
        yield from children
        return
    made = ET.Element(tag, attributes)
    made.extend(children)
    if tag == "text":
        made.text = node.text
        if "text-anchor" not in attributes and anchor:
            _align(made, anchor)
    yield made


def _titled(mark: Mark, children: list[ET.Element]) -> ET.Element:
    """Return marks with their titles: a group, or a link to a place of the page."""
    made = ET.Element("a", {"href": f"#{mark.link}"}) if mark.link else ET.Element("g")
    ET.SubElement(made, "title").text = mark.title
    made.extend(children)
    return made


def _align(text: ET.Element, anchor: str) -> None:
    """Anchor a text that matplotlib has placed by its left end, in the font that it measures."""
    font = FontProperties(size=float(text.attrib["font-size"]))
    wide, _, _ = text_to_path.get_text_width_height_descent(text.text or "", font, ismath=False)
    along = {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
    text.attrib |= {"text-anchor": anchor, "x": f"{along:.2f}"}


def _attributes(node: ET.Element, ids: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a node, also from its style."""
    given = {key.replace(_HREF, "href"): value for key, value in node.attrib.items()}
    style = given.pop("style", "")
    given |= dict(pair.split(": ", 1) for pair in style.split("; ") if pair)
    if node.tag.endswith("}text"):
        given.setdefault("fill", "#000000")
    for paint in ("fill", "stroke"):
        colour = given.get(paint, "none")
        if (strong := INKS.get(colour)) is not None:
            given[paint] = "currentColor"
            own = strong * float(given.get(f"{paint}-opacity", 1))
            given |= {f"{paint}-opacity": f"{own:.3g}"} if own < 1 else {}
        elif paint in given:
            given[paint] = PAPER.get(colour, colour)
    for key, value in given.items():
        if key == "id" and value not in ids:
            continue
        if (text := _written(key, value, ids)) is not None:
            yield key, text


def _written(key: str, value: str, ids: Mapping[str, str]) -> str | None:
    """Write the value of an attribute; None if the page does not need it."""
    if key == "font-family" or value.startswith(("rotate(-0 ", "rotate(0 ")):
        return None
    if key == "id":
        return ids[value]
    if key == "href" and value.startswith("#"):
        return f"#{ids[value[1:]]}"
    if value.startswith("url(#"):
        return f"url(#{ids[value[5:-1]]})"
    return _shorter(value.removesuffix("px")) if key in _LENGTHS else value


def _shorter(value: str) -> str:
    r"""Round the numbers of an attribute to a 60th of a pixel; leave out unnecessary separators.

    >>> _shorter("M 47.886638 183 \nL 207.249999 23.60 \nz")
    'M47.89 183L207.25 23.6z'
    """
    rounded = re.sub(r"-?\d+\.\d+", lambda number: f"{round(float(number[0]), 2):.12g}", value)
    return re.sub(r"\s*\n\s*|(?<![a-z])([A-Za-z])\s+", lambda gap: gap[1] or "", rounded)
