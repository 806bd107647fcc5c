"""The executions of a study: which were cut short, and what they noted."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from study.report.wording import count


def history(executions: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the executions that were cut short, and list their notes; nothing if all went well."""
    sentences = [s for one in executions for s in _happened(one, last=one is executions[-1])]
    made = f"This study was made in {count(len(executions), 'execution')}."
    return [made, *sentences] if sentences else []


def _happened(execution: Mapping[str, Any], *, last: bool) -> Iterator[str]:
    begun = f"The one of {str(execution.get('started'))[:19].replace('T', ' ')} UTC"
    if execution.get("finished") is None and not last:
        yield f"{begun} was cut short, and what it had finished was kept."
    for note in execution.get("notes") or ():
        yield f"{begun} noted: {note}."
