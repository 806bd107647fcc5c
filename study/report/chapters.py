"""The order of the page: chapters, each a question that its sections answer together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chapter:
    """A question and the names of the sections that answer it, in order."""

    name: str
    question: str
    sections: tuple[str, ...]


CHAPTERS: tuple[Chapter, ...] = (
    Chapter("overview", "What was studied?", ("study", "outcomes", "noise")),
    Chapter("conclusions", "Do the conclusions hold?", ("claims",)),
    Chapter(
        "winner", "Which configuration is best, and is it really?", ("best", "confirmed")
    ),
    Chapter(
        "parameters", "What does each parameter do?",
        ("importance", "behaviour", "final-loss", "isolation", "pairs"),
    ),
    Chapter("divergence", "When does training diverge?", ("diverging",)),
    Chapter("learning", "How does the loss fall?", ("base", "curves", "multiples", "arrivals")),
    Chapter("function", "What function was learned?", ("boundary", "gallery", "predictions")),
    Chapter("searching", "Was the search good?", ("search", "density", "paths", "trade-off")),
    Chapter("trust", "Can I trust this?", ("cautions", "certificate")),
)  # fmt: skip
