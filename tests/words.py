"""Whether a sentence contains numbers and names in order, whatever its wording."""

from collections.abc import Sequence


def has(sentence: str, *parts: str) -> bool:
    """Return whether every part occurs in the sentence, one after another.

    >>> has("On xor, lr has 50 % (40 % to 60 %).", "xor", "lr", "50 %", "40 %", "60 %")
    True
    >>> has("On xor, lr has 50 %.", "50 %", "lr")
    False
    """
    for part in parts:
        _, found, sentence = sentence.partition(part)
        if not found:
            return False
    return True


def only(sentences: Sequence[str], *parts: str) -> bool:
    """Return whether there is one sentence, and whether it has these parts.

    >>> only(["On xor, 3 runs."], "xor", "3"), only(["xor", "xor"], "xor")
    (True, False)
    """
    return len(sentences) == 1 and has(sentences[0], *parts)
