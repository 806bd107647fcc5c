"""The extras of a figure's mark: a title on hover, and a link to a place of the page."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from matplotlib.collections import Collection


@dataclass(frozen=True, slots=True)
class Mark:
    """A title, and the name of a place of the page, or none.

    >>> Mark("3 runs", "best").url()
    '{"title": "3 runs", "link": "best"}'
    """

    title: str
    link: str = ""

    def url(self) -> str:
        """Return the URL for matplotlib: `artist.set_url(mark.url())`, or a collection's set_urls.

        In vectors the mark then has the title, and the link; a bitmap has neither.
        """
        return json.dumps(asdict(self), ensure_ascii=False)


def titled(collection: Collection, titles: Iterable[str]) -> None:
    """Give each mark of a collection its title."""
    collection.set_urls([Mark(title).url() for title in titles])


def marked(url: str) -> Mark:
    """Return the mark that a URL was made from."""
    return Mark(**json.loads(url))
