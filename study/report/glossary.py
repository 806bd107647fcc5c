"""The words of the report, each explained once and linked where it first occurs."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the report; `also` are other forms of it, as a regular expression."""

    name: str
    meaning: str
    also: str = ""

    @property
    def anchor(self) -> str:
        """Where on the page it is explained."""
        return f"term-{re.sub('[^a-z0-9]+', '-', self.name.lower())}"


TERMS: tuple[Term, ...] = (
    Term(
        "as printed",
        "The network with the two defects of the lab's printed code: all layers share one "
        "activation object, and Adam does not update biases.",
        "network as printed",
    ),
    Term(
        "base setup",
        "The configuration with the default value of every parameter, or the stored configuration "
        "nearest to it.",
    ),
    Term("bit for bit", "Equal in every bit of every number, not only nearly equal."),
    Term(
        "configuration",
        "One value for each parameter: learning rate, hidden layers, activation, optimizer and so "
        "on.",
        "configurations",
    ),
    Term(
        "diverged",
        "The loss became infinite or not a number. A diverged run stays in every statistic and "
        "counts as the worst.",
    ),
    Term("exact", "The correct network, without the defects of the printed code.", "exact network"),
    Term("held-out", "Samples that the network was not trained on.", "held out"),
    Term("median", "The middle value of the repetitions: half are lower, half are higher."),
    Term(
        "objective",
        "The number that ranks configurations: a metric, at a quantile of its repetitions.",
    ),
    Term(
        "repetition",
        "Training the same configuration again with new data and new initial weights. Repetition k "
        "uses the same data in every configuration, so comparisons are paired.",
        "repetitions",
    ),
    Term("run", "One trained network: a configuration, a dataset and a repetition.", "runs"),
    Term(
        "share to beat",
        "The share of agreeing repetitions, ties left out, that a supported claim exceeds: half, "
        "or the share that the claim names.",
    ),
    Term(
        "tied",
        "Two configurations are tied when the repetitions cannot separate them. A repetition is a "
        "tie when both sides have equal values.",
        "ties|tie",
    ),
    Term(
        "trial",
        "One configuration on one dataset: what a search proposes and evaluates.",
        "trials",
    ),
    Term(
        "trivial predictor",
        "A predictor that ignores its inputs and always gives the best constant prediction: the "
        "mean target, the median under mae, the class frequencies under cross-entropy.",
    ),
    Term(
        "undecided",
        "The repetitions do not decide the claim. This does not refute it.",
    ),
    Term(
        "ω²",
        "The part of the variance that a parameter explains, without the bias of the plain ratio.",
    ),
)
"""In the order of the alphabet."""


def linked() -> Callable[[str], Markup]:
    """Return a function that escapes a text and links each term where it first occurs on a page.

    >>> link = linked()
    >>> str(link("Of two runs, <b>"))
    'Of two <a href="#term-run">runs</a>, &lt;b&gt;'
    >>> str(link("two runs"))
    'two runs'
    """
    waiting = {term.anchor for term in TERMS}
    forms = [(term, "|".join(filter(None, (term.also, re.escape(term.name))))) for term in TERMS]
    groups = [rf"(?P<{term.anchor.replace('-', '_')}>{form})" for term, form in forms]
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(groups)})(?![\w-])")

    def link(text: str) -> Markup:
        html, at = Markup(), 0
        for match in pattern.finditer(text):
            anchor = str(match.lastgroup).replace("_", "-")
            if anchor not in waiting:
                continue
            waiting.remove(anchor)
            html += escape(text[at : match.start()])
            html += Markup('<a href="#{}">{}</a>').format(anchor, match[0])
            at = match.end()
        return html + escape(text[at:])

    return link
